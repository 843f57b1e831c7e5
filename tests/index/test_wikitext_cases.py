"""Every case in `wikitext_cases/*.case`: a name, wikitext, and what a reader sees of it.

A case is written so (a line of `%%%` and a name begins each):

    %%% a piped link shows its label
    The [[Earth|world]] turns.<ref>Proof</ref>
    --- then
    paragraph | | The world turns.
    note | The world turns. | Proof

Lines after `--- then`, in order: `kind | section > path | text` for every paragraph; then, where given,
`note | sentence | title` for every footnote of a sentence, `dead | sentence | title` for every one whose link no
longer works, `mark | sentence | label` for every trust mark, `dropped | name` for every template dropped,
`error | words` for wikitext that is refused.
"""

from pathlib import Path

import pytest
from wikitext_checks import assert_equations, assert_no_residue

from index import parse_article
from index.article import KINDS, Article
from index.errors import ArticleError

FOLDER = Path(__file__).parent / "wikitext_cases"


def cases() -> list[tuple[str, str, list[str]]]:
    """(name, wikitext, expected lines) of every case in every file."""
    found = []
    for path in sorted(FOLDER.glob("*.case")):
        for text in ("\n" + path.read_text(encoding="utf-8")).split("\n%%% ")[1:]:
            name, _, rest = text.partition("\n")
            wikitext, _, expected = rest.partition("\n--- then\n")
            found.append((f"{path.stem}: {name}", wikitext, expected.strip("\n").split("\n")))
    return found


def described(article: Article, kinds: set[str]) -> list[str]:
    """The lines that the article would have in a case, of the kinds that the case names."""
    lines = [f"{p.kind} | {' > '.join(p.section)} | {p.text}" for p in article.paragraphs]
    for s in article.sentences:
        text = s.span.of(article.text)
        sources = [source for reference in s.references for source in reference.sources]
        lines += [f"note | {text} | {source.title}" for source in sources if "note" in kinds]
        lines += [f"dead | {text} | {source.title}" for source in sources if source.dead and "dead" in kinds]
        lines += [f"mark | {text} | {label}" for label in s.marks if "mark" in kinds]
    lines += [f"dropped | {name}" for name in sorted(article.dropped) if "dropped" in kinds]
    return [" ".join(line.split()) for line in lines]


CASES = cases()


@pytest.mark.parametrize(("name", "wikitext", "expected"), CASES, ids=[case[0] for case in CASES])
def test_case(name: str, wikitext: str, expected: list[str]) -> None:
    """The wikitext reads as the case says, and every equation of an article holds."""
    kinds = {line.partition(" |")[0] for line in expected}
    assert kinds <= {*KINDS, "note", "dead", "mark", "dropped", "error"}, f"{name} names a kind that does not exist"
    if "error" in kinds:
        with pytest.raises(ArticleError, match=expected[0].partition("| ")[2]):
            parse_article(wikitext, "Case")
        return
    article = parse_article(wikitext, "Case")
    assert described(article, kinds) == [" ".join(line.split()) for line in expected]
    assert_equations(article)
    assert_no_residue(article)


def test_case_names_differ() -> None:
    """A failing case is found by its name."""
    names = [name for name, _, _ in CASES]
    assert len(names) == len(set(names)) > 100
