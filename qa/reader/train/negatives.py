"""Questions → unanswerable readings: the same question on the wrong paragraph, as a search would find it.

For a share of the answerable questions, one of the best-ranked other paragraphs of the article that
hold none of the answers. What a pipeline meets most: the right topic in the wrong place.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Final

from index.lexical import LexicalIndex
from qa.reader.train.data import Document, Reading
from qa.reader.train.text import normalise

#: A negative is drawn from this many of the best-ranked paragraphs, the first more often.
RANKS: Final = 4


def mined(documents: Sequence[Document], share: float, rng: random.Random) -> list[Reading]:
    """For about `share` of the answerable questions a reading of a wrong paragraph of their article."""
    readings = []
    for document in documents:
        if len(document.paragraphs) < 2:
            continue
        lexical = LexicalIndex.build([document.context(i) for i in range(len(document.paragraphs))])
        plain = [f" {normalise(paragraph)} " for paragraph in document.paragraphs]
        for question in document.questions:
            if not question.answers or rng.random() >= share:
                continue
            text = document.paragraphs[question.paragraph]
            answers = {normalise(text[start:end]) for start, end in question.answers} - {""}
            _, rows = lexical.search(question.text, RANKS + 4)
            wrong = [
                int(row)
                for row in rows
                if row != question.paragraph and not any(f" {answer} " in plain[row] for answer in answers)
            ][:RANKS]
            if wrong:
                # Ranks 1..4 with weights 4, 3, 2, 1.
                row = rng.choices(wrong, range(len(wrong), 0, -1))[0]
                readings.append(Reading(question.text, document.context(row), ()))
    return readings
