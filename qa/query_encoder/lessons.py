"""Articles with questions → what is learnt from: an article's sentences as vectors, and where each question belongs.

The vectors are those that an index of the article would have: each sentence in the context of its paragraph, by the
packaged model, which stays as it is. Left out: squad_v2_train, over which `eval.bench` measures what is found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from index.embedding import Encoder, Floats
from index.lexical import Ints
from index.sentences import sentence_bounds
from qa.reader.train.data import Document
from qa.reader.train.stages import CONTRASTED, INVENTED, WRITTEN, articles

#: Wikipedia articles whose questions are learnt, and with them ours on the same.
FILES: Final = ("squadshifts_new_wiki", "qed_dev", "selqa_dev")


@dataclass(frozen=True, slots=True)
class Article:
    """`vectors` (sentences, dim) float32, unit norm; `paragraphs` (sentences,): which one each sentence is of."""

    vectors: Floats
    paragraphs: Ints


@dataclass(frozen=True, slots=True)
class Lesson:
    """A question, the article it is asked of (its number), and the paragraph there that answers it.

    `held` (dim,) is what the whole model makes of the question.
    """

    question: str
    article: int
    paragraph: int
    held: Floats


def lessons(folder: Path, encoder: Encoder) -> tuple[list[Article], list[Lesson]]:
    """All there is to learn from the data in `folder` and from articles of our own.

    Raises FileNotFoundError or ValueError when a file is missing or of another version.
    """
    read = documents(folder)
    asked = [(number, q) for number, document in enumerate(read) for q in document.questions if q.answers]
    held = encoder.encode_documents([q.text for _, q in asked])
    learnt = [Lesson(q.text, number, q.paragraph, of) for (number, q), of in zip(asked, held, strict=True)]
    return embedded(read, encoder), learnt


def documents(folder: Path) -> list[Document]:
    """The articles to learn from: of several paragraphs, with at least one question that has an answer."""
    ours = {(each.title, each.paragraphs): each.questions for each in articles(folder, WRITTEN)}
    found = [*articles(folder, INVENTED), *articles(folder, CONTRASTED)]
    for each in (document for name in FILES for document in articles(folder, name)):
        found.append(replace(each, questions=(*each.questions, *ours.get((each.title, each.paragraphs), ()))))
    return [each for each in found if len(each.paragraphs) > 1 and any(q.answers for q in each.questions)]


def embedded(read: Sequence[Document], encoder: Encoder) -> list[Article]:
    """The sentences of each document as an index has them; a paragraph without any counts as one."""
    texts, parts = [], []
    for document in read:
        for number, paragraph in enumerate(document.paragraphs):
            text = document.context(number)
            shift = len(text) - len(paragraph)
            bounds = sentence_bounds(paragraph) or [(0, len(paragraph))]
            texts.append(text)
            parts.append([(start + shift, end + shift) for start, end in bounds])
    vectors = iter(encoder.encode_parts(texts, parts))
    made = []
    for document in read:
        own = [next(vectors) for _ in document.paragraphs]
        made.append(Article(np.concatenate(own), np.repeat(np.arange(len(own)), [len(v) for v in own])))
    return made
