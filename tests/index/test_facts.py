"""What people call an infobox fact, under whatever form its label has."""

import pytest

from index.facts import SYNONYMS, synonyms


@pytest.mark.parametrize(
    ("fact", "label"),
    [
        ("Revenue (2022): $5", "revenue"),
        ("Elevation (ft): 312", "elevation"),
        ("Goals (→ Rovers (loan)): 5", "goals"),
        ("Strength 2: 6,000", "strength"),
        ("Ship builder: Ann", "builder"),
        ("Producers: Ann, Bea", "producer"),
        ("Commander (Land): Ann", "commander"),
        ("Founders: Ann", "founders"),
        ("Area (km²): 5", "area (km²)"),
        ("Box office: $839 million", "box office"),
    ],
)
def test_a_label_is_found_under_its_bare_name(fact: str, label: str) -> None:
    """A year, a unit, an owner, a number or a plural hides nothing; the label as it stands goes first."""
    assert synonyms(fact) == SYNONYMS[label] != ""


def test_an_unknown_label_in_brackets_has_no_synonyms() -> None:
    """Only the label is looked up, neither what stands in its brackets nor nothing at all."""
    assert synonyms("Wingspan (revenue): 5") == ""
    assert synonyms("(revenue): 5") == ""
    assert synonyms(": 5") == ""
