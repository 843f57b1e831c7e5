"""Text → sentence boundaries, with nupunkt (Punkt-style, trained on English; reads other languages passably).

Boundaries come from the splitter itself and are only narrowed by the white space around them, so
`text[start:end]` is a sentence without searching for it. Left out: facts (infobox and table rows),
which their caller never splits.
"""

from __future__ import annotations

from nupunkt import sent_spans


def sentence_bounds(text: str) -> list[tuple[int, int]]:
    """The sentences of `text` in order: (start, end) code points, without surrounding white space.

    They do not overlap, and together hold every character of `text` that is not white space.
    """
    bounds = []
    for start, end in sent_spans(text):
        piece = text[start:end]
        stripped = piece.strip()
        if stripped:
            begin = start + len(piece) - len(piece.lstrip())
            bounds.append((begin, begin + len(stripped)))
    return bounds
