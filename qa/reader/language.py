"""A text → how foreign it is to the reader, which learnt English alone.

Left out: which language it is.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from tokenizers import Tokenizer

#: So much of a text tells its language: code points of its beginning.
READ: Final = 20_000

#: A text of few words may hold some strange ones by chance: they are counted as if so many known ones stood beside.
DOUBT: Final = 50

#: Words as they are written in any script; not those with a capital, which in most languages are names or begin one.
_WORD: Final = re.compile(r"[^\W\d_]{2,}")


def foreign(tokenizer: Tokenizer, text: str) -> float:
    """The share (0..1) of the words of `text`, but names, that `tokenizer` has no token of its own for.

    Some 0.05 of an English text, and half of one in another language.
    """
    words = Counter(word for word in _WORD.findall(text[:READ]) if not word[0].isupper())
    normalised = tokenizer.normalizer.normalize_str  # in lower case, without accents, as the vocabulary is
    strange = sum(times for word, times in words.items() if tokenizer.token_to_id(normalised(word)) is None)
    return strange / (words.total() + DOUBT)
