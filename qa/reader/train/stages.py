"""What is learnt, in which order: the recipe, and the batches it comes to.

First short contexts from every source (much practice for little time), then whole passages of every source, then
those of Wikipedia alone, with the unanswerable questions that teach when to say nothing.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Final

from tokenizers import Tokenizer

from qa.reader.model import framed, opening, prepared, tokens_of
from qa.reader.train.crops import cropped
from qa.reader.train.data import SEPARATOR, Document, Reading, load
from qa.reader.train.edits import edited
from qa.reader.train.facts import listed
from qa.reader.train.negatives import mined
from qa.reader.train.rewordings import reworded, subject, thesaurus
from qa.reader.train.rivals import rivals

#: Batches are cut from this many shuffled batches sorted by length, so that little is padding.
POOL: Final = 30


@dataclass(frozen=True, slots=True)
class Source:
    """A file and how much of it: the share of its questions, of mined and of edited ones for each answerable one.

    `listed` is the share of the questions that can be asked of a fact, and are, each beside one that cannot.
    """

    file: str
    share: float = 1.0
    mined: float = 0.0
    edited: float = 0.0
    listed: float = 0.0


@dataclass(frozen=True, slots=True)
class Stage:
    """Passes over `sources`; a context has at most `context` code points, drawn anew from (low, high) for each.

    `passes` is how often the sources are gone through, with other crops, negatives and edits each time. A stage
    of several `runs` starts each from the same weights with another seed, and ends with the mean of what they
    come to. `reworded` is the share of the readings whose questions are put in other words. `part` is the stage's
    share of the time, all of its runs together.
    """

    name: str
    sources: tuple[Source, ...]
    context: tuple[int, int]
    rate: float
    batch: int
    part: float
    passes: int = 1
    runs: int = 1
    reworded: float = 0.0


STAGES: Final = (
    Stage(
        "short",
        (
            Source("squad_v2_train", mined=0.3),
            Source("squadshifts_new_wiki", mined=0.3),
            Source("qed_dev"),
            Source("multispanqa_valid"),
            Source("squadshifts_amazon_reviews"),
            Source("squadshifts_reddit"),
            Source("qamr"),
        ),
        context=(300, 300),
        rate=2e-4,
        batch=24,
        part=0.15,
    ),
    Stage(
        "broad",
        (
            Source("squad_v2_train", mined=0.3, edited=0.4, listed=0.2),
            Source("squadshifts_new_wiki", mined=0.3, edited=0.4, listed=0.2),
            Source("qed_dev", edited=0.4),
            Source("squadshifts_amazon_reviews", mined=0.2),
            Source("squadshifts_reddit", mined=0.2),
        ),
        context=(250, 900),
        rate=1.2e-4,
        batch=24,
        part=0.3,
        reworded=0.15,
    ),
    Stage(
        "passages",
        (
            Source("squad_v2_train", mined=0.4, edited=0.5, listed=0.3),
            Source("squadshifts_new_wiki", mined=0.4, edited=0.5, listed=0.3),
            Source("qed_dev", edited=0.5),
        ),
        context=(250, 900),
        rate=1e-4,
        batch=24,
        part=0.55,
        passes=2,
        runs=2,
        reworded=0.15,
    ),
)


@dataclass(frozen=True, slots=True)
class Feature:
    """One window to learn from; `spans` are (first, last) tokens of its answers, [(0, 0)] when it has none."""

    ids: list[int]
    types: list[int]
    spans: list[tuple[int, int]]


def batches(stage: Stage, folder: Path, base: Path, seed: int, run: int = 0) -> list[list[Feature]]:
    """The batches of one run of `stage` in the order they are learnt; the same seed gives the same.

    `base` holds the MiniLM: its tokenizer cuts the texts, and its vectors say which words are alike.
    """
    rng = random.Random(f"{seed} {stage.name} {run}")
    tokenizer = prepared(Tokenizer.from_file(str(base / "tokenizer.json")))
    documents = {source.file: load(folder / f"{source.file}.json") for source in stage.sources}
    titles = dict.fromkeys(d.title for d in chain.from_iterable(documents.values()) if d.title)
    found = rivals(list(titles), base)
    documents = {name: [replace(d, rivals=found.get(d.title, ())) for d in file] for name, file in documents.items()}
    words = thesaurus(_texts(documents.values()), base) if stage.reworded else {}
    cut: list[list[Feature]] = []
    for _ in range(stage.passes):
        learnt = [f for reading in _readings(stage, documents, words, rng) for f in features(tokenizer, reading)]
        rng.shuffle(learnt)
        for start in range(0, len(learnt), stage.batch * POOL):
            pool = sorted(learnt[start : start + stage.batch * POOL], key=lambda f: len(f.ids))
            groups = [pool[i : i + stage.batch] for i in range(0, len(pool), stage.batch)]
            rng.shuffle(groups)
            cut += groups
    return cut


def _texts(sources: Iterable[Sequence[Document]]) -> Iterator[str]:
    for document in chain.from_iterable(sources):
        yield from document.paragraphs
        yield from (question.text for question in document.questions)


def _readings(
    stage: Stage, files: Mapping[str, Sequence[Document]], words: Mapping[str, Sequence[str]], rng: random.Random
) -> Iterator[Reading]:
    low, high = stage.context
    for source in stage.sources:
        documents = files[source.file]
        called = {document.title: subject(document) for document in documents}
        readings: Sequence[Reading] = [d.reading(q) for d in documents for q in d.questions]
        readings = rng.sample(readings, round(source.share * len(readings))) if source.share < 1 else readings
        made = (
            *mined(documents, source.mined, rng),
            *edited(documents, source.edited, rng),
            *listed(documents, source.listed, rng),
        )
        for reading in (*readings, *made):
            said = reading
            if rng.random() < stage.reworded:
                said = reworded(reading, words, called.get(reading.context.partition(SEPARATOR)[0], "it"), rng)
            yield cropped(said, rng.randint(low, high) if low < high else low, rng)


def features(tokenizer: Tokenizer, reading: Reading) -> Iterator[Feature]:
    """The windows of a reading with its answers as tokens; a window that cuts every answer off has none."""
    context = tokens_of(tokenizer, reading.context)
    for window in framed(tokenizer, opening(tokenizer, reading.question), context):
        places = list(enumerate(context.offsets[window.context].tolist(), window.head))
        starts = {start: i for i, (start, end) in reversed(places) if end > start}
        ends = {end: i for i, (start, end) in places if end > start}
        spans = [_tokens(starts, ends, start, end) for start, end in reading.answers]
        yield Feature(window.ids, window.types, [s for s in spans if s] or [(0, 0)])


def _tokens(starts: dict[int, int], ends: dict[int, int], start: int, end: int) -> tuple[int, int] | None:
    """The first and last token that overlap start..end; None where they are not in the window."""
    first = starts.get(start)
    if first is None:  # an answer that begins inside a word takes the whole word
        first = max((i for s, i in starts.items() if s < start), default=None)
    last = ends.get(end)
    if last is None:
        last = min((i for e, i in ends.items() if e > end), default=None)
    return (first, last) if first is not None and last is not None and first <= last else None
