"""How templates show their parameters: a call of one → the pieces that stand in its place.

A renderer turns a `Call` into pieces: a string stands in place of markup, a `Code` is a parameter to
be read on as wikitext (with its links, footnotes and exact offsets). Left out: which template has which
renderer (`index.wikitext.templates`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from index.article import Span
from index.wikitext.nodes import Code, Template, Text, parameter_names, parameters, reparse, unlisted

Piece = str | Code
Renderer = Callable[["Call"], Iterable[Piece]]

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
#: Parser functions that show their argument.
_FUNCTIONS = frozenset({"formatnum", "lc", "uc", "ucfirst", "lcfirst"})


@dataclass(frozen=True, slots=True)
class Call:
    """One use of a template: its lower-case name and its parameters ("1", "2", … or named).

    `starts` says where in the source the names of the named ones begin.
    """

    name: str
    parameters: dict[str, Code]
    starts: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, template: Template, span: Span) -> Call:
        """A template node as a call; a parser function "formatnum:12" is read as {{formatnum|12}}."""
        written = str(template.name)
        function, colon, argument = written.partition(":")
        if colon and function.strip().lower() in _FUNCTIONS:
            start = span.start + 2 + len(function) + 1
            return cls(function.strip().lower(), {"1": reparse(Code((Text(argument),), start))})
        name = " ".join(_COMMENT.sub("", written).replace("_", " ").split()).lower()
        return cls(name.removeprefix("template:"), parameters(template, span), parameter_names(template, span))

    def get(self, *names: str) -> Code | None:
        """The first of the named parameters that is given and not blank."""
        for name in names:
            code = self.parameters.get(name)
            if code is not None and str(code).strip():
                return code
        return None

    def raw(self, *names: str) -> str:
        """The wikitext of that parameter, stripped; "" when there is none."""
        code = self.get(*names)
        return str(code).strip() if code is not None else ""

    @property
    def positional(self) -> list[Code]:
        """The unnamed parameters that are not blank, in order."""
        found = []
        for number in range(1, len(self.parameters) + 1):
            code = self.get(str(number))
            if code is not None:
                found.append(code)
        return found


def said(shown: str) -> Renderer:
    return lambda call: [shown]


def argument(*names: str) -> Renderer:
    """Show the first of these parameters that is given."""

    def render(call: Call) -> list[Piece]:
        code = call.get(*names)
        return [code] if code is not None else []

    return render


def said_or(default: str) -> Renderer:
    """Show the parameter, or what the template says without one."""
    return lambda call: [call.get("1") or default]


def last(call: Call) -> list[Piece]:
    """Show the last positional parameter: those before it are a colour, a size, a side."""
    return [*call.positional[-1:]]


def around(before: str, name: str, after: str = "") -> Renderer:
    """Show a parameter between two strings; nothing when it is missing."""

    def render(call: Call) -> list[Piece]:
        code = call.get(name)
        return [before, code, after] if code is not None else []

    return render


def joined(separator: str) -> Renderer:
    def render(call: Call) -> list[Piece]:
        pieces: list[Piece] = []
        for code in map(unlisted, call.positional):
            pieces += [separator, code] if pieces else [code]
        return pieces

    return render


MONTHS = ("January February March April May June July August September October November December").split()
_MONTH_NUMBERS = {name[:3].lower(): str(number) for number, name in enumerate(MONTHS, 1)}
_ON = frozenset({"yes", "y", "true", "1"})


def date(call: Call) -> list[Piece]:
    """{{Start date|2014|10|8|df=yes}} → 8 October 2014; a date written as words is shown as it is."""
    return _written_date(call, day_first=call.raw("df") in _ON)


def _written_date(call: Call, *, day_first: bool) -> list[Piece]:
    parts = [str(code).strip() for code in call.positional]
    if len(parts) == 2 and not call.raw("1") and (day := _day_of_year(call.raw("2"), call.raw("3"), day_first)):
        return [day]
    if not parts or not re.fullmatch(r"\d{1,4}", parts[0]):
        iso = re.fullmatch(r"(\d{4})-(\d{2})(?:-(\d{2}))?", parts[0]) if parts else None
        if iso is None:
            return list(call.positional[:1])
        parts = [group for group in iso.groups() if group]
    year, *rest = parts[:3]
    year = str(int(year))
    if rest and rest[0].isalpha():
        rest[0] = _MONTH_NUMBERS.get(rest[0][:3].lower(), rest[0])
    if not rest or not rest[0].isdecimal() or not 1 <= int(rest[0]) <= 12:
        return [year]
    month = MONTHS[int(rest[0]) - 1]
    if len(rest) == 1 or not rest[1].isdecimal():
        return [f"{month} {year}"]
    if day_first:
        return [f"{int(rest[1])} {month} {year}"]
    return [f"{month} {int(rest[1])}, {year}"]


def _day_of_year(month: str, day: str, day_first: bool) -> str | None:
    """{{dts||10|17}}, without a year → October 17; None when these are no month and day."""
    if not (month.isdecimal() and day.isdecimal() and 1 <= int(month) <= 12):
        return None
    name = MONTHS[int(month) - 1]
    return f"{int(day)} {name}" if day_first else f"{name} {int(day)}"


def end_date(call: Call) -> list[Piece]:
    """{{Death date and age|1984|10|20|1902|8|8}} → October 20, 1984 (aged 82); without the second date no age."""
    first = {name: code for name, code in call.parameters.items() if name in {"1", "2", "3", "df", "mf"}}
    years = _years(_numbers(call, 4), _numbers(call, 1)) if call.name.startswith(("death", "dda", "dya")) else None
    return [*date(Call(call.name, first)), *([f" (aged {years})"] if years is not None else [])]


def age(call: Call) -> list[Piece]:
    """{{age|1902|8|8|1984|10|20}} → 82; without the second date, the age of today, nothing."""
    years = _years(_numbers(call, 1), _numbers(call, 4))
    return [str(years)] if years is not None else []


def _numbers(call: Call, first: int) -> list[int]:
    """Year, month and day from the positional parameter `first` on, as far as they are numbers."""
    found: list[int] = []
    for name in range(first, first + 3):
        if not call.raw(str(name)).isdecimal():
            break
        found.append(int(call.raw(str(name))))
    return found


def _years(born: list[int], then: list[int]) -> int | None:
    """The full years between two dates; None where one is missing, or two years alone leave it open."""
    if len(born) != 3 or len(then) != 3 or then < born:
        return None
    return then[0] - born[0] - (then[1:] < born[1:])


def dates_and_places(call: Call) -> list[Piece]:
    """{{Film date|2014|10|26|Venice|2014|11|5|France}} → October 26, 2014 (Venice), November 5, 2014 (France)."""
    pieces: list[Piece] = []
    for first in range(1, len(call.parameters) + 1, 4):
        parts = {
            str(n): call.parameters[str(first + n - 1)] for n in (1, 2, 3) if str(first + n - 1) in call.parameters
        }
        shown = date(Call(call.name, parts | {"df": call.parameters["df"]} if "df" in call.parameters else parts))
        if not shown or not str(shown[0]).strip():
            break
        pieces += [", ", *shown] if pieces else shown
        if (place := call.get(str(first + 3))) is not None:
            pieces += [" (", place, ")"]
    return pieces


def releases(call: Call) -> list[Piece]:
    """{{vgrelease|JP|1 May 2001|NA|2 June 2001}} or {{vgrelease|JP=1 May 2001}} → JP: 1 May 2001, …"""
    places = [
        (str(place).strip(), when) for place, when in zip(call.positional[::2], call.positional[1::2], strict=False)
    ]
    places += [(name, code) for name, code in call.parameters.items() if re.fullmatch(r"[A-Z/]{2,}", name)]
    pieces: list[Piece] = []
    for place, when in places:
        pieces += [", "] if pieces else []
        pieces += [f"{place}: ", when]
    return pieces


def marriage(call: Call) -> list[Piece]:
    """{{marriage|Ann|1937|1970|end=died}} → Ann (m. 1937; died 1970)."""
    name, since, until = (call.get(number) for number in "123")
    if name is None:
        return []
    ended = {"d.": "died", "died": "died", "death": "died", "": "div."}.get(
        call.raw("end", "reason"), call.raw("end", "reason")
    )
    said: list[Piece] = ["m. ", since] if since is not None else []
    if until is not None:
        said += ["; " if said else "", f"{ended} ", until]
    return [name, " (", *said, ")"] if said else [name]


def as_of(call: Call) -> list[Piece]:
    """{{As of|2011|5|3|lc=y}} → as of 3 May 2011; {{As of|2011|alt=in 2011}} → in 2011."""
    words = call.get("alt")
    if words is not None:
        return [words]
    date = _written_date(call, day_first=call.raw("df").lower() != "us")
    before = "Since " if call.raw("since") in _ON else "As of "
    return [before.lower() if call.raw("lc") in _ON else before, *date] if date else []


def circa(call: Call) -> list[Piece]:
    """{{circa|965|1040}} → c. 965 – c. 1040; without a year, which then follows it, "c. "."""
    pieces: list[Piece] = []
    for code in call.positional[:2]:
        pieces += [" – c. " if pieces else "c. ", code]
    return pieces or ["c. "]


_UNITS = {
    "sqmi": "sq mi", "C": "°C", "F": "°F", "sqft": "sq ft", "cuft": "cu ft", "cumi": "cu mi", "kph": "km/h",
    "sqkm": "km²", "sqm": "m²", "LT": "long tons", "ST": "short tons", "USgal": "US gal", "impgal": "imp gal",
    "ftin": "ft", "foot": "ft", "e6m3": "million m³", "e6cuft": "million cu ft", "e3t": "thousand t",
}  # fmt: skip
_RANGE_WORDS = {
    "-": "–", "–": "–", "to": " to ", "and": " and ", "by": " by ", "x": " × ", "×": " × ", "or": " or ", "+/-": " ± ",
    "±": " ± ", "to(-)": " to ", ",": ", ",
}  # fmt: skip
_NUMBER = re.compile(r"(?:\d+ (?=\d+/))?[.,/+\-−~]*\d[\d.,/+\-−–e]*")


def convert(call: Call) -> list[Piece]:
    """{{convert|5|ft|10|in|m}} → 5 ft 10 in: the quantity as the editor gave it, without the computed one."""
    quantities: list[str] = []
    shown = ""
    for part in map(_plain, call.positional):
        if _NUMBER.fullmatch(part):
            shown += grouped(part)
        elif shown and part in _RANGE_WORDS:
            shown += _RANGE_WORDS[part]
        elif shown or not quantities:
            unit = re.sub(r"(?<=m|i|s)([23])(?=$|/)", lambda m: "²³"[int(m.group()) - 2], _UNITS.get(part, part))
            per = "" if unit.startswith("/") else " "
            quantities.append(f"{shown}{per}{unit}")
            shown = ""
        else:
            break  # a unit without a number is the one to convert to
    words = call.raw("adj")
    middle = call.raw("mid") or (call.positional[-1:] and _plain(call.positional[-1]) if words == "mid" else "")
    # A number without a unit after the quantity says how to round it.
    return [(" ".join(quantities) or shown) + (str(middle) if str(middle).startswith("-") else "")]


def grouped(number: str) -> str:
    """Digits in threes, as the page shows them: 13966454 → 13,966,454; what has marks of its own stays."""
    return f"{int(number):,}" if re.fullmatch(r"[1-9]\d{3,}", number) else number


def formatted(call: Call) -> list[Piece]:
    """{{formatnum:13966454}} → 13,966,454; anything but a plain number as it stands."""
    code = call.get("1")
    if code is None:
        return []
    written = str(code).strip()
    shown = grouped(written)
    return [shown] if shown != written else [code]


def _plain(code: Code) -> str:
    """A parameter as a string, with a fraction in it ({{frac|5|1|2}}) as it is shown."""
    return "".join(
        "".join(map(str, fraction(Call.of(node, span)))) if isinstance(node, Template) else str(node)
        for node, span in code
    ).strip()


def measure(call: Call) -> list[Piece]:
    """{{height|ft=6|in=2}} → 6 ft 2 in; {{weight|kg=80}} → 80 kg."""
    pieces: list[Piece] = []
    for unit in ("m", "cm", "ft", "in", "kg", "st", "lb"):
        code = call.get(unit)
        if code is not None:
            pieces += [" ", code, f" {unit}"] if pieces else [code, f" {unit}"]
    return pieces or convert(call)


LANGUAGES = {
    "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan", "cs": "Czech", "cy": "Welsh", "da": "Danish",
    "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "eu": "Basque", "fa": "Persian", "fi": "Finnish",
    "fr": "French", "ga": "Irish", "gd": "Scottish Gaelic", "gl": "Galician", "grc": "Ancient Greek", "he": "Hebrew",
    "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian", "is": "Icelandic",
    "it": "Italian", "ja": "Japanese", "ka": "Georgian", "ko": "Korean", "kw": "Cornish", "la": "Latin",
    "lt": "Lithuanian", "lv": "Latvian", "ms": "Malay", "mt": "Maltese", "nl": "Dutch", "nn": "Norwegian Nynorsk",
    "no": "Norwegian", "pl": "Polish", "ps": "Pashto", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian",
    "sa": "Sanskrit", "sk": "Slovak", "sl": "Slovene", "sr": "Serbian", "sv": "Swedish", "sw": "Swahili",
    "ta": "Tamil", "te": "Telugu", "th": "Thai", "tr": "Turkish", "ug": "Uyghur", "uk": "Ukrainian", "ur": "Urdu",
    "uz": "Uzbek", "vi": "Vietnamese", "yi": "Yiddish", "zh": "Chinese",
}  # fmt: skip


def labelled_language(call: Call) -> list[Piece]:
    """{{lang-bg|Юлия}} and {{langx|bg|Юлия}} → Bulgarian: Юлия."""
    hyphenated = call.name.startswith("lang-")
    code = call.name[5:] if hyphenated else call.raw("1")
    shown = call.get("1" if hyphenated else "2")
    if shown is None:
        return []
    label = call.raw("label") or LANGUAGES.get(code.lower().split("-")[0], "")
    pieces: list[Piece] = [f"{label}: ", shown] if label and label != "none" else [shown]
    place = 2 if hyphenated else 3
    if (spoken := call.get("translit", str(place))) is not None and str(spoken).strip() not in {"-", "none"}:
        pieces += [", romanized: ", spoken]
    if (meaning := call.get("lit", "literal", "translation", str(place + 1))) is not None:
        pieces += [", lit. '", meaning, "'"]
    return pieces


#: {{zh}} and {{Infobox Chinese}}: parameter → what it is, in the order the template shows them.
CHINESE_FORMS = {
    "c": "Chinese", "s": "Simplified Chinese", "t": "Traditional Chinese", "p": "Hanyu Pinyin",
    "tp": "Tongyong Pinyin", "w": "Wade–Giles", "j": "Jyutping", "y": "Cantonese Yale", "poj": "Pe̍h-ōe-jī",
    "l": "Literal meaning",
}  # fmt: skip


def chinese(call: Call) -> list[Piece]:
    """{{zh|s=商汤|p=Shāngtāng}} → Simplified Chinese: 商汤; Hanyu Pinyin: Shāngtāng."""
    labels = call.raw("labels") != "no"
    pieces: list[Piece] = []
    for name, label in CHINESE_FORMS.items():
        code = call.get(name)
        if code is None:
            continue
        if pieces:
            pieces.append("; ")
        pieces += [f"{label}: ", code] if labels else [code]
    return pieces or [*call.positional[:1]]


def coordinates(call: Call) -> list[Piece]:
    """{{coord|43|42|N|79|24|W}} → 43°42′N 79°24′W; decimal pairs keep their numbers."""
    parts: list[str] = []
    for part in (str(code).strip() for code in call.positional):
        if not re.fullmatch(r"[-−]?\d+(\.\d+)?|[NSEW]", part):
            break
        parts.append(part)
    if len(parts) == 2:
        return [f"{parts[0]}, {parts[1]}"]
    shown, units = "", "°′″"
    count = 0
    for part in parts:
        if part in "NSEW":
            shown += part + " "
            count = 0
        elif count < 3:
            shown += part + units[count]
            count += 1
    return [shown.strip()]


def fraction(call: Call) -> list[Piece]:
    parts = [str(code).strip() for code in call.positional[:3]]
    if len(parts) == 1:
        return [f"1/{parts[0]}"]
    return ["/".join(parts) if len(parts) == 2 else f"{parts[0]} {parts[1]}/{parts[2]}"] if parts else []


def sort_name(call: Call) -> list[Piece]:
    """{{sortname|Julia|Kristeva}} → Julia Kristeva."""
    return [*joined(" ")(Call(call.name, {n: c for n, c in call.parameters.items() if n in {"1", "2"}}))]


def value(call: Call) -> list[Piece]:
    """{{val|1.5|0.2|e=6|u=m|up=s2}} → 1.5±0.2×10⁶ m/s²."""
    first, second, third = (call.raw(number) for number in "123")
    number = grouped(first)
    if second in {"-", "–", "to"} and third:
        number += f"–{third}"
    elif second:
        number += f"±{second}" if not third else f"+{second}−{third}"
    unit, per = call.raw("u", "ul"), call.raw("up", "upl")
    unit = re.sub(r"(?<=[a-z])-?([23])$", lambda m: "²³"[int(m[1]) - 2], f"{unit}/{per}" if per else unit)
    shown = f"{call.raw('p')}{number}{_power(call.raw('e'))}{f' {unit}' if unit else ''}{call.raw('s')}"
    return [shown]


SUPERSCRIPT = str.maketrans("0123456789+-−n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁿ")
SUBSCRIPT = str.maketrans("0123456789+-−", "₀₁₂₃₄₅₆₇₈₉₊₋₋")
#: What is shown as digits of its own: numbers and charges; "n".
RAISED = re.compile(r"[-+−]?\d+[-+−]?|[-+−n]")


def _power(exponent: str) -> str:
    return f"×10{exponent.translate(SUPERSCRIPT)}" if RAISED.fullmatch(exponent) else ""


def times_power(call: Call) -> list[Piece]:
    """1.5{{e|9}} → 1.5×10⁹."""
    return [_power(call.raw("1"))]


def raised(call: Call) -> list[Piece]:
    """{{sup|2}} → ²."""
    return _moved(call, SUPERSCRIPT)


def lowered(call: Call) -> list[Piece]:
    """{{sub|2}} → ₂."""
    return _moved(call, SUBSCRIPT)


def _moved(call: Call, table: dict[int, int]) -> list[Piece]:
    digits = call.raw("1")
    return [digits.translate(table)] if RAISED.fullmatch(digits) else [*argument("1")(call)]


def formula(call: Call) -> list[Piece]:
    """{{chem|SO|4|2-}} and {{chem2|SO4(2-)}} → SO₄²⁻."""
    if len(call.positional) == 1:
        shown = re.sub(r"\((\d*[-+−])\)|(\d*[-+−])$", lambda m: (m[1] or m[2]).translate(SUPERSCRIPT), call.raw("1"))
        return [re.sub(r"(?<=[A-Za-z\])])\d+", lambda m: m[0].translate(SUBSCRIPT), shown)]
    parts = [str(code).strip() for code in call.positional]
    lowered_ = [part.translate(SUBSCRIPT) if part.isdecimal() else part for part in parts]
    return ["".join(part.translate(SUPERSCRIPT) if re.fullmatch(r"\d*[-+−]", part) else part for part in lowered_)]


def ship(call: Call) -> list[Piece]:
    """{{USS|Nimitz|CVN-68}} → USS Nimitz (CVN-68); {{ship|HMS|Hood|51}} the same with the prefix as its first."""
    named = call.positional[1:] if call.name == "ship" else call.positional
    prefix = call.raw("1") if call.name == "ship" else call.name.upper()
    if not named:
        return []
    shape = str(named[2]).strip() if len(named) > 2 else ""
    pennant = named[1] if len(named) > 1 and shape in {"", "1", "4"} else None
    name: list[Piece] = [named[0]] if shape in {"3", "4", "6"} else [f"{prefix} ".lstrip(), named[0]]
    return [*name, " (", pennant, ")"] if pennant is not None else name


def ship_class(call: Call) -> list[Piece]:
    """{{sclass|Nimitz|aircraft carrier}} → Nimitz-class aircraft carrier."""
    name, kind = call.get("1"), call.get("2")
    if name is None:
        return []
    return [name, "-class"] if kind is None else [name, "-class ", kind]


def with_reading(call: Call) -> list[Piece]:
    """{{nihongo|Naruto|ナルト|naruto}} → Naruto (ナルト, naruto)."""
    first, others = call.positional[:1], call.positional[1:3]
    pieces: list[Piece] = [*first]
    for number, other in enumerate(others):
        pieces += [", " if number else " (", other]
    return [*pieces, ")"] if others else pieces


def music(call: Call) -> list[Piece]:
    """F{{music|sharp}} → F♯."""
    return [{"sharp": "♯", "flat": "♭", "natural": "♮"}.get(call.raw("1"), call.raw("1"))]


def length(call: Call) -> list[Piece]:
    """{{duration|m=53|s=21}} and {{duration|53:21}} → 53:21."""
    parts = [call.raw(name) for name in "hms"]
    if not any(parts):
        return [*argument("1")(call)]
    hours, minutes, seconds = (int(part) if part.isdecimal() else 0 for part in parts)
    return [f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"]


def official(call: Call) -> list[Piece]:
    """{{Official website|http://a.org}} → Official website: http://a.org; with words for the link, those."""
    words, address = call.get("name", "2"), call.get("1", "url")
    return [words] if words is not None else ["Official website: ", address] if address is not None else []


def money(symbol: str) -> Renderer:
    return lambda call: [symbol, code] if (code := call.get("1")) is not None else [symbol]


def ordinal(call: Call) -> list[Piece]:
    digits = call.raw("1")
    if not digits.isdecimal():
        return [digits]
    special = {1: "st", 2: "nd", 3: "rd"}
    return [digits + ("th" if int(digits) % 100 in {11, 12, 13} else special.get(int(digits) % 10, "th"))]
