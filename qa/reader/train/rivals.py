"""Questions about an article's subject → the same about another's: "the capital of Kenya" → "of Nigeria".

A reader is asked about rivals of what its article is about, and every sentence there is about the wrong one.
Which articles are about like things is told by the vectors of their titles. Left out: a subject that is
called by a part of its title, or by another name.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from qa.reader.train.data import Document

#: A rival's title is one of this many nearest.
NEAREST: Final = 6


def rivals(titles: Sequence[str], encoder: Path) -> dict[str, tuple[str, ...]]:
    """Each of `titles` → those of the others that are about like things, without what they have in brackets."""
    from sentence_transformers import SentenceTransformer

    if len(titles) < 2:
        return {}
    # On the CPU everywhere, so that the same titles come of it.
    vectors = SentenceTransformer(str(encoder), device="cpu").encode(list(titles), normalize_embeddings=True)
    near = vectors @ vectors.T
    np.fill_diagonal(near, -1)
    order = np.argsort(-near, axis=1)[:, : min(NEAREST, len(titles) - 1)].tolist()
    plain = [title.partition(" (")[0] for title in titles]
    return {
        title: tuple(plain[i] for i in row if plain[i].lower() != plain[number].lower())
        for number, (title, row) in enumerate(zip(titles, order, strict=True))
    }


def about_a_rival(
    question: str, document: Document, rng: random.Random, allowed: Callable[[str, str], bool]
) -> str | None:
    """`question` with an allowed rival for the title of `document`; None where it does not say it, or there is none."""
    said = re.compile(rf"(?<!\w){re.escape(document.title)}(?!\w)", re.IGNORECASE) if document.title else None
    if said is None or not said.search(question):
        return None
    fitting = [rival for rival in document.rivals if allowed(document.title, rival)]
    if not fitting:
        return None
    rival = rng.choice(fitting)
    return said.sub(lambda _: rival, question)
