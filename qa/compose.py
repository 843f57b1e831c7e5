"""Judged candidates → the Answer a person reads, or a plain statement that there is none and why."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor

from qa.abstain import ENGLISH, Judged, names_missing
from qa.answer import Alternative, Answer
from qa.cite import cite
from qa.retrieve import Retrieved

NOTHING_FOUND = "Nothing in the article shares a word or a meaning with the question."
TOO_UNSURE = (
    "The chance that the closest sentence answers this is {confidence:.0%}; answers are shown from {threshold:.0%}."
)
NAMES_MISSING = "The closest passage does not mention {names}."
NOT_ENGLISH = "Footnote learnt to read English alone, and “{title}” is in another language."


def compose(question: str, found: Retrieved, judged: Sequence[Judged], threshold: float) -> Answer:
    """The best of `judged` as the answer, if it is at least `threshold` likely.

    Others that would be answers by themselves are further citations where they say the same, else
    alternatives. The answer has no timings yet.
    """
    if not judged or judged[0].probability < threshold:
        return _abstention(question, found, judged, threshold)
    best, *others = judged
    likely = [other for other in others if other.probability >= threshold]
    same = [other for other in likely if other.candidate.said == best.candidate.said]
    further: dict[tuple[str, ...], Judged] = {}
    for other in sorted(likely, key=lambda other: -other.probability):
        if other not in same:
            further.setdefault(other.candidate.said, other)
    return Answer(
        question=question,
        standalone_question=found.question,
        text=best.candidate.sentence.span.of(best.candidate.passage.article.text),
        short=best.candidate.text,
        abstained=False,
        reason=None,
        confidence=best.probability,
        citations=tuple(cite(each.candidate, number) for number, each in enumerate([best, *same], 1)),
        alternatives=tuple(_alternative(other, number) for number, other in enumerate(further.values(), 2 + len(same))),
        passages=found.passages,
    )


def _alternative(judged: Judged, number: int) -> Alternative:
    citation = cite(judged.candidate, number)
    return Alternative(judged.candidate.text, citation.quote, judged.probability, (citation,))


def _abstention(question: str, found: Retrieved, judged: Sequence[Judged], threshold: float) -> Answer:
    titles = list(dict.fromkeys(passage.article.title for passage in found.passages))
    where = f"“{titles[0]}”" if len(titles) == 1 else "The articles"
    reason = NOTHING_FOUND
    if judged:
        closest = judged[0].candidate
        # Rounded down: 17.9 percent is not "18%", where answers are shown from 18%.
        reason = TOO_UNSURE.format(confidence=floor(100 * judged[0].probability + 1e-9) / 100, threshold=threshold)
        if missing := names_missing(found.question, closest):
            reason = f"{NAMES_MISSING.format(names=', '.join(missing))} {reason}"
        if closest.foreign > ENGLISH:
            reason = f"{NOT_ENGLISH.format(title=closest.passage.article.title)} {reason}"
    return Answer(
        question=question,
        standalone_question=found.question,
        text=f"{where} does not seem to answer this." if len(titles) == 1 else f"{where} do not seem to answer this.",
        short=None,
        abstained=True,
        reason=reason,
        confidence=judged[0].probability if judged else 0.0,
        passages=found.passages,
    )
