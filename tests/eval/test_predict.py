"""Predictions are written once, read back the same, and continued where they stopped."""

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest

from eval.datasets import Draw, load, select
from eval.predict import PredictionsError, Subject, Withheld, predict, read
from eval.subject import FITTED, PACKAGES, PROGRAMS, fingerprint, footnote
from qa.settings import Settings


class StoppedError(Exception):
    pass


def ids(predictions):
    return [p.question.id for p in predictions.predictions]


def test_every_question_gets_a_line_and_comes_back(squad_file, tmp_path, word_qa):
    dataset, out = load(squad_file), tmp_path / "deep" / "out.jsonl"
    predict(dataset, out, Subject(word_qa))
    found = read(out)
    assert [p.question for p in found.predictions] == list(dataset.questions)
    first = found.predictions[0]
    assert first.answer == "2014"
    assert first.citations[0].quote == "The firm was founded in 2014."
    assert first.citations[0].paragraph == "p1"
    assert found.paragraphs["Lens firm", "p1"] == first.citations[0].paragraph_text
    assert first.citations[0].paragraph_text == dataset.articles["Lens firm"].paragraphs[0].text
    assert first.ranking == ("p1", "p2")
    assert found.header.sha256 == dataset.sha256


def test_abstentions_keep_confidence_and_passages(squad_file, tmp_path, word_qa):
    predict(load(squad_file), tmp_path / "out.jsonl", Subject(word_qa))
    (abstained,) = [p for p in read(tmp_path / "out.jsonl").predictions if p.abstained]
    assert abstained.question.id == "q4"
    assert abstained.answer == ""
    assert abstained.confidence == 0
    assert abstained.reason == "no word in common"
    assert abstained.passages


def test_what_was_withheld_is_asked_of_the_one_that_insists(squad_file, tmp_path, word_qa):
    """Only q4 is abstained from, so only q4 is asked again."""
    insisting = []

    def insist(qa):
        class Insisting(word_qa):
            threshold = -1.0

        insisting.append(Insisting([qa.article]))
        return insisting[-1]

    predict(load(squad_file), tmp_path / "out.jsonl", Subject(word_qa, insist))
    found = {p.question.id: p for p in read(tmp_path / "out.jsonl").predictions}
    assert found["q4"].abstained
    assert found["q4"].withheld == Withheld("2014", "The firm was founded in 2014.")
    assert [p.withheld for id, p in found.items() if id != "q4"] == [None] * 4
    assert [q for qa in insisting for q in qa.asked] == ["Who owns yachts?"]


def test_a_stopped_run_goes_on_where_it_stopped(squad_file, tmp_path, word_qa):
    """It stops at the second article; the half line it was writing is dropped; only q5 is asked again."""
    dataset, out = load(squad_file), tmp_path / "out.jsonl"

    def stops(articles):
        if articles[0].title == "River":
            raise StoppedError
        return word_qa(articles)

    with pytest.raises(StoppedError):
        predict(dataset, out, Subject(stops), timed=2)
    with out.open("a") as file:
        file.write('{"question": {"id": "q5", "que')
    before = out.read_text().split("\n")[:-1]
    made = []

    def counts(articles):
        made.append(word_qa(articles))
        return made[-1]

    predict(dataset, out, Subject(counts), timed=2)
    assert out.read_text().split("\n")[: len(before)] == before
    assert ids(read(out)) == ["q1", "q2", "q3", "q4", "q5"]
    assert len(read(out).timings) == 2
    assert [qa.article.title for qa in made] == ["River"]


def test_a_finished_run_asks_nothing(squad_file, tmp_path, word_qa):
    dataset, out = load(squad_file), tmp_path / "out.jsonl"
    predict(dataset, out, Subject(word_qa), timed=3)
    before = out.read_bytes()

    def never(articles):
        raise AssertionError("asked again")

    predict(dataset, out, Subject(never), timed=3)
    assert out.read_bytes() == before


def test_a_file_of_another_run_is_refused(squad_file, tmp_path, word_qa):
    dataset, out = load(squad_file), tmp_path / "out.jsonl"
    predict(dataset, out, Subject(word_qa))
    before = out.read_bytes()
    with pytest.raises(PredictionsError, match=r"another run \(limit differ") as e:
        predict(select(dataset, Draw("all", 2)), out, Subject(word_qa))
    assert "out.jsonl" in str(e.value)
    assert out.read_bytes() == before


@pytest.mark.parametrize("changed", [{"settings": "s2"}, {"fitted": "f2"}, {"programs": "p2"}])
def test_other_settings_numbers_or_programs_are_another_run(squad_file, tmp_path, word_qa, changed):
    """Half a file with the old numbers and half with the new ones would be worth nothing."""
    dataset, out = load(squad_file), tmp_path / "out.jsonl"
    subject = Subject(word_qa, settings="s1", fitted="f1", programs="p1")
    predict(dataset, out, subject)
    with pytest.raises(PredictionsError, match=f"{next(iter(changed))} differ"):
        predict(dataset, out, replace(subject, **changed))


def test_the_fingerprints_follow_fitted_numbers_and_weights_or_programs(tmp_path):
    """Bytes and names of *.json, *.npz and *.onnx count for one, *.py for the other; both packages are looked at."""
    (tmp_path / "a.json").write_text("1")
    seen, programs = [fingerprint(FITTED, [tmp_path])], [fingerprint(PROGRAMS, [tmp_path])]
    for name, content in (("a.json", "2"), ("reader.onnx", "w"), ("layers.npz", "w"), ("code.py", "pass")):
        (tmp_path / name).write_text(content)
        seen.append(fingerprint(FITTED, [tmp_path]))
        programs.append(fingerprint(PROGRAMS, [tmp_path]))
    assert len(set(seen)) == 4
    assert seen[3] == seen[4]
    assert programs[0] == programs[3] != programs[4]
    weights = {path.name for folder in PACKAGES for path in folder.rglob("*") if path.suffix in FITTED}
    assert weights >= {"calibration.json", "reader.onnx", "query_encoder.npz"}


def test_predictions_that_cannot_be_written_are_one_clear_error(squad_file, tmp_path, word_qa):
    (tmp_path / "file").write_text("")
    with pytest.raises(PredictionsError, match=r"cannot be written .*give another --out"):
        predict(load(squad_file), tmp_path / "file" / "out.jsonl", Subject(word_qa))


def test_what_was_asked_before_is_asked_before(squad_file, tmp_path, word_qa):
    """The fake joins the questions of a conversation: "lenses" is found through what was asked first."""
    dataset = load(squad_file)
    follow_up = replace(dataset.questions[0], id="f", question="And it?", history=("What makes lenses?",))
    predict(replace(dataset, questions=(follow_up,)), tmp_path / "out.jsonl", Subject(word_qa), timed=1)
    (found,) = read(tmp_path / "out.jsonl").predictions
    assert found.question.history == ("What makes lenses?",)
    assert found.understood == "What makes lenses? And it?"
    assert found.answer == "lenses"


def test_a_question_that_is_refused_is_an_abstention_and_stops_nothing(squad_file, tmp_path):
    """The real program refuses what is too long; the questions asked together with it are answered all the same."""
    dataset = load(squad_file)
    long = replace(dataset.questions[1], question="What does the firm make? " * 50)
    asked = replace(dataset, questions=(dataset.questions[0], long, dataset.questions[2]))
    predict(asked, tmp_path / "out.jsonl", footnote(Settings()), timed=3)
    found = read(tmp_path / "out.jsonl")
    assert [p.abstained for p in found.predictions] == [False, True, False]
    assert found.predictions[1].reason == "the question has 1,249 characters: ask in at most 1,000"
    assert sorted(t.id for t in found.timings) == ["q1", "q3"]


@pytest.mark.parametrize("content", ["", "notes of mine", '{"data": []}\n', "[1]\n", '{"data":\n'])
def test_a_file_that_is_not_predictions_is_neither_read_nor_overwritten(squad_file, tmp_path, word_qa, content):
    out = tmp_path / "notes.txt"
    out.write_text(content)
    with pytest.raises(PredictionsError, match=r"notes\.txt"):
        read(out)
    if content:  # an empty file is as good as none
        with pytest.raises(PredictionsError, match=r"notes\.txt"):
            predict(load(squad_file), out, Subject(word_qa))
        assert out.read_text() == content


def test_missing_and_unfilled_files_are_refused(squad_file, tmp_path, word_qa):
    with pytest.raises(PredictionsError, match="cannot be read"):
        read(tmp_path / "absent.jsonl")
    out = tmp_path / "out.jsonl"
    predict(load(squad_file), out, Subject(word_qa))
    out.write_text(out.read_text().split("\n")[0] + "\n")
    with pytest.raises(PredictionsError, match="no predictions yet"):
        read(out)


def test_timed_questions_are_asked_singly_after_a_warm_up(squad_file, tmp_path, word_qa):
    dataset, out = load(squad_file), tmp_path / "out.jsonl"

    class Singles(word_qa):
        singles: Sequence[str] = []

        def ask(self, question, history=(), /):
            Singles.singles = [*Singles.singles, question]
            return super().ask(question, history)

    predict(dataset, out, Subject(Singles), timed=99)
    timings = read(out).timings
    assert sorted(t.id for t in timings) == ["q1", "q2", "q3", "q4", "q5"]
    assert all(t.seconds > 0 and t.stages == {"words": 0.001} for t in timings)
    assert len(Singles.singles) == 5 + len(dataset.articles)
    assert Singles.singles[0] not in {q.question for q in dataset.questions}


def test_the_file_is_utf8_json_lines(squad_file, tmp_path, word_qa):
    out = tmp_path / "out.jsonl"
    predict(load(squad_file), out, Subject(word_qa))
    header, *lines = out.read_text(encoding="utf-8").splitlines()
    assert json.loads(header)["data"] == "tiny"
    fields = [set(json.loads(line)) for line in lines]
    article, questions = {"article", "paragraphs"}, {"question", "answer"}
    assert fields == [article, *[questions] * 4, article, questions]
