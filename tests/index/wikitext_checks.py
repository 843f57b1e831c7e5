"""The equations that hold for every article that is parsed, and where the shared articles lie."""

import json
import os
import re
from pathlib import Path

from index.article import Article, Reference, Span
from index.wikitext.balance import APOSTROPHE, LESS, MASK

REPOSITORY = Path(__file__).parents[2]
BUILTIN = REPOSITORY / "index" / "data" / "SenseTime.wikitext"

#: Markup that no reader sees. "<ref" and other tags may stand in a text only where an editor escaped them.
RESIDUE = re.compile(
    r"\{\{|\}\}|\[\[|\]\]|'''|</?(?:ref|div|span|small|br|nowiki|script|table|td|gallery|img)\b|</?[bi]>"
    rf"|[{MASK}{LESS}{APOSTROPHE}]|__[A-Z]{{3,}}__|&(?:nbsp|amp|ndash|lt|gt);"
)


def shared_articles() -> list[Path]:
    """The shared articles' wikitext files; none where they are not at hand."""
    places = [os.environ.get("FOOTNOTE_SHARED"), REPOSITORY.parent / "shared"]
    folders = [Path(place) / "articles" for place in places if place]
    return sorted(next((folder for folder in folders if folder.is_dir()), Path()).glob("*.wikitext"))


def assert_equations(article: Article) -> None:
    """Every promise that `index.article` makes about offsets, order and footnotes."""
    assert_located(article)
    assert_sentences(article)
    assert_alignment(article)
    assert_footnotes(article)
    assert not article.dropped or all(MASK not in name and count > 0 for name, count in article.dropped.items())
    assert Article.from_dict(json.loads(json.dumps(article.to_dict()))) == article


def assert_located(article: Article) -> None:
    """Sections and paragraphs are slices of text and source, one after the other."""
    end = 0
    for part in sorted([*article.paragraphs, *article.sections], key=lambda part: part.span):
        assert end <= part.span.start < part.span.end <= len(article.text)
        assert 0 <= part.source.start < part.source.end <= len(article.source)
        assert article.text[end : part.span.start] in {"", "\n", "\n\n"}
        end = part.span.end
    assert end == len(article.text)
    assert [p.id for p in article.paragraphs] == [f"p{n}" for n in range(1, len(article.paragraphs) + 1)]
    for paragraph in article.paragraphs:
        assert paragraph.span.of(article.text) == paragraph.text == paragraph.text.strip()
    for section in article.sections:
        assert section.span.of(article.text) == section.title == section.path[-1]


def assert_sentences(article: Article) -> None:
    """The sentences of a paragraph lie inside it, in order, and hold all of its words."""
    for paragraph in article.paragraphs:
        sentences = [s for s in article.sentences if s.paragraph == paragraph]
        position = paragraph.span.start
        for sentence in sentences:
            assert not article.text[position : sentence.span.start].strip()
            assert position <= sentence.span.start < sentence.span.end
            assert paragraph.span.contains(sentence.span)
            assert paragraph.source.contains(sentence.source), (paragraph, sentence.source)
            assert article.source_span(sentence.span) == sentence.source
            position = sentence.span.end
        assert not article.text[position : paragraph.span.end].strip()


def assert_alignment(article: Article) -> None:
    """Segments follow each other in the text; where they are as long as their source, words are the source's."""
    end = 0
    for segment in article.alignment:
        assert end <= segment.text.start < segment.text.end <= len(article.text)
        assert 0 <= segment.source.start <= segment.source.end <= len(article.source)
        end = segment.text.end
        if len(segment.text) == len(segment.source):
            pairs = zip(segment.text.of(article.text), segment.source.of(article.source), strict=True)
            assert all(shown == written for shown, written in pairs if shown.isalnum())


def assert_footnotes(article: Article) -> None:
    """Footnotes are numbered in order of first use; they and marks stand in order, inside paragraphs.

    One that is first used where nothing can be cited (in a heading, before any text) has its number from there, as
    the article shows it, and no place: where it is used again it may follow higher numbers.
    """
    assert [reference.number for reference in article.references] == list(range(1, len(article.references) + 1))
    assert all(anchor.reference in article.references for anchor in article.anchors)
    first_uses = [
        reference.number
        for reference in dict.fromkeys(anchor.reference for anchor in article.anchors)
        if any(p.source.start <= first_written(reference, article) < p.source.end for p in article.paragraphs)
    ]
    assert first_uses == sorted(first_uses)
    assert not any(MASK in reference.raw for reference in article.references if MASK not in article.source)
    for places in (article.anchors, article.marks):
        positions = [place.position for place in places]
        assert positions == sorted(positions)
        for position in positions:
            assert any(p.span.start <= position <= p.span.end for p in article.paragraphs)
    for anchor in article.anchors:
        near = article.sentences_in(Span(max(anchor.position - 1, 0), anchor.position + 1))
        assert any(anchor.reference in sentence.references for sentence in article.sentences), near


def first_written(reference: Reference, article: Article) -> int:
    """Where in the source a footnote first stands: its wikitext, or its name in a tag or template."""
    places = [article.source.find(reference.raw)]
    if reference.name:
        places.append(article.source.find(reference.name))
    return min((place for place in places if place >= 0), default=-1)


def assert_no_residue(article: Article) -> None:
    """No markup stands in the text, and none in what a footnote says."""
    assert not RESIDUE.search(article.text), RESIDUE.search(article.text)
    for reference in article.references:
        for shown in (reference.title, reference.publisher, reference.authors, reference.date, reference.pages):
            assert not RESIDUE.search(shown or ""), shown
