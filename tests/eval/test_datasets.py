"""Loaders on tiny files; what is malformed is refused with the file, the place and the remedy."""

import hashlib
import json
from pathlib import Path

import pytest

from eval import datasets
from eval.datasets import DataSetError, Draw, load, question_word, select, written
from index.article import Article
from qa.reader.invented import invented
from qa.reader.sheet import fingerprint

ARTICLE = Article.from_paragraphs(
    "Lens firm", ["It was founded in 2014. It makes lenses.", "It sits in Oslo.", "Lenses: It makes lenses."]
)


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Writes a data file; the project's format is asked of ARTICLE, where the built-in one plugs in."""
    monkeypatch.setattr("index.wikipedia.builtin_article", lambda: ARTICLE)

    def write(name, content):
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    return write


def line(**changes):
    given = {"id": "a", "question": "When?", "kind": "date", "split": "test"}
    return json.dumps({**given, "answers": ["2014"], "sentences": ["It was founded in 2014."], **changes})


def squad(*paragraphs, title="T"):
    contexts = [{"context": context, "qas": qas} for context, qas in paragraphs]
    return {"version": "v2.0", "data": [{"title": title, "paragraphs": contexts}]}


def ask(id, text=None, start=0):
    answers = [] if text is None else [{"text": text, "answer_start": start}]
    return {"id": id, "question": f"Who {id}?", "answers": answers}


def test_project_file_gives_every_field(write):
    path = write("s.jsonl", line() + "\n\n" + line(id="b", answers=[], sentences=[], near=True, split="dev") + "\n")
    dataset = load(path)
    first, second = dataset.questions
    assert (first.id, first.kind, first.split, first.answers) == ("a", "date", "test", ("2014",))
    assert first.paragraphs == ("p1",)
    assert first.sentences == ("It was founded in 2014.",)
    assert first.near is None
    assert (second.answerable, second.near, second.paragraphs) == (False, True, ())
    assert dataset.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_project_file_may_be_about_another_article(write):
    """Its name says so, so that predictions of different articles are not taken for each other's."""
    article = write("Corner_shop.wikitext", "It was founded in 2014.\n\nIt sells tea.")
    dataset = load(write("mine.jsonl", line()), article=article)
    assert [a.title for a in dataset.articles.values()] == ["Corner shop"]
    assert dataset.name == "mine-Corner_shop"
    assert dataset.source.startswith("not known to Footnote")


@pytest.mark.parametrize(
    ("file", "article", "remedy"),
    [
        (("mine.jsonl", line()), "nowhere.wikitext", "nowhere.wikitext"),
        (("mine.jsonl", line(sentences=["It sits in Oslo."])), "shop.wikitext", "quote it verbatim"),
        (("squad.json", squad(("It was red.", []))), "shop.wikitext", "brings its own articles"),
    ],
)
def test_an_article_that_does_not_fit_is_one_clear_error(write, tmp_path, file, article, remedy):
    write("shop.wikitext", "It was founded in 2014.")
    with pytest.raises(DataSetError, match=remedy):
        load(write(*file), article=tmp_path / article)


def test_every_paragraph_that_holds_a_gold_sentence_is_gold(write):
    (question,) = load(write("s.jsonl", line(answers=["lenses"], sentences=["It makes lenses."]))).questions
    assert question.paragraphs == ("p1", "p3")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "line 1"),
        (json.dumps({"id": "a"}), "'answers' is missing"),
        (line(answers="2014"), "list of texts"),
        (line(answers=[2014]), "expected text"),
        (line(answers=[" "]), "is blank"),
        (line(sentences=[""]), "is blank"),
        (line(question=" "), "is blank"),
        (line(sentences=["It was founded in 2015."]), "quote it verbatim"),
        (line(sentences=[]), "both answers and gold sentences"),
        (line(answers=[]), "both answers and gold sentences"),
        (line(split="train"), "dev or test"),
        (line(answers=[], sentences=[], near="yes"), "true or false"),
        (line() + "\n" + line(), "line 2"),
        ("[]", "line 1"),
        ("", "no questions"),
    ],
)
def test_malformed_project_files_are_refused(write, content, says):
    with pytest.raises(DataSetError, match=says) as e:
        load(write("s.jsonl", content))
    assert "s.jsonl" in str(e.value)


def test_squad_file_gives_articles_and_gold_paragraphs(squad_file):
    dataset = load(squad_file)
    assert list(dataset.articles) == ["Lens firm", "River"]
    by_id = {q.id: q for q in dataset.questions}
    assert list(by_id) == ["q1", "q2", "q3", "q4", "q5"]
    assert by_id["q3"].answers == ("Oslo", "in Oslo")
    assert by_id["q3"].paragraphs == ("p2",)
    assert by_id["q3"].sentences == ("Its seat is in Oslo.",)
    assert by_id["q2"].sentences == ("It makes lenses.",)
    assert not by_id["q4"].answerable
    assert by_id["q4"].paragraphs == ()
    assert by_id["q5"].article == "River"


def test_squad_contexts_that_repeat_or_are_blank_keep_gold_paragraphs_right(write):
    """A, blank, " B ", A again, C: the article has A, B, C, and questions of both As lead to the first."""
    content = squad(
        ("A one.", [ask("a", "one", 2)]),
        ("  ", [ask("blank")]),
        (" B two. ", [ask("b", "two", 3)]),
        ("A one.", [ask("again", "one", 2)]),
        ("C three.", [ask("c", "three", 2)]),
    )
    dataset = load(write("s.json", content))
    article = dataset.articles["T"]
    assert [p.text for p in article.paragraphs] == ["A one.", "B two.", "C three."]
    gold = {q.id: [p.text for p in article.paragraphs if p.id in q.paragraphs] for q in dataset.questions}
    assert gold == {"a": ["A one."], "blank": [], "b": ["B two."], "again": ["A one."], "c": ["C three."]}
    assert {q.id: q.sentences for q in dataset.questions}["b"] == ("B two.",)


def test_squad_answer_that_starts_elsewhere_has_no_gold_sentence(write):
    (question,) = load(write("s.json", squad(("One. Two.", [ask("a", "Two", 0)])))).questions
    assert question.answers == ("Two",)
    assert question.sentences == ()
    assert question.paragraphs == ("p1",)


def test_squad_ids_and_titles_that_repeat_lose_no_question(write):
    content = squad(("A.", [ask("a", "A")]))
    content["data"].append(squad(("B.", [ask("a", "B")]))["data"][0])
    dataset = load(write("s.json", content))
    assert [q.id for q in dataset.questions] == ["a", "a #2"]
    assert [dataset.articles[q.article].text for q in dataset.questions] == ["A.", "B."]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "not in the SQuAD"),
        ("[]", "not in the SQuAD"),
        ({"version": "1.1"}, "'data' is missing"),
        ({"data": [{"title": "T", "paragraphs": [{"qas": []}]}]}, "'context' is missing"),
        ({"data": [{"title": "T", "paragraphs": [{"context": 5, "qas": []}]}]}, "expected text"),
        ({"data": [{"title": "T", "paragraphs": [{"context": "A.", "qas": [{"id": "a"}]}]}]}, "is missing"),
        ({"data": []}, "no questions"),
        (squad(("A.", [])), "no questions"),
        (squad((" ", [ask("a")])), "is empty"),
    ],
)
def test_malformed_squad_files_are_refused(write, content, says):
    with pytest.raises(DataSetError, match=says) as e:
        load(write("s.json", content))
    assert "s.json" in str(e.value)


def test_files_that_cannot_be_read_are_refused(tmp_path):
    with pytest.raises(DataSetError, match=r"absent\.json"):
        load(tmp_path / "absent.json")
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataSetError, match="UTF-8"):
        load(tmp_path / "bytes.json")


def test_split_takes_its_questions_and_an_undivided_set_is_taken_whole(write, squad_file):
    dataset = load(write("s.jsonl", line() + "\n" + line(id="b", split="dev")))
    assert [q.id for q in select(dataset, Draw("test")).questions] == ["a"]
    assert [q.id for q in select(dataset, Draw("all")).questions] == ["a", "b"]
    undivided = select(load(squad_file), Draw("test"))
    assert (len(undivided.questions), undivided.draw.split) == (5, "all")
    with pytest.raises(DataSetError, match="does not exist"):
        select(dataset, Draw("train"))


def test_sample_is_the_same_for_the_same_seed(squad_file):
    dataset = load(squad_file)
    drawn = [[q.id for q in select(dataset, Draw("all", 3, seed)).questions] for seed in (1, 1, 2, 3, 4)]
    assert drawn[0] == drawn[1]
    assert len({tuple(d) for d in drawn}) > 1
    assert all(d == sorted(d) and len(d) == 3 for d in drawn)
    with pytest.raises(DataSetError, match="nothing to ask"):
        select(dataset, Draw("all", 0))


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who founded it?", "who"),
        ("In which year was it founded?", "which"),
        ("How many people work there?", "how many"),
        ("How did it begin?", "how"),
        ("is there a delegate?", "other"),
        ("how", "how"),
    ],
)
def test_question_word(question, kind):
    assert question_word(question) == kind


def test_sets_live_in_the_package():
    assert datasets.SETS.name == "sets"


def test_given_the_paragraph_each_is_an_article_of_its_own(squad_file):
    """Questions of one paragraph share it, also the unanswerable one; no other paragraph can be found."""
    dataset = load(squad_file, "paragraph")
    assert dataset.name == "tiny-given-paragraph"
    assert [[p.text for p in a.paragraphs] for a in dataset.articles.values()] == [
        ["The firm was founded in 2014. It makes lenses."],
        ["Its seat is in Oslo. Its sign is a fox."],
        ["The river rises in Wales."],
    ]
    assert [q.article for q in dataset.questions] == ["Lens firm"] * 2 + ["Lens firm #2"] * 2 + ["River"]
    assert [q.paragraphs for q in dataset.questions] == [("p1",), ("p1",), ("p1",), (), ("p1",)]
    with pytest.raises(DataSetError, match="given 'page' does not exist"):
        load(squad_file, "page")


def selqa(**changes):
    row = {"article": "T", "section": "S", "question": "What?", "sentences": ["One.", "Two  x.", "Three."]}
    return [{**row, "answers": [1, 2], "paraphrase": True, **changes}]


def test_selqa_answers_are_all_the_answering_sentences(write):
    """Sections of one article become its paragraphs; what counts are sentences, and all of them."""
    rows = selqa() + selqa(sentences=["Other."], answers=[0]) + selqa(answers=[0], paraphrase=False)
    dataset = load(write("selqa_tiny.json", rows))
    assert [p.text for p in dataset.articles["T"].paragraphs] == ["One. Two x. Three.", "Other."]
    assert [(q.kind, q.sentences, q.paragraphs) for q in dataset.questions] == [
        ("several sentences", ("Two x.", "Three."), ("p1",)),
        ("paraphrased", ("Other.",), ("p2",)),
        ("one sentence", ("One.",), ("p1",)),
    ]
    assert all(q.answerable and not q.answers and q.scored == "sentences" for q in dataset.questions)
    assert dataset.licence == "Apache-2.0"
    assert "SelQA" in dataset.source


def test_selqa_as_its_authors_publish_it(write):
    """Two fields have other names there."""
    [row] = selqa()
    row["candidates"], row["is_paraphrase"] = row.pop("sentences"), row.pop("paraphrase")
    [question] = load(write("selqa.json", [row])).questions
    assert (question.sentences, question.kind) == (("Two x.", "Three."), "several sentences")
    [reworded] = load(write("selqa.json", [{**row, "answers": [0]}])).questions
    assert reworded.kind == "paraphrased"


@pytest.mark.parametrize(
    "changes",
    [
        {"answers": [9]},
        {"sentences": "One."},
        {"question": None},
        {"answers": []},
        {"sentences": ["One.", " ", "Two."]},
    ],
)
def test_malformed_selqa_files_are_refused(write, changes):
    with pytest.raises(DataSetError, match=r"selqa\.json, entry 1"):
        load(write("selqa.json", selqa(**changes)))


def ranking(**changes):
    given = {"article": "T", "paragraphs": {"a": "One.", "b": " ", "c": "Two."}, "licence": "CC0"}
    return json.dumps({**given, "questions": [{"id": "q", "question": "Who?", "relevant": ["c"]}], **changes})


def test_a_ranking_knows_relevant_paragraphs_only(write):
    """The file's ids lead to the article's own, which blank paragraphs have none of."""
    dataset = load(write("r.jsonl", ranking() + "\n" + ranking()))
    assert list(dataset.articles) == ["T", "T #2"]
    assert [(q.id, q.paragraphs, q.kind) for q in dataset.questions] == [
        ("q", ("p2",), "who"),
        ("q #2", ("p2",), "who"),
    ]
    assert all(q.answerable and q.scored == "ranking" for q in dataset.questions)
    assert dataset.licence == "CC0"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"questions": [{"id": "q", "question": "Who?", "relevant": ["z"]}]}, "'z' is not in the article"),
        ({"questions": [{"id": "q", "question": "Who?", "relevant": []}]}, "nothing is relevant"),
        ({"questions": [{"id": "q", "relevant": ["a"]}]}, "'question' is missing"),
        ({"paragraphs": ["One."]}, "line 1"),
        ({"questions": []}, "no questions"),
        ({"paragraphs": {}}, "is empty"),
    ],
)
def test_malformed_rankings_are_refused(write, changes, says):
    with pytest.raises(DataSetError, match=says) as e:
        load(write("r.jsonl", ranking(**changes)))
    assert "r.jsonl" in str(e.value)


def test_known_files_name_their_source_and_licence(write, squad_file):
    """By the file's name; one that nobody knows says so rather than claiming any."""
    known = load(write("squad_v2_tune.json", json.loads(squad_file.read_text())))
    assert known.licence == "CC BY-SA 4.0"
    assert "Rajpurkar" in known.source
    assert "not known" in load(squad_file).licence


def test_a_name_is_a_set_of_the_project():
    assert len(load(Path("sensetime")).questions) == 364


def test_questions_we_wrote_are_asked_of_the_articles_of_a_file(write):
    """A span, a whole sentence and a near miss; the paragraph is known by its fingerprint, whatever its place."""
    text = "It was founded in 2014. It makes lenses."
    dataset = load(write("squad.json", squad(("Other.", [ask("x")]), (text, []))))
    at = fingerprint(text)
    rows = (
        "paragraph\tstart\tend\twhole\tquestion",
        f"{at}\t18\t22\t\tHow old?",
        f"{at}\t24\t40\t1\tWhy?",
        f"{at}\t\t\t\tIs it big?",
    )
    ours = written(dataset, write("ours.tsv", "\n".join(rows)))
    span, whole, near = ours.questions
    assert (span.answers, span.scored, span.paragraphs, span.answerable) == (("2014",), "span", ("p2",), True)
    assert (whole.answers, whole.sentences, whole.scored) == ((), ("It makes lenses.",), "sentences")
    assert (near.answers, near.near, near.answerable, near.paragraphs) == ((), True, False, ())
    assert ours.articles is dataset.articles
    assert (ours.name, {q.article for q in ours.questions}) == ("squad-ours", {"T"})


def test_a_question_and_its_trap_are_two_questions(write):
    """Else the answer to one would be scored as the other's."""
    dataset = load(write("squad.json", squad(("It was founded in 2014.", [ask("x", "2014", 18)]))))
    heading = "paragraph\tstart\tend\twhole\tquestion\ttrap"
    row = f"{fingerprint('It was founded in 2014.')}\t18\t22\t\tWhen was it founded?\tWhen was it sold?"
    asked, trap = written(dataset, write("ours.tsv", f"{heading}\n{row}\n")).questions
    assert (asked.answers, trap.answers, trap.question) == (("2014",), (), "When was it sold?")
    assert asked.id != trap.id


def test_a_question_we_wrote_on_another_version_of_a_file_is_one_clear_error(write):
    dataset = load(write("squad.json", squad(("It was founded in 2014.", [ask("x", "2014", 18)]))))
    rows = f"paragraph\tstart\tend\twhole\tquestion\n{fingerprint('It was founded in 2015.')}\t18\t22\t\tHow old?"
    with pytest.raises(DataSetError, match=r"ours\.tsv: .*squad\.json has no paragraph [0-9a-f]{16}; give the file"):
        written(dataset, write("ours.tsv", rows))


@pytest.mark.parametrize(
    "content",
    [
        "",
        "question\nWho?\n",
        "paragraph\tstart\tend\twhole\tquestion\nab\tx\t2\t\tWho?\n",
        "paragraph\tstart\tend\twhole\tquestion\nab\t5\n",
    ],
)
def test_what_is_no_sheet_is_one_clear_error(write, content):
    """Another heading, or a place that is no number; of an empty file nothing is left to ask."""
    dataset = load(write("squad.json", squad(("It was founded in 2014.", [ask("x", "2014", 18)]))))
    with pytest.raises(DataSetError, match=r"ours\.tsv"):
        select(written(dataset, write("ours.tsv", content)), Draw())
    with pytest.raises(DataSetError, match=r"nowhere\.tsv: is not a sheet of questions"):
        written(dataset, Path("nowhere.tsv"))


INVENTED = """\
@ Lens firm
F Traded as: OSE: LENS
? stock code => OSE: LENS
=
P It makes lenses.
= History > Early years
P It was founded in 2014. It was sued over its name.
? When did it get going? => 2014
* Why was it in court? => over its name
! Who sued it?
L 2016: a shop in Oslo
= History
C The first shop
? What does the photograph show? => The first shop
"""


def test_articles_we_invented_are_parsed_as_any_other(write):
    """What is a fact, an item or a caption is one, and every line is a paragraph under its headings."""
    dataset = load(write("ours.txt", INVENTED))
    article = dataset.articles["Lens firm"]
    assert [(p.kind, p.section, p.text) for p in article.paragraphs] == [
        ("infobox", (), "Traded as: OSE: LENS"),
        ("paragraph", (), "It makes lenses."),
        ("paragraph", ("History", "Early years"), "It was founded in 2014. It was sued over its name."),
        ("list_item", ("History", "Early years"), "2016: a shop in Oslo"),
        ("caption", ("History",), "The first shop"),
    ]
    code, span, whole, near, caption = dataset.questions
    assert (code.answers, code.paragraphs) == (("OSE: LENS",), ("p1",))
    assert (span.answers, span.scored, span.paragraphs, span.answerable) == (("2014",), "span", ("p3",), True)
    assert (whole.answers, whole.sentences, whole.scored) == ((), ("over its name",), "sentences")
    assert (near.answers, near.near, near.answerable, near.paragraphs) == ((), True, False, ())
    assert caption.paragraphs == ("p5",)
    assert dataset.licence == "Apache-2.0"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("@ Lens firm\nP It makes lenses.\n? What? => cameras\n", "line 3: the answer does not stand"),
        ("@ Lens firm\nP It makes lenses.\n", "has no questions"),
        ("@ Lens firm\nP It makes [[lenses]].\n! Who?\n", "'Lens firm' has lines that are wikitext"),
    ],
)
def test_malformed_articles_of_ours_are_refused(write, content, says):
    with pytest.raises(DataSetError, match=rf"ours\.txt.*{says}"):
        load(write("ours.txt", content))


def test_the_articles_we_chose_with_are_not_among_those_trained_on():
    trained = {article.title for article in invented()}
    assert len(load(Path("invented")).articles) == 8
    assert not trained & set(load(Path("invented")).articles)
