"""Templates that carry text → what they show. A table: add a line to teach Footnote a template.

`TEMPLATES` maps a lower-case name to its renderer (`renderers`); `SILENT` holds the names that carry no text of
the article (maintenance, navigation, decoration). A template in neither is dropped and counted by the caller. Left
out: infoboxes (`infobox`), footnotes and citations (`footnotes`), and templates that make blocks (`walker`).
"""

from __future__ import annotations

from index.wikitext.names import COUNTRIES, CURRENCIES, LANGUAGES
from index.wikitext.renderers import (
    Renderer,
    age,
    argument,
    around,
    as_of,
    as_quoted,
    cased,
    chinese,
    circa,
    cited,
    convert,
    converted_money,
    coordinates,
    country,
    date,
    dates_and_places,
    end_date,
    formatted,
    formula,
    fraction,
    gauge,
    joined,
    judged,
    korean,
    labelled_language,
    last,
    length,
    lowered,
    marriage,
    measure,
    million_years,
    money,
    money_of,
    music,
    numbered,
    official,
    old_style,
    ordinal,
    power_of_ten,
    raised,
    releases,
    said,
    said_or,
    section_link,
    share,
    ship,
    ship_class,
    sort_name,
    times_power,
    value,
    verse,
    with_reading,
    years,
)

#: Templates that are a quotation, in a block of its own.
QUOTES = ("quote", "cquote", "blockquote", "quotation", "quote box", "pull quote", "rquote", "quote frame",
          "centered pull quote", "bquote", "block quote", "talkquote", "poemquote", "poem quote")  # fmt: skip

TEMPLATES: dict[str, Renderer] = {}


def _add(renderer: Renderer, *names: str) -> None:
    for name in names:
        TEMPLATES[name] = renderer


_add(said(" "), "nbsp", "nbs", "sp", "space", "spaces", "thinsp", "thin space", "hair space", "hsp", "figure space",
     "nnbsp", "in5", "pad", "gap", "indent")  # fmt: skip
_add(said(" – "), "snd", "snds", "spnd", "spaced ndash", "spaced en dash", "dash")
_add(said("–"), "ndash", "en dash", "endash", "nsndns", "–")
_add(said("-"), "hyphen", "nbhyph", "nbh", "non-breaking hyphen")
_add(said("—"), "mdash", "em dash", "emdash", "—", "--")
_add(said(" · "), "·", "dot", "middot", "•", "bullet", "bull")
_add(said("'"), "'", "apostrophe", "`")
_add(said("'s"), "'s", "`s")
_add(said('"'), '"')
_add(said("'\""), "'\"", "' \"")
_add(said("\"'"), "\"'", "\" '")
_add(said("−"), "minus")
_add(said("±"), "±", "plusminus", "+-")
_add(said("×"), "times", "x", "hybrid")
_add(said("π"), "pi")
_add(said("♯"), "sharp")
_add(said("♭"), "flat")
_add(said("CO₂"), "co2")
_add(said("H₂O"), "h2o")
_add(said("°"), "deg", "degree", "degrees")
_add(said("†"), "dagger", "†", "extinct")
_add(said("♂"), "male", "♂")
_add(said("♀"), "female", "♀")
_add(said("§"), "sect")
_add(said("‡"), "double dagger", "‡")
_add(said("*"), "asterisk", "ast")
_add(said("…"), "ellipsis", "...")
_add(said("a.k.a."), "aka", "a.k.a.")
_add(said("(a.e.t.)"), "aet")
for _name, _letter in {"alpha": "α", "beta": "β", "mu": "μ", "tau": "τ"}.items():
    _add(said(_letter), _name)
for _fraction, _sign in {"1/2": "½", "1/3": "⅓", "2/3": "⅔", "1/4": "¼", "3/4": "¾", "1/8": "⅛"}.items():
    _add(said(_sign), _fraction)
for _name in ("gold", "silver", "bronze"):
    _add(said(f"{_name.capitalize()} medal"), f"{_name} medal")
for _place, _name in enumerate(("gold", "silver", "bronze"), 1):
    _add(said(str(_place)), f"{_name}{_place}", f"{_name}0{_place}")
_add(said("▲"), "increase", "up", "profit", "increase2", "increaseneutral", "increasenegative")
_add(said("▼"), "decrease", "down", "loss", "decrease2", "decreaseneutral", "decreasepositive")
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
_add(said_or("—"), "nil", "sortdash")
_add(
    argument("1"),
    "nowrap", "nobr", "no wrap", "nobreak", "nowraplinks", "small", "smaller", "smalldiv", "big", "larger", "large",
    "huge",
    "abbr", "abbrv", "abbreviation", "abbrlink", "abbr link", "tooltip", "em", "strong", "bold", "italic", "strike",
    "not a typo", "notatypo", "as is", "unicode", "wrap", "bigger", "midsize", "normalsize", "highlight", "red",
    "green", "blue", "gray", "grey", "ins", "del", "italics", "tmath", "angle bracket", "key", "start date text",
    "whyte", "aut", "au",
    "format link", "format linkr", "no redirect", "noredirect", "noflag", "hebrew", "polytonic", "arabic",
    "grc-transl", "nihongo2", "nbay", "mlby", "nfly", "nhly",
    "as written", "typo", "proper name", "code", "mono", "kbd", "samp", "tt", "var", "math",
    "mvar", "mathcal", "center", "centre", "left", "right", "smallcaps", "sc", "sc2", "link-interwiki",
    "annotated link",
    "longitem", "nastaliq", "nq", "script/hebrew",
    "script/arabic",
    "su", "bdo", "bidi", "rtl-para",
    "title case",
    "hidden ping", "button", "isotope",
    "overline", "underline", "no italics", "noitalic", "nobold", "normal", "linktext", "wikt-lang", "plural form",
    "ship prefix", "team flag", "flagathlete", "flagiocathlete", "flagmedalist",
    "rws", "stn", "stnlnk", "station", "lnl", "rwsa", "nfl year", "mlb year", "nba year",
    "percentage bar", "rating note", "term", "defn", "gloss", "solar mass", "noitalics", "q", "quote inline", "bq",
    "lbs", "lbb",
)  # fmt: skip
_add(argument("2", "1"), "lang", "langr", "rtl-lang", "script", "font color", "native name", "nativename",
     "native phrase", "version", "hover title", "h:title")  # fmt: skip
_add(argument("2"), "legend", "legend2", "legend inline", "legend-line", "find a grave")
_add(argument("text", "1"), "vanchor", "visible anchor", "font")
_add(cased(str.lower), "lc")
_add(cased(str.upper), "uc")
_add(cased(lambda words: words[:1].upper() + words[1:]), "ucfirst")
_add(cased(lambda words: words[:1].lower() + words[1:]), "lcfirst")
_add(country, "flag", "flagu", "flagcountry", "flagdeco2", "flagioc", "flagioc2", "fb", "fbu", "fbw", "fb-rt", "cr",
     "crw", "ru", "hb")  # fmt: skip
for _code, _country in COUNTRIES.items():
    if _code != "AUT":  # the template of that name is for authors
        _add(said(_country), _code.lower())
_add(argument("lt", "1"), "ill", "interlanguage link", "illm", "interlanguage link multi", "iw2")
_add(section_link, "section link", "sectionlink", "slink")
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
_add(power_of_ten, "10^")
_add(raised, "sup")
_add(lowered, "sub")
_add(ship_class, "sclass", "sclass2", "sclass-", "sclass2-")
_add(ship, "ship", "hms", "uss", "ss", "rms", "sms", "hmas", "hmcs", "hmnzs", "uscgc", "mv", "ms", "rfa", "usns",
     "gs")  # fmt: skip
_add(with_reading, "nihongo", "nihongo foot", "nihongo krt", "nihongo3")
_add(length, "duration")
_add(music, "music")
_add(around("née ", "1"), "née", "nee")
_add(around("lit. '", "1", "'"), "lit", "literal translation")
_add(million_years, "mya", "ma")
_add(around("√", "1"), "sqrt", "radic")
_add(around("|", "1", "|"), "abs")
_add(around("⟨", "1", "⟩"), "angbr", "grapheme")
_add(around("U+", "1"), "unichar")
_add(share, "percentage", "percent", "pct")
_add(gauge, "track gauge", "railgauge", "rail gauge")
_add(as_quoted, "sic")
_add(verse, "bibleverse", "bibleref2", "bibleref")
_add(judged, "ussc", "scotus")
_add(numbered("", " U.S.C. § "), "unitedstatescode", "usc", "uscsub")
_add(numbered("", " Stat. "), "usstat")
_add(numbered("", " C.F.R. "), "cfr")
_add(numbered("Pub. L. ", "–"), "uspl")
_add(joined(" "), "post-nominals", "postnominals", "post nominals")
_add(joined("/"), "rating")
_add(years("r. "), "reign", "r.")
_add(joined(" – "), "fossil range", "geological range", "fossilrange")
_add(around("", "1", "-class"), "lbc")
_add(argument("1"), "okina")
_add(circa, "circa", "c.", "ca.", "approx")
_add(years("fl. "), "floruit", "fl.", "flourished")
_add(years("b. "), "b.")
_add(years("d. "), "d.")
_add(as_of, "as of", "asof")
_add(old_style, "oldstyledate", "oldstyledatedy", "oldstyledateny")
_add(around("ISBN ", "1"), "isbn", "isbnt")
_add(around("ISSN ", "1"), "issn")
_add(around("OCLC ", "1"), "oclc")
_add(around("doi:", "1"), "doi")
_add(around("PMID ", "1"), "pmid")
_add(around("LCCN ", "1"), "lccn")
_add(around("JSTOR ", "1"), "jstor")
_add(around("Bibcode:", "1"), "bibcode")
_add(around("arXiv:", "1"), "arxiv")
_add(joined(", "), "hlist", "ubl", "ublist", "unbulleted list", "ubil", "flatlist", "plainlist", "plain list",
     "bulleted list", "bulletlist", "unordered list", "ordered list", "br separated entries",
     "comma separated entries", "cslist", "flat list", "nobold list", "pagelist")  # fmt: skip
_add(cited, "harvnb", "harv", "harvtxt", "harvp", "harvcol", "harvcolnb", "harvcoltxt")
_add(said(" / "), "\\")
_add(date, "start date", "start date and age", "start date and years ago", "birth date", "birth date and age",
     "birth-date", "birth-date and age", "dob", "bda", "release date", "published", "dts", "date",
     "date table sorting", "launch date", "start-date", "birth year and age", "bya", "opening date",
     "birth-year and age", "japanese date", "release date and age", "release-date", "release-date and age")  # fmt: skip
_add(end_date, "death date", "death date and age", "death-date", "death-date and age", "end date", "dda", "end-date",
     "death year and age", "dya", "end date and age", "disappeared date and age")  # fmt: skip
_add(convert, "convert", "cvt", "converted", "convinfobox")
_add(measure, "height", "weight")
_add(labelled_language, "langx", *(f"lang-{code}" for code in LANGUAGES if code != "zh"),
     "lang-sr-cyrl", "lang-sr-latn", "lang-sh-latn", "lang-sh-cyrl")  # fmt: skip
_add(korean, "korean", "ko-hhrm", "korean/auto")
_add(chinese, "zh", "chinese", "zh-cn", "zh-tw", "lang-zh")
_add(coordinates, "coord", "coords", "coordinates")
_add(fraction, "frac", "fraction", "sfrac")
_add(sort_name, "sortname")
_add(value, "val")
_add(argument("2", "1"), "url", "official url")
_add(official, "official website", "official")
_add(argument("title", "name", "2"), "youtube", "imdb title", "imdb name", "discogs artist", "musicbrainz artist",
     "allmusic", "rotten tomatoes", "metacritic film", "box office mojo title", "bomojo title", "mojo title",
     "goodreads", "gutenberg author", "internet archive author", "librivox author", "google maps")  # fmt: skip
_add(ordinal, "ordinal", "ord", "nth", "uscongress")
_add(argument("text", "quote", "1"), *QUOTES)
for _name, _symbol in CURRENCIES.items():
    _add(money(_symbol), _name)
_add(money("£"), "pound")
_add(money_of, "currency")
_add(converted_money("₹"), "inrconvert")
_add(converted_money("¥"), "jpyconvert")
for _name, _exchange in {"hkex": "SEHK", "sehk": "SEHK", "nyse": "NYSE", "nasdaq": "Nasdaq", "lse": "LSE",
                         "bmv": "BMV", "ose": "OSE", "tyo": "TYO", "sse": "SSE", "szse": "SZSE", "krx": "KRX",
                         "bse": "BSE", "nse": "NSE", "euronext": "Euronext", "fwb": "FWB", "six": "SIX", "tsx": "TSX",
                         "asx": "ASX", "twse": "TWSE", "sgx": "SGX", "b3": "B3", "jse": "JSE", "idx": "IDX",
                         "bmad": "BMAD", "nyse american": "NYSE American",
                         "nysesymbol": "NYSE", "otc pink": "OTC Pink"}.items():  # fmt: skip
    _add(around(f"{_exchange}: ", "1"), _name)

#: Templates that hold paragraphs or lists rather than a phrase.
CONTAINERS = frozenset({"columns-list", "div col content", "hidden", "collapsed section", "multicol content",
                        "collapsible list", "col-list", "columns list", "cmn", "block indent", "blockindent",
                        "verse translation", "stack"})  # fmt: skip

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
    "clarify": "clarification needed", "clarify span": "clarification needed",
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
    "as of?": "needs update", "qn": "quotation needed", "explain": "further explanation needed",
    "elucidate": "further explanation needed", "specify": "specify", "quantify": "quantify", "how?": "how?",
    "how": "how?", "time?": "when?", "year needed": "year needed", "month needed": "month needed",
    "opinion": "neutrality disputed", "undue weight inline": "undue weight?",
    "relevance inline": "relevance questioned", "circular reference": "circular reference",
    "citation needed lead": "citation needed", "non-primary source needed": "non-primary source needed",
    "third-party inline": "third-party source needed", "third-party source needed": "third-party source needed",
    "speculation inline": "speculation?", "incomplete short citation": "full citation needed",
    "definition needed": "definition needed", "attribution needed": "attribution needed",
    "medrs": "unreliable source",
    "medical citation needed": "medical citation needed", "contradict-inline": "contradicted",
    "inconsistent": "contradicted",
}  # fmt: skip
#: Of those, the ones that wrap the words they doubt; the words stay.
WRAPPING_MARKS = frozenset({"citation needed span", "cns", "cn span", "clarify span", "disputed inline"})

#: Names that carry no text of the article: maintenance, navigation, decoration, page set-up.
SILENT = frozenset({
    "reflist", "references", "refbegin", "refend", "notelist", "fotnoteliste", "short description",
    "authority control",
    "main", "main article", "see also", "further", "further2", "details", "about", "for",
    "for2",
    "redirect", "redirect2", "other uses", "distinguish", "hatnote", "good article", "featured article",
    "commons category",
    "commonscat", "commons", "wiktionary", "wikiquote", "wikivoyage", "sister project links", "coord missing",
    "clear",
    "-", "toc limit", "toc left", "toc right", "compact toc", "tocright", "anchor", "flagicon",
    "flag icon", "flagdeco",
    "steady", "respell", "colorbox", "color box", "hs", "ntsh",
    "ipa", "refimprove", "unreferenced", "pov",
    "bots", "nobots", "inconsistent citations", "col-begin", "col-2", "col-3", "col-break", "col-end", "div col",
    "div col end", "multicol", "multicol-end", "s-start", "s-end", "s-bef", "s-ttl", "s-aft", "succession box", "end",
    "defaultsort", "displaytitle", "taxonbar", "improve categories", "webarchive", "external media",
    "protection padlock", "italic title", "lowercase title", "dynamic list", "incomplete list", "image frame",
    "related articles", "audio", "cbignore", "nowrap begin", "nowrap end", "zwj", "zwnj", "wbr", "shy",
    "0ws", "zwsp", "0", "sronly", "screen reader-only", "fbaicon",
    "no change", "nochange", "fbicon", "fbwicon", "flagicon image", "rint", "rail icon", "bsicon", "hidden begin",
    "hidden end", "collapse top", "collapse bottom", "tree list", "tree list/end", "inflation-fn", "inflation/fn",
    "sfnref", "harvid", "lookfrom", "intitle", "geographic location",
})  # fmt: skip
#: Beginnings that say the same of any name; none of those above has one.
SILENT_PREFIXES = (
    "use ", "pp-", "pp ", "defaultsort:", "displaytitle:", "ipa-", "ipac-", "#", "portal", "infobox mapframe",
    "cleanup", "expand ", "more ", "additional ", "engvar", "navbox", "user:", "wikipedia:", "sortierung:",
)  # fmt: skip


def is_silent(name: str) -> bool:
    """Whether a template of this lower-case name is known to carry no text of the article."""
    return name in SILENT or name.startswith(SILENT_PREFIXES) or name.endswith(" sidebar")
