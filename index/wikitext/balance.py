"""Source → chunks that are safe and quick to parse: openings without an end are masked, the rest cut apart.

mwparserfromhell takes time quadratic in (and worse with) markup that is opened and never closed, and
reads a page whole or not at all. One linear pass with a stack finds every opening without its closing
and every closing without its opening, and replaces them, code point for code point, by `MASK`, which
is shown to nobody (a "<" that begins no tag by `LESS`, which is shown as "<"; the colons before an
indented table by spaces). What is left is balanced, so it may be cut at any blank line or heading outside of
all markup. Offsets stay those of the source.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

#: A private-use code point: stands for markup that opens or closes nothing.
MASK = "\ue000"
#: Likewise: stands for a "<" that begins no tag, and is shown.
LESS = "\ue001"
#: More bold and italic marks than any real line has; the parser's time is quadratic in them.
MAX_QUOTES = 400
#: Deeper nesting than any real article has; the parser's own limit is 100.
MAX_DEPTH = 40

#: Tags that need no closing; the parser takes them as they are.
_SINGLE = frozenset("br wbr hr meta link img li dt dd th td tr".split())
#: Tags whose beginning is never text, also where their ">" is missing; "x <b" may well be.
KNOWN_TAGS = (
    "ref|references|nowiki|math|pre|gallery|blockquote|div|span|center|font|small|big|sup|sub|del|ins|table|code|tt"
    "|cite|em|strong|abbr|poem|section|noinclude|includeonly|onlyinclude|syntaxhighlight|source|score|timeline"
    "|imagemap|templatestyles|style|script|strike|ul|ol|dl|li|dd|dt|tr|td|th|br|hr|img|iframe|svg|object|embed|form"
    "|input|button|video|audio|body|html|head|base|link|meta|caption|tbody|thead|tfoot|h[1-6]"
)
_ATTRIBUTE = r"""\s+[\w:-]+\s*=\s*(?:"[^"<>\n]*"|'[^'<>\n]*'|[^\s<>"'|]+)"""
_TOKEN = re.compile(
    r"(?P<comment><!--)"
    r"|<(?P<close>/?)(?P<tag>[a-z][a-z0-9:-]*)(?=[\s/>])[^<>]*?(?P<void>/?)>"
    rf"|(?P<stray></?(?:{KNOWN_TAGS})\b(?:{_ATTRIBUTE})*\s*/?)"
    r"|(?P<less><(?=/?[a-z]))"
    rf"|(?m:^)(?P<indent>[ \t:]*)(?P<table>\{{\|)(?:{_ATTRIBUTE})*"
    r"|(?P<open>\{\{|\[\[)"
    r"|(?P<end>\}\}|\]\]|(?m:^)[ \t]*\|\}(?!\}))"
    r"|(?P<link>\[)(?=[a-z+]{2,12}:|//)"
    r"|(?m:^)(?P<list>[*#:;]{12,})"
    r"|(?P<quotes>'{6,})"
    r"|(?P<break>\n(?=={1,6}[^=\n])|\n[ \t]*\n)",
    re.IGNORECASE,
)
#: Attribute values of a tag; `odd` is a quotation mark that is never closed, which costs the parser dearly.
_VALUE = re.compile(r"""=\s*(?:"[^"]*"|'[^']*'|(?P<odd>["']))""")
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
    shown_as: list[tuple[int, str]] = []
    breaks: list[tuple[int, int]] = []
    ahead = _Ahead(source)
    position = 0
    while match := _TOKEN.search(source, position):
        start, position = match.span()
        if match["comment"]:
            end = ahead.end_of("-->", position)
            if end is None:
                gone.append((start, position))
            else:
                position = end
        elif match["tag"]:
            position = _tag(match, open_, gone, ahead)
        elif match["stray"]:
            gone.append((start, position))
        elif match["less"]:
            shown_as.append((start, LESS))
        elif match["open"]:
            open_.append((match["open"], start, position))
        elif match["table"]:
            open_.append(("{|", match.start("table"), position))
            # The parser knows no indented tables.
            shown_as += [(start + at, " ") for at, colon in enumerate(match["indent"]) if colon == ":"]
        elif match["end"]:
            _close(_CLOSES[match["end"].strip()], position - 2, position, open_, gone)
        elif match["link"]:
            end = ahead.end_of("]", position)
            if end is None or end > (ahead.end_of("\n", position) or len(source)):
                gone.append((start, position))
        elif match["list"]:
            gone.append((start + 8, position))
        elif match["quotes"]:
            gone.append((start + 5, position))
        else:
            breaks.append((position if match["break"].strip(" \t") != "\n" else start + 1, len(open_)))
    gone += [(start, end) for _, start, end in open_]
    gone += [zero.span() for zero in re.finditer("\0", source)]  # the parser takes it for the end of the page
    for line in _LINE.finditer(source):
        if source.count("''", *line.span()) > MAX_QUOTES:
            gone += [quotes.span() for quotes in _QUOTES.finditer(source, *line.span())]
    return _mask(source, gone, shown_as), _cuts(breaks, open_)


class _Ahead:
    """Where things end further on; each is looked for once, however often it is asked for."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._found: dict[str, tuple[int, int | None]] = {}

    def end_of(self, what: str, position: int) -> int | None:
        """The end of the first `what` (in any case of letters) at or after `position`; positions only grow."""
        start, end = self._found.get(what, (-1, -1))
        if end is not None and start < position:
            match = re.compile(re.escape(what), re.IGNORECASE).search(self._source, position)
            start, end = match.span() if match else (-1, None)
            self._found[what] = start, end
        return end


def _tag(match: re.Match[str], open_: list[tuple[str, int, int]], gone: list[tuple[int, int]], ahead: _Ahead) -> int:
    """Take an HTML-like tag into account; the position to go on from."""
    start, end = match.span()
    name = match["tag"].lower()
    odd_quotes = [value for value in _VALUE.finditer(match.group()) if value["odd"]]
    gone += [(start + value.start("odd"), start + value.end("odd")) for value in odd_quotes]
    if match["void"] or name in _SINGLE:
        return end
    if match["close"]:
        _close(name, start, end, open_, gone)
        return end
    if name in _RAW:
        closing = ahead.end_of(f"</{name}>", end)
        if closing is None:
            gone.append((start, end))
            return end
        return closing
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


def _mask(source: str, gone: list[tuple[int, int]], shown_as: list[tuple[int, str]]) -> str:
    pieces, position = [], 0
    for start, end, mask in sorted([*((s, e, MASK) for s, e in gone), *((s, s + 1, shown) for s, shown in shown_as)]):
        pieces += [source[position:start], mask * (end - max(start, position))]
        position = max(end, position)
    return "".join([*pieces, source[position:]])


def _cuts(breaks: list[tuple[int, int]], never_closed: list[tuple[str, int, int]]) -> list[int]:
    """The breaks that lie outside of all markup that is closed again."""
    starts = [start for _, start, _ in never_closed]
    cuts: list[int] = []
    for place, depth in breaks:
        if depth == bisect_left(starts, place) and (not cuts or place > cuts[-1]):
            cuts.append(place)
    return cuts
