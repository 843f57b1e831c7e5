"""Lessons → the layers of the query encoder: AdamW over batches of questions, from two of the model's own layers.

A question is drawn to its paragraph and away from the others of its article (a cross-entropy over their cosines, the
nearest sentence's for each, as retrieval has it), more weakly from those of the other articles in the batch; and it
is held to the vector that the whole model gives it, alone and beside the others, so that what was not asked for here
is still found. The first steps are for that alone: layers taken out of a model know nothing until they have been
brought together. Embeddings stay as they are: they are the packaged model's, and ship with it.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from index.query_encoder import layers
from qa.query_encoder.lessons import Article, Lesson

BATCH: Final = 64
RATE: Final = 3e-4
WARM_UP: Final = 0.05
WEIGHT_DECAY: Final = 0.01
CLIP: Final = 1.0

#: What the cosines are divided by before they compete.
TEMPERATURE: Final = 0.05

#: What weighs: being told from all articles of the batch, against 1 within its own; being held to the whole model.
ABROAD: Final = 0.3
HELD: Final = 1.25

#: The part of the steps that is for being held alone, and the part in which the other comes to its weight.
ALONE: Final = 0.2
RISE: Final = 0.1

#: Batches are cut from this many shuffled batches sorted by length, so that little is padding.
POOL: Final = 20

#: What a paragraph of another article scores where only its own compete; no cosine is as low.
ELSEWHERE: Final = -9.0


def fit(model: Any, articles: Sequence[Article], lessons: Sequence[Lesson], steps: int, seed: int) -> None:
    """Trains the layers of `model` (`index.query_encoder.shortened`) in place; prints how far it is.

    The same seed gives the same weights on the same kind of machine.
    """
    torch.manual_seed(seed)
    for part in model[0].auto_model.modules():
        if isinstance(part, torch.nn.Dropout):
            part.p = 0.0  # so few steps overfit nothing
    model.requires_grad_(False)
    trained = list(layers(model).requires_grad_(True).parameters())
    optimizer = torch.optim.AdamW(trained, lr=RATE, weight_decay=WEIGHT_DECAY)
    model.train()
    right: list[float] = []
    for step, asked in enumerate(batches(lessons, steps, random.Random(seed))):
        done = step / steps
        for group in optimizer.param_groups:
            group["lr"] = RATE * min((step + 1) / (WARM_UP * steps), (1 - done) / (1 - WARM_UP))
        vectors = encoded(model, [lesson.question for lesson in asked])
        within, abroad, first = competing(vectors, asked, articles)
        told = min(1.0, max(0.0, (done - ALONE) / RISE)) * (within + ABROAD * abroad)
        loss = told + HELD * apart(vectors, torch.from_numpy(np.stack([lesson.held for lesson in asked])))
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(trained, CLIP)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        right.append(first)
        if (step + 1) % 50 == 0:
            line = (
                f"step {step + 1} of {steps} loss {loss.item():.3f} right paragraph first {sum(right[-50:]) / 50:.3f}"
            )
            print(time.strftime("%H:%M:%S"), line, flush=True)
    model.eval()


def batches(lessons: Sequence[Lesson], steps: int, rng: random.Random) -> Iterator[list[Lesson]]:
    """`steps` batches in which each lesson comes once before any comes again."""
    made = 0
    while True:
        order = rng.sample(lessons, len(lessons))
        for start in range(0, len(order), BATCH * POOL):
            pool = sorted(order[start : start + BATCH * POOL], key=lambda lesson: len(lesson.question))
            cut = [pool[i : i + BATCH] for i in range(0, len(pool), BATCH)]
            rng.shuffle(cut)
            for batch in cut:
                if made == steps:
                    return
                yield batch
                made += 1


def encoded(model: Any, questions: Sequence[str]) -> Tensor:
    """Vectors of questions, (n, dim), unit norm, with gradients."""
    vectors: Tensor = model(model.preprocess(list(questions)))["sentence_embedding"]
    return functional.normalize(vectors, dim=-1)


def competing(vectors: Tensor, asked: Sequence[Lesson], articles: Sequence[Article]) -> tuple[Tensor, Tensor, float]:
    """How unlikely each question's paragraph is among those of its article, and among those of the batch (means).

    Third, the share of the questions whose paragraph is the nearest of its article.
    """
    first: dict[int, int] = {}  # each article's first paragraph among all of the batch
    home: list[int] = []  # the article of each of these
    sentences, places = [], []
    for number in sorted({lesson.article for lesson in asked}):
        article = articles[number]
        first[number] = len(home)
        sentences.append(torch.from_numpy(article.vectors))
        places.append(torch.from_numpy(article.paragraphs) + len(home))
        home += [number] * (int(article.paragraphs[-1]) + 1)
    cosines = vectors @ torch.cat(sentences).T
    owner = torch.cat(places)
    nearest = torch.full((len(asked), len(home)), ELSEWHERE)
    nearest = nearest.scatter_reduce(1, owner.expand(len(asked), -1), cosines, "amax")
    right = torch.tensor([first[lesson.article] + lesson.paragraph for lesson in asked])
    own = torch.tensor([lesson.article for lesson in asked])[:, None] == torch.tensor(home)
    at_home = nearest.masked_fill(~own, ELSEWHERE)
    return (
        functional.cross_entropy(at_home / TEMPERATURE, right),
        functional.cross_entropy(nearest / TEMPERATURE, right),
        float((at_home.argmax(1) == right).float().mean()),
    )


def apart(vectors: Tensor, held: Tensor) -> Tensor:
    """How far `vectors` are from `held`, each from its own, and in how near they are to one another."""
    return (1 - (vectors * held).sum(-1)).mean() + (vectors @ vectors.T - held @ held.T).square().mean()
