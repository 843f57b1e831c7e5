"""What is learnt, in which order: the recipe, and the batches it comes to.

First short contexts from every source (much practice for little time), then whole passages of every source, then
those of Wikipedia alone, with the unanswerable questions that teach when to say nothing; at the end questions of our
own, asked as people ask who have not read the article.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Final, NamedTuple

from tokenizers import Tokenizer

from qa.reader.invented import ARTICLES, CONTRASTS, invented
from qa.reader.model import framed, opening, prepared, tokens_of
from qa.reader.sheet import PAIRS, QUESTIONS
from qa.reader.train.closed import closed
from qa.reader.train.crops import cropped, heading
from qa.reader.train.data import SEPARATOR, Document, Reading, load
from qa.reader.train.edits import edited
from qa.reader.train.facts import listed
from qa.reader.train.invented import documents as invented_documents
from qa.reader.train.negatives import mined, searched
from qa.reader.train.rewordings import reworded, subject, thesaurus
from qa.reader.train.rivals import rivals
from qa.reader.train.written import uncut, written

#: The sources that are no files of the data: questions of our own on the paragraphs of some, and articles of our own.
WRITTEN: Final = "written"
PAIRED: Final = "paired"
INVENTED: Final = "invented"
CONTRASTED: Final = "contrasted"

#: What the questions of our own are asked of.
WRITTEN_ON: Final = ("squad_v2_train", "squadshifts_new_wiki", "qed_dev", "selqa_dev")

#: Nothing is cut off a passage: what is longer is read in windows, as it is when it is asked.
WHOLE: Final = (100_000, 100_000)

#: Batches are cut from this many shuffled batches sorted by length, so that little is padding.
POOL: Final = 30


@dataclass(frozen=True, slots=True)
class Source:
    """A file and how much of it: the share of its questions; how many mined and edited ones for each answerable one.

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
    come to. `reworded` is the share of the readings whose questions are put in other words, `closed` of those that are
    asked so that yes or no would answer. `part` is the stage's share of the time, all of its runs together.
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
    closed: float = 0.0


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
            Source("squad_v2_train", mined=0.4, edited=0.4, listed=0.2),
            Source("squadshifts_new_wiki", mined=0.4, edited=0.4, listed=0.2),
            Source("qed_dev", edited=0.4),
            Source("selqa_dev", mined=0.4, edited=0.2),
            Source("multispanqa_valid"),
            Source("squadshifts_amazon_reviews", share=0.4),
            Source("squadshifts_reddit", share=0.4),
            Source("qamr", share=0.4),
        ),
        context=(250, 700),
        rate=1e-4,
        batch=24,
        part=0.25,
        reworded=0.2,
        closed=0.15,
    ),
    Stage(
        "passages",
        (
            Source("squad_v2_train", mined=0.4, edited=0.5, listed=0.3),
            Source("squadshifts_new_wiki", mined=0.4, edited=0.5, listed=0.3),
            Source("qed_dev", edited=0.5),
            Source("selqa_dev", mined=0.5, edited=0.3),
        ),
        context=(250, 900),
        rate=1e-4,
        batch=24,
        part=0.35,
        passes=3,
        runs=2,
        reworded=0.25,
        closed=0.25,
    ),
    Stage(
        "asked",
        (
            Source(CONTRASTED, share=0.5, mined=2.0, edited=0.1),
            Source(INVENTED, share=0.25, mined=2.0, edited=0.1),
            Source(PAIRED, share=0.25, mined=0.6),
            Source(WRITTEN, share=0.2, mined=1.0),
            Source("squad_v2_train", mined=1.0, edited=0.5, listed=0.2),
            Source("squadshifts_new_wiki", share=0.75, mined=1.0, edited=0.5, listed=0.2),
            Source("qed_dev", edited=0.5),
            Source("selqa_dev", share=0.5, mined=0.7, edited=0.3),
            Source("multispanqa_valid", share=0.5),
        ),
        context=WHOLE,
        rate=1e-4,
        batch=48,
        part=0.25,
        passes=2,
        reworded=0.15,
        closed=0.1,
    ),
)


@dataclass(frozen=True, slots=True)
class Feature:
    """One window to learn from; `spans` are (first, last) tokens of its answers, [(0, 0)] when it has none.

    `group` and `whole` are those of its reading.
    """

    ids: list[int]
    types: list[int]
    spans: list[tuple[int, int]]
    group: str = ""
    whole: bool = False


def batches(stage: Stage, folder: Path, base: Path, seed: int, run: int = 0) -> list[list[Feature]]:
    """The batches of one run of `stage` in the order they are learnt; the same seed gives the same.

    `base` holds the MiniLM: its tokenizer cuts the texts, and its vectors say which words are alike.
    """
    rng = random.Random(f"{seed} {stage.name} {run}")
    tokenizer = prepared(Tokenizer.from_file(str(base / "tokenizer.json")))
    documents = {source.file: articles(folder, source.file) for source in stage.sources}
    titles = dict.fromkeys(d.title for d in chain.from_iterable(documents.values()) if d.title)
    found = rivals(list(titles), base)
    documents = {name: [replace(d, rivals=found.get(d.title, ())) for d in file] for name, file in documents.items()}
    words = thesaurus(_texts(documents.values()), base) if stage.reworded else {}
    wrong = _found(folder, tuple(source.file for source in stage.sources if source.mined), base)
    cut: list[list[Feature]] = []
    for _ in range(stage.passes):
        readings = _readings(stage, documents, words, wrong, rng)
        groups = grouped(f for reading in readings for f in features(tokenizer, reading))
        rng.shuffle(groups)
        for start in range(0, len(groups), stage.batch * POOL):
            pool = sorted(groups[start : start + stage.batch * POOL], key=lambda g: max(len(f.ids) for f in g))
            learnt = list(_filled(pool, stage.batch))
            rng.shuffle(learnt)
            cut += learnt
    return cut


@cache
def _found(folder: Path, files: Sequence[str], base: Path) -> Mapping[str, Sequence[int]]:
    """What a search finds for the questions of `files`: the same for every run, and minutes of work."""
    return searched([d for name in files for d in articles(folder, name)], base)


@cache
def articles(folder: Path, name: str) -> list[Document]:
    """What a source holds. Raises FileNotFoundError or ValueError, with the name, when it cannot be had."""
    return OURS[name].load(folder) if name in OURS else load(located(folder, name))


def located(folder: Path, name: str) -> Path:
    """The file of a source in `folder` or below. Raises FileNotFoundError, naming both, when there is none."""
    if name in OURS:
        return OURS[name].file
    found = sorted(folder.rglob(f"{name}.json"))
    if not found:
        raise FileNotFoundError(f"{folder} holds no {name}.json")
    return found[0]


def _asked_on(folder: Path) -> list[Document]:
    return [document for name in WRITTEN_ON for document in load(located(folder, name))]


class Ours(NamedTuple):
    """A source of our own: the file that has it, and what it is with the data in a folder."""

    file: Path
    load: Callable[[Path], list[Document]]


OURS: Final = {
    WRITTEN: Ours(QUESTIONS, lambda folder: written(_asked_on(folder), QUESTIONS)),
    # The pairs teach where an answer is, and whether; the data sets where it is cut.
    PAIRED: Ours(PAIRS, lambda folder: uncut(written(_asked_on(folder), PAIRS))),
    INVENTED: Ours(ARTICLES, lambda _: invented_documents(invented())),
    CONTRASTED: Ours(CONTRASTS, lambda _: invented_documents(invented(CONTRASTS))),
}


def grouped(learnt: Iterable[Feature]) -> list[list[Feature]]:
    """What was made from one question stays together, so that it comes into one batch."""
    groups: dict[str, list[Feature]] = {}
    alone: list[list[Feature]] = []
    for feature in learnt:
        if feature.group:
            groups.setdefault(feature.group, []).append(feature)
        else:
            alone.append([feature])
    return [*groups.values(), *alone]


def _filled(groups: Iterable[list[Feature]], size: int) -> Iterator[list[Feature]]:
    """Whole groups in batches of at least `size`."""
    batch: list[Feature] = []
    for group in groups:
        batch += group
        if len(batch) >= size:
            yield batch
            batch = []
    if batch:
        yield batch


def _texts(sources: Iterable[Sequence[Document]]) -> Iterator[str]:
    for document in chain.from_iterable(sources):
        yield from document.paragraphs
        yield from (question.text for question in document.questions)


def _readings(
    stage: Stage,
    files: Mapping[str, Sequence[Document]],
    words: Mapping[str, Sequence[str]],
    wrong: Mapping[str, Sequence[int]],
    rng: random.Random,
) -> Iterator[Reading]:
    low, high = stage.context
    for source in stage.sources:
        documents = _drawn(files[source.file], source.share, rng)
        called = {document.title: subject(document) for document in documents}
        readings = [d.reading(q) for d in documents for q in d.questions]
        # "Why was it closed?" may have no answer where "Was it closed?" has one.
        unanswerable = {reading.group for reading in readings if not reading.answers}
        made = (
            *mined(documents, source.mined, wrong, rng),
            *edited(documents, source.edited, rng),
            *listed(documents, source.listed, rng),
        )
        for reading in (*readings, *made):
            said = reading
            if rng.random() < stage.closed and reading.group not in unanswerable:
                said = closed(said, heading(said.context), rng)
            if rng.random() < stage.reworded:
                said = reworded(said, words, called.get(said.context.partition(SEPARATOR)[0], "it"), rng)
            yield cropped(said, rng.randint(low, high) if low < high else low, rng)


def _drawn(documents: Sequence[Document], share: float, rng: random.Random) -> list[Document]:
    """`documents` with a `share` of their questions, so that what is made of a question has it beside it."""
    asked = [question.id for document in documents for question in document.questions]
    kept = set(rng.sample(asked, round(share * len(asked))))
    return [replace(d, questions=tuple(q for q in d.questions if q.id in kept)) for d in documents]


def features(tokenizer: Tokenizer, reading: Reading) -> Iterator[Feature]:
    """The windows of a reading with its answers as tokens; a window that cuts every answer off has none."""
    context = tokens_of(tokenizer, reading.context)
    for window in framed(tokenizer, opening(tokenizer, reading.question), context):
        places = list(enumerate(context.offsets[window.context].tolist(), window.head))
        starts = {start: i for i, (start, end) in reversed(places) if end > start}
        ends = {end: i for i, (start, end) in places if end > start}
        spans = [_tokens(starts, ends, start, end) for start, end in reading.answers]
        found = [s for s in spans if s]
        yield Feature(window.ids, window.types, found or [(0, 0)], reading.group, reading.whole and bool(found))


def _tokens(starts: dict[int, int], ends: dict[int, int], start: int, end: int) -> tuple[int, int] | None:
    """The first and last token that overlap start..end; None where they are not in the window."""
    first = starts.get(start)
    if first is None:  # an answer that begins inside a word takes the whole word
        first = max((i for s, i in starts.items() if s < start), default=None)
    last = ends.get(end)
    if last is None:
        last = min((i for e, i in ends.items() if e > end), default=None)
    return (first, last) if first is not None and last is not None and first <= last else None
