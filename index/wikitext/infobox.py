"""Infobox fields → facts with names a person understands ("num_employees" → "Number of employees").

Left out: reading a field's value, which is wikitext like any other (`index.wikitext.walker`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from index.wikitext.nodes import Code
from index.wikitext.renderers import CHINESE_FORMS, Call
from index.wikitext.templates import is_silent

_PREFIXES = ("infobox", "infoboks", "infobok", "ficha de", "info/", "taxobox", "speciesbox", "geobox", "chembox",
             "drugbox", "automatic taxobox", "sidebar person")  # fmt: skip

#: Fields whose name, with "_" read as a space, is not what a person would say.
_LABELS = {
    "num_employees": "Number of employees", "num_locations": "Number of locations", "hq_location": "Headquarters",
    "hq_location_city": "Headquarters", "location_city": "Headquarters city",
    "location_country": "Headquarters country",
    "foundation": "Founded", "founder": "Founder", "founders": "Founders", "founded": "Founded",
    "homepage": "Website",
    "url": "Website", "traded_as": "Traded as", "area_served": "Area served", "key_people": "Key people",
    "type": "Type", "subsid": "Subsidiaries", "parent": "Parent", "alma_mater": "Alma mater", "birth_date": "Born",
    "birth_place": "Birthplace", "death_date": "Died", "death_place": "Place of death", "pop_total": "Population",
    "population_total": "Population", "area_total_km2": "Area (km²)", "area_km2": "Area (km²)",
    "elevation_m": "Elevation (m)",
    "leader_name": "Leader", "timezone": "Time zone", "utc_offset": "UTC offset", "coordinates": "Coordinates",
    "native_name": "Native name", "official_name": "Official name", "other_name": "Other name",
    "net_income": "Net income",
    "operating_income": "Operating income", "total_type": "Total type", "established": "Established",
    "population_density_km2": "Population density (per km²)", "area_code": "Area code", "postal_code": "Postal code",
    "isbn": "ISBN", "num_volumes": "Number of volumes", "num_seasons": "Number of seasons",
    "years_active": "Years active", "season_no": "Races in the season", "race_no": "Number of the race",
}  # fmt: skip

#: Fields that lay the box out, or repeat what stands elsewhere, and hold no fact.
_LAYOUT = re.compile(
    r"^(?:name|title|image\d*|img|bild|bilete|logo|photo|seal|flag|image_(?!caption)\w+|img_?size"
    r"|(?:\w+_)?(?:alt|upright|bg|align)|(?:\w*(?:image|img|logo|map|photo|seal|flag|label|header|title|above|below|body|box"
    r"|caption|list|name|data|text|font|symbol|shield|arms|cover|skyline|background)\w*_?)(?:size|width|height|style|class"
    r"|color|colour|link)|(?:color|colour|style|link|width|bodyclass|class)\d*|order|embed|child|footnotes|signature\w*"
    r"|map\w*|pushpin\w*|background\w*|boxwidth|headercolor|landscape|fetchwikidata|onlysourced|suppressfields|dateformat"
    r"|unit_pref|coordinates_\w+|lat(?:d|m|s|ns|itude)?|long(?:d|m|s|ew|itude)?|\w+_footnotes|\d+|pattern_\w+"
    r"|(?:left|right)arm\d|(?:body|shorts|socks)\d|verifiedrevid|watchedfields|imagename|status_system|trend|module\d*name)$"
)
#: A colour, a size or a setting of the box rather than something said.
_SETTING = re.compile(
    r"#[0-9a-f]{3,8}|\d+(?:px|em)|\w+(?:-\w+)*:[^/].*;|auto|increase|decrease|steady",
    re.IGNORECASE,
)
_PICTURE = re.compile(r"[^\n]*\.(?:svg|png|jpe?g|gif|webp|tiff?)|\d*(?:x\d+)?\s*px|metric|imperial", re.IGNORECASE)
_CAPTION = re.compile(r"^(?:\w*_)?(?:caption|capt)\d*$")


def is_infobox(name: str) -> bool:
    """Whether a template of this lower-case name is an infobox."""
    return (name.startswith(_PREFIXES) or name == "bio") and not is_silent(name)


def is_caption(field: str) -> bool:
    return _CAPTION.match(field.lower()) is not None


def label(template: str, field: str, given: str = "") -> str | None:
    """What to call a field, None when it holds no fact.

    `given` is the label an editor wrote in a companion field ("leader_title" for "leader_name").
    """
    written = field.replace(" ", "_").replace("-", "_")
    key = written.lower()
    if given:
        return given
    if "chinese" in template and field in CHINESE_FORMS:
        return CHINESE_FORMS[field]
    if key in _LABELS:
        return _LABELS[key]
    if _LAYOUT.match(key):
        return None
    measured = re.fullmatch(r"(\w+)_(km2|sq_mi|km|mi|m|ft|kg|mm|cm)", written)
    unit = f" ({measured[2].replace('2', '²').replace('_', ' ')})" if measured else ""
    words = re.sub(r"(?<=[a-z])(?=\d+$)", " ", " ".join((measured[1] if measured else written).split("_"))) + unit
    return words[:1].upper() + words[1:]


#: value field → the field that names it, tried in order; "#" stands for a number at the end.
_COMPANIONS = (
    (r"data(\d+)", r"label\1"),
    (r"(\w+?)_name(\d*)", r"\1_title\2"),
    (r"(\w+?)_name(\d*)", r"\1_type\2"),
    (r"(\w+?)_info(\w*)", r"\1_name\2"),
    (r"(\w+?)_data(\d*)", r"\1_label\2"),
    (r"(\w+?)_date(\d*)", r"\1_title\2"),
    (r"(\w+?)_date(\d+)", r"\1_event\2"),
    (r"(\w+?)_info(\d+)", r"\1_title\2"),
    (r"(\w+?)value(\d*)", r"\1label\2"),
    (r"(\d)namedata", r"\1blankname"),
    (r"(\w+?)(\d*)", r"\1_label\2"),
    (r"(\w+?)(\d*)", r"\1\2_type"),
    (r"(\w+?)(\d*)", r"\1_title\2"),
    (r"(\w+?)(\d*)", r"\1\2_title"),
)


def companions(fields: Collection[str]) -> dict[str, str]:
    """value field → the one of `fields` that names it: "leader_name1" → "leader_title1"."""
    found: dict[str, str] = {}
    for field in fields:
        for value, title in _COMPANIONS:
            match = re.fullmatch(value, field)
            if match and match.expand(title) in fields:
                found[field] = match.expand(title)
                break
    return found


#: Fields about one of several things of the box, by a number: (what is said)(number) → the fields that name it.
_OWNED = (
    (r"(term_start|term_end|term|predecessor|successor|party(?=_?\d)|election|majority|constituency|deputy|president"
     r"|governor|prime_?minister|vice_?president|monarch|chancellor|appointer|appointed|alongside)_?(\d*)",
     ("office{}", "leader{}_type", "leader_type{}")),
    (r"(years|caps|goals|apps|position)(\d+)", ("clubs{}", "team{}")),
    (r"national(years|caps|goals)(\d+)", ("nationalteam{}",)),
    (r"youth(years|caps|goals)(\d+)", ("youthclubs{}",)),
    (r"manager(years)(\d+)", ("managerclubs{}",)),
    (r"(party|running_mate|home_state|electoral_vote|popular_vote|votes|percentage|swing|seats|seats_before|seats_after"
     r"|seat_change|seats_needed|leader_since|leaders_seat)_?(\d+)",
     ("nominee{}", "candidate{}", "party{}")),
    (r"(matches|runs|bat_avg|top_score|deliveries|wickets|bowl_avg|best_bowling|catches|date)(\d+)", ("column{}",)),
)  # fmt: skip


def owner(field: str, fields: Mapping[str, Code]) -> tuple[str, Code] | None:
    """What a field says of one of several things ("Caps"), and what that is called; None where it is of the whole box.

    An office without a number ("term_start") is one of several only beside others that have one.
    """
    for pattern, names in _OWNED:
        if (found := re.fullmatch(pattern, field, re.IGNORECASE)) is None:
            continue
        named = [fields[name.format(found[2])] for name in names if name.format(found[2]) in fields]
        alone = not found[2] and not any(re.fullmatch(r"office\d+|leader\d+_type", other) for other in fields)
        if named and not alone and fields[field] is not named[0]:
            return label("", found[1]) or found[1], named[0]
    return None


def year(field: str, fields: Mapping[str, Code]) -> Code | None:
    """The field that says of which year a value is: "revenue_year" for "revenue"."""
    return fields.get(f"{field}_year")


def is_year(field: str, fields: Mapping[str, Code]) -> bool:
    """Whether a field only says of which year another one is."""
    return field.endswith("_year") and field.removesuffix("_year") in fields


def footnotes(field: str, fields: Mapping[str, Code]) -> list[Code]:
    """What stands in "population_footnotes" is noted at "population_total"."""
    return [
        code
        for name, code in fields.items()
        if (noted := re.fullmatch(r"(\w+?)_(?:footnotes|ref)", name)) and f"{field}_".startswith(f"{noted[1]}_")
    ]


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
