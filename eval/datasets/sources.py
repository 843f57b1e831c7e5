"""Where known data files come from, and under which licence; by the name of the file."""

from __future__ import annotations

from typing import Final, NamedTuple


class Source(NamedTuple):
    """Who made a data set, and what it may be used for."""

    source: str
    licence: str


UNKNOWN: Final = Source("not known to Footnote: see where the file came from", "not known to Footnote")

_SQUAD = Source("Rajpurkar et al. 2016, 2018, SQuAD 1.1 and 2.0; Wikipedia contributors", "CC BY-SA 4.0")
_SHIFTS = (
    "Miller et al. 2020, The Effect of Natural Distribution Shift on Question Answering Models",
    "none named by its authors",
)
_SELQA = Source("Jurczyk et al. 2016, SelQA; Wikipedia contributors", "Apache-2.0")
_OURS = Source("the authors of Footnote", "Apache-2.0")

#: The start of a file's name → its source; the first that fits.
KNOWN: Final = {
    "squadshifts": Source(*_SHIFTS),
    "squad": _SQUAD,
    "selqa": _SELQA,
    "qamr": Source("Michael et al. 2018, QAMR", "MIT"),
    "qed": Source("Lamm et al. 2020, QED (Natural Questions); Wikipedia contributors", "CC BY-SA 3.0"),
    "multispanqa": Source("Li et al. 2022, MultiSpanQA", "none named by its authors"),
    "dev-v": _SQUAD,
    "train-v": _SQUAD,
    "sensetime": _OURS,
    "followups": _OURS,
}


def source_of(name: str) -> Source:
    """The source of a file with this name (without its suffix); UNKNOWN for one that Footnote does not know."""
    return next((source for start, source in KNOWN.items() if name.lower().startswith(start)), UNKNOWN)
