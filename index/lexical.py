"""Words → scores of texts, by BM25; and the words themselves.

A text becomes stems (`tokens`); bm25s weighs every stem in every text once, when the index is built.
Asking only adds up the columns of the question's stems, with numpy alone: bm25s is not imported for it.
Stemming and stop words are English; words of other languages are kept as they are. Left out: what a misspelt
word was meant to be (`qa.spelling`), for which `near` has the words that texts hold.
"""

from __future__ import annotations

import json
import logging
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import Stemmer
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

#: BM25's two constants: how soon a repeated word stops counting, and how much a long text is held
#: back. Lucene's variant, as in Kamphuis et al. 2020, "Which BM25 Do You Mean?"; the values are Anserini's
#: (Yang et al. 2017). A low b suits articles whose passages go from a two-word fact to a page (eval/LOG.md).
K1: Final = 0.9
B: Final = 0.4

#: Runs of scores for each one that is looked for, and the least length of a run that is worth it (`_floor`).
RUNS: Final = 4
RUN: Final = 16

#: Words that carry no topic; question words among them.
STOP_WORDS: Final = frozenset(
    """
    a about after all also am an and any are as at be because been before being both but by can could
    did do does doing during each for from had has have having he her here him his how i if in into is
    it its itself just like many me more most much my no not of on one only or other our out over own
    same she should so some such than that the their them then there these they this those through to
    too under until up upon very was we were what when where which while who whom whose why will
    with would you your
    """.split()
)  # without "us", which is also the country once its dots are gone

#: Scripts that are written without spaces: a character counts as a word.
UNSPACED: Final = r"[\u3040-\u30ff\u3400-\u9fff]"

#: A number with its separators ("7.7" and "3,000" are one token each); one character of those scripts;
#: a run of other letters and digits, with apostrophes inside. The first that fits is taken.
WORD: Final = re.compile(
    rf"\d+(?:[.,]\d+)+(?![^\W_])|{UNSPACED}|(?:(?!{UNSPACED})[^\W_])+(?:'[^\W\d_]+)*",
)
ACRONYM: Final = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]")

_stemmer = Stemmer.Stemmer("english")


def words(text: str) -> list[str]:
    """The words and numbers of `text` in order, as they are compared: "Beyoncé's U.S. £3,000" → beyonce us 3000.

    Compatibility forms are unified (NFKD), case and diacritics dropped; "'s" and the separators of
    thousands too.
    """
    flat = unicodedata.normalize("NFKD", text.replace("’", "'"))
    flat = _NOT_ASCII.sub(lambda m: "" if unicodedata.combining(m.group()) else m.group(), flat).casefold()
    flat = ACRONYM.sub(lambda m: m.group().replace(".", "") + " ", unicodedata.normalize("NFC", flat))
    return [w.removesuffix("'s").replace("'", "").replace(",", "") for w in WORD.findall(flat)]


def tokens(text: str) -> list[str]:
    """The stems of the words of `text` that carry meaning, in order: "Who founded the companies?" → found compani."""
    kept = [w for w in words(text) if w not in STOP_WORDS]
    stems: list[str] = _stemmer.stemWords(kept)
    return stems


class Weights(NamedTuple):
    """A sparse matrix by column: column i weighs `data[starts[i]:starts[i + 1]]` in the texts `rows[…]`."""

    data: Floats
    rows: Ints
    starts: Ints


class LexicalIndex:
    """BM25 weights of every stem in every text, column by column; `len` is the number of texts."""

    def __init__(self, size: int, stems: Sequence[str], spellings: Mapping[str, int], weights: Weights) -> None:
        """Column i of `weights` is that of `stems[i]`; `spellings` leads from each word as written to its column."""
        self._size = size
        self._columns = {stem: column for column, stem in enumerate(stems)}
        self._spellings = spellings
        self._weights = weights

    def __len__(self) -> int:
        return self._size

    @classmethod
    def build(cls, texts: Sequence[str]) -> LexicalIndex:
        """An index over `texts`; row i of it is `texts[i]`."""
        written = [[w for w in words(text) if w not in STOP_WORDS] for text in texts]
        stem_of = {w: _stemmer.stemWord(w) for w in sorted({w for text in written for w in text})}
        # Sorted, so that the same texts give the same files.
        stems = sorted(set(stem_of.values()))
        columns = {stem: column for column, stem in enumerate(stems)}
        spellings = {w: columns[stem] for w, stem in stem_of.items()}
        weights = Weights(np.empty(0, np.float32), np.empty(0, np.int64), np.zeros(1, np.int64))
        if stems:
            # Slower to import than all else that asking needs, and asking does not need it.
            import bm25s

            # It sets itself to DEBUG on import, which shows in any program that logs.
            logging.getLogger("bm25s").setLevel(logging.WARNING)
            bm25 = bm25s.BM25(k1=K1, b=B, method="lucene", backend="numpy", csc_backend="numpy")
            ids = [[spellings[w] for w in text] for text in written]
            bm25.index((ids, columns), create_empty_token=False, show_progress=False)
            weights = Weights(
                bm25.scores["data"].astype(np.float32),
                bm25.scores["indices"].astype(np.int64),
                bm25.scores["indptr"].astype(np.int64),
            )
        return cls(len(texts), stems, spellings, weights)

    def idf(self, token: str) -> float:
        """How rare a stem is among the texts: ln(1 + (N - n + ½) / (n + ½)), N texts, n of them with it."""
        column = self._columns.get(token)
        starts = self._weights.starts
        n = 0 if column is None else int(starts[column + 1] - starts[column])
        return math.log(1 + (self._size - n + 0.5) / (n + 0.5))

    def information(self, query: str) -> float:
        """The idf of the different stems of `query`, added up: the most that idf alone could give a text for it."""
        return sum(self.idf(token) for token in dict.fromkeys(tokens(query)))

    def scores(self, query: str) -> Floats:
        """The BM25 score of every text for `query`, (n,) float32; 0 where they share no word."""
        total = np.zeros(self._size, dtype=np.float32)
        data, rows, starts = self._weights
        for token in tokens(query):
            column = self._columns.get(token)
            if column is not None:
                part = slice(starts[column], starts[column + 1])
                total[rows[part]] += data[part]
        return total

    def unknown(self, text: str) -> list[str]:
        """The words of `text` that carry meaning and stand in no indexed text."""
        return [w for w in words(text) if w not in STOP_WORDS and _stemmer.stemWord(w) not in self._columns]

    def near(self, word: str, distance: int) -> list[str]:
        """The words of the indexed texts at most `distance` (1 or 2) edits from `word`, as `words` has them.

        Two edits are looked for only behind the same first letter.
        """
        return [w for w in self._shapes.similar(word, distance) if edit_distance(word, w, distance) <= distance]

    def search(self, query: str, k: int) -> tuple[Floats, Ints]:
        """The best texts for `query`, at most `k`, best first: scores and rows, (up to k,) each.

        Only texts that share a word with it; of equal scores the earlier text first.
        """
        scores = self.scores(query)
        rows = best(scores, k)
        return scores[rows], rows

    def save(self, directory: Path) -> None:
        """Writes the index into `directory`, created if need be. Raises OSError when it cannot."""
        directory.mkdir(parents=True, exist_ok=True)
        for name, array in self._weights._asdict().items():
            np.save(directory / f"{name}.npy", array, allow_pickle=False)
        known = {"size": self._size, "stems": list(self._columns), "spellings": dict(self._spellings)}
        (directory / "words.json").write_text(json.dumps(known, ensure_ascii=False), "utf-8")

    @classmethod
    def load(cls, directory: Path) -> LexicalIndex:
        """The index that `save` wrote, its arrays mapped rather than read in.

        Raises OSError or ValueError when there is none.
        """
        known = json.loads((directory / "words.json").read_text("utf-8"))
        arrays = [np.load(directory / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in Weights._fields]
        # Mapped still, but plain arrays: each slice of a `memmap` is a Python object that is made anew.
        weights = Weights(*(np.asarray(array) for array in arrays))
        return cls(known["size"], known["stems"], known["spellings"], weights)

    @cached_property
    def _shapes(self) -> _Shapes:
        return _Shapes(self._spellings)


class _Shapes:
    """Lengths and letters of words as arrays: a first, cheap look at which may be close to another."""

    def __init__(self, spellings: Iterable[str]) -> None:
        self._words = list(spellings)
        self._lengths = np.array([len(w) for w in self._words], dtype=np.int32)
        self._letters = np.array([_letters(w) for w in self._words], dtype=np.uint32)

    def similar(self, word: str, distance: int) -> list[str]:
        """The words that may be within `distance` edits of `word`, and some that are not.

        One edit changes the set of letters by two at most. Two edits are looked for only behind the
        same first letter, which people rarely get wrong (Pollock and Zamora 1984): ten times faster.
        """
        changed = np.bitwise_count(self._letters ^ np.uint32(_letters(word)))
        close = (changed <= 2 * distance) & (np.abs(self._lengths - len(word)) <= distance)
        found = [self._words[i] for i in np.flatnonzero(close)]
        return found if distance == 1 else [w for w in found if w[0] == word[0]]


def best(scores: Floats, k: int) -> Ints:
    """The rows of the `k` highest of `scores` that are not 0, highest first; of equal ones the earlier row."""
    floor = _floor(scores, k)
    rows = np.flatnonzero(scores >= floor) if floor > 0 else np.flatnonzero(scores)
    if 0 < k < len(rows):
        found = scores[rows]
        # Whatever ties with the last of them stays, so that the order decides and not the selection.
        rows = rows[found >= np.partition(found, len(found) - k)[len(found) - k]]
    return rows[np.argsort(-scores[rows], kind="stable")][:k]


def _floor(scores: Floats, k: int) -> float:
    """What the `k` highest of many `scores` surely reach: as many runs of them have a maximum that does. Else 0.

    Most of a large index is below it, and is then neither copied nor put in order.
    """
    runs, length = RUNS * k, len(scores) // max(RUNS * k, 1)
    if k < 1 or length < RUN:
        return 0.0
    maxima = scores[: runs * length].reshape(runs, length).max(axis=1)
    return float(np.partition(maxima, runs - k)[runs - k])


def _letters(word: str) -> int:
    """The set of letters of `word` as bits; letters that share a bit only make the first look less sharp."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) % 32)
    return bits


def edit_distance(a: str, b: str, most: int) -> int:
    """Letters to insert, delete, replace or swap with their neighbour to turn `a` into `b`; `most` + 1 if more.

    The restricted Damerau-Levenshtein distance ("optimal string alignment").
    """
    far = most + 1
    before: list[int] = []
    previous = [j if j <= most else far for j in range(len(b) + 1)]
    for i, x in enumerate(a, 1):
        current = [i if i <= most else far] + [far] * len(b)
        # Further from the diagonal than `most`, no distance can be within it.
        for j in range(max(1, i - most), min(len(b), i + most) + 1):
            y = b[j - 1]
            cost = min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            current[j] = min(cost, far)
        if min(current) == far:
            return far
        before, previous = previous, current
    return previous[-1]
