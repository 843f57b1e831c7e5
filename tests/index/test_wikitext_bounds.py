"""Wikitext made to be slow is read all the same: each is given a minute, in a process of their own.

An unbounded parser takes hours for some of these, and a bounded one well under a second.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from index import parse_article
from index.errors import ArticleError
from index.wikitext import MAX_SOURCE

_MANY = {
    "templates": "{{a|",
    "parameters": "{{{a|",
    "links": "[[a|",
    "pictures": "[[File:a|thumb|",
    "bold tags": "<b>",
    "divisions": "<div>",
    "tags cut off": "<b ",
    "unknown tags cut off": "<foo ",
    "breaks cut off": "<br ",
    "items cut off": "<li ",
    "paragraph tags": "<p>",
    "footnotes": "<ref>",
    "footnotes with open quotes": '<ref name="a ',
    "footnotes with odd quotes": '<ref name="a>x</ref>',
    "nowiki": "<nowiki>",
    "external links": "[http://x ",
    "external links without a scheme": "[//x ",
    "tables": "{|\n|a\n",
    "tables in a line": "{|",
    "quotation marks": "'' '''",
    "quotation marks and words": "''a'''b ",
    "apostrophes": "'",
    "comments": "<!--",
    "closings": "}}]]|}</b>",
    "headings": "=a\n==",
    "brackets": "{[<",
    "bars": "|",
    "dropped templates": ", {{a}}",
    "dropped templates in brackets": "({{a}}",
    "cells": "{|\n" + "|| a " * 20,
    "entities": "&amp;&",
}

#: What else may grow faster than the page: (wikitext, a word that the text must still hold).
WIKITEXTS = {
    **{f"many {name}": f"word {unit * (32_000 // len(unit))} word" for name, unit in _MANY.items()},
    "nested templates": "word " + "{{nowrap|" * 60 + "a" + "}}" * 60,
    "nested links": "word " + "[[a|" * 60 + "a" + "]]" * 60,
    "nested tags": "word " + "<b><small>" * 60 + "a" + "</small></b>" * 60,
    "nested tables": "word\n" + "{|\n|\n" * 60 + "a\n" + "|}\n" * 60,
    "nested boxes": "word " + "{{infobox|a=" * 60 + "b" + "}}" * 60,
    "nested footnotes": "word " + "<ref>" * 60 + "b" + "</ref>" * 60,
    "nested quotations": "word " + "{{quote|" * 60 + "b" + "}}" * 60,
    "5000 list markers": "* word " + "*" * 5000 + "\n" + "*" * 5000 + "word\n" + "*#:;" * 1250,
    "5000 list items": "* word\n" * 5000,
    "a table of huge spans": "{|\n! colspan=999 | word\n" + "|-\n| rowspan=999 colspan=999 | word || a\n" * 500 + "|}",
    "a row with many cells": "{|\n| word" + " || a" * 8000 + "\n|}",
    "a long header over many rows": "{|\n! " + "word " * 2000 + "\n! b\n" + "|-\n| a || b\n" * 2000 + "|}",
    "a long cell over many rows": "{|\n| rowspan=200 | " + "word " * 3000 + "\n" + "|-\n| a || b\n" * 200 + "|}",
    "one long line": "A word here. " * 20_000,
    "many named footnotes": 'A word.<ref name="a">b</ref> ' + 'More words.<ref name="a"/> ' * 3000,
    "a page of footnotes": "A word." + "<ref>b</ref>" * 3000,
}  # fmt: skip

_READ = """
import faulthandler, json, sys
from index import parse_article
for name, wikitext in json.load(sys.stdin).items():
    print(name, flush=True)
    faulthandler.dump_traceback_later(60, exit=True)
    article = parse_article(wikitext, "Bounds")
    print(int("word" in article.text), len(article.text), flush=True)
"""


@pytest.fixture(scope="module")
def read() -> dict[str, tuple[bool, int]]:
    """Every page read in one process that ends itself when a page takes a minute: (word kept, length of text)."""
    done = subprocess.run(
        [sys.executable, "-c", _READ],
        input=json.dumps(WIKITEXTS),
        cwd=Path(__file__).parents[2],
        text=True,
        capture_output=True,
        check=False,
    )
    lines = done.stdout.splitlines()
    assert len(lines) == 2 * len(WIKITEXTS), f"{lines[-1]}: {done.stderr[-2000:]}"
    numbers = [line.split() for line in lines[1::2]]
    return {name: (kept == "1", int(length)) for name, (kept, length) in zip(lines[::2], numbers, strict=True)}


@pytest.mark.parametrize("name", WIKITEXTS)
def test_is_read_in_time(name: str, read: dict[str, tuple[bool, int]]) -> None:
    """The page is read, the words in it are kept, and the text stays in proportion to it."""
    kept, length = read[name]
    assert kept
    assert length < 40 * len(WIKITEXTS[name])


def test_larger_than_a_page_can_be() -> None:
    """A page above MediaWiki's own limit is refused, and the message says what to do."""
    with pytest.raises(ArticleError, match="split it into parts"):
        parse_article("a" * (MAX_SOURCE + 1), "Long")
