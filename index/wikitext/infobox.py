"""Which fields of an infobox are about one another: a value and its name, its year, its office, its footnotes.

Left out: what a field is called by its own name (`labels`), and reading its value, which is wikitext like any other
(`walker`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from itertools import accumulate

from index.wikitext.call import Call
from index.wikitext.labels import label, one_word
from index.wikitext.nodes import Code
from index.wikitext.templates import is_silent

_PREFIXES = ("infobox", "infobok", "ficha de", "info/", "taxobox", "speciesbox", "geobox", "chembox",
             "drugbox", "automatic taxobox", "subspeciesbox", "virusbox", "hybridbox", "starbox", "planetbox",
             "sidebar person")  # fmt: skip

#: A colour, a size or a setting of the box rather than something said.
_SETTING = re.compile(
    r"#[0-9a-f]{3,8}|\d+(?:px|em)|\w+(?:-\w+)*:[^/].*;|auto|increase|decrease|steady|true|false|(?:un)?collapsed",
    re.IGNORECASE,
)
_PICTURE = re.compile(r"[^\n]*\.(?:svg|png|jpe?g|gif|webp|tiff?)|\d*(?:x\d+)?\s*px|metric|imperial", re.IGNORECASE)
_CAPTION = re.compile(r"^(?!header_|ship_)(?:\w*_)?(?:(?:image|map|m)?caption|capt)\d*$")


def is_infobox(name: str) -> bool:
    """Whether a template of this lower-case name is an infobox."""
    return (name.startswith(_PREFIXES) or name == "bio") and not is_silent(name)


def is_caption(field: str) -> bool:
    return _CAPTION.match(one_word(field).lower()) is not None


#: value field → the field that names it, tried in order.
_COMPANIONS = (
    (r"p\d+", "parts_type"), (r"subdivision", "subdivision_ranks"), (r"coronation(\d*)", r"cor_type\1"),
    (r"regent(\d*)", r"reg_type\1"), (r"(\w+?)_note", r"\1_type"), (r"owner", "owntitle"), (r"chairman", "chrtitle"),
    (r"manager", "mgrtitle"), (r"(leader|deputy)\d+", r"title_\1"), (r"(house\d+)", r"type_\1"),
    (r"(?:date|year)_(start|end|pre|post)", r"event_\1"), (r"date_?(event\d*)", r"\1"), (r"date(\d+)", r"event\1"),
    (r"years(\d*)", r"events\1"), (r"(designated_other\d*)_(?:date|number)", r"\1_name"),
    (r"(stat\d+)_data", r"\1_header"), (r"(\d)data\d+", r"\1blank"), (r"data(\d+)", r"label\1"),
    (r"(\w+?)_name(\d*)", r"\1_title\2"), (r"(\w+?)_name(\d*)", r"\1_type\2"), (r"(\w+?)_info(\w*)", r"\1_name\2"),
    (r"(\w+?)_data(\d*)", r"\1_label\2"), (r"(\w+?)_data(\d*)", r"\1_name\2"), (r"(\w+?)_text(_?\d*)", r"\1_label\2"),
    (r"(\w+?)_date(\d*)", r"\1_title\2"), (r"(\w+?)_date(\d+)", r"\1_event\2"), (r"(\w+?)_info(\d+)", r"\1_title\2"),
    (r"(\w+?)value(\d*)", r"\1label\2"), (r"(\d)namedata", r"\1blankname"), (r"(\w+?)(\d*)", r"\1_label\2"),
    (r"(?!(?:aircraft|building|campus|company|engine|government|media|school|seating|website)\d*$)(\w+?)(\d*)",
     r"\1\2_type"),
    (r"(\w+?)(\d*)", r"\1_title\2"), (r"(\w+?)(\d*)", r"\1\2_title"),
)  # fmt: skip


def companions(fields: Collection[str]) -> dict[str, str]:
    """value field → the one of `fields` that names it: "leader_name1" → "leader_title1"."""
    found: dict[str, str] = {}
    written = {one_word(field): field for field in fields}
    for name, field in written.items():
        for value, title in _COMPANIONS:
            match = re.fullmatch(value, name)
            if match and match.expand(title) in written:
                found[field] = written[match.expand(title)]
                break
    return found


#: Fields about one of several things of the box: (what is said)(number)(what else is said) → the fields that name it.
_OWNED: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"(term_start|term_end|term|predecessor|successor|party(?=_?\d)|election|majority|constituency|deputy|president"
     r"|governor|prime_?minister|vice_?president|monarch|chancellor|appointer|appointed|alongside|state|district"
     r"|reign|coronation|regent|lieutenant|parliament|nominator|speaker)_?(\d*)",
     ("office{}", "leader{}_type", "leader_type{}", "succession{}", "title{}", "jr/sr{}")),
    (r"(years|caps|goals|apps|position)(\d+)", ("clubs{}", "team{}")),
    (r"national(years|caps|goals)(\d+)", ("nationalteam{}",)),
    (r"youth(years|caps|goals)(\d+)", ("youthclubs{}",)),
    (r"college(years|caps|goals)(\d+)", ("college{}",)),
    (r"manager(years)(\d+)", ("managerclubs{}",)),
    (r"c(years)(\d+)", ("cteam{}",)),
    (r"(year|clubnumber)(\d+)", ("club{}",)),
    (r"(party|running_mate|home_state|electoral_vote|popular_vote|votes|percentage|swing|seats|seats_before|seats_after"
     r"|seat_change|seats_needed|leader_since|leaders_seat|states_carried|alliance)_?(\d+)",
     ("nominee{}", "candidate{}", "leader{}", "party{}")),
    (r"(matches|runs|bat_avg|top_score|deliveries|wickets|bowl_avg|best_bowling|catches|date|100s/50s|fivefor|tenfor"
     r"|catches/stumpings)(\d+)", ("column{}",)),
    (r"(commander|units|strength|polstrength|casualties|howmany|leadfigures)(\d+)", ("combatant{}", "side{}")),
    (r"(year)_leader(\d+)", ("leader{}",)),
    (r"(year)_deputy(\d+)", ("deputy{}",)),
    (r"stat_(area|pop)(\d+)", ("stat_year{}",)),
    (r"(discharge)(\d+)_(avg|min|max)", ("discharge{}_location",)),
    (r"(source)(\d+)_(location|elevation|coordinates)", ("source{}",)),
    (r"(r)(\d+)_(length_f|length_m|surface)", ("r{}_number",)),
    (r"(min_temp|mean_temp|max_temp)_(\d+)", ("temp_name{}",)),
)  # fmt: skip
#: Fields about one of several things whose own label an editor wrote: a city's GDP, what a candidate has.
_TITLED: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (r"demographics(\d+)_info(\d+)", r"demographics\1_title\2", (r"demographics_type\1",)),
    (r"(\d)data(\d+)", r"\1blank", (r"nominee\2", r"candidate\2", r"leader\2", r"party\2")),
)
_LONGEST_OWNER = 200  # code points of wikitext; a longer one is a list


def _given(fields: Mapping[str, Code], name: str) -> Code | None:
    """The field of this name, written with "_", "-" or " ", None where it is missing, blank or a long list."""
    codes = (fields.get(name.replace("_", mark)) for mark in "_- ")
    return next((code for code in codes if code and 0 < len(code.words()) <= _LONGEST_OWNER), None)


def owner(field: str, fields: Mapping[str, Code]) -> tuple[str, Code] | None:
    """What a field says of one of several things ("Caps"), and what that is called; None where it is of the whole box.

    An office without a number ("term_start") is one of several only beside others that have one.
    """
    name = one_word(field)
    for pattern, title, names in _TITLED:
        if (found := re.fullmatch(pattern, name)) and (said := _given(fields, found.expand(title))):
            what = re.sub(r"\[\[(?:[^|\]]*\|)?|\]\]", "", said.words()).strip()
            named = next(filter(None, (_given(fields, found.expand(other)) for other in names)), None)
            if named is not None and re.fullmatch(r"[\w\s()%.,–-]+", what):
                return what, named
    for pattern, names in _OWNED:
        if (found := re.fullmatch(pattern, name, re.IGNORECASE)) is None:
            continue
        named = next(filter(None, (_given(fields, other.format(found[2])) for other in names)), None)
        alone = not found[2] and not any(re.fullmatch(r"(?:office|succession)\d+|leader\d+_type", f) for f in fields)
        if named is not None and not alone and fields[field] is not named:
            what = "_".join((found[1], *found.groups()[2:]))
            return label("", what) or what, named
    return None


#: A field that says of which year another is, and does not bear its name.
_YEARS = {"population_total": "population_as_of", "population_est": "pop_est_as_of", "passengers": "pass_year",
          "visitation_num": "visitation_year", "circulation": "circulation_date", "HDI": "HDI_date"}  # fmt: skip
_OF_YEAR = {year: field for field, year in _YEARS.items()}


def year(field: str, fields: Mapping[str, Code]) -> Code | None:
    """The field that says of which year a value is: "revenue_year" for "revenue"."""
    names = (f"{field}_year", f"{field}_as_of", _YEARS.get(field, ""))
    return next((fields[name] for name in names if name in fields), None)


def is_year(field: str, fields: Mapping[str, Code]) -> bool:
    """Whether a field only says of which year another one is."""
    of = re.sub("_(?:year|as_of)$", "", field)
    return (of != field and of in fields) or _OF_YEAR.get(field) in fields


_MOST_WORDS = 10  # in the name of a field, as far as its footnotes may be named for


def footnotes(field: str, fields: Mapping[str, Code]) -> list[Code]:
    """What stands in "population_footnotes" is noted at "population_total" (and what is in "population_total_ref")."""
    noted = accumulate(field.split("_", _MOST_WORDS), "{}_{}".format)
    codes = [fields.get(f"{name}_{end}") for name in noted if name for end in ("footnotes", "ref")]
    return [code for code in codes if code is not None]


_DEGREES = (("latd", "lat_d", "lat_deg"), ("latm", "lat_m", "lat_min"), ("lats", "lat_s", "lat_sec"),
            ("latNS", "lat_NS"), ("longd", "long_d", "lon_deg"), ("longm", "long_m", "lon_min"),
            ("longs", "long_s", "lon_sec"), ("longEW", "long_EW", "lon_EW"))  # fmt: skip


def coordinates(box: Call) -> Call | None:
    """Latitude and longitude in fields of their own, as {{coord}} has them; None when one of the two is missing."""
    given = [code for names in _DEGREES if (code := box.get(*names)) is not None]
    if box.get(*_DEGREES[0]) is None or box.get(*_DEGREES[4]) is None:
        return None
    return Call("coord", {str(number): code for number, code in enumerate(given, 1)})


def is_fact(value: str) -> bool:
    """False for a value that is a picture's name or size rather than something said."""
    value = value.strip()
    return re.search(r"\w", value) is not None and not (_PICTURE.fullmatch(value) or _SETTING.fullmatch(value))
