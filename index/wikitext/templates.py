"""Templates that carry text → what they show. A table: add a line to teach Footnote a template.

`TEMPLATES` maps a lower-case name to its renderer (`renderers`); `SILENT` holds the names that carry no text of
the article (maintenance, navigation, decoration). A template in neither is dropped and counted by the caller. Left
out: infoboxes (`infobox`), footnotes and citations (`footnotes`), and templates that make blocks (`walker`).
"""

from __future__ import annotations

from index.wikitext.renderers import (
    LANGUAGES,
    Call,
    Renderer,
    age,
    argument,
    around,
    as_of,
    chinese,
    circa,
    convert,
    coordinates,
    date,
    dates_and_places,
    end_date,
    formatted,
    formula,
    fraction,
    joined,
    labelled_language,
    last,
    length,
    lowered,
    marriage,
    measure,
    money,
    music,
    official,
    ordinal,
    raised,
    releases,
    said,
    said_or,
    ship,
    ship_class,
    sort_name,
    times_power,
    value,
    with_reading,
)

__all__ = ["CONTAINERS", "MARKS", "QUOTES", "SILENT", "TEMPLATES", "WRAPPING_MARKS", "Call", "is_silent"]

#: Templates that are a quotation, in a block of its own.
QUOTES = ("quote", "cquote", "blockquote", "quotation", "quote box", "pull quote", "rquote", "quote frame",
          "centered pull quote", "bquote", "talkquote", "poemquote", "poem quote")  # fmt: skip

TEMPLATES: dict[str, Renderer] = {}


def _add(renderer: Renderer, *names: str) -> None:
    for name in names:
        TEMPLATES[name] = renderer


_add(said(" "), "nbsp", "nbs", "sp", "space", "spaces", "thinsp", "thin space", "hair space", "hsp", "0ws", "zwsp")
_add(said(" – "), "snd", "snds", "spnd", "spaced ndash", "spaced en dash", "dash")
_add(said("–"), "ndash", "en dash", "endash", "nsndns")
_add(said("—"), "mdash", "em dash", "emdash")
_add(said(" · "), "·", "dot", "middot", "•", "bullet", "bull")
_add(said("'"), "'", "apostrophe", "`")
_add(said("'s"), "'s", "`s")
_add(said('"'), '"')
_add(said("'\""), "'\"", "' \"")
_add(said("\"'"), "\"'", "\" '")
_add(said("−"), "minus")
_add(said("±"), "±", "plusminus", "+-")
_add(said("×"), "times", "x")
_add(said("π"), "pi")
_add(said("♯"), "sharp")
_add(said("♭"), "flat")
_add(said("CO₂"), "co2")
_add(said("▲"), "increase", "up", "profit")
_add(said("▼"), "decrease", "down", "loss")
_add(said("|"), "!", "pipe")
_add(said("="), "=")
_add(said(", "), "br", "break", "crlf", "-br")
# Cells of a table that are coloured; with a parameter they say that.
_add(said_or("Yes"), "yes", "ya", "tick", "check", "aye", "check mark", "yes2")
_add(said_or("No"), "no", "na2", "cross", "nay", "cross mark", "no2")
_add(said_or("N/A"), "n/a", "na")
_add(said_or("TBA"), "tba", "tabletba")
_add(said_or("TBD"), "tbd")
_add(said_or("Won"), "won")
_add(said_or("Nominated"), "nom", "nominated")
for _name in ("partial", "some", "unknown", "maybe", "active", "free", "planned", "pending", "success", "failure",
              "included", "dropped", "draw", "operational", "proprietary", "optional", "rarely", "sometimes",
              "depends", "yes-no", "good", "bad", "any", "runner-up", "incorrect", "correct", "destroyed"):  # fmt: skip
    _add(said_or(_name.capitalize()), _name)
_add(said_or("?"), "dunno")
_add(said_or("—"), "nil")
_add(
    argument("1"),
    "nowrap", "nobr", "no wrap", "nobreak", "nowraplinks", "small", "smaller", "smalldiv", "big", "larger", "large",
    "huge",
    "abbr", "abbrv", "tooltip", "h:title", "vanchor", "visible anchor", "em", "strong", "bold", "italic", "strike",
    "sic", "not a typo", "as written", "typo", "proper name", "code", "mono", "kbd", "samp", "tt", "var", "math",
    "mvar", "mathcal", "center", "centre", "left", "right", "smallcaps", "sc", "sc2", "link-interwiki",
    "annotated link", "flag", "flagu", "flagcountry", "flagdeco2",
    "longitem", "nastaliq", "nq", "script/hebrew",
    "script/arabic",
    "su", "bdo", "bidi", "rtl-para",
    "title case",
    "lc", "uc", "ucfirst", "lcfirst", "hidden ping", "button", "isotope",
    "overline", "underline", "no italics", "noitalic", "nobold", "normal", "linktext", "wikt-lang", "plural form",
    "ship prefix", "team flag", "flagathlete", "flagiocathlete", "flagioc", "flagmedalist", "fb", "fbu", "fb-rt", "cr",
    "rws", "stn", "stnlnk", "station", "lnl", "rwsa", "bibleverse", "nfl year", "mlb year", "nba year", "post-nominals",
    "percentage bar", "rating note", "term", "defn", "gloss", "solar mass", "noitalics", "q", "quote inline", "bq",
    "lbs", "lbb",
)  # fmt: skip
_add(
    argument("2", "1"), "lang", "rtl-lang", "script", "legend", "font color", "native name", "native phrase", "version"
)
_add(argument("lt", "1"), "ill", "interlanguage link")
_add(last, "color", "colour", "font color2", "background color", "background colour", "bgcolor", "resize", "align")
_add(argument("3", "2", "1"), "sort", "dsort", "transl", "transliteration", "translit", "tlit")
_add(formatted, "formatnum", "nts", "number table sorting", "ntsc")
_add(joined(""), "gaps")
_add(joined("+"), "keypress", "key press")
_add(marriage, "marriage")
_add(age, "age", "age in years")
_add(dates_and_places, "film date", "television date")
_add(releases, "vgrelease", "video game release", "vgr")
_add(formula, "chem", "chem2")
_add(times_power, "e")
_add(raised, "sup")
_add(lowered, "sub")
_add(ship_class, "sclass", "sclass2")
_add(ship, "ship", "hms", "uss", "ss", "rms", "sms", "hmas", "hmcs", "hmnzs", "uscgc", "mv", "ms", "rfa", "usns")
_add(with_reading, "nihongo", "nihongo foot", "nihongo krt")
_add(length, "duration")
_add(music, "music")
_add(around("née ", "1"), "née", "nee")
_add(around("lit. '", "1", "'"), "lit", "literal translation")
_add(around("", "1", " million years ago"), "mya", "ma")
_add(around("√", "1"), "sqrt")
_add(joined("/"), "rating")
_add(joined(" – "), "reign", "fossil range", "geological range", "fossilrange")
_add(around("", "1", "-class"), "lbc")
_add(argument("1"), "okina")
_add(circa, "circa", "c.", "ca.", "approx")
_add(around("fl. ", "1"), "floruit", "fl.")
_add(as_of, "as of")
_add(around("ISBN ", "1"), "isbn", "isbnt")
_add(around("ISSN ", "1"), "issn")
_add(around("OCLC ", "1"), "oclc")
_add(around("doi:", "1"), "doi")
_add(around("arXiv:", "1"), "arxiv")
_add(joined(", "), "hlist", "ubl", "ublist", "unbulleted list", "ubil", "flatlist", "plainlist", "plain list",
     "bulleted list", "unordered list", "ordered list", "br separated entries", "comma separated entries", "cslist",
     "flat list", "nobold list", "pagelist")  # fmt: skip
_add(joined(" "), "harvnb", "harv", "harvtxt", "harvp", "harvcol", "harvcolnb")
_add(said(" / "), "\\")
_add(date, "start date", "start date and age", "start date and years ago", "birth date", "birth date and age",
     "birth-date", "birth-date and age", "dob", "bda", "release date", "published", "dts", "date",
     "date table sorting", "launch date", "start-date", "birth year and age", "bya", "opening date",
     "japanese date")  # fmt: skip
_add(end_date, "death date", "death date and age", "death-date", "death-date and age", "end date", "dda", "end-date",
     "death year and age", "dya", "end date and age", "disappeared date and age")  # fmt: skip
_add(convert, "convert", "cvt", "converted")
_add(measure, "height", "weight")
_add(labelled_language, "langx", *(f"lang-{code}" for code in LANGUAGES if code != "zh"))
_add(chinese, "zh", "chinese", "zh-cn", "zh-tw", "lang-zh")
_add(coordinates, "coord", "coordinates")
_add(fraction, "frac", "fraction", "sfrac")
_add(sort_name, "sortname")
_add(value, "val")
_add(argument("2", "1"), "url", "official url")
_add(official, "official website", "official")
_add(argument("title", "name", "2"), "youtube", "imdb title", "imdb name", "discogs artist", "musicbrainz artist",
     "allmusic", "rotten tomatoes", "metacritic film", "box office mojo title", "bomojo title", "mojo title",
     "goodreads", "gutenberg author", "internet archive author", "librivox author", "google maps")  # fmt: skip
_add(ordinal, "ordinal", "ord")
_add(argument("text", "quote", "1"), *QUOTES)
for _name, _symbol in {"us$": "US$", "usd": "US$", "a$": "A$", "aud": "A$", "gbp": "£", "£": "£", "eur": "€",
                       "euro": "€", "€": "€", "inr": "₹", "indian rupee": "₹", "rupee": "₹", "cny": "CN¥",
                       "rmb": "RMB",
                       "jpy": "¥", "¥": "¥", "yen": "¥", "hk$": "HK$", "hkd": "HK$", "c$": "C$", "cad": "C$",
                       "krw": "₩", "won2": "₩", "sgd": "S$", "nz$": "NZ$", "nt$": "NT$", "r$": "R$", "chf": "CHF ",
                       "sek": "SEK ", "dkk": "DKK ", "nok": "NOK ", "php": "₱", "rub": "₽", "₽": "₽", "try": "₺",
                       "pln": "PLN ", "thb": "฿", "zar": "R", "s$": "S$", "cn¥": "CN¥"}.items():  # fmt: skip
    _add(money(_symbol), _name)
for _name, _exchange in {"hkex": "SEHK", "sehk": "SEHK", "nyse": "NYSE", "nasdaq": "Nasdaq", "lse": "LSE",
                         "bmv": "BMV", "ose": "OSE", "tyo": "TYO", "sse": "SSE", "szse": "SZSE", "krx": "KRX",
                         "bse": "BSE", "nse": "NSE", "euronext": "Euronext", "fwb": "FWB", "six": "SIX", "tsx": "TSX",
                         "asx": "ASX", "twse": "TWSE", "sgx": "SGX", "b3": "B3", "jse": "JSE", "idx": "IDX",
                         "bmad": "BMAD", "nyse american": "NYSE American",
                         "otc pink": "OTC Pink"}.items():  # fmt: skip
    _add(around(f"{_exchange}: ", "1"), _name)

#: Templates that hold paragraphs or lists rather than a phrase.
CONTAINERS = frozenset({"columns-list", "div col content", "hidden", "collapsed section", "multicol content",
                        "collapsible list", "col-list", "columns list"})  # fmt: skip

#: Trust marks: template → what it says about the text before it.
MARKS: dict[str, str] = {
    "citation needed": "citation needed", "cn": "citation needed", "fact": "citation needed",
    "cit": "citation needed",
    "needs citation": "citation needed", "citation needed span": "citation needed", "cns": "citation needed",
    "cn span": "citation needed",
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
WRAPPING_MARKS = frozenset({"citation needed span", "cns", "cn span", "clarify span", "disputed inline"})

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
    "steady", "respell", "colorbox", "color box", "legend inline", "hs", "ntsh",
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
