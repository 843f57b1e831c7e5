"""Articles small enough to work results out by hand, and the real QA over them and over the built-in one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index import store
from index.article import Article
from index.embedding import Encoder
from index.export import DEFAULT_MODEL, encoder_for
from index.store import Index
from index.wikitext import parse_article
from qa import QA

#: An infobox, two sections, footnotes, a trust mark, a list and a table: "Toytown" does not exist.
TOYTOWN = """{{Infobox company
| name = Toytown Works
| traded_as = {{NYSE|TOY}}
| founded = May 1999
| num_employees = 1,200 (2020)
}}
'''Toytown Works''' is a maker of wooden trains in Delft.<ref name="a">{{cite news |title=Trains of wood
|publisher=The Delft Post |date=3 May 2001 |url=https://example.org/trains |archive-url=https://example.org/kept
|access-date=4 May 2001}}</ref> It was founded by Ada Quist and Bo Lund.

== History ==
The works were founded in May 1999 in a barn.<ref>''Barns'', page 7.</ref>
The first train was painted red.<ref name="a"/>
Ada Quist left the works in 2011 after a quarrel about paint.{{citation needed|date=May 2020}}

=== Fire ===
A fire destroyed the paint shop on 6 July 2014. Nobody was hurt.

== Products ==
* Locomotives of beech, sold since 1999
* Bridges of oak, sold since 2003
"""


@pytest.fixture(scope="session")
def encoder(cache: Path) -> Encoder:
    """The packaged model in the precision that is shipped."""
    return encoder_for(DEFAULT_MODEL, precision="int8", cache=cache)


@pytest.fixture(scope="session")
def make_index(encoder: Encoder, cache: Path) -> Callable[..., Index]:
    """An index in memory over articles; `max_tokens` bounds its passages."""

    def make(*articles: Article, max_tokens: int = 200) -> Index:
        return store.in_memory(
            articles, model=DEFAULT_MODEL, precision="int8", max_tokens=max_tokens, cache=cache, encoder=encoder
        )

    return make


@pytest.fixture(scope="session")
def toytown() -> Article:
    return parse_article(TOYTOWN, title="Toytown Works")


@pytest.fixture(scope="session")
def toytown_qa(make_index: Callable[..., Index], toytown: Article) -> QA:
    """Questions to the made-up article."""
    return QA(make_index(toytown))


@pytest.fixture(scope="session")
def builtin() -> QA:
    """Questions to the built-in article, as `QA.load()` opens it."""
    return QA.load()


@pytest.fixture
def toytown_file(tmp_path: Path) -> Path:
    """The made-up article as a file; its name is its title."""
    path = tmp_path / "Toytown_Works.wikitext"
    path.write_text(TOYTOWN, "utf-8")
    return path
