"""Candidates → how likely the best one is right, and whether to withhold it.

The probability comes from a logistic regression on a few plain features of the evidence; its numbers are
in `calibration.json`, and `python -m eval fit` makes them again.
Left out: what is said when an answer is withheld (`qa.compose`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from index.lexical import LexicalIndex, tokens
from qa.calibration import Calibration, Regression
from qa.reader import Candidate, firsts
from qa.retrieve import Retrieved

#: A name or a number in a question: a capitalised word that does not open it, or what begins with a digit ("1990s").
_NAME = re.compile(r"(?<!^)(?<![.?!] )\b[^\W\d_a-zß-öø-ÿ][\w'’-]+|\b\d[\d.,]*[^\W_]*")


#: A text may have this share of words that the reader does not know, and be English; more is another language.
ENGLISH: Final = 0.15

#: A question that comes this near to a sentence (cosine) may well be about the same thing; how much nearer says little.
NEAR: Final = 0.35


#: Passages whose words are kept, some 10 kB each.
KEPT: Final = 1024


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate with the probability that it is right."""

    candidate: Candidate
    probability: float


def judge(
    found: Retrieved, candidates: Sequence[Candidate], lexical: LexicalIndex, calibration: Calibration, most: int
) -> list[Judged]:
    """The best candidate and the best ones of other paragraphs, `most` in all, in the order of the candidates.

    None is given more than the best. One that says the same as the best is as likely as its own evidence makes it; one
    that says otherwise is mostly wrong where the best is right, and has a fit of its own.
    """
    judged: list[Judged] = []
    for candidate in (candidates[place] for place in firsts(candidates, most)):
        own = evidence(found, candidate, lexical)
        if not judged:
            best, of_best = candidate, own
        if candidate.said == best.said:
            probability = calibration.answer.probability(own)
        else:
            features = further(calibration.answer, own, of_best, best.score - candidate.score)
            probability = calibration.further.probability(features)
        judged.append(Judged(candidate, min([probability, *(j.probability for j in judged[:1])])))
    return judged


def further(answer: Regression, own: Mapping[str, float], best: Mapping[str, float], behind: float) -> dict[str, float]:
    """The features of an answer that says otherwise than the best one (`qa.calibration.FURTHER`), from their evidence.

    Its own log odds as if it were the best, those of the best, and how far its score is behind the best's.
    """
    return {"own": answer.log_odds(own), "best": answer.log_odds(best), "behind": behind}


def names_missing(question: str, candidate: Candidate) -> list[str]:
    """The names and numbers of the question that the candidate's passage does not hold."""
    held = _held(candidate)
    return [name for name in _names(question) if any(token not in held for token in tokens(name))]


def evidence(found: Retrieved, candidate: Candidate, lexical: LexicalIndex) -> dict[str, float]:
    """The features of a candidate as an answer to the question (`qa.calibration.FEATURES`).

    margin, coverage and expected are the candidate's own signals; alone is the margin of its second reading (of its
    only one, where it was read once); foreign how much stranger to the reader its article is than English may be;
    passage_coverage the share of the question's information in the whole passage with its title and headings;
    remoteness how much farther than NEAR the question is from every sentence there is; missing_names the share of the
    question's names and numbers that the passage does not hold, unknown_names of its names alone that no passage of
    the index holds: an article that never speaks of someone has no answer about them, but few numbers in a question
    are its subject.
    """
    question, held = found.question, _held(candidate)
    information = {token: lexical.idf(token) for token in tokens(question)}
    total = sum(information.values())
    names = _names(question)
    asked = [token for name in names for token in tokens(name)]
    called = [name for name in names if not any(character.isdigit() for character in name)]
    unknown = [word for name in called for word in lexical.unknown(name)]
    return {
        "margin": candidate.margin,
        "alone": candidate.margin if candidate.alone is None else candidate.alone,
        "coverage": candidate.coverage,
        "expected": candidate.expected,
        "foreign": max(candidate.foreign - ENGLISH, 0.0),
        "passage_coverage": sum(w for token, w in information.items() if token in held) / total if total else 0.0,
        "remoteness": max(NEAR - found.nearest, 0.0),
        "missing_names": sum(token not in held for token in asked) / len(asked) if asked else 0.0,
        "unknown_names": len(unknown) / sum(len(tokens(name)) for name in called) if unknown else 0.0,
    }


def _names(question: str) -> list[str]:
    """The names and numbers in a question, without "'s" or what ends the sentence; words in a row are one name.

    None where all is in capitals, which tell names from other words.
    """
    names: list[str] = []
    if question.isupper():
        return names
    end = -1
    for match in _NAME.finditer(question):
        name = re.sub(r"['’]s$", "", match.group().rstrip(".,'’-"))
        if name[0].islower():  # lower case of scripts that _NAME does not know
            continue
        if match.start() == end + 1 and question[end] == " " and name[0].isalpha() and names[-1][-1].isalpha():
            names[-1] += f" {name}"
        else:
            names.append(name)
        end = match.start() + len(name)
    return names


def _held(candidate: Candidate) -> frozenset[str]:
    """The words of the candidate's passage, its title and headings."""
    passage = candidate.passage
    return _stems(" ".join((passage.article.title, *passage.paragraph.section, passage.text)))


@lru_cache(KEPT)
def _stems(text: str) -> frozenset[str]:
    """The different `tokens` of a text."""
    return frozenset(tokens(text))
