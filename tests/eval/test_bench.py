"""The benchmark's own arithmetic by hand, and its processes at work on a few paragraphs. Nothing here is timed."""

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from eval.bench import scale
from eval.bench.bounds import bounds
from eval.bench.corpus import Corpus, corpus
from eval.bench.machine import Rates, flops
from eval.bench.peers import Measured, Worker, table
from eval.bench.reading import ReadingError, TorchReader
from eval.bench.run import Size, parts
from eval.datasets import DataSetError, load
from qa.reader import model

SMALL = Corpus(
    [("Cats", ["Cats sleep all day. They wake for food.", "Mice run."]), ("Delft", ["It lies on a canal."])],
    [("What lies on a canal?", 2), ("Who sleeps all day?", 0)],
)


def test_rows_number_the_paragraphs_of_all_articles(squad_file):
    """Two paragraphs of the first article, one of the second; q4 has no answer and is not asked."""
    whole = corpus(load(squad_file), None, 99, 0)
    assert [title for title, _ in whole.articles] == ["Lens firm", "River"]
    assert sorted(row for _, row in whole.questions) == [0, 0, 1, 2]
    assert whole.texts[2] == "River > The river rises in Wales."


def test_fewer_paragraphs_leave_only_their_questions(squad_file):
    some = corpus(load(squad_file), 1, 99, 0)
    assert [row for _, row in some.questions] == [0, 0]
    assert len(some.texts) == 1
    assert len(corpus(load(squad_file), None, 2, 0).questions) == 2


def test_paragraphs_that_answer_nothing_are_one_clear_error(squad_file):
    dataset = load(squad_file)
    unanswerable = replace(dataset, questions=tuple(q for q in dataset.questions if not q.answers))
    with pytest.raises(DataSetError, match="answer no question"):
        corpus(unanswerable, None, 99, 0)


def test_a_corpus_comes_back_from_its_file(tmp_path):
    SMALL.write(tmp_path / "c.json")
    assert Corpus.read(tmp_path / "c.json").texts == SMALL.texts


def test_operations_of_one_token():
    """4 · 384² + 2 · 384 · 1536 = 1,769,472 weights a layer, two operations each; 4 · 384 for attention; 6 layers."""
    assert flops(1) == 6 * (2 * 1_769_472 + 4 * 384) == 21_242_880


def test_a_bound_is_the_operations_at_the_rate():
    """Tokens of the question and the two special ones; 10 Gop/s is 10 million a millisecond."""
    found = {b.stage: b for b in bounds(Corpus([("A", ["cats"] * 5)], [("hello world", 0)]), Rates("int8", 10.0, 20.0))}
    question = found["encode a question"]
    assert (question.tokens, question.threads) == (4, "1")
    assert question.bound == pytest.approx(flops(4) / 3 / 10e6)  # two layers of six
    assert found["embed a passage"].tokens == 5  # "a > cats" is three, and two special ones


def test_ratios_are_to_the_best_peer():
    """Builds of 2 s against 10 and 8: 4×; retrievals of 1 ms against 6 and 5: 5×; half the memory of the leaner: 2×."""
    measured = {
        "Footnote": Measured([2.0], [0.001], [True, True], [1.0], [], [100e6]),
        "A": Measured([10.0], [0.006], [True, False], [6.0], [], [300e6]),
        "B": Measured([8.0], [0.005], [True, True], [5.0], [], [200e6]),
    }
    rows = {row[0]: row[1:] for row in table(measured, 100)}
    assert rows["build, paragraphs/s"] == ("50.0", "10.0", "12.5", "4.0×")
    assert rows["retrieval p50, ms"] == ("1.00", "6.00", "5.00", "5.0×")
    assert rows["Recall@5"] == ("1.000", "0.500", "1.000", "")
    assert rows["peak memory serving, MB"] == ("100", "300", "200", "2.0×")


def test_a_worker_builds_saves_opens_and_retrieves(tmp_path):
    """Footnote in processes of its own: what one saves another opens, and both find the paragraph."""
    SMALL.write(tmp_path / "c.json")
    first, second = (Worker("Footnote", tmp_path / "index") for _ in range(2))
    try:
        first.do("prepare")
        assert first.do("build", corpus=str(tmp_path / "c.json"))["seconds"] > 0
        first.do("save")
        second.do("open")
        for worker in (first, second):
            assert worker.do("ask", question="What lies on a canal?", k=2)["rows"][0] == 2
        assert second.do("memory")["bytes"] > 10_000_000
    finally:
        first.close()
        second.close()


def test_memory_is_the_worker_s_own(tmp_path):
    """Not that of the process that started it, which holds 400 MB here."""
    held = np.ones(50_000_000)
    worker = Worker("Footnote", tmp_path)
    try:
        assert worker.do("memory")["bytes"] < held.nbytes
    finally:
        worker.close()


@pytest.mark.skipif(find_spec("txtai") is not None, reason="the peers are installed here")
def test_a_peer_that_is_not_installed_says_how_to(tmp_path):
    from index.errors import MissingExtra

    worker = Worker("txtai", tmp_path)
    try:
        with pytest.raises(MissingExtra, match=r"make bench"):
            worker.do("prepare")
    finally:
        worker.close()


def test_altered_paragraphs_stay_near_the_real_ones():
    """Three real paragraphs, then altered ones: of 12 the vectors stay near the real sentences', none is the same."""
    found = list(scale.grown(SMALL, (3, 12)))
    assert [f.paragraphs for f in found if isinstance(f, scale.Scaled)] == [3, 12]
    kinds = {f.kind: f for f in found if isinstance(f, scale.Kind)}
    assert kinds["flat"].recall_10 == kinds["flat"].recall_100 == 1
    assert kinds["clustered"].bytes * 4 == kinds["flat"].bytes


def test_an_unknown_part_is_one_clear_error(squad_file):
    with pytest.raises(DataSetError, match="no part 'lunch'"):
        list(parts(load(squad_file), ["lunch"], Size(None, 1, 1, 0), print))


def test_torch_needs_the_weights(tmp_path):
    with pytest.raises(ReadingError, match=r"reader\.onnx is missing"):
        TorchReader(tmp_path)


@pytest.mark.skipif(not model.FILES, reason="no reader is shipped yet")
def test_torch_has_the_reader_s_own_weights():
    """int8 rounds activations too: logits of the same windows differ by little, and point at the same words."""
    reader, peer = model.shipped(), TorchReader(Path(model.WEIGHTS))
    question, text = "When was it founded?", "Cats > It was founded in May 2014 by Bo Lund in Oslo."
    [(start, end)] = reader.logits(model.windows(reader.tokenizer, question, text))
    assert np.isfinite(start).all()
    assert np.isfinite(end).all()
    assert "2014" in peer.answer(question, [text])
    # The question and the text are told apart, as the reader was trained: without it, F1 falls by a fifth.
    batch = peer._tokenizer([question], [text], return_token_type_ids=True)
    [window] = model.windows(reader.tokenizer, question, text)
    assert (batch["input_ids"][0], batch["token_type_ids"][0]) == (window.ids, window.types)
