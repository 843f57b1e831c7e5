"""An Article → HTML: contents, headings, fact box, tables, lists, every sentence with its id, every footnote marker.

    text of the element with id "s-{start}-{end}", markers aside == article.text[start:end]

Footnote markers and trust marks stand at the exact positions that the Article records. What an article's
text says twice, a header in each row of a table, is there in the markup and out of sight. Left out:
images, and templates that carry no text.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, takewhile
from operator import itemgetter
from typing import NamedTuple

from index.article import LICENCE, Article, Paragraph, Reference, Section, Sentence, Span
from page.markup import isolated, outside_link, sentence_id, text
from page.notes import marker, note_list, trust_mark
from page.tables import TableCell, TableGrid, TableRow, tables

LICENCE_URL = "https://creativecommons.org/licenses/by-sa/4.0/"
#: Headings from which a list of contents helps, and the deepest level that is listed.
CONTENTS_FROM = 3
CONTENTS_LEVEL = 3

#: Which of several insertions at one place comes first: a marker at the end of a sentence stands inside it.
LABEL_END, VALUE_START, MARKER, VALUE_END, SENTENCE_END, SENTENCE_START, LABEL_START = range(7)

#: The list marks before an item in wikitext: "*" bullets, "#" numbers, ":" and ";" indent.
LIST_MARKS = re.compile(r"[*#:;]*\Z")


class Insertion(NamedTuple):
    """A piece of markup that goes between two code points of the text."""

    position: int
    rank: int
    html: str


class Typesetter:
    """Writes one article; holds what every block needs: its sentences and its markers."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.blocks: list[Section | Paragraph] = sorted(
            [*article.sections, *article.paragraphs], key=lambda block: block.span.start
        )
        self.markers = self._markers()
        self.sentences: dict[str, list[Sentence]] = defaultdict(list)
        for sentence in article.sentences:
            self.sentences[sentence.paragraph.id].append(sentence)

    def body(self) -> str:
        """Headings and paragraphs in text order; blocks of one kind in a row share a box, a list or a table."""
        html: list[str] = []
        for kind, run in groupby(zip(_kinds(self.blocks), self.blocks, strict=True), key=itemgetter(0)):
            blocks = [block for _, block in run]
            if kind == "heading":
                html += [self._heading(block) for block in blocks if isinstance(block, Section)]
                continue
            paragraphs = [block for block in blocks if isinstance(block, Paragraph)]
            if kind == "infobox":
                html.append(f'<aside class="infobox" aria-label="Facts">{self._infobox(paragraphs)}</aside>')
            elif kind == "table_row":
                html += [self._table(table) for table in tables(self.article, paragraphs)]
            elif kind == "list_item":
                html.append("".join(self._list(paragraphs)))
            elif kind == "quote":
                html.append(f"<blockquote>{''.join(self._paragraph(p) for p in paragraphs)}</blockquote>")
            else:
                html += [self._paragraph(p, "" if kind == "paragraph" else kind) for p in paragraphs]
        return "".join(html)

    def contents(self) -> str:
        listed = [s for s in self.article.sections if s.level <= CONTENTS_LEVEL]
        if len(listed) < CONTENTS_FROM:
            return ""
        items = "".join(
            f'<li class="level-{max(s.level, 2)}"><a href="#{heading_id(s)}">{isolated(s.title)}</a></li>'
            for s in listed
        )
        return (
            '<nav class="contents" aria-label="Contents"><details><summary>Contents</summary>'
            f"<ol>{items}</ol></details></nav>"
        )

    def _heading(self, section: Section) -> str:
        tag = f"h{min(max(section.level, 2) + 1, 6)}"
        content = self._run(section.span, self.markers[section.span.start])
        return f'<{tag} id="{heading_id(section)}" dir="auto">{content}</{tag}>'

    def _paragraph(self, paragraph: Paragraph, css_class: str = "") -> str:
        named = f' class="{css_class}"' if css_class else ""
        content = self._run(paragraph.span, self._insertions(paragraph))
        return f'<p id="para-{text(paragraph.id)}"{named} dir="auto">{content}</p>'

    def _infobox(self, paragraphs: Iterable[Paragraph]) -> str:
        """Facts as a list of label and value; captions of the box's images stand in it too."""
        items = []
        for paragraph in paragraphs:
            insertions = self._insertions(paragraph)
            width = paragraph.text.find(": ") if paragraph.kind == "infobox" else 0
            if width > 0:
                start, value = paragraph.span.start, paragraph.span.start + width + 1
                insertions.append(Insertion(start, LABEL_START, '<b class="label">'))
                insertions.append(Insertion(value, LABEL_END, "</b>"))
                insertions.append(Insertion(value, VALUE_START, '<span class="value">'))
                insertions.append(Insertion(paragraph.span.end, VALUE_END, "</span>"))
            css_class = ' class="caption"' if paragraph.kind == "caption" else ""
            content = self._run(paragraph.span, insertions)
            items.append(f'<li id="para-{text(paragraph.id)}"{css_class} dir="auto">{content}</li>')
        return f"<ul>{''.join(items)}</ul>"

    def _list(self, paragraphs: Sequence[Paragraph]) -> Iterator[str]:
        """Items as nested lists, as deep and of the kind that their wikitext has them."""
        opened: list[str] = []
        for paragraph in paragraphs:
            marks = self._list_marks(paragraph)
            kinds = ["ol" if mark == "#" else "ul" for mark in marks]
            shared = len([*takewhile(lambda pair: pair[0] == pair[1], zip(opened, kinds, strict=False))])
            while len(opened) > shared:
                yield f"</li></{opened.pop()}>"
            if len(opened) == len(kinds):
                yield "</li>"
            while len(opened) < len(kinds):
                opened.append(kinds[len(opened)])
                # A level that was skipped needs an item of its own to hang the next list on.
                yield f"<{opened[-1]}>" + ('<li class="bare">' if len(opened) < len(kinds) else "")
            bare = ' class="bare"' if marks[-1] in ":;" else ""
            yield f"<li{bare}>{self._paragraph(paragraph)}"
        while opened:
            yield f"</li></{opened.pop()}>"

    def _list_marks(self, paragraph: Paragraph) -> str:
        before = self.article.source[max(paragraph.source.start - 40, 0) : paragraph.source.start]
        line = before.rpartition("\n")[2].rstrip(" \t")
        found = LIST_MARKS.search(line)
        return (found.group() if found and found.group() == line else "")[:6] or "*"

    def _table(self, table: TableGrid) -> str:
        named = any(name for name, _ in table.columns)
        head = "".join(f'<th scope="col" dir="auto">{isolated(name)}</th>' for name, _ in table.columns)
        header = f"<thead><tr>{head}</tr></thead>" if named else ""
        rows = "".join(self._table_row(row, table.columns) for row in table.rows)
        label = text(table.caption or "Table")
        return f'<div class="table" role="region" tabindex="0" aria-label="{label}"><table>{header}{rows}</table></div>'

    def _table_row(self, row: TableRow, columns: Sequence[tuple[str, int]]) -> str:
        """A paragraph of one sentence: a table body of its own with one row; each cell holds its part of the text."""
        by_column = {cell.column: cell for cell in row.cells}
        sentence = next(iter(self.sentences[row.paragraph.id]), None)
        markers = self.markers[row.paragraph.span.start]
        # In the order of the text, which is that of the columns but in rows that are made otherwise.
        in_order = [by_column.get(column) for column in columns]
        if [cell for cell in in_order if cell] != list(row.cells):
            in_order = [*row.cells, *[None] * (len(columns) - len(row.cells))]
        html, first = [], True
        for cell in in_order:
            if cell is None:
                html.append("<td></td>")
                continue
            lead = Span(row.paragraph.span.start, cell.lead.end) if first else cell.lead
            first = False
            html.append(f'<td dir="auto">{self._cell(cell, lead, [m for m in markers if _is_in(m, row, cell)])}</td>')
        identity = f' id="{sentence_id(sentence.span)}"{_sentence_data(sentence)}' if sentence else ""
        return f'<tbody id="para-{text(row.paragraph.id)}"><tr class="sentence"{identity}>{"".join(html)}</tr></tbody>'

    def _cell(self, cell: TableCell, lead: Span, markers: Iterable[Insertion]) -> str:
        hidden = f'<span class="repeated">{text(lead.of(self.article.text))}</span>' if len(lead) else ""
        inside = [m._replace(position=max(m.position, cell.value.start)) for m in markers]
        return hidden + self._run(cell.value, inside)

    def _insertions(self, paragraph: Paragraph) -> list[Insertion]:
        insertions = list(self.markers[paragraph.span.start])
        for sentence in self.sentences[paragraph.id]:
            opening = f'<span class="sentence" id="{sentence_id(sentence.span)}"{_sentence_data(sentence)}>'
            insertions.append(Insertion(sentence.span.start, SENTENCE_START, opening))
            insertions.append(Insertion(sentence.span.end, SENTENCE_END, "</span>"))
        return insertions

    def _run(self, span: Span, insertions: Iterable[Insertion]) -> str:
        """The text in `span`, escaped, with each insertion at its place."""
        parts, at = [], span.start
        for insertion in sorted(insertions, key=lambda i: (i.position, i.rank)):
            parts.append(text(self.article.text[at : insertion.position]))
            parts.append(insertion.html)
            at = insertion.position
        parts.append(text(self.article.text[at : span.end]))
        return "".join(parts)

    def _markers(self) -> dict[int, list[Insertion]]:
        """Footnote markers and trust marks, in reading order, by the start of the block they stand in."""
        starts = [block.span.start for block in self.blocks]
        found: dict[int, list[Insertion]] = defaultdict(list)

        def add(position: int, html: str) -> None:
            if self.blocks:
                block = self.blocks[max(bisect_right(starts, position) - 1, 0)]
                inside = min(max(position, block.span.start), block.span.end)
                found[block.span.start].append(Insertion(inside, MARKER, html))

        for anchor in self.article.anchors:
            add(anchor.position, marker(anchor.reference, self._owner(anchor.position, anchor.reference)))
        for mark in self.article.marks:
            add(mark.position, trust_mark(mark))
        return found

    def _owner(self, position: int, reference: Reference) -> Sentence | None:
        """The sentence that a footnote at `position` belongs to; None for one that none owns, as in a heading."""
        near = self.article.sentences_in(Span(max(position - 2, 0), position + 1))
        return next((s for s in near if reference in s.references), None)


def article_html(article: Article) -> str:
    """The article as one `<article>` element, in text order."""
    typesetter = Typesetter(article)
    return "".join(
        (
            f'<article class="article" dir="auto" data-sha="{article.sha256}">',
            f"<h2>{isolated(article.title)}</h2>",
            typesetter.contents(),
            typesetter.body(),
            note_list(article.references),
            _attribution(article),
            "</article>",
        )
    )


def heading_id(section: Section) -> str:
    return f"h-{section.span.start}"


def _kinds(blocks: Sequence[Section | Paragraph]) -> list[str]:
    """The layout of each block: its kind, but a caption belongs to the fact box or the table that follows it."""
    kinds: list[str] = []
    below = ""
    for block in reversed(blocks):
        kind = block.kind if isinstance(block, Paragraph) else "heading"
        if kind == "caption" and below in {"infobox", "table_row", "table_caption"}:
            kind = "infobox" if below == "infobox" else "table_caption"
        kinds.append(kind)
        below = kind
    return kinds[::-1]


def _is_in(marker: Insertion, row: TableRow, cell: TableCell) -> bool:
    """Whether a marker stands in a cell: after the end of the one before it, or at the very start of the row."""
    at_start = cell is row.cells[0] and marker.position == row.paragraph.span.start
    return at_start or cell.lead.start < marker.position <= cell.value.end


def _sentence_data(sentence: Sentence) -> str:
    notes = " ".join(str(r.number) for r in sentence.references)
    data = f' data-notes="{notes}"' if notes else ""
    if sentence.marks:
        data += f' data-marks="{text(json.dumps(list(sentence.marks)))}"'
    return data


def _attribution(article: Article) -> str:
    licence = outside_link(LICENCE_URL, article.licence) if article.licence == LICENCE else text(article.licence)
    if article.page_url is None:
        return f'<footer class="attribution">Article text: {licence}.</footer>'
    revision = f", revision {isolated(article.revision)}" if article.revision else ""
    return (
        f'<footer class="attribution">From the article {outside_link(article.page_url, article.title)}{revision} '
        f"by Wikipedia contributors, {licence}. Images and some templates are left out here.</footer>"
    )
