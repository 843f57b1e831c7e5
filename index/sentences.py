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

_CLOSING: Final = "\"'”’»)\\]"

#: How a sentence begins after a short form, whatever that is: a name is not followed by a small letter here.
_PRONOUN: Final = r"(?:He|She|It|They|We|This|These|There|His|Her|Its|Their)\s[a-z]"
#: Likewise, but a title may begin so after an author's initials ("Darwin, C. The origin of species").
_STARTER: Final = r"(?:The\s[a-z]|In\s(?:the\s|\d{4}\b))"
#: Ends that the splitter takes for abbreviations or does not know: a unit after a number, East Asian full stops, a
#: short form before words that begin a sentence, and a word of four letters or more, unless it is one of those that
#: are often cut short.
_MISSED: Final = re.compile(
    r"\d\s(?:[kcm]?m|k?g)\.(?=\s[A-ZÄÖÜ])|[。！？](?=\w)"
    r"|\b[ap]\.m\.(?=\s(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Eastern|Central|Mountain|Pacific|Greenwich)\b"
    r"|(?:[A-Z]\w+\s){1,3}[Tt]ime\b|New\sYear|Christmas|\w+\s\d)[A-Z][a-z])"
    rf"|\S\.[\"”’]*(?=\s{_PRONOUN})|(?<![\s.(][A-Z])(?<=\S)\.[\"”’]*(?=\s{_STARTER})"
    r"|\b(?!(?i:assn|assoc|bros|capt|cmdr|comm|corp|dept|econ|esqr|feat|figs|gebr|govt|hist|hons|illus|intl|intro|jahrh"
    r"|lieut|messrs|misc|natl|orig|prof|publ|repr|revd|sept|sergt|sgts|spec|supt|tech|transl?|univ|vols)\b)"
    r"[A-Za-z][a-zà-öø-ÿ]{3,}\.(?=\s[\"“]?[A-ZÄÖÜ])"
)
#: Short forms that a name follows.
_TITLE: Final = re.compile(
    r"(?:^|[\s(–—-])(?:St|Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Sgt|Capt|Rev|Mt|Ft|Brig|Cmdr|Maj"
    r"|Amb|Btn|Proc|Chem|Phys|Biol|Acad|Natl|Intl|Trans|incl|subsp|ssp|cf|viz|a\.k\.a|e\.g|i\.e)\.$"
    r"|[(\"“”]\s?feat\.$"
)
_STREET: Final = re.compile(r"[A-Z]\w+ St\.$")
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
#: A sentence that ended before a footnote is followed by one that begins like this.
_BEGINNING: Final = re.compile(r"\s+[\"'“‘«(]?[^\W_a-z]")


def sentence_bounds(text: str, noted: Collection[int] = ()) -> list[tuple[int, int]]:
    """The sentences of `text` in order: (start, end) code points, without surrounding white space.

    They do not overlap, and together hold every character of `text` that is not white space. `noted` are the places
    of footnotes: behind a full stop they end a sentence, whatever the word before it.
    """
    ends = {end for _, end in sent_spans(text)}
    ends |= {match.end() for match in _MISSED.finditer(text)}
    ends |= {place for place in noted if _ended(text, place)}
    bounds: list[tuple[int, int]] = []
    start = 0
    for end in sorted({*ends, len(text)}):
        if not (piece := text[start:end].strip()) or _goes_on(piece, text[end:].lstrip()):
            continue
        begin = start + len(text[start:end]) - len(text[start:end].lstrip())
        bounds.append((begin, begin + len(piece)))
        start = end
    return bounds


def _goes_on(piece: str, rest: str) -> bool:
    """Whether `rest`, which is not blank, belongs to the sentence that `piece` begins."""
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
    return _STREET.search(piece) is not None and re.match(rf"{_PRONOUN}|{_STARTER}", rest) is not None


def _ended(text: str, place: int) -> bool:
    return re.search(rf"[.!?][{_CLOSING}]*$", text[:place]) is not None and _BEGINNING.match(text, place) is not None
