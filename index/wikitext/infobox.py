"""Infobox fields → facts with names a person understands ("num_employees" → "Number of employees").

Left out: reading a field's value, which is wikitext like any other (`index.wikitext.walker`).
"""

from __future__ import annotations

import re
from collections.abc import Collection

from index.wikitext.templates import CHINESE_FORMS, is_silent

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
    "years_active": "Years active",
}  # fmt: skip

#: Fields that lay the box out, or repeat what stands elsewhere, and hold no fact.
_LAYOUT = re.compile(
    r"^(?:name|title|image\d*|img|bild|bilete|logo|photo|seal|flag|image_(?!caption)\w+|img_?size|\w*_?(?:size|alt|width"
    r"|upright|style|class|color|colour|link|align|bg)|alt|order|embed|child|footnotes|signature\w*|map\w*|pushpin\w*"
    r"|mapframe\w*|background|boxwidth|headercolor|landscape|fetchwikidata|onlysourced|suppressfields|dateformat"
    r"|unit_pref|coordinates_\w+|lat(?:d|m|s|ns|itude)?|long(?:d|m|s|ew|itude)?|\w+_footnotes|\d+)$"
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
    key = field.lower().replace(" ", "_").replace("-", "_")
    if given:
        return given
    if "chinese" in template and field in CHINESE_FORMS:
        return CHINESE_FORMS[field]
    if key in _LABELS:
        return _LABELS[key]
    if _LAYOUT.match(key):
        return None
    measured = re.fullmatch(r"(\w+)_(km2|sq_mi|km|mi|m|ft|kg|mm|cm)", key)
    unit = f" ({measured[2].replace('2', '²').replace('_', ' ')})" if measured else ""
    words = re.sub(r"(?<=[a-z])(?=\d+$)", " ", " ".join((measured[1] if measured else key).split("_"))) + unit
    return words[:1].upper() + words[1:]


#: value field → the field that names it, tried in order; "#" stands for a number at the end.
_COMPANIONS = (
    (r"data(\d+)", r"label\1"),
    (r"(\w+?)_name(\d*)", r"\1_title\2"),
    (r"(\w+?)_name(\d*)", r"\1_type\2"),
    (r"(\w+?)_info(\w*)", r"\1_name\2"),
    (r"(\w+?)_data(\d*)", r"\1_label\2"),
    (r"(\w+?)_date(\d*)", r"\1_title\2"),
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


def is_fact(value: str) -> bool:
    """False for a value that is a picture's name or size rather than something said."""
    return re.search(r"\w", value) is not None and _PICTURE.fullmatch(value.strip()) is None
