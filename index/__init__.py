"""Articles and the index over them: wikitext → Article → passages → vectors and words on disk."""

from index.article import Article, Paragraph, Reference, Section, Sentence, Span
from index.errors import FootnoteError
from index.wikitext import parse_article

__all__ = ["Article", "FootnoteError", "Paragraph", "Reference", "Section", "Sentence", "Span", "parse_article"]
