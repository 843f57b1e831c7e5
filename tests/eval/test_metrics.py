"""Measures over predictions made by hand; above all, that no question is dropped."""

from dataclasses import replace

import pytest

from eval.metrics import (
    MEASURES,
    answer_is_right,
    cause_of_error,
    latency,
    measure,
    measure_by_kind,
    quote_is_right,
)
from eval.predict import Timing


def values(predictions):
    return {e.measure.name: e.value for e in measure(predictions)}


def counts(predictions):
    return {e.measure.name: e.count for e in measure(predictions)}


def test_abstentions_are_wrong_answers_not_missing_ones(prediction):
    """One of four answerable questions is answered, rightly: every measure of answers and citations is 1/4.

    Left out of the score, the three abstentions would make it 1.
    """
    right = prediction(
        "1", answers=["Oslo"], gold=["p1"], given="Oslo", cited=[("p1", "In Oslo.", "In Oslo.")], ranking=["p1"]
    )
    asked = [right, *(prediction(str(i), answers=["Oslo"], gold=["p1"]) for i in (2, 3, 4))]
    found = values(asked)
    for name in (
        *("EM", "F1", "EM, answerable", "F1, answerable", "Recall@1", "Recall@5", "Recall@10", "RR@10", "Accuracy"),
        *("Citation precision", "Citation recall", "First cited paragraph right", "First quoted sentence right"),
    ):
        assert found[name] == 0.25, name
        assert counts(asked)[name] == 4, name
    assert found["Abstained, answerable"] == 0.75
    assert found["Abstention accuracy"] == 0.25


def test_abstaining_from_the_unanswerable_is_right(prediction):
    """Two near misses, one abstained; two far off, both abstained: EM 3/4, near 1/2, far 1."""
    asked = [
        prediction("1", given="Oslo", near=True),
        prediction("2", near=True),
        prediction("3", near=False),
        prediction("4", near=False),
    ]
    found = values(asked)
    assert found["EM"] == found["F1"] == found["Accuracy"] == 0.75
    assert found["Abstained, unanswerable"] == 0.75
    assert found["Abstained, near miss"] == 0.5
    assert found["Abstained, far off"] == 1
    assert "Recall@1" not in found


def test_retrieval_ranks_paragraphs_and_misses_count_as_zero(prediction):
    """Gold at rank 1, at rank 3, nowhere, and no passages at all: R@1 1/4, R@5 2/4, RR@10 (1 + 1/3)/4."""
    asked = [
        prediction("1", answers=["x"], gold=["p1"], ranking=["p1", "p2"]),
        prediction("2", answers=["x"], gold=["p1"], ranking=["p3", "p3", "p2", "p1"]),
        prediction("3", answers=["x"], gold=["p1"], ranking=["p2", "p3"]),
        prediction("4", answers=["x"], gold=["p1"]),
    ]
    found = values(asked)
    assert found["Recall@1"] == 0.25
    assert found["Recall@5"] == found["Recall@10"] == 0.5
    assert found["RR@10"] == pytest.approx((1 + 1 / 3) / 4)


def test_any_gold_paragraph_counts_as_retrieved(prediction):
    """Two gold paragraphs, one at rank 1: Recall@1 is 1, not 1/2."""
    assert values([prediction(answers=["x"], gold=["p1", "p2"], ranking=["p2", "p3"])])["Recall@1"] == 1


def test_the_eleventh_paragraph_is_out_of_reach(prediction):
    others = [f"p{i}" for i in range(1, 11)]
    found = values([prediction(answers=["x"], gold=["gold"], ranking=[*others, "gold"])])
    assert found["Recall@10"] == found["RR@10"] == 0


def test_citation_precision_counts_paragraphs_that_support(prediction):
    """Cited: p1 twice (gold), p2 (holds the answer), p3 (does not): precision 2/3, recall 1."""
    cited = [("p1", "a", "a"), ("p1", "b", "b"), ("p2", "c", "It is in Oslo."), ("p3", "d", "Lund")]
    found = values([prediction(answers=["Oslo"], gold=["p1"], given="Oslo", cited=cited)])
    assert found["Citation precision"] == pytest.approx(2 / 3)
    assert found["Citation recall"] == 1
    assert found["First cited paragraph right"] == 0


def test_citations_for_an_unanswerable_question_support_nothing(prediction):
    """One right citation, one for a question without an answer: 1/2 of what was answered is supported."""
    asked = [
        prediction("1", answers=["Oslo"], gold=["p1"], given="Oslo", cited=[("p1", "Oslo", "Oslo")]),
        prediction("2", given="Lund", cited=[("p1", "Oslo", "Oslo")]),
        prediction("3"),
    ]
    assert values(asked)["Citation precision"] == 1
    assert values(asked)["Citation precision, answered"] == 0.5
    assert counts(asked)["Citation precision, answered"] == 2


def test_the_sentence_is_scored_where_there_is_no_short_answer(prediction):
    p = replace(prediction(answers=["in Oslo"], given="x"), short=None, text="In Oslo.")
    assert values([p])["EM"] == 1


@pytest.mark.parametrize(
    ("given", "right"),
    # Against "tang xiaoou": F1 1; of "tang" 2·1/(1+2) = 2/3; of 7 tokens with 2 common 4/9.
    [("Tang Xiaoou", True), ("Tang", True), ("it was professor tang xiaoou of hongkong", False), (None, False)],
)
def test_an_answer_is_right_from_half_the_f1(prediction, given, right):
    assert answer_is_right(prediction(answers=["Tang Xiaoou"], given=given)) is right


def test_without_a_short_answer_the_quote_is_the_answer(prediction):
    given = {"answers": ["Oslo"], "given": "It has long been seated in Oslo."}
    held = replace(prediction(**given, cited=[("p1", given["given"], "")]), short=None)
    missed = replace(prediction(**given, cited=[("p1", "It is old.", "")]), short=None)
    assert answer_is_right(held)
    assert not answer_is_right(missed)


def test_nothing_is_right_about_the_unanswerable(prediction):
    p = prediction(given="Oslo", cited=[("p1", "Oslo", "Oslo")])
    assert not answer_is_right(p)
    assert not quote_is_right(p)


def test_errors_are_put_down_to_the_first_stage_that_failed(prediction):
    gold = {"answers": ["Oslo"], "gold": ["p1"]}
    assert cause_of_error(prediction(**gold, given="Oslo", ranking=["p1"])) is None
    assert cause_of_error(prediction(**gold, given="Lund", ranking=["p2"])) == "not retrieved"
    assert cause_of_error(prediction(**gold, ranking=["p2"])) == "not retrieved"
    assert cause_of_error(prediction(**gold, given="Lund", ranking=["p1"])) == "read wrongly"
    assert cause_of_error(prediction(**gold, ranking=["p1"])) == "abstained wrongly"
    assert cause_of_error(prediction(given="Lund")) == "answered the unanswerable"
    assert cause_of_error(prediction()) is None


def test_confidence_measures_take_every_question(prediction):
    """Confidence .9 right, .8 wrong, .1 abstained (wrong): risks 0, 1/2, 2/3, AURC 7/18. AUROC (1 + 0)/2."""
    asked = [
        prediction("1", answers=["x"], given="x", confidence=0.9),
        prediction("2", given="x", confidence=0.8),
        prediction("3", answers=["x"], confidence=0.1),
    ]
    found = values(asked)
    assert found["AURC, answer"] == pytest.approx((1 / 2 + 2 / 3) / 3)
    assert found["AUROC"] == pytest.approx(0.5)
    assert found["ECE, answer"] == pytest.approx((0.1 + 0.8 + 0.1) / 3)
    assert found["ECE, answered"] == pytest.approx((0.1 + 0.8) / 2)
    assert counts(asked)["ECE, answered"] == 2


def test_a_withheld_answer_counts_for_confidence_and_for_nothing_else(prediction):
    """Given at .9 and withheld at .4, both right: AURC 0, ECE (.1 + .6)/2. EM and accuracy stay 1/2.

    Only the withheld one has a quote, a right one: its risks are 1, 1/2, the area 3/4.
    """
    given = prediction("1", answers=["x"], given="x", confidence=0.9)
    withheld = prediction("2", answers=["x"], withheld="x", confidence=0.4)
    found = values([given, withheld])
    assert found["AURC, answer"] == 0
    assert found["AURC, quote"] == 0.75
    assert found["ECE, answer"] == pytest.approx((0.1 + 0.6) / 2)
    assert found["ECE, answered"] == pytest.approx(0.1)
    assert found["EM"] == found["Accuracy"] == 0.5


def test_a_withheld_answer_to_the_unanswerable_is_wrong(prediction):
    found = values([prediction("1", withheld="x", confidence=0.4), prediction("2", answers=["x"], given="x")])
    assert found["ECE, answer"] == pytest.approx((0.4 + 0.5) / 2)


def test_kinds_are_measured_apart(prediction):
    asked = [prediction("1", answers=["x"], given="x", kind="who"), prediction("2", answers=["x"], kind="when")]
    found = measure_by_kind(asked, ["EM", "Abstained, unanswerable"])
    assert found["who"][0].value == 1
    assert found["when"][0].value == 0
    assert found["who"][1] is None


def test_every_measure_has_its_own_name():
    assert len({m.name for m in MEASURES}) == len(MEASURES)


def test_latency_is_median_and_95th_percentile_in_milliseconds():
    """Of 1..100 ms, 50 questions take up to 50 ms and 95 up to 95 ms."""
    timings = [Timing(str(i), i / 1000, {"read": i / 2000, "total": i / 1000}) for i in range(100, 0, -1)]
    found = {e.measure.name: e for e in latency(timings)}
    assert found["p50, question"].value == pytest.approx(50)
    assert found["p95, question"].value == pytest.approx(95)
    assert found["p95, read"].value == pytest.approx(47.5)
    assert found["p50, question"].low < 50 < found["p50, question"].high
    assert "p50, total" not in found
    assert latency([]) == ()


def test_an_answer_of_several_sentences_wants_all_of_them(prediction):
    """Of two gold sentences one is quoted, beside a wrong one: precision 1/2, recall 1/2, F1 1/2; the second
    question is abstained from: 0. EM and F1 speak of neither."""
    quotes = [("p1", "It rained.", "It rained. It snowed. It hailed."), ("p1", "It hailed.", "")]
    asked = [
        prediction(
            "1", sentences=["It rained.", "It snowed."], gold=["p1"], given="x", cited=quotes, scored="sentences"
        ),
        prediction("2", sentences=["It rained."], gold=["p1"], scored="sentences"),
    ]
    found = values(asked)
    assert [found[f"Sentence {name}"] for name in ("precision", "recall", "F1")] == [0.25, 0.25, 0.25]
    assert found["First quoted sentence right"] == found["Accuracy"] == 0.5
    assert not {"EM", "F1", "EM, answerable", "First cited paragraph right"} & found.keys()


def test_a_ranking_judges_retrieval_and_citations_only(prediction):
    """Gold at rank 2 and nowhere: Recall@5 1/2; whatever was answered, no answer is known."""
    asked = [
        prediction("1", gold=["p1"], given="x", ranking=["p2", "p1"], scored="ranking"),
        prediction("2", gold=["p1"], ranking=["p2"], scored="ranking"),
    ]
    found = values(asked)
    assert (found["Recall@1"], found["Recall@5"]) == (0, 0.5)
    assert not {"EM", "Accuracy", "AUROC", "AURC, answer", "ECE, quote", "Abstention accuracy"} & found.keys()
    assert [cause_of_error(p) for p in asked] == [None, "not retrieved"]
