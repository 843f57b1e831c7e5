"""Source → chunks that are safe and quick to parse: openings without an end are masked, the rest cut apart.

mwparserfromhell takes time quadratic in (and worse with) markup that is opened and never closed, and
reads a page whole or not at all. One linear pass with a stack finds every opening without its closing
and every closing without its opening, and replaces them, code point for code point, by `MASK`, which
is shown to nobody. What is left is balanced, so it may be cut at any blank line or heading outside of
all markup. Offsets stay those of the source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

#: A private-use code point: stands for markup that opens or closes nothing.
MASK = "\ue000"
#: More bold and italic marks than any real line has; the parser's time is quadratic in them.
MAX_QUOTES = 400
#: Deeper nesting than any real article has; the parser's own limit is 100.
MAX_DEPTH = 40

_PAIRED = (
    "ref|references|nowiki|math|pre|gallery|blockquote|div|span|center|font|small|big|sup|sub|b|i|u|s|del|ins|table"
    "|code|tt|cite|em|strong|abbr|poem|section|noinclude|includeonly|onlyinclude|syntaxhighlight|source|score"
    "|timeline|imagemap|chem|ce|hiero|templatestyles|style|script|strike|var|samp|kbd|q|ul|ol|dl|caption|bdi|mark"
    "|tbody|thead|tfoot|graph|indicator|h[1-6]"
)
_TOKEN = re.compile(
    r"(?P<comment><!--)"
    rf"|<(?P<close>/?)(?P<tag>{_PAIRED})\b(?P<attributes>[^<>]*?)(?P<void>/?)>"
    r"|(?P<open>\{\{|\[\[|(?m:^)[ \t:]*\{\|)"
    r"|(?P<end>\}\}|\]\]|(?m:^)[ \t]*\|\}(?!\}))"
    r"|(?P<link>\[)(?=https?:|//|mailto:|ftp:)"
    r"|(?m:^)(?P<list>[*#:;]{12,})"
    r"|(?P<quotes>'{6,})"
    r"|(?P<break>\n(?=={1,6}[^=\n])|\n[ \t]*\n)",
    re.IGNORECASE,
)
_LINE = re.compile(r"[^\n]+")
_QUOTES = re.compile(r"'{2,5}")
#: Inside these nothing is markup, up to their end.
_RAW = frozenset(
    {"nowiki", "math", "pre", "syntaxhighlight", "source", "score", "timeline", "style", "script", "chem", "ce"}
)
_CLOSES = {"}}": "{{", "]]": "[[", "|}": "{|"}


def balanced_chunks(source: str) -> Iterator[tuple[str, int]]:
    """Pieces that together are as long as `source`, each with its start, masked so that each is balanced."""
    masked, cuts = _scan(source)
    starts = [0, *cuts]
    for start, end in zip(starts, [*cuts, len(source)], strict=True):
        if start < end:
            yield masked[start:end], start


def _scan(source: str) -> tuple[str, list[int]]:
    """The masked source, and the places outside of all markup where it may be cut."""
    open_: list[tuple[str, int, int]] = []
    gone: list[tuple[int, int]] = []
    breaks: list[tuple[int, int]] = []
    position = 0
    while match := _TOKEN.search(source, position):
        start, position = match.span()
        kind = match.lastgroup
        if match["comment"]:
            end = source.find("-->", position)
            if end < 0:
                gone.append((start, position))
            else:
                position = end + 3
        elif match["tag"]:
            position = _tag(source, match, open_, gone)
        elif match["open"]:
            opening = match["open"].strip(" \t:")
            open_.append((opening, position - 2, position))
        elif match["end"]:
            _close(_CLOSES[match["end"].strip()], position - 2, position, open_, gone)
        elif match["link"]:
            line_end = source.find("\n", position)
            if source.find("]", position, line_end if line_end >= 0 else len(source)) < 0:
                gone.append((start, position))
        elif match["list"]:
            gone.append((start + 8, position))
        elif match["quotes"]:
            gone.append((start + 5, position))
        elif kind == "break":
            breaks.append((position if match["break"].strip(" \t") != "\n" else start + 1, len(open_)))
    gone += [(start, end) for _, start, end in open_]
    for line in _LINE.finditer(source):
        if source.count("''", *line.span()) > MAX_QUOTES:
            gone += [quotes.span() for quotes in _QUOTES.finditer(source, *line.span())]
    return _mask(source, gone), _cuts(breaks, open_)


def _tag(source: str, match: re.Match[str], open_: list[tuple[str, int, int]], gone: list[tuple[int, int]]) -> int:
    """Take an HTML-like tag into account; the position to go on from."""
    start, end = match.span()
    name = match["tag"].lower()
    if match["void"]:
        return end
    if match["close"]:
        _close(name, start, end, open_, gone)
        return end
    if name in _RAW:
        closing = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(source, end)
        if closing is None:
            gone.append((start, end))
            return end
        return closing.end()
    open_.append((name, start, end))
    return end


def _close(opening: str, start: int, end: int, open_: list[tuple[str, int, int]], gone: list[tuple[int, int]]) -> None:
    """Match a closing with the nearest opening of its kind; what was opened in between is never closed."""
    for depth in range(len(open_) - 1, max(len(open_) - 1 - MAX_DEPTH, -1), -1):
        if open_[depth][0] == opening:
            gone += [(s, e) for _, s, e in open_[depth + 1 :]]
            _, opened_start, opened_end = open_[depth]
            del open_[depth:]
            if depth >= MAX_DEPTH:
                gone += [(opened_start, opened_end), (start, end)]
            return
    gone.append((start, end))


def _mask(source: str, gone: list[tuple[int, int]]) -> str:
    if not gone:
        return source
    pieces, position = [], 0
    for start, end in sorted(gone):
        pieces += [source[position:start], MASK * (end - max(start, position))]
        position = max(end, position)
    return "".join([*pieces, source[position:]])


def _cuts(breaks: list[tuple[int, int]], never_closed: list[tuple[str, int, int]]) -> list[int]:
    """The breaks that lie outside of all markup that is closed again."""
    starts = sorted(start for _, start, _ in never_closed)
    cuts = []
    for place, depth in breaks:
        unclosed = sum(1 for start in starts[:depth] if start < place)
        if depth == unclosed and (not cuts or place > cuts[-1]):
            cuts.append(place)
    return cuts
