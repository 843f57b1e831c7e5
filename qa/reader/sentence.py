"""The first reader: the sentence that shares most with the question, in meaning and in words.

The score is the log-odds (up to a constant) that the sentence holds the answer: a weighted sum of its
cosine and coverage, of how far its passage is behind the best one, and of whether it holds the kind of
answer that is asked for (`qa.reader.expect`). The weights are fitted by logistic regression (`python -m
eval fit`). For a fact of an infobox the value after its label is the short answer. Left out: finding the
span in a sentence of prose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.article import Article, Paragraph, Sentence, Span
from index.facts import synonyms
from index.lexical import tokens
from index.store import Index
from qa.calibration import ReaderWeights
from qa.reader.candidate import Candidate
from qa.reader.expect import expected
from qa.retrieve import Retrieved


@dataclass(frozen=True, slots=True)
class SentenceReader:
    """Reads the best `passages` passages of each question, with the fitted `weights` of the score."""

    index: Index
    passages: int
    weights: ReaderWeights

    def read(self, found: Sequence[Retrieved]) -> list[list[Candidate]]:
        """For each question its candidates, best first; at most one for each sentence."""
        return [self._read(retrieved) for retrieved in found]

    def _read(self, retrieved: Retrieved) -> list[Candidate]:
        weights = {token: self.index.lexical.idf(token) for token in tokens(retrieved.question)}
        total = sum(weights.values()) or 1.0
        candidates: dict[tuple[int, int, str], Candidate] = {}
        for passage, row in zip(retrieved.passages[: self.passages], retrieved.rows, strict=False):
            cosines = self.index.sentence_similarities(retrieved.vector, row).tolist()
            for sentence, cosine in zip(self.index.passages[row].sentences, cosines, strict=True):
                text = sentence.span.of(passage.article.text)
                also = synonyms(text) if passage.paragraph.kind == "infobox" else ""
                shared = set(tokens(f"{text} {also}"))
                coverage = sum(weight for token, weight in weights.items() if token in shared) / total
                behind = passage.scores["fused"] - retrieved.passages[0].scores["fused"]
                fits = expected(retrieved.question, text)
                score = self.weights.score(cosine, coverage, behind, fits)
                key = (sentence.span.start, sentence.span.end, passage.article.title)
                if key not in candidates or candidates[key].score < score:
                    short = _value(passage.article, passage.paragraph, sentence)
                    candidates[key] = Candidate(passage, sentence, short, score, cosine, coverage, behind, fits)
        return sorted(candidates.values(), key=lambda c: -c.score)


def _value(article: Article, paragraph: Paragraph, sentence: Sentence) -> Span | None:
    """What stands after the label of an infobox fact."""
    if paragraph.kind != "infobox":
        return None
    label, colon, value = sentence.span.of(article.text).partition(": ")
    return Span(sentence.span.start + len(label) + len(colon), sentence.span.end) if value else None
