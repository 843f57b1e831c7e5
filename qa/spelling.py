"""A question as typed → the same question with its misspelt words as they were meant.

A word is misspelt when it stands in no indexed text and is no word of English, nor one of the encoder's. It becomes
the nearest word of the texts; where there is none, of English, unless it is a name. Words in other scripts, with
accents, digits or all in capitals, and short ones, are left as they are: what is near those is another word.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from index.lexical import STOP_WORDS, WORD, edit_distance, tokens
from index.store import Index

if TYPE_CHECKING:
    from spellchecker import SpellChecker

#: A misspelt word has at least this many letters, this many to become a word that is only English ("wifi" is no
#: "wife"), and this many to be two letters off: among shorter ones, too many words are neighbours.
MIN_LENGTH: Final = 4
MIN_LENGTH_ENGLISH: Final = 5
MIN_LENGTH_TWO: Final = 8

#: What a word is meant to be is used at least so often. Most English words are at the dictionary's floor of 50: few
#: type them, and a name that no text holds is often near one ("baidu" is no "maidu").
MIN_USE: Final = 100

#: Of more words than this, two thirds unknown are another language and not misspelt.
FEW: Final = 3


def respelled(question: str, index: Index) -> str:
    """`question` with each misspelt word replaced, and nothing else of it changed.

    Of several words as near, one with the same letters is taken, then the one that the most texts hold.
    """
    typed = question.replace("’", "'")
    found = [m for m in WORD.finditer(typed) if len(m.group()) >= MIN_LENGTH]
    wrong = [m for m in found if _is_misspelt(m.group(), index)]
    if len(found) > FEW and 3 * len(wrong) >= 2 * len(found):
        return question
    parts, end = [], 0
    for match in wrong:
        word = match.group().removesuffix("'s")
        is_name = word[0].isupper() and bool(question[: match.start()].strip())
        meant = _meant(word.lower(), index, is_name)
        if meant:
            parts += [question[end : match.start()], meant.capitalize() if word[0].isupper() else meant]
            end = match.start() + len(word)
    return "".join([*parts, question[end:]])


def _is_misspelt(typed: str, index: Index) -> bool:
    word = typed.removesuffix("'s")
    if len(word) < MIN_LENGTH or not (word.isascii() and word.isalpha()) or word.isupper():
        return False
    lower = word.lower()
    # From the cheapest to the dearest: most words stand in the texts, and English is read from a file.
    return bool(index.lexical.unknown(lower)) and not index.encoder.is_word(lower) and lower not in english()


def _meant(word: str, index: Index, is_name: bool) -> str | None:
    """What `word` was most likely meant to be; None when nothing is near."""
    near = [*index.lexical.near(word, 1), *(w for w in STOP_WORDS if edit_distance(word, w, 1) <= 1)]
    if not near and not is_name and len(word) >= MIN_LENGTH_ENGLISH:
        used = english().word_frequency
        spelt = [w for w in english().edit_distance_1(word) if used[w] >= MIN_USE]
        near = sorted(spelt, key=used.__getitem__)[-1:]
    if not near and len(word) >= MIN_LENGTH_TWO:
        near = index.lexical.near(word, 2)

    def likelihood(meant: str) -> tuple[bool, bool, float, str]:
        rarity = sum(map(index.lexical.idf, tokens(meant)))
        return sorted(meant) == sorted(word), meant in STOP_WORDS, -rarity, meant

    return max(near, key=likelihood, default=None)


@cache
def english() -> SpellChecker:
    """160,000 words and how often they are used; read once, when a question has a word that the texts lack."""
    from spellchecker import SpellChecker

    return SpellChecker("en", distance=1)
