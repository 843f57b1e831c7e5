"""Article → passages: a paragraph, or token-bounded parts of a long one, cut between sentences.

A passage is what is retrieved; a paragraph is what is cited. Every passage is a slice of its
article's text inside one paragraph: `article.text[passage.span.start:passage.span.end] == passage.text`.
"""

from __future__ import annotations

from dataclasses import dataclass

from index.article import Article, Paragraph, Span


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
    def context(self) -> str:
        """Title and section path, "SenseTime > History > 2014": what the passage alone does not say."""
        return " > ".join((self.article.title, *self.paragraph.section))

    @property
    def embedded_text(self) -> str:
        """What is embedded and indexed: title > section path > passage."""
        return f"{self.context} > {self.text}"
