"""An infobox field's name → what a person calls it ("num_employees" → "Number of employees"), None without a fact.

Left out: fields that are about one another (`infobox`), and values (`walker`).
"""

from __future__ import annotations

import re

from index.wikitext.names import CHINESE_FORMS

#: What a person calls a field, where its words do not say it. A number in its name is left out, and a name of two
#: words is of one kind of box: "drug class" is the field "class" of {{infobox drug}}.
_LABELS = {
    # companies and other bodies
    "hq_location": "Headquarters", "hq_location_city": "Headquarters", "company location_city": "Headquarters city",
    "hq_location_country": "Headquarters country", "company location_country": "Headquarters country",
    "foundation": "Founded", "subsid": "Subsidiaries", "aum": "Assets under management", "homepage": "Website",
    "url": "Website", "depeditor": "Deputy editor", "political": "Political alignment", "eissn": "eISSN",
    "undergrad": "Undergraduates", "postgrad": "Postgraduates", "university doctoral": "Doctoral students",
    "school ratio": "Student–teacher ratio", "mottoeng": "Motto in English", "englishmotto": "Motto in English",
    # people
    "birth_date": "Born", "date_of_birth": "Born", "birth_place": "Birthplace", "place_of_birth": "Birthplace",
    "death_date": "Died", "date_of_death": "Died", "death_place": "Place of death", "place_of_death": "Place of death",
    "death_cause": "Cause of death", "person title": "Title", "royalty title": "Title", "mawards": "Military awards",
    "pb": "Personal best", "office": "Office", "jr/sr": "Office", "officeholder title": "Office", "leader": "Leader",
    "succession": "Succession", "clubs": "Club", "club": "Club", "youth_clubs": "Youth club", "team": "Team",
    "national_team": "National team", "managerclubs": "Managed club", "cteam": "Coached team", "college": "College",
    "nominee": "Nominee", "party": "Party", "award": "Award", "awards": "Awards", "spouse": "Spouse",
    "column": "Competition", "bat_avg": "Batting average", "bowl_avg": "Bowling average",
    # places
    "pop_total": "Population", "population_total": "Population", "population_est": "Population estimate",
    "country p": "Preceded by", "country s": "Succeeded by", "population_demonym": "Demonym",
    "population_ref": "Population note", "utc": "UTC offset", "utcs": "UTC offset (DST)",
    "airport summer": "Time zone (DST)", "r_length": "Runway length", "r_length_f": "Runway length (ft)",
    "r_surface": "Runway surface", "name_native": "Native name", "area_total": "Area", "percent_water": "Water (%)",
    "area_water_percent": "Water (%)", "leader_name": "Leader", "timezone": "Time zone",
    "timezone_dst": "Time zone (DST)", "time_zone_dst": "Time zone (DST)", "utc_offset_dst": "UTC offset (DST)",
    "conventional_long_name": "Official name", "official_name": "Official name", "elevation_max": "Highest elevation",
    "elevation_min": "Lowest elevation", "elevation_max_point": "Highest point", "elevation_min_point": "Lowest point",
    "national_motto": "Motto", "national_anthem": "Anthem", "cctld": "Internet TLD", "iso3166code": "ISO 3166 code",
    "gini": "Gini", "topo": "Topographic map", "visitation_num": "Visitors", "owner_oper": "Owner and operator",
    "r_number": "Runway", "stat_year": "Year of the statistics", "airport elevation_f": "Elevation (ft)",
    "gridref": "Grid reference", "refnum": "Reference number", "nrhp added": "Added to the NRHP",
    "designated_nrhp_type": "NRHP designation", "mpsub": "Multiple property submission",
    "unitary_england": "Unitary authority", "unitary_wales": "Principal area", "unitary_scotland": "Council area",
    "unitary_northern_ireland": "District", "lieutenancy_england": "Ceremonial county",
    "lieutenancy_wales": "Preserved county", "lieutenancy_scotland": "Lieutenancy area",
    "lieutenancy_northern_ireland": "County", "constituency_westminster": "UK Parliament constituency",
    "constituency_scottish_parliament": "Scottish Parliament constituency",
    "constituency_welsh_assembly": "Senedd constituency",
    "constituency_ni_assembly": "Northern Ireland Assembly constituency", "dial_code": "Dialling code",
    # works and things
    "gross": "Box office", "runtime": "Running time", "released": "Released", "editing": "Edited by",
    "season_no": "Races in the season", "race_no": "Number of the race", "bridge begin": "Construction began",
    "bridge complete": "Construction ended", "bridge open": "Opened", "opened_date": "Opened",
    "bridge maint": "Maintained by", "bridge below": "Clearance below", "bridge width": "Width",
    "automobile width": "Width", "drug class": "Drug class", "automobile class": "Class",
    "powerout": "Power output", "aka": "Also called",
    "perps": "Perpetrators", "element number": "Atomic number", "density_gpcm3nrt": "Density (g/cm³)",
    "density_gpcm3mp": "Density when liquid (g/cm³)", "heat_fusion": "Heat of fusion",
    "heat_vaporization": "Heat of vaporization", "cas_no": "CAS number", "repo": "Repository", "owned": "Owner",
    "pka": "pKa", "planet period": "Orbital period", "semimajor": "Semi-major axis",
    "asc_node": "Longitude of ascending node", "arg_peri": "Argument of perihelion",
    "before_election": "In office before the election", "after_election": "In office after the election",
    # languages and living things
    "language states": "Native to", "familycolor": "Language family", "language fam": "Language family",
    "language dia": "Dialects", "language stand": "Standard forms", "language script": "Writing system",
    "language nation": "Official language in", "language minority": "Recognised minority language in",
    "language agency": "Regulated by", "iso1": "ISO 639-1", "iso2": "ISO 639-2", "iso2b": "ISO 639-2 (B)",
    "iso2t": "ISO 639-2 (T)", "iso3": "ISO 639-3", "glotto": "Glottolog", "binomial": "Binomial name",
    "speciesbox taxon": "Binomial name", "trinomial": "Trinomial name",
    **dict.fromkeys(("taxobox status", "speciesbox status", "subspeciesbox status"), "Conservation status"),
}  # fmt: skip

_UPPER = """aoc atc cas ceeb ceo dst ean faa fips gdp gnbc hdi iata icao icd id ip isbn iso issn iucn iupac kegg mlb
    nba ncaa nces nfl nhl nrhp oclc odi omim os ppp tld tv uk un url urn us usd utc wmo zip""".split()
#: A word of a field → what it stands for.
_WORDS = {
    **{word: word.upper() for word in _UPPER}, "abbrev": "abbreviation", "abs": "absolute", "alt": "alternative",
    "avg": "average", "classis": "class", "combatant": "belligerent", "coor": "coordinates", "divisio": "division",
    "est": "estimated", "exec": "executive", "familia": "family", "ft": "feet", "grav": "gravity",
    "hof": "Hall of Fame", "hq": "headquarters", "max": "maximum", "min": "minimum", "no": "number", "num": "number of",
    "ordo": "order", "orig": "original", "pct": "percentage", "pop": "population", "prev": "previous", "pt": "point",
    "pub": "publication", "regnum": "kingdom", "ren": "renovation", "rot": "rotation",
    "subclassis": "subclass", "subfamilia": "subfamily", "subordo": "suborder", "superordo": "superorder",
    "temp": "temperature", "tribus": "tribe",
}  # fmt: skip
#: A field's word that is nothing but these is several, run together: "weightclass".
_RUN = """address against age air birth bowling burial bust cap caps chief city class club clubs coach coaching code
    college current date death debut district draft editor end figures final former full goals high highest hof home
    international known last later lead league main minister name names national native next notable number odi of
    open other part party past pen pick place president prev prime pro range ranking round school season senior
    service shirt short span sports stat street t20i team teams test theme total town trade training turned type
    undrafted university vice vote web weight work works year years youth zip zone""".split()
_RUN_WORD = re.compile("|".join(sorted(_RUN, key=len, reverse=True)), re.IGNORECASE)
#: What stands last in a field's name, and first in what it is called: "area_metro" is the metro area.
_DESCRIBED = re.compile(r"(area|population(?:_density)?|elevation|width|depth|discharge\d*|tributaries|title|temp\d*)_"
                        r"(metro|urban|rural|land|water|max|min|avg|left|right|orig|working)")  # fmt: skip
_UNITS = {"km2": "km²", "sq_mi": "sq mi", "lbs": "lb", "acre": "acres", "inch": "in"}
_MEASURED = re.compile(r"(\w+?)_?(?:(?<=height)|(?<=weight)|(?<=_))(km2|sq_mi|km|mi|m|ft|kg|mm|cm|ha|acres?|lbs?"
                       r"|(?<=ght_|gth_|dth_|pth_)in|inch)", re.IGNORECASE)  # fmt: skip
_TEMPERATURE = re.compile(r"(\w+_?p(?:oin)?t)_?([ckf])", re.IGNORECASE)

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
#: More settings, and what repeats the title; a name of two words is of one kind of box, as in `_LABELS`.
_SILENT = re.compile(
    r"(?:album|song|book) border|(?:club|pc|nt|nationalteam)_?update|(?:glotto)?refname"
    r"|(?:native_name|motto|orig|title)_lang\d*(?:_code)?|(?:other_)?symbol_type"
    r"|(?:show|club|bridge|drug|election)_?name|\w*collapsible|\w+_(?:link|pipe)|\w+_qid"
    r"|alt_(?:flag|coat|symbol|map)\w*|area_magnitude|asof|automobile sp|bbrw?|border_[ps]\d+"
    r"|club (?:current|american)|college_voted|combatants_header|conflict conflict|country common_name"
    r"|cricketer columns|demographics_type\d+|designated_other\d+(?:_abbr|_color)?|display_parents|drugbank_ref"
    r"|element (?:left|right|above|below)|embedded|episode_list|espn|exclude_cover|extrasolarplanet|flag_year|hide\w+"
    r"|hoflink|intl|italic_title|kit_alt\d+|label_position|lang_code|language notice|language_footnote|list_episodes"
    r"|listclass|locmapin|longtype|medal_?templates_\w+|metric_(?:elev|rwy)|mlanguage|moretext|msize|nfl(?:new)?|nocat"
    r"|nrhp_type\d*|onet20i|ongoing|other_services_header|p_scheme|partof_refnum|parts_style|pfr"
    r"|planet (?:atmosphere|note|physical_characteristics)|portaldisp|posttitle|ref\d*|rtitle|season_article"
    r"|short_description|show_?medals|stat(?:week|season|s?_?league)|stat_year\d+|station symbol|status\d*_system"
    r"|symbol_location|temp_name\d*|ver_layout|verified\w*|website_title"
)


def one_word(field: str) -> str:
    """A field's name with "_" between its words, without the "(s)" of one or more."""
    return re.sub(r"[ -]", "_", field).removesuffix("(s)")


def label(template: str, field: str, given: str = "") -> str | None:
    """What to call a field, None when it holds no fact.

    `given` is the label an editor wrote in a companion field ("leader_title" for "leader_name").
    """
    if given:
        return given
    if "chinese" in template and field in CHINESE_FORMS:
        return CHINESE_FORMS[field]
    written = one_word(field)
    chemical = template.startswith(("chembox", "drugbox", "infobox drug"))
    if chemical and re.fullmatch("[A-Z][a-z]?", written):
        return f"Number of {written} atoms"
    if template.startswith("chembox") and not re.search("Chem|InCh|Bank|ChE", written):
        written = re.sub(r"(?<=[a-z]{2})(?=[A-Z][a-z])|(?<=[A-Z]{2})(?=[A-Z][a-z])", "_", written)
        written = re.sub(r"(?<=_)[A-Z][a-z]+", lambda word: word[0].lower(), written)
    key = written.lower()
    words = "_".join(_words(re.sub(r"(?<=[a-z])_?\d{1,2}(?=_|$)", "", key)))
    kind = template.rpartition(" ")[2]
    for name in (f"{kind} {key}", key, f"{kind} {words}", words):
        if name in _LABELS:
            return _LABELS[name]
    if _LAYOUT.match(key) or _SILENT.fullmatch(key) or _SILENT.fullmatch(f"{kind} {key}"):
        return None
    return _readable(written)


def _readable(field: str) -> str:
    """The words of a field's name as a person writes them: "width_max_ft" → "Maximum width (ft)"."""
    unit = ""
    if measured := _MEASURED.fullmatch(field):
        field, unit = measured[1].removesuffix("_"), _UNITS.get(measured[2].lower(), measured[2].lower())
        unit = f"per {unit}" if "density" in field else unit
    elif measured := _TEMPERATURE.fullmatch(field):
        field, unit = measured[1], {"K": "K", "C": "°C", "F": "°F"}[measured[2].upper()]
    if field.lower() in _LABELS:
        words = _LABELS[field.lower()]
    else:
        field = re.sub(r"^(\w+?)s?_count$", r"number_of_\1s", _DESCRIBED.sub(r"\2_\1", field))
        field = re.sub(r"(?<=[a-z])(?=\d+(?:_|$))", "_", field)
        words = " ".join(_WORDS.get(word.lower(), word) for word in _words(field))
    return words[:1].upper() + words[1:] + (f" ({unit})" if unit else "")


def _words(field: str) -> list[str]:
    """The words of a field's name: "debutyear_against" → "debut", "year", "against"."""
    words: list[str] = []
    for word in field.split("_"):
        parts = _RUN_WORD.findall(word)
        words += parts if "".join(parts) == word else [word]
    return words
