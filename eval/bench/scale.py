"""How a retrieval grows with the number of paragraphs, and what clustering the vectors finds and saves.

Real paragraphs are repeated with altered text: a third of the words are drawn from the whole corpus, and each
sentence's vector is moved towards another sentence's, as far as it would be from a paraphrase. Reading 100,000
paragraphs with the model would take half an hour and measure only the encoder; everything else is the real path.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import cycle, islice
from time import perf_counter
from typing import Any, Final

import numpy as np

from eval.bench.corpus import Corpus
from index import store
from index.article import Article
from index.dense import KINDS, DenseIndex
from index.embedding import Encoder, Floats, Progress
from index.export import encoder_for
from index.store import Index
from qa.retrieve import retrieve
from qa.settings import Settings

SIZES: Final = (1_000, 10_000, 100_000)
ALTERED_WORDS: Final = 0.3
MOVED: Final = 0.5  # of another sentence's vector; the cosine to the real one is then some .9
BY_ARTICLE: Final = 50  # paragraphs an article
TOP: Final = 100  # what a retrieval looks up


@dataclass(frozen=True, slots=True)
class Scaled:
    """Medians in milliseconds at one size: a whole retrieval, and its parts."""

    paragraphs: int
    sentences: int
    kind: str
    retrieval: float
    encode: float
    dense: float
    lexical: float


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to keep vectors: milliseconds of a search, share of the true nearest found, seconds to build, bytes."""

    kind: str
    vectors: int
    search: float
    recall_10: float
    recall_100: float
    build: float
    bytes: int


class Altering(Encoder):
    """The real encoder for questions; vectors for altered texts are made from those of real sentences."""

    real: Sequence[Floats]
    made: Floats

    def encode_parts(
        self, texts: Sequence[str], parts: Sequence[Sequence[tuple[int, int]]], progress: Progress | None = None
    ) -> list[Floats]:
        """For text i the vectors of real text i (then from the first again), moved; the first round stays as it is."""
        rng, pool = np.random.default_rng(0), np.concatenate(list(self.real))
        made: list[Floats] = []
        for row, spans in enumerate(parts):
            own = self.real[row % len(self.real)]
            vectors: Floats = own[np.arange(len(spans)) % len(own)]
            if row >= len(self.real):
                vectors = (vectors + MOVED * pool[rng.integers(0, len(pool), len(spans))]).astype(np.float32)
            made.append((vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32))
        self.made = np.concatenate(made)
        return made


def grown(corpus: Corpus, sizes: Sequence[int] = SIZES, tell: Callable[[str], None] = lambda _: None) -> Iterator[Any]:
    """For each size a `Scaled`, and at the largest a `Kind` for each way to keep the vectors."""
    settings = Settings()
    encoder = encoder_for(settings.model, precision=settings.precision, cache=settings.encoders)
    real = [(title, text) for title, paragraphs in corpus.articles for text in paragraphs]
    random.Random(0).shuffle(real)
    altering = Altering.load(encoder.directory)
    assert isinstance(altering, Altering)
    altering.real = _real_vectors(encoder, real, tell)
    for size in sizes:
        index = _index(altering, list(islice(_altered(real), size)), settings)
        tell(f"indexed {size:,} paragraphs, {len(index.dense):,} sentences")
        yield _scaled(size, index, [q for q, _ in corpus.questions], settings)
    yield from _kinds(altering.made, altering.encode_queries([q for q, _ in corpus.questions]))


def _real_vectors(encoder: Encoder, real: Sequence[tuple[str, str]], tell: Callable[[str], None]) -> list[Floats]:
    article = Article.from_paragraphs("real", [text for _, text in real])
    texts, spans = [], []
    for paragraph, (title, text) in zip(article.paragraphs, real, strict=True):
        shift = len(title) + len(" > ") - paragraph.span.start
        texts.append(f"{title} > {text}")
        spans.append([(s.span.start + shift, s.span.end + shift) for s in article.sentences_in(paragraph.span)])
    tell(f"reading {len(texts):,} real paragraphs")
    return encoder.encode_parts(texts, spans)


def _altered(real: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The real paragraphs, then the same again and again with other words in them."""
    yield from real
    rng = random.Random(0)
    words = [word for _, text in real for word in text.split()]
    for title, text in cycle(real):
        kept = [rng.choice(words) if rng.random() < ALTERED_WORDS else word for word in text.split()]
        yield title, " ".join(kept)


def _index(encoder: Encoder, paragraphs: Sequence[tuple[str, str]], settings: Settings) -> Index:
    articles = [
        Article.from_paragraphs(f"Article {start}", [text for _, text in paragraphs[start : start + BY_ARTICLE]])
        for start in range(0, len(paragraphs), BY_ARTICLE)
    ]
    return store.in_memory(
        articles,
        model=settings.model,
        precision=settings.precision,
        max_tokens=settings.max_tokens,
        cache=settings.encoders,
        encoder=encoder,
    )


def _scaled(size: int, index: Index, questions: Sequence[str], settings: Settings) -> Scaled:
    def asked(question: str) -> None:
        retrieve(index, [question], settings.candidates, settings.considered, settings.dense_weight)

    vectors = index.encoder.encode_queries(questions)
    place = dict(zip(questions, vectors, strict=True))
    return Scaled(
        size,
        len(index.dense),
        index.dense.kind,
        _median(asked, questions),
        _median(lambda question: index.encoder.encode_queries([question]), questions),
        _median(lambda question: index.near(place[question], settings.candidates), questions),
        _median(index.lexical.scores, questions),
    )


def _kinds(vectors: Floats, asked: Floats) -> Iterator[Kind]:
    truth: list[list[int]] = []
    for kind in KINDS:
        started = perf_counter()
        made = DenseIndex.build(vectors, kind)
        took = perf_counter() - started
        found = [made.search(query[None], TOP)[1][0].tolist() for query in asked]
        truth = truth or found  # the first kind compares all
        shares = [_shared(found, truth, top) for top in (10, TOP)]
        time = _median(partial(_searched, made), list(asked))
        yield Kind(kind, len(made), time, shares[0], shares[1], took, made.bytes)


def _shared(found: Sequence[Sequence[int]], truth: Sequence[Sequence[int]], top: int) -> float:
    """The share of the true nearest `top` rows that were found among as many, over all queries."""
    pairs = zip(found, truth, strict=True)
    return float(np.mean([len({*a[:top]} & {*b[:top]}) / min(top, len(b)) for a, b in pairs]))


def _searched(made: DenseIndex, query: Floats) -> object:
    return made.search(query[None], TOP)


def _median(work: Callable[[Any], object], items: Sequence[Any]) -> float:
    """The median of milliseconds over `items`, after a first round that is not counted."""
    for item in items[:10]:
        work(item)
    taken = []
    for item in items:
        started = perf_counter()
        work(item)
        taken.append(perf_counter() - started)
    return float(np.median(taken)) * 1000
