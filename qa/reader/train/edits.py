"""Answerable questions → unanswerable ones that look alike, by editing them, as people made SQuAD 2.0's.

One thing in the question is changed: a name for another name of the article that stands after the same
word ("in Kenya" → "in Uganda"), the article's title for a rival's, a year or number for another of the
article, a word for its antonym or for another of the article with the same ending ("the religion" → "the
region"), or the verb is negated (Rajpurkar et al. 2018, table 2, counts the same kinds; Zhu et al. 2019 and
Gautam et al. 2023 train on such edits). Or the sentence that answers is taken out of the paragraph.

An edit is kept only where the answer is no longer right as far as words can tell: what was changed
stood in the paragraph or its title (so the change matters to it), and what it was changed to does not
stand in a sentence that holds an answer, nor in the answer, nor anywhere else in the question.
Left out: types of names beyond the word before them and how many words they have.
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from index.lexical import tokens
from index.sentences import sentence_bounds
from qa.reader.train.data import Document, Question, Reading
from qa.reader.train.rivals import about_a_rival
from qa.reader.train.text import normalise

#: A run of capitalised words, small ones allowed between them, and the word before it.
NAME: Final = re.compile(
    r"(?:(?P<before>\b[\w'’-]+)\s+)?"
    r"(?P<name>\b[A-Z][\w.-]*\w(?:\s+(?:(?:of|the|de|von|van|and)\s+)?[A-Z](?:[\w.-]*\w)?)*(?:['’]s)?)"
)
YEAR: Final = re.compile(r"(?<![\w.,$£€-])(?:1\d{3}|20\d{2})(?![\w%]|[.,-]\d)")
NUMBER: Final = re.compile(r"(?<![\w.,-])\d+(?:,\d{3})*(?:\.\d+)?(?![\w-]|[.,]\d)")

#: Words that open a question or a sentence in capitals and are no names.
OPENERS: Final = frozenset(
    """
    a an and are as at by can could did do does during for from had has have he her his how if in is it its many of on
    or other she should some such that the their there these they this those to was were what when where which while
    who whom whose why will with would since although after before most all one both each between
    january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday
    """.split()
)

_PAIRS: Final = """
    first last|largest smallest|biggest smallest|highest lowest|greatest least|most least|more fewer|more less
    oldest youngest|older younger|longest shortest|longer shorter|best worst|better worse|earliest latest|early late
    earlier later|before after|north south|northern southern|northeast southwest|northwest southeast|east west
    eastern western|northeastern southwestern|northwestern southeastern|increase decrease|increased decreased
    increases decreases|increasing decreasing|rise fall|rose fell|win lose|won lost|began ended|begin end|begins ends
    beginning end|start stop|started stopped|opened closed|open closed|built demolished|created destroyed|joined left
    arrived departed|entered left|import export|imported exported|imports exports|major minor|majority minority
    male female|men women|man woman|boys girls|father mother|son daughter|brother sister|husband wife|king queen
    maximum minimum|upper lower|above below|over under|inside outside|inner outer|public private|positive negative
    strong weak|stronger weaker|strongest weakest|hot cold|warm cool|warmer cooler|dry wet|rich poor|high low
    higher lower|large small|larger smaller|long short|old new|new ancient|ancient modern|modern traditional
    common rare|popular unpopular|easy difficult|legal illegal|allowed prohibited|allow forbid|allows forbids
    accepted rejected|accept reject|supported opposed|support oppose|supports opposes|agreed disagreed|agree disagree
    always never|include exclude|includes excludes|included excluded|same different|similar different|internal external
    domestic foreign|urban rural|natural artificial|simple complex|temporary permanent|direct indirect|formal informal
    active inactive|dependent independent|north-east south-west|left right|front back|top bottom|day night
    summer winter|spring autumn|heaviest lightest|heavy light|fastest slowest|faster slower|fast slow|near far
    closest farthest|nearest farthest|friend enemy|friends enemies|ally enemy|victory defeat|defeated victorious
    success failure|successful unsuccessful|attack defend|attacked defended|war peace|birth death|born killed
    died born|life death|buy sell|bought sold|sell buy|sold bought|gave received|give receive|gives receives
    taught learned|teach learn|employer employee|teacher student|teachers students|former current|current former
    previous next|final initial|initial final|primary secondary|main secondary|cause prevent|causes prevents
    caused prevented|help hinder|helped hindered|encouraged discouraged|encourage discourage|appointed dismissed
    hired fired|raised lowered|raise lower|expanded shrank|expand shrink|gained lost|gain lose|improved worsened
    improve worsen|appear disappear|appeared disappeared|known unknown|able unable|possible impossible|likely unlikely
    important unimportant|religious secular|democratic undemocratic|liberal conservative|republican democratic
    majority minority|youngest oldest|smallest largest|lowest highest|shortest longest|worst best|latest earliest
    last first|after before|south north|southern northern|west east|western eastern|women men|female male
    fewer more|less more|smaller larger|lower higher|minor major|private public|poor rich|late early|later earlier
"""
ANTONYMS: Final[Mapping[str, str]] = dict(
    tuple(pair.split())  # type: ignore[misc]
    for line in _PAIRS.strip().splitlines()
    for pair in line.strip().split("|")
)

#: "did the army cross" → "did the army not cross" needs the verb; after these a "not" fits as it is.
_AUXILIARY: Final = re.compile(r"\b(is|are|was|were|can|could|should|would|will|has|have|had)\b(?! not\b|n't)", re.I)
_DID: Final = re.compile(r"\b(did|does|do)\b(?! not\b|n't)", re.I)
_NEGATIVE: Final = re.compile(r"\b(not|no|never|without|cannot|neither|nor|none)\b|n't\b", re.I)

#: Of a year and of a number: how far off an invented one may be, where the article has no other.
YEARS_OFF: Final = (2, 40)

#: Words that may be swapped, and what must agree for one to stand in another's place.
WORD: Final = re.compile(r"(?<![\w'’-])[a-z]{5,}(?![\w'’-])")
ENDING: Final = re.compile(r"(?:tion|ment|ness|ity|ism|ist|ing|ance|ence|ful|ous|ive|al|ed|er|ly|y|e)?s?$")

#: A word in more than this share of the paragraphs says too little to be missed.
COMMON: Final = 0.25

#: How often each kind of edit is tried first.
WEIGHTS: Final = {
    "name": 0.3,
    "title": 0.15,
    "number": 0.1,
    "antonym": 0.15,
    "negation": 0.06,
    "word": 0.14,
    "removal": 0.1,
}

#: So many kinds are tried before a question is left as it is.
TRIED: Final = 3


@dataclass(frozen=True, slots=True)
class Material:
    """What an article has to offer for swapping: names by the word before them, years, numbers, words by ending."""

    names: Mapping[str, Sequence[str]] = field(default_factory=dict)
    years: Sequence[str] = ()
    numbers: Sequence[str] = ()
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)


def edited(documents: Sequence[Document], share: float, rng: random.Random) -> list[Reading]:
    """For up to `share` of the answerable questions a reading that is close to it and has no answer."""
    readings = []
    if share > 0:
        for document in documents:
            material = _material(document)
            for question in document.questions:
                if question.answers and rng.random() < share:
                    reading = edit(document, question, material, rng)
                    if reading:
                        readings.append(reading)
    return readings


def edit(document: Document, question: Question, material: Material, rng: random.Random) -> Reading | None:
    """One edit of `question` that passes the checks, None where no kind of edit does."""
    kinds: dict[str, Callable[[], str | None]] = {
        "name": lambda: swap_name(question.text, material, rng, allowed),
        "title": lambda: about_a_rival(question.text, document, rng, allowed),
        "number": lambda: swap_number(question.text, material, rng, allowed),
        "antonym": lambda: swap_antonym(question.text, rng, allowed),
        "negation": lambda: negated(question.text),
        "word": lambda: swap_word(question.text, material, rng, allowed),
    }
    paragraph = document.paragraphs[question.paragraph]
    context = document.context(question.paragraph)
    held = set(tokens(context))
    bounds = sentence_bounds(paragraph)
    answering = [(s, e) for s, e in bounds if any(a < e and b > s for a, b in question.answers)]
    near = f" {normalise(' '.join(paragraph[s:e] for s, e in answering))} "
    asked = f" {normalise(question.text)} "

    def allowed(old: str, new: str) -> bool:
        """Whether the change matters to the paragraph and the answering sentences do not speak of the new."""
        matters = all(t in held for t in tokens(old)) or old.lower() in ANTONYMS
        fresh = normalise(new)
        return bool(matters and fresh and fresh != normalise(old) and f" {fresh} " not in near + asked)

    order = sorted(WEIGHTS, key=lambda kind: rng.random() ** (1 / WEIGHTS[kind]), reverse=True)
    # The last kinds fit almost any question, and would be most of what is made.
    for kind in order[:TRIED]:
        if kind == "removal":
            without = _without_answer(paragraph, bounds, answering, question)
            if without:
                return Reading(question.text, context[: len(context) - len(paragraph)] + without, (), question.id)
        else:
            text = kinds[kind]()
            if text:
                return Reading(text, context, (), question.id)
    return None


def swap_name(question: str, material: Material, rng: random.Random, allowed: Callable[[str, str], bool]) -> str | None:
    """`question` with one of its names changed for one that stands after the same word in the article."""
    found = [m for m in NAME.finditer(question) if m.start("name") > 0 and not _opens(m["name"])]
    rng.shuffle(found)
    for match in found:
        name, before = match["name"], (match["before"] or "").lower()
        others = material.names.get(before, ())
        size = len(name.split())
        fitting = [other for other in others if len(other.split()) == size] or list(others)
        rng.shuffle(fitting)
        for other in fitting[:8]:
            apart = not set(tokens(other)) & set(tokens(name)) and _form(other) == _form(name)
            if apart and allowed(name, other):
                return question[: match.start("name")] + other + question[match.end("name") :]
    return None


def swap_number(
    question: str, material: Material, rng: random.Random, allowed: Callable[[str, str], bool]
) -> str | None:
    """`question` with a year or number changed for another of the article, or for one not far off."""
    matches = [(m, True) for m in YEAR.finditer(question)]
    taken = {m.start() for m, _ in matches}
    matches += [(m, False) for m in NUMBER.finditer(question) if m.start() not in taken]
    rng.shuffle(matches)
    for match, is_year in matches:
        if is_year:
            others = list(material.years)
            others += [str(int(match[0]) + rng.choice((-1, 1)) * rng.randint(*YEARS_OFF)) for _ in range(2)]
        else:
            others = [n for n in material.numbers if len(n) == len(match[0])]
        rng.shuffle(others)
        for other in others[:6]:
            if allowed(match[0], other):
                return question[: match.start()] + other + question[match.end() :]
    return None


def swap_antonym(question: str, rng: random.Random, allowed: Callable[[str, str], bool]) -> str | None:
    """`question` with a word changed for its antonym ("how many more" and the like stay)."""
    found = [
        m
        for m in re.finditer(r"[\w-]+", question)
        if m[0].lower() in ANTONYMS
        and not re.search(r"\bhow\s+$", question[: m.start()], re.I)
        and (m[0].islower() or m.start() == 0)
    ]
    rng.shuffle(found)
    for match in found:
        other = ANTONYMS[match[0].lower()]
        if allowed(match[0], other):
            return question[: match.start()] + other + question[match.end() :]
    return None


def swap_word(question: str, material: Material, rng: random.Random, allowed: Callable[[str, str], bool]) -> str | None:
    """`question` with one of the article's rarer words changed for another of them with the same ending."""
    found = [m for m in WORD.finditer(question) if m[0] in material.words.get(_ending(m[0]), ())]
    rng.shuffle(found)
    for match in found:
        others = material.words[_ending(match[0])]
        for other in rng.sample(others, min(len(others), 6)):
            if allowed(match[0], other):
                return question[: match.start()] + other + question[match.end() :]
    return None


def negated(question: str) -> str | None:
    """`question` with its verb negated: "was built" → "was not built", "did he" → "didn't he"."""
    if _NEGATIVE.search(question):
        return None
    did = _DID.search(question)
    if did:
        return f"{question[: did.end()]}n't{question[did.end() :]}"
    found = [m for m in _AUXILIARY.finditer(question) if m.end() < len(question) - 2]
    # The last auxiliary: "What was formed that would reflect …" is about "would".
    if not found:
        return None
    match = found[-1]
    after = question[match.end() :]
    # "was the bridge built": the "not" goes after the auxiliary as "n't"; "can" has a form of its own.
    if re.match(r"\s+(?:the|a|an|it|he|she|they|[A-Z])\b", after) and match[0].lower() not in ("can", "will"):
        return f"{question[: match.end()]}n't{after}"
    return f"{question[: match.end()]} not{after}"


def _without_answer(
    paragraph: str, bounds: Sequence[tuple[int, int]], answering: Sequence[tuple[int, int]], question: Question
) -> str | None:
    """The paragraph without the sentences that answer; None when what is left still holds an answer, or is little."""
    kept = " ".join(paragraph[s:e] for s, e in bounds if (s, e) not in answering)
    left = f" {normalise(kept)} "
    answers = {normalise(paragraph[a:b]) for a, b in question.answers} - {""}
    if len(kept) < 150 or any(f" {answer} " in left for answer in answers):
        return None
    return kept


def _material(document: Document) -> Material:
    names: dict[str, dict[str, None]] = defaultdict(dict)
    years: dict[str, None] = {}
    numbers: dict[str, None] = {}
    for paragraph in document.paragraphs:
        for match in NAME.finditer(paragraph):
            inside = match.start("name") > 0 and paragraph[: match.start("name")].rstrip()[-1:] not in ".!?\"“'"
            if inside and match["before"] and not _opens(match["name"]):
                names[match["before"].lower()][match["name"]] = None
        years.update(dict.fromkeys(m[0] for m in YEAR.finditer(paragraph)))
        numbers.update(dict.fromkeys(m[0] for m in NUMBER.finditer(paragraph)))
    words: dict[str, list[str]] = defaultdict(list)
    in_paragraphs = Counter(word for paragraph in document.paragraphs for word in set(WORD.findall(paragraph)))
    for word, count in in_paragraphs.items():
        if count <= max(COMMON * len(document.paragraphs), 1) and word not in OPENERS:
            words[_ending(word)].append(word)
    return Material(
        {before: tuple(found) for before, found in names.items()},
        tuple(years),
        tuple(n for n in numbers if n not in years),
        {ending: tuple(sorted(found)) for ending, found in words.items()},
    )


def _ending(word: str) -> str:
    match = ENDING.search(word)
    return match[0] if match else ""


def _form(name: str) -> str:
    """What must agree for a name to stand in another's place: "'s", a plural, "-ish", "-an" or "-ese"."""
    match = re.search(r"['’]s$|(?:ish|ese|an|s)$", name)
    return match[0].replace("’", "'") if match else ""


def _opens(name: str) -> bool:
    return name.split(maxsplit=1)[0].lower() in OPENERS
