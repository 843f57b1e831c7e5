"""What an article is about, and questions that ask for nothing else.

"What does SenseTime do?", "Tell me about it" and a bare title share no word with the sentence that answers them but
the name, and a search finds whatever repeats that. They are asked as "What is SenseTime?", which the opening sentence
of an article answers. Rules are for English.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from index.article import Article

#: What a thing is called by what it is: "the company". A pattern.
KINDS: Final = (
    "company|firm|organi[sz]ation|team|band|city|town|country|group|business|club|university|school|institution|place"
    "|article"
)
#: What stands for the subject of the only article there is: a thing's, and a person's.
_THING: Final = re.compile(rf"it|this|they|them|(?:the|this) (?:{KINDS}|subject|topic|page)", re.IGNORECASE)
_PERSON: Final = re.compile(r"he|him|she|her|(?:the|this) (?:person|man|woman|subject|article|page)", re.IGNORECASE)
_ASKED: Final = re.compile(
    r"(?:(?:so|ok|okay|and|please|hi|hello),? )*(?:(?:can|could|would) you )?(?:please )?(?:"
    r"(?:what|who)(?:['’]?s| is| are| was| were) (?P<is>.+?)(?: (?:all )?about)?"
    r"|what(?: exactly)? (?:does|do|did) (?P<does>.+?)(?: actually| exactly)? do"
    r"|(?:explain|tell me|say) (?:what|who) (?P<what>.+) (?:is|are|was|does|do)"
    r"|(?:tell me|what do you know)(?: something| more| a bit)? (?:about|of) (?P<about>.+)"
    r"|(?:describe|explain|define|summari[sz]e) (?P<tell>.+)"
    r"|(?P<title>.+))",
    re.IGNORECASE,
)


def called(article: Article) -> str:
    """The title as one says it, without what tells it from others: "Mercury (planet)" → "Mercury"."""
    return re.sub(r"\s+\([^()]*\)$", "", article.title)


def is_about_a_person(article: Article) -> bool:
    """Whether its first paragraphs say "he" or "she" more often than "it"."""
    lead = " ".join(p.text for p in article.paragraphs if p.kind == "paragraph")[:2000]
    return len(re.findall(r"\b(?:he|she|his|her)\b", lead, re.I)) > len(re.findall(r"\bits?\b", lead, re.I))


def about_itself(question: str, articles: Sequence[Article]) -> str:
    """ "What is <subject>?" for a question that asks what an article's subject is and no more; else `question`."""
    asked = _ASKED.fullmatch(" ".join(question.split()).rstrip(" ?!."))
    if not asked:
        return question
    [subject] = [said for said in asked.groupdict().values() if said is not None]
    article = _titled(subject, articles)
    if not article and len(articles) == 1 and asked["title"] is None:
        stands = _THING.fullmatch(subject), _PERSON.fullmatch(subject)
        if any(stands) and stands[is_about_a_person(articles[0])]:
            article = articles[0]
    return f"{'Who' if is_about_a_person(article) else 'What'} is {called(article)}?" if article else question


def _titled(name: str, articles: Sequence[Article]) -> Article | None:
    """The article of that title, in capitals or not, with or without "the" and what stands in brackets."""
    said = name.casefold().removeprefix("the ")
    for article in articles:
        title = article.title.casefold().removeprefix("the ")
        if title.startswith(said) and said in (title, called(article).casefold().removeprefix("the ")):
            return article
    return None
