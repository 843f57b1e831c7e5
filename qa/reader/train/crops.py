"""Reading → the same reading with less around it: whole sentences about the place that matters.

Attention and matrices cost by the token. What a question has to do with a sentence can be learnt from
that sentence and its neighbours; how to find it among many is learnt afterwards, from longer contexts.
"""

from __future__ import annotations

import random
from dataclasses import replace

from index.lexical import tokens
from index.sentences import sentence_bounds
from qa.reader.train.data import SEPARATOR, Reading


def heading(context: str) -> int:
    """How many code points of `context` are the title before its text."""
    title, separator, _ = context.partition(SEPARATOR)
    return len(title) + len(separator) if separator and len(title) < 100 else 0


def cropped(reading: Reading, most: int, rng: random.Random) -> Reading:
    """`reading` with at most about `most` code points of context, the title kept.

    The sentences of the first answer stay, or, where there is none, the sentence most like the question;
    then neighbours are added on a random side. Answers that are cut away are not answers of the crop.
    """
    head = heading(reading.context)
    body = reading.context[head:]
    if len(body) <= most:
        return reading
    bounds = sentence_bounds(body)
    if not bounds:
        return reading
    if reading.answers:
        start, end = (place - head for place in reading.answers[0])
        first = next((i for i, (_, e) in enumerate(bounds) if e > start), len(bounds) - 1)
        last = next((i for i, (_, e) in enumerate(bounds) if e >= end), len(bounds) - 1)
    else:
        asked = set(tokens(reading.question))
        likeness = [len(asked.intersection(tokens(body[s:e]))) for s, e in bounds]
        first = last = likeness.index(max(likeness))
    while True:
        sides = []
        if first > 0 and bounds[last][1] - bounds[first - 1][0] <= most:
            sides.append(-1)
        if last + 1 < len(bounds) and bounds[last + 1][1] - bounds[first][0] <= most:
            sides.append(1)
        if not sides:
            break
        if rng.choice(sides) < 0:
            first -= 1
        else:
            last += 1
    low, high = bounds[first][0], bounds[last][1]
    answers = tuple(
        (start - low, end - low) for start, end in reading.answers if start - head >= low and end - head <= high
    )
    return replace(reading, context=reading.context[:head] + body[low:high], answers=answers)
