"""Follow-up questions: a golden table of what was asked, what had been answered, and what it is understood as."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article
from qa.answer import Answer, ScoredPassage
from qa.followup import standalone


def answered(
    question: str, said: str = "Nothing is said.", *, title: str = "SenseTime", short: str | None = None
) -> Answer:
    """An answer to `question` that quotes `said` from an article of that title."""
    article = Article.from_paragraphs(title, [said])
    paragraph = article.paragraphs[0]
    passage = ScoredPassage(article, paragraph, paragraph.span, {})
    return Answer(question, question, said, short, False, None, 0.5, passages=(passage,))


#: question, last question, what it is understood as
QUESTIONS = [
    # A question phrase takes the place of one that asked when, where, why or how …
    ("By whom?", "When was SenseTime founded?", "By whom was SenseTime founded?"),
    ("by whom", "When was SenseTime founded?", "By whom was SenseTime founded?"),
    ("Where?", "When was SenseTime founded?", "Where was SenseTime founded?"),
    ("And where exactly?", "When was SenseTime founded?", "Where exactly was SenseTime founded?"),
    ("Why?", "When did Honda leave?", "Why did Honda leave?"),
    ("To whom?", "In which year did SenseTime sell shares?", "To whom did SenseTime sell shares?"),
    ("When was that?", "Where did the fire start?", "When did the fire start?"),
    ("Why did that happen?", "When did Honda leave?", "Why did Honda leave?"),
    # … and joins any other, which would lose what it asked for.
    ("When?", "Who founded SenseTime?", "Who founded SenseTime, and when?"),
    ("Since when?", "Who is the CEO of SenseTime?", "Who is the CEO of SenseTime, and since when?"),
    ("Why?", "How many people did SenseTime dismiss?", "How many people did SenseTime dismiss, and why?"),
    ("Who else?", "Who invested in SenseTime?", "Who invested in SenseTime, and who else?"),
    ("By how much?", "Did revenue grow in 2019?", "Did revenue grow in 2019, and by how much?"),
    ("In which year?", "Which bank bought shares?", "Which bank bought shares, and in which year?"),
    ("When did that happen?", "Did SenseTime go public?", "Did SenseTime go public, and when?"),
    # A phrase that was joined before gives way to the next.
    ("Where?", "Who founded SenseTime, and when?", "Who founded SenseTime, and where?"),
    ("Why?", "Who founded SenseTime, and in which year?", "Who founded SenseTime, and why?"),
    # Another year, another name.
    ("And in 2019?", "How many employees were there in 2018?", "How many employees were there in 2019?"),
    ("What about 2019?", "How many employees were there in 2018?", "How many employees were there in 2019?"),
    ("2019?", "How many employees were there in 2018?", "How many employees were there in 2019?"),
    ("And in 2019?", "How many employees are there?", "How many employees are there, in 2019?"),
    ("And in 2020?", "How did it grow from 2018 to 2019?", "How did it grow from 2018 to 2019, in 2020?"),
    ("What about Honda?", "When did SenseTime partner with Alibaba?", "When did SenseTime partner with Honda?"),
    ("And Honda?", "When did SenseTime partner with Alibaba?", "When did SenseTime partner with Honda?"),
    ("Honda?", "When did SenseTime partner with Alibaba?", "When did SenseTime partner with Honda?"),
    (
        "And in Japan?",
        "How many offices does SenseTime have in China?",
        "How many offices does SenseTime have in Japan?",
    ),
    ("And Reuters?", "What did Axios report about SenseTime?", "What did Reuters report about SenseTime?"),
    ("What about Chinese banks?", "Did SenseTime work with Honda?", "Did SenseTime work with Chinese banks?"),
    ("Or Honda's?", "What is SenseTime's revenue?", "What is Honda's revenue?"),
    ("And Honda?", "What is SenseTime's revenue?", "What is Honda's revenue?"),
    # Another thing about the same.
    ("And the CEO?", "Who is the founder of SenseTime?", "Who is the CEO of SenseTime?"),
    ("What about profit?", "What was the revenue of SenseTime in 2019?", "What was the profit of SenseTime in 2019?"),
    ("What about profit?", "What was SenseTime's revenue in 2019?", "What was SenseTime's profit in 2019?"),
    ("How about its revenue?", "Where is SenseTime based?", "How about SenseTime's revenue?"),
    ("What about the revenue?", "Where is SenseTime based?", "What about the revenue of SenseTime?"),
    ("What about it?", "Where is SenseTime based?", "What about SenseTime?"),
    # Names with dots, or with "'s" inside.
    ("What about Tolkien?", "When was J. K. Rowling born?", "When was Tolkien born?"),
    ("What about Nixon?", "When did John F. Kennedy die?", "When did Nixon die?"),
    ("What about Berlin?", "How tall is Toronto's CN Tower?", "How tall is Berlin?"),
    ("What about Ford?", "Who founded U.S. Steel?", "Who founded Ford?"),
    # "It", "they", "the company".
    ("Who founded it?", "Where is SenseTime based?", "Who founded SenseTime?"),
    ("And when was it founded?", "Where is SenseTime based?", "And when was SenseTime founded?"),
    ("What is its revenue?", "Where is SenseTime based?", "What is SenseTime's revenue?"),
    ("What do they sell?", "Where is SenseTime based?", "What do SenseTime sell?"),
    ("Who sanctioned them?", "Where is SenseTime based?", "Who sanctioned SenseTime?"),
    ("Where is that company based?", "When was SenseTime founded?", "Where is SenseTime based?"),
    ("Where is its seat?", "when was the company founded?", "Where is SenseTime's seat?"),
    ("What is its revenue?", "Who is the CEO of Ford?", "What is Ford's revenue?"),
    ("Who owns it?", "Which Chinese banks did Honda sue?", "Who owns Honda?"),
    ("Who owns it?", "Which US sanctions hit Honda?", "Who owns Honda?"),
    ("When was it built?", "How tall is the Tower in Toronto?", "When was Tower built?"),
    ("Did Alibaba invest in it?", "Where is SenseTime based?", "Did Alibaba invest in SenseTime?"),
    ("Did the US sanction the company?", "Where is SenseTime based?", "Did the US sanction SenseTime?"),
    # What stands alone stays as it is.
    ("When was Honda founded?", "Where is SenseTime based?", "When was Honda founded?"),
    ("What happened in 2019?", "Where is SenseTime based?", "What happened in 2019?"),
    ("When did Honda say that it would leave?", "Where is SenseTime based?", "When did Honda say that it would leave?"),
    ("Does Alibaba own its shares?", "Where is SenseTime based?", "Does Alibaba own its shares?"),
    ("Is it true that Honda left?", "Where is SenseTime based?", "Is it true that Honda left?"),
    ("What is it like to work there?", "Where is SenseTime based?", "What is it like to work there?"),
    ("What about Honda's revenue?", "What is SenseTime's revenue?", "What about Honda's revenue?"),
    ("And who owns Honda?", "Where is SenseTime based?", "And who owns Honda?"),
    ("And tell me more", "Where is SenseTime based?", "And tell me more"),
    ("And?", "Where is SenseTime based?", "And?"),
    ("SenseTime", "Where is Honda based?", "SenseTime"),
    ("Revenue?", "Who founded SenseTime?", "Revenue?"),  # what facts are called is no name
    ("CEO?", "Who founded SenseTime?", "CEO?"),
    ("What IT systems are there?", "Where is SenseTime based?", "What IT systems are there?"),
    ("In which part of the city is it?", "Who founded SenseTime?", "In which part of the city is SenseTime?"),
]


def test_a_word_of_the_article_is_no_name() -> None:
    """ "Offices?" asks for what the article calls "offices"; a name that it never has in small letters is another."""
    before = answered("Who founded SenseTime?", "It has offices.")
    assert standalone("Offices?", [before]) == "Offices?"
    assert standalone("Honda?", [before]) == "Who founded Honda?"


@pytest.mark.parametrize(("question", "last", "expected"), QUESTIONS)
def test_golden_table(question: str, last: str, expected: str) -> None:
    """Each line of the table, after one answer from the article "SenseTime"."""
    assert standalone(question, [answered(last)]) == expected


#: question, last question, last answer, title, what it is understood as
PEOPLE = [
    (
        "Where did he study?",
        "When did Michael Dell found the company?",
        "Dell Technologies was founded in 1984.",
        "Dell",
        "Where did Michael Dell study?",
    ),
    (
        "Where did he study?",
        "Who founded it?",
        "It was founded by Tang Xiao'ou.",
        "SenseTime",
        "Where did Tang Xiao'ou study?",
    ),
    (
        "What was his title?",
        "Who founded it?",
        "It was founded by Tang Xiao'ou.",
        "SenseTime",
        "What was Tang Xiao'ou's title?",
    ),
    ("Where did he study?", "Who is Xu Li?", "He leads SenseTime.", "SenseTime", "Where did Xu Li study?"),
    (
        "When did she join?",
        "Who is the CFO of SenseTime?",
        "Wang Zheng is the CFO.",
        "SenseTime",
        "When did Wang Zheng join?",
    ),
    ("How old is he?", "Who leads it?", "In March, Xu Li took over.", "SenseTime", "How old is Xu Li?"),
    (
        "Did her father know?",
        "Who is Ada Lovelace?",
        "A mathematician.",
        "Algorithm",
        "Did Ada Lovelace's father know?",
    ),
    ("Tell me about her", "Who is Ada Lovelace?", "A mathematician.", "Algorithm", "Tell me about Ada Lovelace"),
    ("Did Alibaba hire him?", "Who is Xu Li?", "He leads it.", "SenseTime", "Did Alibaba hire Xu Li?"),
    (
        "Where did she grow up?",
        "When was Beyoncé born?",
        "She was born at Park Plaza Hospital.",
        "Beyoncé",
        "Where did Beyoncé grow up?",
    ),
    ("How old is he?", "When was it founded?", "In May 2014.", "SenseTime", "How old is he?"),
]


@pytest.mark.parametrize(("question", "last", "said", "title", "expected"), PEOPLE)
def test_people(question: str, last: str, said: str, title: str, expected: str) -> None:
    """ "He" is someone the last question names, the article is about, or the last answer names; else it stays."""
    assert standalone(question, [answered(last, said, title=title)]) == expected


def test_a_short_answer_is_the_person_that_was_asked_for() -> None:
    """ "Who …?" was answered by a name, so "she" is that one and nobody else in the sentence."""
    last = answered("Who left the works?", "Bo Lund saw Ada Quist leave.", short="Ada Quist")
    assert standalone("Why did she leave?", [last]) == "Why did Ada Quist leave?"


@pytest.mark.parametrize("question", ["By whom?", "What about Honda?", "Who founded it?", "2019?"])
def test_the_first_question_stands_alone(question: str) -> None:
    """Without history nothing is replaced; white space is made plain."""
    assert standalone(question, []) == question
    assert standalone(f"  {question.replace(' ', chr(10) + ' ')} ", []) == question


def test_only_the_last_answer_counts() -> None:
    """What came before it is further away than anyone means by "it"."""
    history = [answered("Where is Honda based?"), answered("Where is Ford based?")]
    assert standalone("Who founded it?", history) == "Who founded Ford?"


def test_the_last_question_is_read_as_it_was_understood() -> None:
    """ "When?" after "Who founded it?", which meant SenseTime, is about SenseTime."""
    last = answered("Who founded SenseTime?")
    assert standalone("When?", [last]) == "Who founded SenseTime, and when?"


def test_a_withheld_answer_is_history_too() -> None:
    """It has no citation, but it had a question, and the article is that of its passages."""
    article = Article.from_paragraphs("SenseTime", ["Nothing."])
    passage = ScoredPassage(article, article.paragraphs[0], article.paragraphs[0].span, {})
    withheld = Answer("Who?", "who is the mayor?", "No answer.", None, True, "unsure", 0.1, passages=(passage,))
    assert standalone("Who founded it?", [withheld]) == "Who founded SenseTime?"


def test_a_title_is_said_without_its_disambiguation() -> None:
    """ "Mercury (planet)" is how an article is told from others, not how one asks."""
    assert standalone("How far is it?", [answered("how large is this?", title="Mercury (planet)")]) == (
        "How far is Mercury?"
    )


def test_an_answer_without_any_passage_is_survived() -> None:
    """Nothing is known, so nothing is replaced."""
    nothing = Answer("x", "who is that?", "No answer.", None, True, "nothing found", 0.0)
    assert standalone("Who founded it?", [nothing]) == "Who founded it?"


TEXT = st.text(st.sampled_from("and what about it he in 2019 Honda's ?.!,'\n—商汤"), max_size=60)


@given(TEXT.filter(str.strip), TEXT.filter(str.strip))
def test_anything_can_be_typed(question: str, last: str) -> None:
    """Whatever was asked before, there is a question, and it is one line."""
    understood = standalone(question, [answered(last)])
    assert understood.strip()
    assert "\n" not in standalone(question, [answered(" ".join(last.split()))])
