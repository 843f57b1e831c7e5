"""Wikitext that was copied out of a dump's XML with its escapes ("&lt;ref&gt;") → wikitext, and the way back.

Editors write "&lt;" now and then to show a "<"; such a source is left alone. Only a source whose
footnotes or comments themselves are escaped was copied so.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import pairwise

from index.article import Segment, Span

_ESCAPES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&amp;": "&"}
_ESCAPE = re.compile("|".join(_ESCAPES))


class Unescaped:
    """`text` is `source` without its XML escapes; `span` and `segments` lead back to `source`."""

    def __init__(self, source: str) -> None:
        pieces: list[str] = []
        self._starts: list[int] = [0]
        self._shifts: list[int] = [0]
        position = length = 0
        for match in _ESCAPE.finditer(source):
            pieces += [source[position : match.start()], _ESCAPES[match.group()]]
            length += match.start() - position + 1
            position = match.end()
            self._starts.append(length)
            self._shifts.append(position - length)
        self.text = "".join([*pieces, source[position:]])

    def span(self, span: Span) -> Span:
        """Where `span` of `text` lies in the source."""
        start = span.start + self._shifts[bisect_right(self._starts, span.start) - 1]
        if span.start >= span.end:
            return Span(start, start)
        last = span.end - 1
        run = bisect_right(self._starts, last) - 1
        end = last + self._shifts[run] + 1
        # The last code point may itself be an escape, which is longer in the source.
        if run + 1 < len(self._starts) and self._starts[run + 1] == span.end:
            end = span.end + self._shifts[run + 1]
        return Span(start, end)

    def segments(self, segment: Segment) -> list[Segment]:
        """The segment cut at every escape, so that each part maps code point by code point again."""
        text, source = segment.text, segment.source
        if len(text) != len(source):
            return [Segment(text, self.span(source))]
        first, last = bisect_right(self._starts, source.start), bisect_right(self._starts, source.end - 1)
        cuts = sorted({source.start, source.end, *(c for s in self._starts[first : last + 1] for c in (s - 1, s))})
        inside = [c for c in cuts if source.start <= c <= source.end]
        shift = text.start - source.start
        return [Segment(Span(a + shift, b + shift), self.span(Span(a, b))) for a, b in pairwise(inside) if a < b]


def is_escaped(source: str) -> bool:
    """Whether the whole source was copied with its escapes: its footnotes or comments are escaped, none is not."""
    return re.search(r"&lt;(?:ref\b|!--)", source) is not None and re.search(r"<(?:ref\b|!--)", source) is None
