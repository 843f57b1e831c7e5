"""What people call an infobox fact: words that a question uses where the box has its own label.

A fact is a few words long, so a question that says "ticker" shares nothing with "Traded as: NYSE: F".
These words stand beside the fact in what is embedded and indexed, never in the article's text. The table
holds the common fields of companies, people, places and works; a label that is not in it has no synonyms.
"""

from __future__ import annotations

from typing import Final

#: Label in lower case → other words for it.
SYNONYMS: Final[dict[str, str]] = {
    "type": "kind of company, public or private, ownership",
    "traded as": "stock ticker symbol, stock code, exchange, listed, shares",
    "industry": "sector, line of business, field",
    "founded": "date of foundation, established, started, set up, created, year, age",
    "founder": "founders, who started, set up, created, established it",
    "founders": "founder, who started, set up, created, established it",
    "headquarters": "head office, based, located, main office, home",
    "area served": "markets, fields, activities, regions",
    "number of employees": "staff, workforce, headcount, people work, size",
    "parent": "parent company, parent organisation, owner, owned by",
    "owner": "owned by, belongs to, parent",
    "subsidiaries": "subsidiary, daughter companies, divisions, owns",
    "key people": "chief executive, CEO, chairman, president, director, leaders",
    "products": "makes, sells, product",
    "services": "offers, provides, service",
    "revenue": "turnover, sales, income, earned",
    "net income": "profit, earnings, made",
    "operating income": "operating profit, earnings",
    "website": "web site, homepage, URL, internet address",
    "simplified chinese": "name in simplified Chinese characters",
    "traditional chinese": "name in traditional Chinese characters, full-form",
    "hanyu pinyin": "pronunciation, pronounced, romanised, how to say the Chinese name, tones",
    "jyutping": "pronunciation in Cantonese, romanised",
    "literal meaning": "means, translation of the name",
    "born": "date of birth, birthday, birth year, age",
    "birthplace": "place of birth, where born, native of",
    "birth name": "full name, real name, name at birth",
    "died": "date of death, death year, when died",
    "place of death": "where died",
    "nationality": "citizenship, citizen of, country",
    "occupation": "job, profession, work, does for a living",
    "spouse": "husband, wife, married to, partner",
    "children": "sons, daughters, kids",
    "alma mater": "university, college, studied, education, graduated from",
    "education": "studied, university, school, degree",
    "residence": "lives in, home",
    "known for": "famous for, achievements",
    "awards": "prizes, honours, won",
    "years active": "active, career, since when",
    "population": "how many people live, inhabitants, residents",
    "area (km²)": "size, how large, square kilometres, surface",
    "elevation (m)": "height above sea level, altitude, how high",
    "time zone": "local time, hours from UTC",
    "area code": "dialling code, telephone, phone prefix",
    "postal code": "postcode, zip code",
    "mayor": "head of the city, leader, governed by",
    "country": "nation, state, in which land",
    "capital": "capital city, seat of government",
    "official language": "spoken, languages",
    "currency": "money",
    "motto": "slogan",
    "nickname": "called, known as, alias",
    "coordinates": "latitude, longitude, location, where",
    "genre": "style, kind of music, kind of work",
    "label": "record company",
    "members": "line-up, who is in it",
    "director": "directed by",
    "release date": "came out, released, published",
    "author": "written by, writer",
    "publisher": "published by",
    "language": "written in, spoken",
    "opened": "opening, inaugurated, since when",
    "architect": "designed by, built by",
    "capacity": "seats, holds, how many people fit",
}


def synonyms(fact: str) -> str:
    """Other words for the label of a fact, "" when it has none: "Parent: Ford" → "parent company, …"."""
    label, colon, _ = fact.partition(": ")
    return SYNONYMS.get(label.lower(), "") if colon else ""
