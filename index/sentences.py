"""Text → sentence boundaries, with nupunkt (Punkt-style, trained on English; reads other languages passably).

Boundaries come from the splitter, corrected where it does not know a language's dates, units or full stops, and are
narrowed by the white space around them, so `text[start:end]` is a sentence without searching for it. Left out: facts
(infobox and table rows), which their caller never splits.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from nupunkt import sent_spans

#: How a sentence begins after a short form, whatever that is: a name is not followed by a small letter here.
_PRONOUN: Final = r"(?:He|She|It|They|We|This|These|There|His|Her|Its|Their)\s[a-z]"
#: Likewise, but a title may begin so after an author's initials ("Darwin, C. The origin of species").
_STARTER: Final = r"(?:The\s[a-z]|In\s(?:the\s|\d{4}\b))"
#: A full stop that may end a sentence: an East Asian one, or one with a capital letter to follow.
_STOP: Final = re.compile(r"[。！？](?=\w)|\.[\"”’]*(?=\s[\"“]?[A-ZÄÖÜ])")
#: What stands before such a stop, and what follows, where the splitter takes it for an abbreviation or does not know
#: it. A unit after a number; "p.m." but before a zone of time, a day or a date; any short form before a pronoun; one
#: that is no initial before other words that begin a sentence; a word of four letters or more, seldom cut short.
_MISSED: Final = (
    (re.compile(r"\d\s(?:[kcm]?m|k?g)\.$"), re.compile(r"\s[A-ZÄÖÜ]")),
    (
        re.compile(r"\b[ap]\.m\.$"),
        re.compile(
            r"\s(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Eastern|Central|Mountain|Pacific|Greenwich)\b"
            r"|(?:[A-Z]\w+\s){1,3}[Tt]ime\b|New\sYear|Christmas|\w+\s\d)[A-Z][a-z]"
        ),
    ),
    (re.compile(r"\S\.$"), re.compile(rf"[\"”’]*\s{_PRONOUN}")),
    (re.compile(r"(?<![\s.(][A-Z])(?<=\S)\.$"), re.compile(rf"[\"”’]*\s{_STARTER}")),
    (
        re.compile(
            r"\b(?!(?i:assn|assoc|bros|capt|cmdr|comm|corp|dept|econ|esqr|feat|figs|gebr|govt|hist|hons|illus|intl|intro"
            r"|jahrh|lieut|messrs|misc|natl|orig|prof|publ|repr|revd|sept|sergt|sgts|spec|supt|tech|transl?|univ|vols)\b)"
            r"[A-Za-z][a-zà-öø-ÿ]{3,}\.$"
        ),
        re.compile(r"\s[\"“]?[A-ZÄÖÜ]"),
    ),
)
#: Code points on either side of a full stop that are looked at.
_NEAR: Final = 80
#: Short forms that a name follows.
_TITLE: Final = re.compile(
    r"(?:^|[\s(–—-])(?:St|Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Sgt|Capt|Rev|Mt|Ft|Brig|Cmdr|Maj"
    r"|Amb|Btn|Proc|Chem|Phys|Biol|Acad|Natl|Intl|Trans|incl|subsp|ssp|cf|viz|a\.k\.a|e\.g|i\.e)\.$"
    r"|[(\"“”]\s?feat\.$"
)
_STREET: Final = re.compile(r"[A-Z]\w+ St\.$")
_AFTER_STREET: Final = re.compile(rf"{_PRONOUN}|{_STARTER}")
#: What no sentence begins with: a small letter (but "iPhone"), or what closes something.
_GOING_ON: Final = re.compile(r"[a-zß-öø-ÿ](?![A-Z])|[”’»)\],;:]|\"(?!\w)")
#: How a company's name goes on after its "!": "Yahoo! Inc. paid".
_COMPANY: Final = re.compile(r"(?:Inc|Ltd|Corp|Co|LLC|GmbH)\b\.?,?\s[a-z]")
#: An ordinal with a month or century after it, as German and the Nordic languages write dates.
_ORDINAL: Final = re.compile(r"(?:^|[\s(])\d{1,2}\.$")
_ORDERED: Final = re.compile(
    r"(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|Jahrhundert\w*"
    r"|januar\w*|februar\w*|mars|april|maj|mai|jun[ei]\w*|jul[ei]\w*|august\w*|september|oktober|november|de[cs]ember"
    r"|århundre\w*)\b"
)
_ABBREVIATED: Final = re.compile(r"\bbzw\.$")
_BEFORE_NUMBER: Final = re.compile(r"\b(?:c|ca|fl|r|b|d|ep|nr|nos?|vols?|pp?)\.$", re.IGNORECASE)
#: How a sentence ends before a footnote, and how the next begins behind it.
_ENDED: Final = re.compile(r"[.!?][\"'”’»)\]]*$")
_BEGINNING: Final = re.compile(r"\s+[\"'“‘«(]?[^\W_a-z]")


def sentence_bounds(text: str, noted: Collection[int] = ()) -> list[tuple[int, int]]:
    """The sentences of `text` in order: (start, end) code points, without surrounding white space.

    They do not overlap, and together hold every character of `text` that is not white space. `noted` are the places
    of footnotes: behind a full stop they end a sentence, whatever the word before it.
    """
    ends = {end for _, end in sent_spans(text)}
    ends |= {match.end() for match in _STOP.finditer(text) if match.end() not in ends and _is_end(text, match)}
    ends |= {place for place in noted if _ended(text, place)}
    bounds: list[tuple[int, int]] = []
    start = _after_space(text, 0)
    for end in sorted({*ends, len(text)}):
        last = end
        while last > start and text[last - 1].isspace():
            last -= 1
        # Only what is near is cut out: a long sentence may have many places where it could end.
        near = text[max(last - _NEAR, start) : last]
        if near and not _goes_on(near, text[end : end + _NEAR].lstrip()):
            bounds.append((start, last))
            start = _after_space(text, end)
    return bounds


def _after_space(text: str, place: int) -> int:
    """The first place from `place` on that is not white space."""
    while place < len(text) and text[place].isspace():
        place += 1
    return place


def _is_end(text: str, stop: re.Match[str]) -> bool:
    """Whether a full stop that the splitter may have missed ends a sentence."""
    if stop.group() in "。！？":
        return True
    behind = stop.start() + 1
    before, after = text[max(behind - _NEAR, 0) : behind], text[behind : behind + _NEAR]
    return any(short.search(before) and follows.match(after) for short, follows in _MISSED)


def _goes_on(piece: str, rest: str) -> bool:
    """Whether `rest`, what follows, belongs to the sentence that ends in `piece`; both as far as they are looked at."""
    if not rest:
        return False
    return (
        _GOING_ON.match(rest) is not None
        or (_ORDINAL.search(piece) is not None and _ORDERED.match(rest) is not None)
        or _ABBREVIATED.search(piece) is not None
        or (piece[-1] in "!?" and _COMPANY.match(rest) is not None)
        or (_BEFORE_NUMBER.search(piece) is not None and rest[0].isdigit())
        or (_TITLE.search(piece) is not None and not _ends_in_street(piece, rest))
    )


def _ends_in_street(piece: str, rest: str) -> bool:
    """Whether "St." is the street that `piece` ends with, not a saint whose name follows."""
    return _STREET.search(piece) is not None and _AFTER_STREET.match(rest) is not None


def _ended(text: str, place: int) -> bool:
    """Whether a footnote at `place` stands behind a sentence, with another to follow."""
    before = text[max(place - _NEAR, 0) : place]
    return _ENDED.search(before) is not None and _BEGINNING.match(text, place) is not None
