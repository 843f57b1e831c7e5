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
from itertools import pairwise

#: A private-use code point: stands for markup that opens or closes nothing.
MASK = "\ue000"
#: Likewise: stands for a "<" that begins no tag, and is shown.
LESS = "\ue001"
#: Likewise: stands for an apostrophe that is none of the marks for italics and bold beside it.
APOSTROPHE = "\ue002"
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
    scan = _Scan(source)
    masked = scan.masked
    for start, end in pairwise([0, *scan.cuts, len(source)]):
        if start < end:
            yield masked[start:end], start


def _unclosed(runs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The italic or bold marks of a line that nothing in it closes: they end with it, and are none for the parser."""
    opened: dict[int, tuple[int, int]] = {}
    for start, end in runs:
        for mark in _MARKS[end - start]:
            if opened.pop(mark, None) is None:
                opened[mark] = (end - mark, end)
    return list(opened.values())


#: Length of a run of apostrophes → the marks in it: two for italics, three for bold.
_MARKS = {2: (2,), 3: (3,), 4: (3,), 5: (2, 3)}


def _apostrophe(source: str, runs: list[tuple[int, int]]) -> int | None:
    """The apostrophe in ''Billboard'''s: where a line has an odd number of italic and of bold marks, one bold mark is
    an italic one with an apostrophe before it, first after a single letter, then after a word, then after a space."""
    odd = [sum(mark in _MARKS[end - start] for start, end in runs) % 2 == 1 for mark in (2, 3)]
    bold = [start for start, end in runs if end - start == 3]
    if not all(odd) or not bold:
        return None

    def before(start: int) -> int:
        if source[start - 1 : start].isspace() or not start:
            return 2
        return 0 if start == 1 or source[start - 2].isspace() else 1

    return min(bold, key=before)


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


class _Scan:
    """One pass over a source: afterwards `masked` is as long as it, and `cuts` lie outside of all markup."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._ahead = _Ahead(source)
        self._open: list[tuple[str, int, int]] = []  # what was opened, and where that stands
        self._gone: list[tuple[int, int]] = []
        self._shown_as: list[tuple[int, str]] = []
        self._breaks: list[tuple[int, int]] = []  # with the number of openings before each
        position = 0
        while match := _TOKEN.search(source, position):
            position = self._take(match)
        self._gone += [(start, end) for _, start, end in self._open]
        # The parser takes a NUL for the end of the page.
        self._gone += [nul.span() for nul in re.finditer("\0", source)]
        for line in _LINE.finditer(source):
            runs = [quotes.span() for quotes in _QUOTES.finditer(source, *line.span())]
            if len(runs) > MAX_QUOTES:
                self._gone += runs
            elif (apostrophe := _apostrophe(source, runs)) is not None:
                self._shown_as.append((apostrophe, APOSTROPHE))
            else:
                self._gone += _unclosed(runs)

    @property
    def masked(self) -> str:
        masks = [*((s, e, MASK) for s, e in self._gone), *((s, s + 1, shown) for s, shown in self._shown_as)]
        pieces, position = [], 0
        for start, end, mask in sorted(masks):
            pieces += [self._source[position:start], mask * (end - max(start, position))]
            position = max(end, position)
        return "".join([*pieces, self._source[position:]])

    @property
    def cuts(self) -> list[int]:
        """The breaks at which everything that is open is never closed, and so masked."""
        never_closed = [start for _, start, _ in self._open]
        cuts: list[int] = []
        for place, depth in self._breaks:
            if depth == bisect_left(never_closed, place) and (not cuts or place > cuts[-1]):
                cuts.append(place)
        return cuts

    def _take(self, match: re.Match[str]) -> int:
        """Take one token into account; the position to go on from."""
        start, end = match.span()
        if match["comment"]:
            return self._raw("-->", start, end)
        if match["tag"]:
            return self._tag(match)
        if match["open"]:
            self._open.append((match["open"], start, end))
        elif match["end"]:
            self._close(_CLOSES[match["end"].strip()], end - 2, end)
        elif match["table"]:
            self._open.append(("{|", match.start("table"), end))
            # The parser knows no indented tables.
            self._shown_as += [(start + at, " ") for at, mark in enumerate(match["indent"]) if mark == ":"]
        elif match["break"]:
            heading = match["break"] == "\n"
            self._breaks.append((start + 1 if heading else end, len(self._open)))
        else:
            self._odd(match)
        return end

    def _odd(self, match: re.Match[str]) -> None:
        """A token that is too long, or that begins nothing."""
        start, end = match.span()
        if match["stray"]:
            self._gone.append((start, end))
        elif match["less"]:
            self._shown_as.append((start, LESS))
        elif match["list"]:
            self._gone.append((start + 8, end))
        elif match["quotes"]:
            self._gone.append((start + 5, end))
        elif match["link"]:
            line_end = self._ahead.end_of("\n", end) or len(self._source)
            if (self._ahead.end_of("]", end) or len(self._source) + 1) > line_end:
                self._gone.append((start, end))

    def _raw(self, closing: str, start: int, end: int) -> int:
        """What is opened at `start` holds no markup up to `closing`; without that it is masked."""
        closed = self._ahead.end_of(closing, end)
        if closed is None:
            self._gone.append((start, end))
            return end
        return closed

    def _tag(self, match: re.Match[str]) -> int:
        """Take an HTML-like tag into account; the position to go on from."""
        start, end = match.span()
        name = match["tag"].lower()
        odd_quotes = [value.span("odd") for value in _VALUE.finditer(match.group()) if value["odd"]]
        self._gone += [(start + first, start + last) for first, last in odd_quotes]
        if match["void"] or name in _SINGLE:
            return end
        if match["close"]:
            self._close(name, start, end)
        elif name in _RAW:
            return self._raw(f"</{name}>", start, end)
        else:
            self._open.append((name, start, end))
        return end

    def _close(self, opening: str, start: int, end: int) -> None:
        """Match a closing with the nearest opening of its kind; what was opened in between is never closed."""
        open_ = self._open
        for depth in range(len(open_) - 1, max(len(open_) - 1 - MAX_DEPTH, -1), -1):
            if open_[depth][0] == opening:
                self._gone += [(s, e) for _, s, e in open_[depth + 1 :]]
                _, opened_start, opened_end = open_[depth]
                del open_[depth:]
                if depth >= MAX_DEPTH:
                    self._gone += [(opened_start, opened_end), (start, end)]
                return
        self._gone.append((start, end))
