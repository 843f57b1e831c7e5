"""Questions → unanswerable readings: the same question on the wrong paragraph, as a search would find it.

For a share of the answerable questions, or all of them, one or more of the best-ranked other paragraphs of the
article that hold none of the answers. What a pipeline meets most: the right topic in the wrong place.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Final

import numpy as np

from index.lexical import LexicalIndex
from qa.fusion import fuse
from qa.reader.train.data import Document, Reading
from qa.reader.train.text import normalise
from qa.settings import Settings

#: A negative is drawn from this many of the best-ranked paragraphs, the first more often.
RANKS: Final = 4

#: So many are looked at; those that hold an answer or answer the question are passed over.
FOUND: Final = RANKS + 4


def searched(documents: Sequence[Document], encoder: Path) -> dict[str, tuple[int, ...]]:
    """The id of each answerable question → the paragraphs of its article that a search ranks best, best first.

    Meaning and words are fused as `qa.retrieve` does, but with one vector for a whole paragraph.
    """
    from sentence_transformers import SentenceTransformer

    searchable = [d for d in documents if len(d.paragraphs) > 1 and any(q.answers for q in d.questions)]
    contexts = [[document.context(i) for i in range(len(document.paragraphs))] for document in searchable]
    asked = [[question for question in document.questions if question.answers] for document in searchable]
    texts = dict.fromkeys(chain(chain.from_iterable(contexts), (q.text for each in asked for q in each)))
    # Each text once, and all in one call, which puts those of one length together. On the CPU everywhere, so that
    # the same paragraphs are found.
    model = SentenceTransformer(str(encoder), device="cpu")
    vectors = dict(zip(texts, model.encode(list(texts), normalize_embeddings=True), strict=True))
    found: dict[str, tuple[int, ...]] = {}
    for paragraphs, questions in zip(contexts, asked, strict=True):
        lexical = LexicalIndex.build(paragraphs)
        rows = np.stack([vectors[text] for text in paragraphs])
        for question in questions:
            information = lexical.information(question.text)
            cosine = rows @ vectors[question.text]
            fused = fuse(cosine, lexical.scores(question.text), information, Settings().dense_weight)
            found[question.id] = tuple(np.argsort(-fused, kind="stable")[:FOUND].tolist())
    return found


def mined(
    documents: Sequence[Document], share: float, found: Mapping[str, Sequence[int]], rng: random.Random
) -> list[Reading]:
    """For each answerable question about `share` readings of wrong paragraphs that were `found` for it."""
    readings = []
    for document in documents:
        plain = [f" {normalise(paragraph)} " for paragraph in document.paragraphs]
        for question in document.questions:
            wanted = int(share) + (rng.random() < share % 1)
            if not question.answers or not wanted:
                continue
            text = document.paragraphs[question.paragraph]
            answers = {normalise(text[start:end]) for start, end in question.answers} - {""}
            wrong = [
                row
                for row in found.get(question.id, ())
                if row != question.paragraph and not any(f" {answer} " in plain[row] for answer in answers)
            ][:RANKS]
            for _ in range(min(wanted, len(wrong))):
                # Ranks 1..4 with weights 4, 3, 2, 1.
                row = rng.choices(wrong, range(len(wrong), 0, -1))[0]
                wrong.remove(row)
                readings.append(Reading(question.text, document.context(row), (), question.id))
    return readings
