"""How templates show their parameters: a call of one → the pieces that stand in its place.

A renderer turns a `Call` into pieces: a string stands in place of markup, a `Code` is a parameter to
be read on as wikitext (with its links, footnotes and exact offsets). Left out: which template has which
renderer (`index.wikitext.templates`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from index.wikitext.call import Call
from index.wikitext.names import CHINESE_FORMS, COUNTRIES, CURRENCIES, KOREAN_FORMS, LANGUAGES, MONTH_NUMBERS, MONTHS
from index.wikitext.nodes import Code, Comment, Template, Text, unlisted

Piece = str | Code
Renderer = Callable[[Call], Iterable[Piece]]


def said(shown: str) -> Renderer:
    return lambda call: [shown]


def argument(*names: str) -> Renderer:
    """Show the first of these parameters that is given."""

    def render(call: Call) -> list[Piece]:
        code = call.get(*names)
        return [code] if code is not None else []

    return render


def cased(change: Callable[[str], str]) -> Renderer:
    """{{lc:NATO}} → nato: plain words in other letters; what has markup of its own stays."""

    def render(call: Call) -> list[Piece]:
        code = call.get("1")
        if code is None:
            return []
        written = code.words()
        plain = all(isinstance(node, Text | Comment) for node in code.nodes)
        return [change(written)] if plain and change(written) != written else [code]

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


def _only(call: Call, *names: str) -> Call:
    """The call with no other parameters than these."""
    return Call(call.name, {name: code for name, code in call.parameters.items() if name in names})


_ON = frozenset({"yes", "y", "true", "on", "1"})


def date(call: Call) -> list[Piece]:
    """{{Start date|2014|10|8|df=yes}} → 8 October 2014; a date written as words is shown as it is."""
    return _written_date(call, day_first=call.raw("df") in _ON)


def _written_date(call: Call, *, day_first: bool) -> list[Piece]:
    parts = [code.words() for code in call.positional]
    if (
        len(parts) == 2
        and not call.raw("1")
        and (day := _day_of_year(call.raw("2"), call.raw("3"), day_first=day_first))
    ):
        return [day]
    if not parts or not re.fullmatch(r"\d{1,4}", parts[0]):
        iso = re.fullmatch(r"(\d{4})-(\d{2})(?:-(\d{2}))?", parts[0]) if parts else None
        if iso is None:
            return list(call.positional[:1])
        parts = [group for group in iso.groups() if group]
    year, *rest = parts[:3]
    year = str(int(year))
    if rest and rest[0].isalpha():
        rest[0] = MONTH_NUMBERS.get(rest[0][:3].lower(), rest[0])
    if not rest or not rest[0].isdecimal() or not 1 <= int(rest[0]) <= 12:
        return [year]
    day = _day_of_year(*rest, day_first=day_first) if len(rest) > 1 else None
    if day is None:
        return [f"{MONTHS[int(rest[0]) - 1]} {year}"]
    return [f"{day} {year}" if day_first else f"{day}, {year}"]


def _day_of_year(month: str, day: str, *, day_first: bool) -> str | None:
    """The month 10 and day 17 → October 17, as {{dts||10|17}} has it; None when these are no month and day."""
    if not (month.isdecimal() and day.isdecimal() and 1 <= int(month) <= 12):
        return None
    name = MONTHS[int(month) - 1]
    return f"{int(day)} {name}" if day_first else f"{name} {int(day)}"


def end_date(call: Call) -> list[Piece]:
    """{{Death date and age|1984|10|20|1902|8|8}} → October 20, 1984 (aged 82); without the second date no age."""
    years = _years(_numbers(call, 4), _numbers(call, 1)) if call.name.startswith(("death", "dda", "dya")) else None
    shown = str(years) if years is not None else ""
    if call.name in {"death year and age", "dya"} and len(numbers := _numbers(call, 1)) == 2:
        shown = f"{numbers[0] - numbers[1] - 1}–{numbers[0] - numbers[1]}"
    return [*date(_only(call, "1", "2", "3", "df", "mf")), *([f" (aged {shown})"] if shown else [])]


def old_style(call: Call) -> list[Piece]:
    """{{OldStyleDate|9 October|1709|28 September}} → 9 October [O.S. 28 September] 1709, and its two cousins."""
    day, year, old = (call.get(number) for number in "123")
    if call.name == "oldstyledateny":
        year, old = None, year
    if day is None:
        return []
    after: list[Piece] = [" ", year] if year is not None else []
    between: list[Piece] = [" [O.S. ", old, "]"] if old is not None else []
    return [day, *after, *between] if call.name == "oldstyledatedy" else [day, *between, *after]


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
    places = [(place.words(), when) for place, when in zip(call.positional[::2], call.positional[1::2], strict=False)]
    places += [(name, code) for name, code in call.parameters.items() if re.fullmatch(r"[A-Z/]{2,}", name)]
    pieces: list[Piece] = []
    for place, when in places:
        pieces += [", "] if pieces else []
        pieces += [f"{place}: ", when]
    return pieces


def marriage(call: Call) -> list[Piece]:
    """{{marriage|Ann|1937|1970|end=died}} → Ann (m. 1937; died 1970); without a name the dates alone."""
    name, since, until = (call.get(number) for number in "123")
    ended = {"d.": "died", "died": "died", "death": "died", "": "div."}.get(
        call.raw("end", "reason"), call.raw("end", "reason")
    )
    said: list[Piece] = ["m. ", since] if since is not None else []
    if until is not None:
        said += ["; " if said else "", f"{ended} ", until]
    if name is None:
        return said
    return [name, " (", *said, ")"] if said else [name]


def as_of(call: Call) -> list[Piece]:
    """{{As of|2011|5|3|lc=y}} → as of 3 May 2011; {{As of|2011|alt=in 2011}} → in 2011."""
    words = call.get("alt")
    if words is not None:
        return [words]
    date = _written_date(call, day_first=call.raw("df").lower() != "us")
    before = "Since " if call.raw("since") in _ON else "As of "
    return [before.lower() if call.raw("lc") in _ON else before, *date, call.raw("post")] if date else []


def million_years(call: Call) -> list[Piece]:
    """{{mya|66|56}} → 66–56 million years ago."""
    ages = joined("–")(_only(call, "1", "2"))
    return [*ages, " million years ago"] if ages else []


def circa(call: Call) -> list[Piece]:
    """{{circa|965|1040}} → c. 965 – c. 1040; without a year, which then follows it, "c. "."""
    pieces: list[Piece] = []
    for code in call.positional[:2]:
        pieces += [" – c. " if pieces else "c. ", code]
    return pieces or ["c. "]


def years(before: str) -> Renderer:
    """{{reign|1689|1725}} → r. 1689–1725; without a year, which then follows it, "r. "."""

    def render(call: Call) -> list[Piece]:
        single = all(code.words().isdecimal() for code in call.positional)
        pieces: list[Piece] = []
        for code in call.positional[:2]:
            pieces += [("–" if single else " – ") if pieces else before, code]
        return pieces or [before]

    return render


_UNITS = {
    "sqmi": "sq mi", "C": "°C", "F": "°F", "sqft": "sq ft", "cuft": "cu ft", "cumi": "cu mi", "kph": "km/h",
    "sqkm": "km²", "sqm": "m²", "LT": "long tons", "ST": "short tons", "USgal": "US gal", "impgal": "imp gal",
    "ftin": "ft", "foot": "ft", "e6cuft": "million cu ft", "ft3": "cu ft", "in3": "cu in", "yd3": "cu yd",
    "mi2": "sq mi", "ft2": "sq ft", "acre": "acres", "PD/sqmi": "inhabitants per sq mi",
    "PD/km2": "inhabitants/km²", "pd/sqmi": "inhabitants per sq mi", "pd/km2": "inhabitants/km²",
}  # fmt: skip
#: {{convert|2.5|e6acre}} → 2.5 million acres.
_THOUSANDS = {"e3": "thousand", "e6": "million", "e9": "billion", "e12": "trillion"}
_RANGE_WORDS = {
    "-": "–", "–": "–", "to": " to ", "and": " and ", "by": " by ", "x": " × ", "×": " × ", "or": " or ", "+/-": " ± ",
    "±": " ± ", "to(-)": " to ", ",": ", ",
}  # fmt: skip
_NUMBER = re.compile(r"(?:\d+ (?=\d+/))?[.,/+\-−~]*\d[\d.,/+\-−–e]*")


def convert(call: Call) -> list[Piece]:
    """{{convert|5|ft|10|in|m}} → 5 ft 10 in: the quantity as the editor gave it, without the computed one."""
    quantities: list[str] = []
    shown, words = "", call.raw("adj")
    for part in map(_plain, call.positional):
        if _NUMBER.fullmatch(part):
            shown += grouped(part)
        elif shown and part in _RANGE_WORDS:
            shown += _RANGE_WORDS[part]
        elif shown or not quantities:
            unit = unit_name(part)
            if words == "on" and part.endswith("acre"):
                unit = unit.removesuffix("s")  # a 50-acre site
            per = "" if unit.startswith("/") else " "
            quantities.append(f"{shown}{per}{unit}")
            shown = ""
        else:
            break  # a unit without a number is the one to convert to
    middle = call.raw("mid") or (call.positional[-1:] and _plain(call.positional[-1]) if words == "mid" else "")
    # A number without a unit after the quantity says how to round it.
    return [(" ".join(quantities) or shown) + (str(middle) if str(middle).startswith("-") else "")]


def unit_name(code: str) -> str:
    """A unit's code in {{convert}} as the page shows it: "km2" → km², "e6acre" → million acres, "lb/ft3" → lb/cu ft."""
    thousands = re.fullmatch(r"(e3|e6|e9|e12)([A-Za-z]\w*)", code)
    if thousands and code not in _UNITS:
        return f"{_THOUSANDS[thousands[1]]} {unit_name(thousands[2])}"
    if code not in _UNITS and "/" in code[1:]:
        return "/".join(map(unit_name, code.split("/")))
    return re.sub(r"(?<=m|i|s)([23])$", lambda m: "²³"[int(m.group()) - 2], _UNITS.get(code, code))


def grouped(number: str) -> str:
    """Digits in threes, as the page shows them: 13966454 → 13,966,454; what has marks of its own stays."""
    if re.fullmatch(r"\d+(?:\+\d+)?//\d+", number):
        return number.replace("//", "/")
    whole, point, rest = number.partition(".")
    return f"{int(whole):,}{point}{rest}" if re.fullmatch(r"[1-9]\d{3,}(?:\.\d+)?", number) else number


def formatted(call: Call) -> list[Piece]:
    """{{formatnum:13966454}} → 13,966,454; anything but a plain number as it stands."""
    code = call.get("1")
    if code is None:
        return []
    written = code.words()
    shown = grouped(written)
    return [shown] if shown != written else [code]


def _plain(code: Code) -> str:
    """A parameter as a string, with a template in it as it is shown: {{frac|5|1|2}} → 5 1/2, {{nowrap|5}} → 5."""
    shown = ""
    for node, span in code:
        if isinstance(node, Template):
            shown += _shown_by(Call.of(node, span))
        elif not isinstance(node, Comment):
            shown += str(node)
    return shown.strip()


def _shown_by(call: Call) -> str:
    if call.name in _FRACTIONS:
        return "".join(map(str, fraction(call)))
    first = call.get("1")
    return _plain(first) if first is not None else ""


def measure(call: Call) -> list[Piece]:
    """{{height|ft=6|in=2}} → 6 ft 2 in; {{weight|kg=80}} → 80 kg."""
    pieces: list[Piece] = []
    for unit in ("m", "cm", "ft", "in", "kg", "st", "lb"):
        code = call.get(unit)
        if code is not None:
            pieces += [" ", code, f" {unit}"] if pieces else [code, f" {unit}"]
    return pieces or convert(call)


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
    if (spoken := call.get("translit", "rom", "r", str(place))) is not None and spoken.words() not in {
        "-",
        "none",
    }:
        pieces += [", romanized: ", spoken]
    if (meaning := call.get("lit", "literal", "translation", str(place + 1))) is not None:
        pieces += [", lit. '", meaning, "'"]
    return pieces


def chinese(call: Call) -> list[Piece]:
    """{{zh|s=商汤|p=Shāngtāng}} → Simplified Chinese: 商汤; Hanyu Pinyin: Shāngtāng."""
    labels = call.raw("labels") != "no"
    forms = _listed((label if labels else "", call.get(name)) for name, label in CHINESE_FORMS.items())
    return forms or [*call.positional[:1]]


def korean(call: Call) -> list[Piece]:
    """{{Korean|hangul=서울|rr=Seoul}} and {{Korean|서울||Seoul}} → Korean: 서울; RR: Seoul."""
    return _listed((label, call.get(name, str(place))) for place, (name, label) in enumerate(KOREAN_FORMS.items(), 1))


def _listed(forms: Iterable[tuple[str, Code | None]]) -> list[Piece]:
    """What is given of a name in several scripts, each with its label if it has one: "Korean: 서울; RR: Seoul"."""
    pieces: list[Piece] = []
    for label, code in forms:
        if code is not None:
            pieces += ["; "] if pieces else []
            pieces += [f"{label}: ", code] if label else [code]
    return pieces


def coordinates(call: Call) -> list[Piece]:
    """{{coord|43|42|N|79|24|W}} → 43°42′N 79°24′W; decimal pairs keep their numbers."""
    parts: list[str] = []
    for part in (code.words() for code in call.positional):
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


_FRACTIONS = frozenset({"frac", "fraction", "sfrac"})


def fraction(call: Call) -> list[Piece]:
    """{{frac|5|1|2}} → 5 1/2."""
    parts = [code.words() for code in call.positional[:3]]
    if len(parts) == 1:
        return [f"1/{parts[0]}"]
    return ["/".join(parts) if len(parts) == 2 else f"{parts[0]} {parts[1]}/{parts[2]}"] if parts else []


def sort_name(call: Call) -> list[Piece]:
    """{{sortname|Julia|Kristeva}} → Julia Kristeva."""
    return [*joined(" ")(_only(call, "1", "2"))]


def value(call: Call) -> list[Piece]:
    """{{val|1.5|0.2|e=6|u=m|up=s2}} → 1.5±0.2×10⁶ m/s²."""
    first, second, third = (call.raw(number) for number in "123")
    number = grouped(first)
    if second in {"-", "–", "to"} and third:
        number += f"–{third}"
    elif second.startswith("("):
        number += second
    elif second:
        number += f"±{second}" if not third else f"+{second.lstrip('+')}−{third.lstrip('-−')}"
    unit, per = call.raw("u", "ul"), call.raw("up", "upl")
    unit = re.sub(
        r"(?<=[a-z])(-?[1-9])(?=\.|$)", lambda m: m[1].translate(SUPERSCRIPT), f"{unit}/{per}" if per else unit
    )
    unit = re.sub(r"\.(?=[A-Za-z])", "⋅", unit)
    unit = {"deg": "°", "degC": " °C", "%": "%"}.get(unit, f" {unit}" if unit else "")
    power = _power(call.raw("e")) if number else _power(call.raw("e")).removeprefix("×")
    return [f"{call.raw('p')}{number}{power}{unit}{call.raw('s', 'end')}"]


SUPERSCRIPT = str.maketrans("0123456789+-−n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁿ")
SUBSCRIPT = str.maketrans("0123456789+-−", "₀₁₂₃₄₅₆₇₈₉₊₋₋")
#: What is shown as digits of its own: numbers and charges; "n".
RAISED = re.compile(r"[-+−]?\d+[-+−]?|[-+−n]")


def _power(exponent: str) -> str:
    return f"×10{exponent.translate(SUPERSCRIPT)}" if RAISED.fullmatch(exponent) else ""


def times_power(call: Call) -> list[Piece]:
    """1.5{{e|9}} → 1.5×10⁹."""
    return [_power(call.raw("1"))]


def power_of_ten(call: Call) -> list[Piece]:
    """{{10^|6}} → 10⁶."""
    return [_power(call.raw("1")).removeprefix("×")]


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
        written = call.raw("1").replace("<->", "⇌").replace("->", "→").replace("*", "·")
        shown = re.sub(r"\((\d*[-+−])\)|(\d*[-+−])$", lambda m: (m[1] or m[2]).translate(SUPERSCRIPT), written)
        return [re.sub(r"(?<=[A-Za-z\])])\d+", lambda m: m[0].translate(SUBSCRIPT), shown)]
    parts = [code.words() for code in call.positional]
    lowered_ = [part.translate(SUBSCRIPT) if part.isdecimal() else part for part in parts]
    return ["".join(part.translate(SUPERSCRIPT) if re.fullmatch(r"\d*[-+−]", part) else part for part in lowered_)]


def ship(call: Call) -> list[Piece]:
    """{{USS|Nimitz|CVN-68}} → USS Nimitz (CVN-68); {{ship|HMS|Hood|51}} the same with the prefix as its first."""
    first = 2 if call.name == "ship" else 1
    prefix = call.raw("1") if call.name == "ship" else _SHIP_PREFIXES.get(call.name, call.name.upper())
    named, pennant = call.get(str(first)), call.get(str(first + 1))
    if named is None:
        return []
    shape = call.raw(str(first + 2))
    name: list[Piece] = [named] if shape in {"3", "4", "6"} else [f"{prefix} ".lstrip(), named]
    return [*name, " (", pennant, ")"] if pennant is not None and shape in {"", "1", "4"} else name


#: Templates of ships whose name is not the prefix that they show.
_SHIP_PREFIXES = {"gs": ""}


def ship_class(call: Call) -> list[Piece]:
    """{{sclass|Nimitz|aircraft carrier}} → Nimitz-class aircraft carrier."""
    name, kind = call.get("1"), call.get("2")
    if name is None:
        return []
    return [name, "-class"] if kind is None else [name, "-class ", kind]


def with_reading(call: Call) -> list[Piece]:
    """{{nihongo|Naruto|ナルト|naruto}} → Naruto (ナルト, naruto); {{nihongo3}} begins with the third."""
    words = call.positional[:4]
    if call.name == "nihongo3" and len(words) == 3:
        words = [words[2], words[1], words[0]]
    first, others = words[:1], words[1:]
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


_AMOUNTS = {
    "k": " thousand", "l": " lakh", "m": " million", "c": " crore", "b": " billion", "t": " trillion",
    "lc": " lakh crore",
}  # fmt: skip


def money(symbol: str) -> Renderer:
    return lambda call: [symbol, code] if (code := call.get("1")) is not None else [symbol]


def money_of(call: Call) -> list[Piece]:
    """{{currency|500|USD}} → US$500."""
    code, symbol = call.get("1", "amount"), CURRENCIES.get(call.raw("2", "type").lower())
    return [symbol, code] if code is not None and symbol is not None else []


def converted_money(symbol: str) -> Renderer:
    """{{INRConvert|500|c}} → ₹500 crore: the amount as the editor gave it, without the computed one."""
    return lambda call: [symbol, code, _AMOUNTS.get(call.raw("2"), "")] if (code := call.get("1")) is not None else []


def country(call: Call) -> list[Piece]:
    """{{flag|USA}} → United States; what is no known code is shown as it is."""
    if (words := call.get("name")) is not None:
        return [words]
    name = COUNTRIES.get(call.raw("1"))
    return [name] if name is not None else [*argument("1")(call)]


def cited(call: Call) -> list[Piece]:
    """{{harvtxt|Smith|Jones|2004|p=5}} → Smith & Jones (2004, p. 5); {{harv}} in brackets, {{harvnb}} without."""
    if not call.positional:
        return []
    *names, year = call.positional[:5]
    who: list[Piece] = []
    for place, name in enumerate(names[:3]):
        who += [" & " if place == len(names) - 1 else ", ", name] if who else [name]
    if len(names) > 3:
        who = [names[0], " et al."]
    when: list[Piece] = [year]
    for mark, code in (("p. ", call.get("p", "page")), ("pp. ", call.get("pp", "pages")), ("", call.get("loc"))):
        when += [f", {mark}", code] if code is not None else []
    if call.name in {"harvtxt", "harvcoltxt"}:
        return [*who, " (", *when, ")"]
    shown: list[Piece] = [*who, " ", *when] if who else when
    return ["(", *shown, ")"] if call.name in {"harv", "harvp", "harvcol"} else shown


def numbered(before: str, mark: str) -> Renderer:
    """{{UnitedStatesCode|17|107}} → 17 U.S.C. § 107: two numbers with what stands before and between them."""
    return lambda call: [before, first, mark, *call.positional[1:2]] if (first := call.get("1")) is not None else []


def judged(call: Call) -> list[Piece]:
    """{{ussc|name=Roe v. Wade|410|113|1973}} → Roe v. Wade, 410 U.S. 113 (1973)."""
    volume, page, year = call.raw("volume", "vol", "1"), call.raw("page", "2"), call.get("year", "3")
    pieces: list[Piece] = [name, ", "] if (name := call.get("name")) is not None else []
    pieces += [f"{volume} U.S. {page}"]
    return [*pieces, " (", year, ")"] if year is not None else pieces


def as_quoted(call: Call) -> list[Piece]:
    """{{sic|teh}} → teh [sic], and "[sic]" alone; with "hide" the words alone."""
    words = call.positional[:1] if call.raw("1") != "?" else []
    if call.raw("hide", "nolink") in _ON and call.get("hide") is not None:
        return [*words]
    return [*words, " [sic]"] if words else ["[sic]"]


def verse(call: Call) -> list[Piece]:
    """{{bibleverse|1|Kings|2:3}} → 1 Kings 2:3; the version after it is not shown."""
    numbered = not call.raw("1") or call.raw("1").isdecimal()
    return [*joined(" ")(_only(call, *("123" if numbered else "12")))]


def section_link(call: Call) -> list[Piece]:
    """{{section link|River|Mouth}} → River § Mouth."""
    page, section = call.get("1"), call.get("2")
    shown: list[Piece] = [page] if page is not None else []
    return [*shown, " § ", section] if section is not None else shown


def gauge(call: Call) -> list[Piece]:
    """{{track gauge|1435mm}} → 1,435 mm: as the editor gave it, without the converted one."""
    parts = re.findall(r"([\d./+]+)\s*(mm|m|ft|in)\b", re.sub(r"(ft|in|mm)(?=\d)", r"\1 ", call.raw("1")))
    return [" ".join(f"{grouped(number)} {unit}" for number, unit in parts)]


def share(call: Call) -> list[Piece]:
    """{{percentage|1|3|0}} → 33%."""
    part, whole, places = (call.raw(number).replace(",", "") for number in "123")
    if not (part.isdecimal() and whole.isdecimal() and int(whole)):
        return []
    return [f"{100 * int(part) / int(whole):.{places if places.isdecimal() else 0}f}%"]


def ordinal(call: Call) -> list[Piece]:
    digits = call.raw("1")
    if not digits.isdecimal():
        return [digits]
    special = {1: "st", 2: "nd", 3: "rd"}
    return [digits + ("th" if int(digits) % 100 in {11, 12, 13} else special.get(int(digits) % 10, "th"))]
