"""Article → passages: a paragraph, or token-bounded parts of a long one, cut between sentences.

A passage is what is retrieved; a paragraph is what is cited. Every passage is a slice of its
article's text inside one paragraph: `article.text[passage.span.start:passage.span.end] == passage.text`.
Together they hold every character of a paragraph that is not white space, once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from index.article import Article, Paragraph, Sentence, Span
from index.facts import synonyms

#: Stands for the white space between two sentences while a paragraph is being cut: one code point
#: for one, so that offsets stay, and the first place that the splitter may cut at.
SENTENCE_GAP = "\u2029"

SPACE = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Passage:
    """A slice of one paragraph, small enough for the embedding model to read whole."""

    article: Article
    paragraph: Paragraph
    span: Span

    @property
    def text(self) -> str:
        """The passage, verbatim."""
        return self.span.of(self.article.text)

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences that lie in the passage, wholly or in part, in order; at least one."""
        return self.article.sentences_in(self.span)

    def sentence_parts(self, text: str) -> list[tuple[int, int]]:
        """Where those sentences lie in `text`, which ends with the passage: (start, end) code points, cut to it."""
        shift = len(text) - len(self.text) - self.span.start
        return [
            (max(s.span.start, self.span.start) + shift, min(s.span.end, self.span.end) + shift) for s in self.sentences
        ]

    @property
    def context(self) -> str:
        """Title and section path, "SenseTime > History > 2014": what the passage alone does not say.

        For an infobox fact also what else people call it.
        """
        return " > ".join(part for part in (self._path, self._also) if part)

    @property
    def indexed_text(self) -> str:
        """What is indexed by its words: title > section path > passage, and what else people call a fact."""
        return f"{self.context} > {self.text}"

    @property
    def embedded_texts(self) -> tuple[str, ...]:
        """What is embedded: `indexed_text`, and a fact also as it stands. A passage is as near as the nearer of both.

        Other words for a fact draw it away from its own: as "head of the city" it is farther from "mayor".
        """
        return (self.indexed_text, f"{self._path} > {self.text}") if self._also else (self.indexed_text,)

    @property
    def _path(self) -> str:
        return " > ".join(part for part in (self.article.title, *self.paragraph.section) if part)

    @property
    def _also(self) -> str:
        return synonyms(self.paragraph.text) if self.paragraph.kind == "infobox" else ""


def passages(article: Article, *, max_tokens: int, count_tokens: Callable[[str], int]) -> list[Passage]:
    """The passages of `article` in reading order, at least one for each paragraph.

    A paragraph is one passage when its `indexed_text` counts at most `max_tokens`. A longer one is
    cut so that each part, together with its context, stays within that: between sentences where it
    can be, else between words, else anywhere. A context that would take more than half of
    `max_tokens` is not made room for: the parts would be crumbs.
    """
    found = []
    for paragraph in article.paragraphs:
        whole = Passage(article, paragraph, paragraph.span)
        if count_tokens(whole.indexed_text) <= max_tokens:
            found.append(whole)
            continue
        room = max(max_tokens - count_tokens(f"{whole.context} > "), max_tokens // 2, 1)
        found += [Passage(article, paragraph, span) for span in _cut(article, paragraph, room, count_tokens)]
    return found


def _cut(article: Article, paragraph: Paragraph, room: int, count_tokens: Callable[[str], int]) -> Iterator[Span]:
    # Half a second to import, and most articles have no paragraph that is too long.
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    @cache  # it asks for most pieces twice
    def length(piece: str) -> int:
        # The splitter repeats pieces that count nothing, such as a blank.
        return max(count_tokens(piece.replace(SENTENCE_GAP, " ")), 1) if piece else 0

    splitter = RecursiveCharacterTextSplitter(
        separators=[SENTENCE_GAP, " ", ""],
        keep_separator="end",
        strip_whitespace=False,
        chunk_size=room,
        chunk_overlap=0,
        length_function=length,
    )
    start = paragraph.span.start
    # With nothing stripped and nothing overlapping, the chunks join to exactly what was split, so
    # lengths give offsets; the splitter's own start_index searches, and repeated text misleads it.
    for chunk in splitter.split_text(_with_gaps(article, paragraph)):
        end = start + len(chunk)
        stripped = chunk.strip()
        if stripped:
            begin = start + len(chunk) - len(chunk.lstrip())
            yield Span(begin, begin + len(stripped))
        start = end


def _with_gaps(article: Article, paragraph: Paragraph) -> str:
    """The paragraph with every white space a blank, and those that follow a sentence marked; equally long."""
    characters = list(SPACE.sub(" ", paragraph.text))
    for sentence in article.sentences_in(paragraph.span):
        after = sentence.span.end - paragraph.span.start
        if after < len(characters) and characters[after] == " ":
            characters[after] = SENTENCE_GAP
    return "".join(characters)
