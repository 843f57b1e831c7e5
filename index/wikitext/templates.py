"""Templates that carry text → what they show. A table: add a line to teach Footnote a template.

A renderer turns a `Call` into pieces: a string stands in place of markup, a `Code` is a parameter to
be read on as wikitext (with its links, footnotes and exact offsets). `TEMPLATES` maps a lower-case
name to its renderer; `SILENT` holds the names that carry no text of the article (maintenance,
navigation, decoration). A template in neither is dropped and counted by the caller. Left out: infoboxes
(`infobox`), footnotes and citations (`footnotes`), and templates that make blocks (`walker`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from index.article import Span
from index.wikitext.nodes import Code, Template, Text, parameter_names, parameters

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
            return cls(function.strip().lower(), {"1": Code((Text(argument),), start)})
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


def _text(shown: str) -> Renderer:
    return lambda call: [shown]


def _argument(*names: str) -> Renderer:
    """Show the first of these parameters that is given."""

    def render(call: Call) -> list[Piece]:
        code = call.get(*names)
        return [code] if code is not None else []

    return render


def _around(before: str, name: str, after: str = "") -> Renderer:
    """Show a parameter between two strings; nothing when it is missing."""

    def render(call: Call) -> list[Piece]:
        code = call.get(name)
        return [before, code, after] if code is not None else []

    return render


def _joined(separator: str) -> Renderer:
    def render(call: Call) -> list[Piece]:
        pieces: list[Piece] = []
        for code in call.positional:
            pieces += [separator, code] if pieces else [code]
        return pieces

    return render


MONTHS = ("January February March April May June July August September October November December").split()
_ON = frozenset({"yes", "y", "true", "1"})


def _date(call: Call) -> list[Piece]:
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


def _end_date(call: Call) -> list[Piece]:
    """{{Death date and age|year|month|day|birth year …}}: the first three numbers are the date shown."""
    first = {name: code for name, code in call.parameters.items() if name in {"1", "2", "3", "df", "mf"}}
    return _date(Call(call.name, first))


def _as_of(call: Call) -> list[Piece]:
    """{{As of|2011|5|3|lc=y}} → as of 3 May 2011; {{As of|2011|alt=in 2011}} → in 2011."""
    words = call.get("alt")
    if words is not None:
        return [words]
    date = _written_date(call, day_first=call.raw("df").lower() != "us")
    before = "Since " if call.raw("since") in _ON else "As of "
    return [before.lower() if call.raw("lc") in _ON else before, *date] if date else []


def _circa(call: Call) -> list[Piece]:
    """{{circa|965|1040}} → c. 965 – c. 1040; without a year, which then follows it, "c. "."""
    pieces: list[Piece] = []
    for code in call.positional[:2]:
        pieces += [" – c. " if pieces else "c. ", code]
    return pieces or ["c. "]


_UNITS = {"sqmi": "sq mi", "C": "°C", "F": "°F", "sqft": "sq ft", "cuft": "cu ft", "cumi": "cu mi", "kph": "km/h"}
_RANGE_WORDS = {
    "-": "–", "–": "–", "to": " to ", "and": " and ", "by": " by ", "x": " × ", "×": " × ", "or": " or ", "+/-": " ± ",
    "±": " ± ",
}  # fmt: skip
_NUMBER = re.compile(r"[.,/+\-−]*\d[\d.,/+\-−e]*")


def _convert(call: Call) -> list[Piece]:
    """{{convert|5|ft|10|in|m}} → 5 ft 10 in: the quantity as the editor gave it, without the computed one."""
    quantities: list[str] = []
    shown = ""
    for part in (str(code).strip() for code in call.positional):
        if _NUMBER.fullmatch(part):
            shown += part
        elif shown and part in _RANGE_WORDS:
            shown += _RANGE_WORDS[part]
        elif shown or not quantities:
            unit = re.sub(r"(?<=m|i)([23])$", lambda m: "²³"[int(m.group()) - 2], _UNITS.get(part, part))
            quantities.append(f"{shown} {unit}")
            shown = ""
        else:
            break  # a unit without a number is the one to convert to
    # A number without a unit after the quantity says how to round it.
    return [" ".join(quantities) or shown]


def _measure(call: Call) -> list[Piece]:
    """{{height|ft=6|in=2}} → 6 ft 2 in; {{weight|kg=80}} → 80 kg."""
    pieces: list[Piece] = []
    for unit in ("m", "cm", "ft", "in", "kg", "st", "lb"):
        code = call.get(unit)
        if code is not None:
            pieces += [" ", code, f" {unit}"] if pieces else [code, f" {unit}"]
    return pieces or _convert(call)


_LANGUAGES = {
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


def _labelled_language(call: Call) -> list[Piece]:
    """{{lang-bg|Юлия}} and {{langx|bg|Юлия}} → Bulgarian: Юлия."""
    hyphenated = call.name.startswith("lang-")
    code = call.name[5:] if hyphenated else call.raw("1")
    shown = call.get("1" if hyphenated else "2")
    if shown is None:
        return []
    label = call.raw("label") or _LANGUAGES.get(code.lower().split("-")[0], "")
    return [f"{label}: ", shown] if label and label != "none" else [shown]


#: {{zh}} and {{Infobox Chinese}}: parameter → what it is, in the order the template shows them.
CHINESE_FORMS = {
    "c": "Chinese", "s": "Simplified Chinese", "t": "Traditional Chinese", "p": "Hanyu Pinyin",
    "tp": "Tongyong Pinyin", "w": "Wade–Giles", "j": "Jyutping", "y": "Cantonese Yale", "poj": "Pe̍h-ōe-jī",
    "l": "Literal meaning",
}  # fmt: skip


def _chinese(call: Call) -> list[Piece]:
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


def _coordinates(call: Call) -> list[Piece]:
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


def _fraction(call: Call) -> list[Piece]:
    parts = [str(code).strip() for code in call.positional[:3]]
    if len(parts) == 1:
        return [f"1/{parts[0]}"]
    return ["/".join(parts) if len(parts) == 2 else f"{parts[0]} {parts[1]}/{parts[2]}"] if parts else []


def _sort_name(call: Call) -> list[Piece]:
    """{{sortname|Julia|Kristeva}} → Julia Kristeva."""
    return [*_joined(" ")(Call(call.name, {n: c for n, c in call.parameters.items() if n in {"1", "2"}}))]


def _value(call: Call) -> list[Piece]:
    """{{val|1.5|e=6|u=km}} → 1.5×10^6 km."""
    exponent, unit = call.raw("e"), call.raw("u", "ul")
    return [call.raw("1") + (f"×10^{exponent}" if exponent else "") + (f" {unit}" if unit else "")]


def _official(call: Call) -> list[Piece]:
    """{{Official website|http://a.org}} → Official website: http://a.org; with words for the link, those."""
    words, address = call.get("name", "2"), call.get("1", "url")
    return [words] if words is not None else ["Official website: ", address] if address is not None else []


def _money(symbol: str) -> Renderer:
    return lambda call: [symbol, code] if (code := call.get("1")) is not None else [symbol]


def _ordinal(call: Call) -> list[Piece]:
    digits = call.raw("1")
    if not digits.isdecimal():
        return [digits]
    special = {1: "st", 2: "nd", 3: "rd"}
    return [digits + ("th" if int(digits) % 100 in {11, 12, 13} else special.get(int(digits) % 10, "th"))]


#: Templates that are a quotation, in a block of its own.
QUOTES = ("quote", "cquote", "blockquote", "quotation", "quote box", "pull quote", "rquote", "quote frame",
          "centered pull quote", "bquote", "talkquote", "poemquote", "poem quote")  # fmt: skip

TEMPLATES: dict[str, Renderer] = {}


def _add(renderer: Renderer, *names: str) -> None:
    for name in names:
        TEMPLATES[name] = renderer


_add(_text(" "), "nbsp", "sp", "space", "spaces", "thinsp", "thin space", "hair space", "hsp", "0ws", "zwsp")
_add(_text(" – "), "snd", "spnd", "spaced ndash", "spaced en dash", "dash")
_add(_text("–"), "ndash", "en dash", "endash", "nsndns")
_add(_text("—"), "mdash", "em dash", "emdash")
_add(_text(" · "), "·", "dot", "middot", "•", "bullet", "bull")
_add(_text("'"), "'", "apostrophe")
_add(_text('"'), '"')
_add(_text("|"), "!", "pipe")
_add(_text("="), "=")
_add(_text(", "), "br", "break", "crlf", "-br")
_add(_text("Yes"), "yes", "ya", "tick", "check", "aye")
_add(_text("No"), "no", "na2", "cross", "nay")
_add(_text("N/A"), "n/a", "na")
_add(_text("TBA"), "tba")
_add(_text("TBD"), "tbd")
_add(_text("Won"), "won")
_add(_text("Nominated"), "nom", "nominated")
_add(
    _argument("1"),
    "nowrap", "nobr", "nowraplinks", "small", "smaller", "smalldiv", "resize", "big", "larger", "large", "huge",
    "abbr", "abbrv", "tooltip", "h:title", "vanchor", "visible anchor", "em", "strong", "bold", "italic", "strike",
    "sic", "not a typo", "as written", "typo", "proper name", "code", "mono", "kbd", "samp", "tt", "var", "math",
    "mvar", "mathcal", "sub", "sup", "center", "centre", "left", "right", "align", "smallcaps", "sc", "sc2", "sclass",
    "ill", "interlanguage link", "link-interwiki", "annotated link", "flag", "flagu", "flagcountry", "flagdeco2",
    "nts", "number table sorting", "formatnum", "gaps", "longitem", "nastaliq", "nq", "script/hebrew",
    "script/arabic",
    "color", "font color2", "background color", "marriage", "su", "bdo", "bidi", "rtl-para",
    "title case",
    "lc", "uc", "ucfirst", "lcfirst", "hidden ping", "keypress", "key press", "button", "isotope", "chem", "chem2",
    "overline", "underline", "no italics", "noitalic", "nobold", "normal", "linktext", "wikt-lang", "plural form",
    "ship prefix", "hms", "uss", "ss", "rms", "team flag", "noitalics", "q", "quote inline", "bq", "lbs", "lbb",
)  # fmt: skip
_add(_argument("2", "1"), "lang", "rtl-lang", "script", "legend", "font color")
_add(_argument("3", "2", "1"), "sort", "dsort", "transl", "transliteration", "translit")
_add(_around("", "1", "-class"), "lbc")
_add(_argument("1"), "okina")
_add(_circa, "circa", "c.", "ca.", "approx")
_add(_around("fl. ", "1"), "floruit", "fl.")
_add(_as_of, "as of")
_add(_around("ISBN ", "1"), "isbn", "isbnt")
_add(_around("ISSN ", "1"), "issn")
_add(_around("OCLC ", "1"), "oclc")
_add(_around("doi:", "1"), "doi")
_add(_around("arXiv:", "1"), "arxiv")
_add(_joined(", "), "hlist", "ubl", "ublist", "unbulleted list", "ubil", "flatlist", "plainlist", "plain list",
     "bulleted list", "unordered list", "ordered list", "br separated entries", "comma separated entries", "cslist",
     "flat list", "nobold list", "pagelist")  # fmt: skip
_add(_joined(" "), "harvnb", "harv", "harvtxt", "harvp", "harvcol", "harvcolnb")
_add(_text(" / "), "\\")
_add(_date, "start date", "start date and age", "start date and years ago", "birth date", "birth date and age",
     "birth-date", "birth-date and age", "dob", "bda", "film date", "release date", "published", "dts", "date",
     "date table sorting", "launch date", "start-date", "birth year and age", "bya", "opening date",
     "japanese date")  # fmt: skip
_add(_end_date, "death date", "death date and age", "death-date", "death-date and age", "end date", "dda", "end-date",
     "death year and age", "dya", "end date and age", "disappeared date and age")  # fmt: skip
_add(_convert, "convert", "cvt", "converted")
_add(_measure, "height", "weight")
_add(_labelled_language, "langx", *(f"lang-{code}" for code in _LANGUAGES if code != "zh"))
_add(_chinese, "zh", "chinese", "zh-cn", "zh-tw", "lang-zh")
_add(_coordinates, "coord", "coordinates")
_add(_fraction, "frac", "fraction", "sfrac")
_add(_sort_name, "sortname")
_add(_value, "val")
_add(_argument("2", "1"), "url", "official url")
_add(_official, "official website", "official")
_add(_argument("title", "name", "2"), "youtube", "imdb title", "imdb name", "discogs artist", "musicbrainz artist",
     "allmusic", "rotten tomatoes", "metacritic film", "box office mojo title", "bomojo title", "mojo title",
     "goodreads", "gutenberg author", "internet archive author", "librivox author", "google maps")  # fmt: skip
_add(_ordinal, "ordinal", "ord")
_add(_argument("text", "quote", "1"), *QUOTES)
for _name, _symbol in {"us$": "US$", "usd": "US$", "a$": "A$", "aud": "A$", "gbp": "£", "£": "£", "eur": "€",
                       "euro": "€", "€": "€", "inr": "₹", "indian rupee": "₹", "rupee": "₹", "cny": "CN¥",
                       "rmb": "RMB",
                       "jpy": "¥", "¥": "¥", "yen": "¥", "hk$": "HK$", "hkd": "HK$", "c$": "C$", "cad": "C$",
                       "krw": "₩", "won2": "₩", "sgd": "S$", "nz$": "NZ$"}.items():  # fmt: skip
    _add(_money(_symbol), _name)
for _name, _exchange in {"hkex": "SEHK", "sehk": "SEHK", "nyse": "NYSE", "nasdaq": "Nasdaq", "lse": "LSE",
                         "bmv": "BMV", "ose": "OSE", "tyo": "TYO", "sse": "SSE", "szse": "SZSE", "krx": "KRX",
                         "bse": "BSE", "nse": "NSE", "euronext": "Euronext", "fwb": "FWB", "six": "SIX", "tsx": "TSX",
                         "asx": "ASX", "twse": "TWSE", "sgx": "SGX", "b3": "B3", "jse": "JSE", "idx": "IDX",
                         "bmad": "BMAD", "nyse american": "NYSE American",
                         "otc pink": "OTC Pink"}.items():  # fmt: skip
    _add(_around(f"{_exchange}: ", "1"), _name)

#: Templates that hold paragraphs or lists rather than a phrase.
CONTAINERS = frozenset({"columns-list", "div col content", "hidden", "collapsed section", "multicol content",
                        "collapsible list", "col-list", "columns list"})  # fmt: skip

#: Trust marks: template → what it says about the text before it.
MARKS: dict[str, str] = {
    "citation needed": "citation needed", "cn": "citation needed", "fact": "citation needed",
    "cit": "citation needed",
    "needs citation": "citation needed", "citation needed span": "citation needed", "cns": "citation needed",
    "better source needed": "better source needed", "better source": "better source needed",
    "unreliable source?": "unreliable source", "unreliable source": "unreliable source", "rs?": "unreliable source",
    "verify source": "verification needed", "verification needed": "verification needed",
    "verify": "verification needed",
    "failed verification": "failed verification", "fv": "failed verification",
    "not in citation given": "failed verification",
    "dubious": "dubious", "disputed inline": "disputed", "disputed statement": "disputed",
    "clarify": "clarification needed",
    "clarification needed": "clarification needed", "vague": "vague", "by whom": "by whom?", "by whom?": "by whom?",
    "who": "who?", "who?": "who?", "which": "which?", "which?": "which?", "when": "when?", "when?": "when?",
    "where": "where?", "where?": "where?", "why": "why?", "according to whom": "according to whom?",
    "original research inline": "original research?", "or": "original research?", "synthesis inline": "synthesis?",
    "update inline": "needs update", "update after": "needs update", "outdated inline": "needs update",
    "dead link": "dead link", "broken footnote": "broken footnote", "page needed": "page needed", "pn": "page needed",
    "request quotation": "quotation needed", "quote needed": "quotation needed", "promotional inline": "promotional?",
    "peacock inline": "peacock term", "weasel inline": "weasel words", "pov statement": "neutrality disputed",
    "lopsided": "neutrality disputed", "primary source inline": "primary source",
    "self-published source": "self-published",
    "self-published inline": "self-published", "full citation needed": "full citation needed",
    "example needed": "example needed",
    "medical citation needed": "medical citation needed", "contradict-inline": "contradicted",
    "inconsistent": "contradicted",
}  # fmt: skip
#: Of those, the ones that wrap the words they doubt; the words stay.
WRAPPING_MARKS = frozenset({"citation needed span", "cns", "clarify span", "disputed inline"})

#: Names that carry no text of the article: maintenance, navigation, decoration, page set-up.
SILENT = frozenset({
    "reflist", "references", "refbegin", "refend", "notelist", "fotnoteliste", "short description",
    "authority control",
    "portal", "portal bar", "main", "main article", "see also", "further", "further2", "details", "about", "for",
    "for2",
    "redirect", "redirect2", "other uses", "distinguish", "hatnote", "good article", "featured article",
    "commons category",
    "commonscat", "commons", "wiktionary", "wikiquote", "wikivoyage", "sister project links", "coord missing",
    "clear",
    "-", "toc limit", "toc left", "toc right", "compact toc", "tocright", "anchor", "flagicon",
    "flag icon", "flagdeco",
    "increase", "decrease", "steady", "profit", "loss", "colorbox", "color box", "legend inline", "hs", "ntsh",
    "ipa", "refimprove", "more citations needed", "unreferenced", "expand list", "expand section", "cleanup", "pov",
    "use dmy dates", "use mdy dates", "use british english", "use american english", "use canadian english",
    "engvarb",
    "bots", "nobots", "inconsistent citations", "col-begin", "col-2", "col-3", "col-break", "col-end", "div col",
    "div col end", "multicol", "multicol-end", "s-start", "s-end", "s-bef", "s-ttl", "s-aft", "succession box", "end",
    "defaultsort", "displaytitle", "taxonbar", "improve categories", "webarchive", "external media",
    "protection padlock", "italic title", "lowercase title", "dynamic list", "incomplete list", "image frame",
    "navboxes", "related articles", "lookfrom", "intitle", "geographic location",
})  # fmt: skip
_SILENT_PREFIXES = (
    "use ", "pp-", "pp ", "defaultsort:", "displaytitle:", "ipa-", "ipac-", "#", "portal", "infobox mapframe",
    "cleanup", "expand ", "more ", "additional ", "engvar", "navbox", "user:", "wikipedia:", "sortierung:",
)  # fmt: skip


def is_silent(name: str) -> bool:
    """Whether a template of this lower-case name is known to carry no text of the article."""
    return name in SILENT or name.startswith(_SILENT_PREFIXES) or name.endswith(" sidebar")
