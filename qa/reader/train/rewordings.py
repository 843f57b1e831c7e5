"""Questions → the same questions in other words, as people ask who do not have the paragraph before them.

The questions of the data sets were written beside their paragraphs and share words with them; people use
their own. So a share of the questions, answerable or not, is changed: words for others that mean about the
same, the article's title for "it" or for what the article says its subject is ("the company"), a few words
said before, or only the words that carry the topic; a letter mistyped. What is asked stays the same, and so do
the answers.

Other words come from a short list written here, and from the encoder: words that appear in the same form
("-ed", "-s") and whose vectors are each among the other's nearest. Left out: senses, which would need the
sentence; idioms; names.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from index.lexical import STOP_WORDS, tokens
from qa.reader.train.data import SEPARATOR, Document, Reading
from qa.reader.train.edits import ANTONYMS, OPENERS

WORD: Final = re.compile(r"(?<![\w'’-])[a-z]{4,}(?![\w'’-])")
_ANY: Final = re.compile(r"(?<![\w'’-])[A-Za-z]{4,}(?![\w'’-])")
FORM: Final = re.compile(r"(?:ed|ing|ly|s)?$")

#: Two words may stand for each other when their vectors have at least this cosine (looked at on a sample
#: of the words: below it, siblings such as "tent" and "camp" are most of what is found), ...
COSINE: Final = 0.68

#: ... each is among this many nearest of the other, ...
NEAREST: Final = 8

#: ... and both appear so often.
TIMES: Final = 4

#: What is done to a question, and how often it is tried.
WORDS, SUBJECT, OPENING, KEYWORDS, MISSPELT = 0.75, 0.4, 0.12, 0.1, 0.12

#: The chance of each word of a question that has another for it.
EACH: Final = 0.6

_OPENINGS: Final = (
    "Do you know",
    "Can you tell me",
    "I would like to know:",
    "Just wondering,",
    "Quick question:",
    "Tell me,",
    "Sorry if this is obvious, but",
    "Does it say",
    "Remind me:",
)

#: Words that name one of several alike (numbers, colours, units of time, kin): near each other, never the same.
_APART: Final = frozenset(
    """
    one two three four five six seven eight nine ten eleven twelve thirteen fifteen twenty thirty forty fifty sixty
    seventy eighty ninety hundred thousand million billion once twice third fourth fifth sixth seventh eighth ninth
    tenth first second half quarter nineteenth twentieth eighteenth seventeenth sixteenth fifteenth
    day week month year decade century days weeks months years decades centuries hour hours minute minutes seconds
    daily weekly monthly yearly annual season summer winter spring autumn morning evening night
    kilometers kilometres miles meters metres feet inches degrees percent pounds dollars euros tons
    north south east west northern southern eastern western left right
    black white green blue yellow brown purple orange golden silver gold bronze
    mother father brother sister daughter wife husband uncle aunt cousin grandfather parents parent children child
    boys girls male female king queen prince princess emperor duke
    employers employer employees employee
    """.split()
)

#: Where the phrase that says what something is comes to its end: "a company | headquartered in …".
_PHRASE_ENDS: Final = re.compile(
    r",|\b(?:of|in|on|at|by|for|from|and|or|that|which|who|whose|where|with|to|as)\b|\w+ed (?:in|by|to|at|as|on|from)\b"
)

#: Groups of words of one form that mean about the same in most questions.
_GROUPS: Final = """
    company firm business corporation|companies firms businesses corporations|founded established started created
    founder creator|headquartered based|headquarters base|located situated|biggest largest|big large|bigger larger
    employees workers staff|purchased bought acquired|acquire buy purchase|acquisition purchase takeover
    died passed-away|death passing|built constructed erected|build construct
    began started commenced|begin start|ended finished concluded|end finish|famous well-known renowned
    important significant major|main chief principal primary|money funds|cost price|value worth|valued estimated
    invested put-money-into|investors backers|investment funding|revealed disclosed reported|said stated claimed
    announced declared made-public|called named termed known-as|name title|helped assisted aided|help assist aid
    job occupation profession|wrote authored penned|writer author|written authored|movie film|movies films
    car automobile vehicle|cars automobiles vehicles|maker manufacturer producer|makes produces manufactures
    made produced manufactured|make produce|area region|area zone|country nation|countries nations|city town
    leader head|leads heads runs|led headed|ran managed|manage run|boss head chief|chosen selected picked
    choose select pick|elected voted-in|won gained|defeated beat|beaten defeated|fight battle|war conflict
    attacked assaulted|killed slain|hurt injured|ill sick|illness disease|doctor physician|doctors physicians
    student pupil|students pupils|teacher instructor|school academy|college university|learn study|taught instructed
    kids children|kid child|scholars academics|scientist researcher|scientists researchers|research studies
    invented devised|discovered found|found discovered|needed required|needs requires|need require|use employ
    used employed utilized|uses employs|created made|permit allow|allowed permitted|forbidden banned prohibited
    stopped halted ceased|stop halt cease|prevented hindered|increased grew rose|increase growth rise
    decreased fell dropped|decrease drop decline|reduced cut lowered|reduce cut lower|changed altered modified
    change alter|happened occurred took-place|happen occur take-place|occurred happened|event occasion
    believed thought|believe think|consider regard|considered regarded|described characterized|shown displayed
    show display|located found|lived resided dwelt|live reside|residents inhabitants|inhabitants people
    population number-of-people|people persons folks|moved relocated|traveled journeyed|trip journey
    arrived came|left departed|returned came-back|sent dispatched|received got|get obtain receive|gave granted
    given granted|gift present|award prize|awards prizes|awarded given|honor distinction|often frequently
    usually normally typically|rarely seldom|quickly fast rapidly|total overall|whole entire|amount quantity
    kind type sort|kinds types sorts|part portion|parts portions|reason cause|reasons causes|result outcome
    results outcomes|effect impact|goal aim objective|purpose aim|duty task|duties tasks|rule law|rules laws
    ruled governed|government authorities|agreement deal pact|agreed consented|treaty pact|partnered teamed-up
    partner associate|joined entered|join enter|belief conviction|religion faith|church house-of-worship
    priest clergyman|holy sacred|song tune|songs tunes|singer vocalist|band group|played performed|rehearse practice
    performed carried-out|match game|games matches|team side|player sportsman|coach trainer|score result
    released published issued|publish release issue|newspaper paper daily|magazine periodical|tv television
    show programme|broadcast aired|broadcaster network|accused blamed|criticized faulted condemned
    criticism critique|praised lauded|opposed resisted|supported backed|support back|refused declined|denied rejected
    reject refuse|court tribunal|sued took-to-court|guilty culpable|jailed imprisoned|prison jail|police officers
    crime offence|punished penalized|penalty sanction|tax levy|taxes levies|rich wealthy|poor needy|trade commerce
    goods products|sold marketed|sales turnover|revenue income|profit earnings|owner proprietor|owned held|owns holds
    shares stock|went-public floated|debt liabilities|crop harvest|food nourishment|eat consume|eaten consumed
    drink beverage|water liquid|river stream|mountain peak|forest woods|ocean sea|island isle|animal creature
    animals creatures|plant herb|plants vegetation|illustrious eminent|house home|dwelling home|home residence
    street road|roads streets|bridge crossing|tower spire|castle fortress|fort stronghold|ship vessel|ships vessels
    plane aircraft|airplane aircraft|train railway|engine motor|device gadget apparatus|tool instrument
    machine apparatus|method way technique|methods ways techniques|process procedure|system scheme|idea concept notion
    ideas concepts notions|theory hypothesis|proof evidence|question query|answer reply|problem difficulty
    problems difficulties|danger risk|dangerous hazardous risky|safe secure|strong powerful|weak feeble
    power might|old ancient|young youthful|new recent|modern contemporary|present current|currently now
    previously formerly earlier|originally initially|finally eventually|before prior-to|after following
    approximately about roughly|almost nearly|mainly mostly chiefly|entirely completely fully|only solely
    height elevation|length extent|size dimensions|weight mass|speed velocity|temperature heat
    cold chilly|hot warm|rain precipitation|weather climate|earth soil|ground land|land territory|territory domain
    border boundary frontier|capital seat-of-government|province region|district quarter|soldiers troops
    army military forces|commander general|weapon arm|weapons arms|victory triumph|loss defeat|enemy foe
    alliance coalition|revolt uprising rebellion|freedom liberty|slaves bondsmen|rights entitlements
    equal same|different distinct|various several|similar alike|special particular|common widespread|rare uncommon
    strange odd|normal ordinary|true correct|false untrue|wrong mistaken|difficult hard|easy simple|clear evident
    included contained|contains includes holds|contain include|consists comprises|composed made-up|comprise include
    divided split|separate apart|combined merged|merged united|connected linked|related tied|linked tied
    caused triggered brought-about|cause trigger bring-about|leads results|develop create|developed created built
    development creation|technology tech|software program|programs applications|computer machine|website site
    introduced brought-in launched|launched started began|opened inaugurated|closed shut|proposed suggested
    suggested recommended|plan scheme|planned intended|tried attempted|try attempt|succeeded managed|failed flopped
    improved bettered enhanced|improve better enhance|destroyed ruined demolished|damaged harmed|repaired fixed
    replaced superseded|replace supersede|removed took-away|protected guarded shielded|protect guard shield
    controlled commanded|control command|owned possessed|keep retain|kept retained
    paid shelled-out|pay salary wages|earned made|spent used-up|hired recruited took-on|fired dismissed sacked
    resigned stepped-down quit|appointed named|successor replacement|predecessor forerunner|member participant
    members participants|participated took-part|participate take-part|attended went-to|graduated finished-school
    influenced affected shaped|influence affect shape|inspired motivated|depicted portrayed shown|portrays depicts
    represents stands-for|represent stand-for|symbol emblem|meaning sense|means signifies|word term|words terms
    language tongue|spoken used|speak talk|translated rendered|book volume|books volumes|text writing|picture image
    pictures images|painting canvas|photo picture|artist painter|sculpture statue|designed drafted|designer architect
"""


def thesaurus(texts: Iterable[str], encoder: Path) -> dict[str, tuple[str, ...]]:
    """Words of `texts`, lower case → words that may stand for them: from the list, and from vectors of the MiniLM."""
    from sentence_transformers import SentenceTransformer

    small: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for text in texts:
        for word in _ANY.findall(text):
            (small if word.islower() else capital)[word.lower()] += 1
    words = sorted(
        w for w, n in small.items() if n >= TIMES and n >= 4 * capital[w] and w not in OPENERS | _APART | STOP_WORDS
    )
    # On the CPU everywhere, so that the same words come of it.
    model = SentenceTransformer(str(encoder), device="cpu")
    found: dict[str, dict[str, None]] = {}
    for group in filter(None, re.split(r"[|\n]", _GROUPS)):
        members = group.split()
        for word in members:
            if "-" not in word:
                found.setdefault(word, {}).update(dict.fromkeys(m.replace("-", " ") for m in members if m != word))
    for word, others in _neighbours(words, model.encode(words, batch_size=256, normalize_embeddings=True)).items():
        found.setdefault(word, {}).update(dict.fromkeys(others))
    return {word: tuple(others) for word, others in found.items()}


def _neighbours(words: Sequence[str], vectors: np.ndarray) -> dict[str, list[str]]:
    near = vectors @ vectors.T
    np.fill_diagonal(near, -1)
    nearest = np.argsort(-near, axis=1)[:, :NEAREST]
    sets = [set(row.tolist()) for row in nearest]
    stems = [tokens(word) for word in words]
    forms = [FORM.search(word)[0] for word in words]  # type: ignore[index]

    def alike(i: int, j: int) -> bool:
        a, b = words[i], words[j]
        mutual = i in sets[j] and near[i, j] >= COSINE and forms[i] == forms[j]
        return mutual and stems[i] != stems[j] and a not in b and b not in a and ANTONYMS.get(a) != b

    return {words[i]: [words[j] for j in row if alike(i, j)] for i, row in enumerate(nearest.tolist())}


def subject(document: Document) -> str:
    """What the first paragraph says the title is, with an article: "the company"; "it" where it does not say."""
    lead = document.paragraphs[0] if document.paragraphs else ""
    match = re.search(r"\b(?:is|was|are|were) (?:an?|the|one of the) ([^.;:]+)", lead[:400])
    if not match:
        return "it"
    words = _PHRASE_ENDS.split(match[1])[0].split()
    return f"the {words[-1]}" if words and words[-1].isalpha() and words[-1].islower() else "it"


def reworded(reading: Reading, others: Mapping[str, Sequence[str]], called: str, rng: random.Random) -> Reading:
    """`reading` with its question in other words; `called` is what may be said for the title. May be unchanged."""
    question = reading.question
    title, separator, _ = reading.context.partition(SEPARATOR)
    if separator and rng.random() < SUBJECT:
        question = _without_title(question, title, called, rng)
    if rng.random() < WORDS:
        question = _in_other_words(question, others, rng)
    if rng.random() < KEYWORDS:
        question = _keywords(question)
    elif rng.random() < OPENING:
        question = f"{rng.choice(_OPENINGS)} {question[0].lower()}{question[1:]}"
    if rng.random() < MISSPELT:
        question = _misspelt(question, rng)
    return replace(reading, question=question)


def _in_other_words(question: str, others: Mapping[str, Sequence[str]], rng: random.Random) -> str:
    def other(match: re.Match[str]) -> str:
        found = others.get(match[0], ())
        return rng.choice(found) if found and rng.random() < EACH else match[0]

    return WORD.sub(other, question)


def _without_title(question: str, title: str, called: str, rng: random.Random) -> str:
    names = re.compile(rf"\b(?:the )?{re.escape(title)}(?P<of>['’]s|['’])?(?!\w)", re.IGNORECASE)
    said = rng.choice((called, called, "it", "they"))
    owned = {"it": "its", "they": "their"}.get(said, f"{said}'s")
    return names.sub(lambda m: owned if m["of"] else said, question)


def _misspelt(question: str, rng: random.Random) -> str:
    """`question` with one or two of its longer words mistyped: a letter left out, doubled, or changed with the next."""
    found = list(_ANY.finditer(question))
    for match in sorted(rng.sample(found, min(len(found), rng.randint(1, 2))), key=lambda m: -m.start()):
        word, at = match[0], rng.randrange(1, len(match[0]) - 1)
        typed = rng.choice((word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:], _swapped(word, at)))
        question = question[: match.start()] + typed + question[match.end() :]
    return question


def _swapped(word: str, at: int) -> str:
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _keywords(question: str) -> str:
    kept = [word for word in re.findall(r"[\w'’.,%$£€-]*\w", question) if word.lower() not in STOP_WORDS]
    return " ".join(kept) if len(kept) > 1 else question
