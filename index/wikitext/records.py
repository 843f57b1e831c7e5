"""Templates that hold an article's data (a track, a match, a year's population) → the rows a reader sees.

A table: add a line to `RECORDS` to teach Footnote another record, to `PICTURES` another picture, to
`HOLDERS` another template around whole blocks, to `QUOTED` another quotation. Names of templates and of a
record's parameters are in lower case, as both are compared without case. Left out: writing (`rows`, `walker`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from index.wikitext.call import Call
from index.wikitext.nodes import Code

#: A label, written out or as a parameter says it, and what it labels.
Field = tuple[str | Code, Code]


@dataclass(frozen=True, slots=True)
class Record:
    """How a template's parameters become rows.

    `fields` maps a parameter to its label, in the order of the row. In a parameter "#" is a running number, with a
    row for each; in a label it is that number. The label "=x" is what the parameter x says, "" is none. Where `every`
    is given, unnamed parameters are rows of so many. `name` names each row unless one of `captions` is given; the
    footnotes of `notes` are those of every row; `texts` are paragraphs below.
    """

    fields: dict[str, str]
    name: str = ""
    captions: tuple[str, ...] = ()
    every: int = 0
    notes: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()

    def rows(self, call: Call) -> Iterator[list[Field]]:
        """The labelled values of each row, parameters without a number first."""
        for number, given in sorted(self._given(call).items()):
            row: list[Field] = []
            for parameter, label in self.fields.items():
                if parameter in given:
                    said = given.get(label[1:], "") if label.startswith("=") else label.replace("#", str(number))
                    row.append((said, given[parameter]))
            if row:
                yield row

    def _given(self, call: Call) -> dict[int, dict[str, Code]]:
        """Number of a row → its parameters, under their names in `fields`."""
        rows: dict[int, dict[str, Code]] = defaultdict(dict)
        for name in call.parameters:
            code = call.get(name)
            if code is None:
                continue
            digits = re.search(r"\d{1,4}", name)
            if self.every and digits and digits.group() == name:
                row, column = divmod(int(name) - 1, self.every)
                rows[row][str(column + 1)] = code
            elif digits and name not in self.fields:
                rows[int(digits.group())][name.replace(digits.group(), "#", 1)] = code
            else:
                rows[0][name] = code
        return rows


RECORDS: dict[str, Record] = {}


def _add(record: Record, *names: str) -> None:
    for name in names:
        RECORDS[name] = record


_add(
    Record(
        {"all_writing": "Writer of all", "all_lyrics": "Lyrics of all", "all_music": "Music of all", "title#": "Title",
         "note#": "Note", "writer#": "Writer", "lyrics#": "Lyrics", "music#": "Music", "extra#": "Extra",
         "length#": "Length", "total_length": "Total length"},
        name="Track listing", captions=("headline", "title"),
    ),
    "track listing", "tracklist", "tracklisting",
)  # fmt: skip
_add(Record({"2": "=1"}, name="Population", captions=("title",), every=2, notes=("footnote", "source")),
     "historical populations", "historical population")  # fmt: skip
_add(Record({"#": "#", "estimate": "=estyear"}, name="Population", captions=("title",), notes=("footnote",)),
     "us census population", "uscensuspop")  # fmt: skip
_add(
    Record({"name": "Player", "no": "Number", "pos": "Position", "nat": "Nationality", "caps": "Caps",
            "goals": "Goals", "club": "Club", "other": "Note"}),
    "fs player", "fs player2", "football squad player", "football squad player2", "nat fs player", "nat fs g player",
)  # fmt: skip
_add(
    Record({"date": "Date", "time": "Time", "round": "Round", "team1": "Team 1", "score": "Score", "team2": "Team 2",
            "goals1": "Goals of team 1", "goals2": "Goals of team 2", "aet": "After extra time",
            "penaltyscore": "Penalties", "stadium": "Stadium", "location": "Location", "attendance": "Attendance",
            "referee": "Referee"}),
    "football box", "footballbox", "football box collapsible", "footballbox collapsible",
)  # fmt: skip
_add(
    Record(
        {"episodenumber": "Episode", "episodenumber2": "Number in season", "title": "Title", "rtitle": "Title",
         "directedby": "Directed by", "writtenby": "Written by", "originalairdate": "Original air date",
         "viewers": "Viewers"},
        texts=("shortsummary",),
    ),
    "episode list", "episode list/sublist",
)  # fmt: skip
_add(Record({"region": "Region", "artist": "Artist", "title": "Title", "award": "Award", "number": "Times",
             "salesamount": "Sales"}, name="Certification"),
     "certification table entry")  # fmt: skip
_add(
    Record({"mc": "Metacritic", "adm": "AnyDecentMusic?", "gr": "GameRankings", "1up": "1Up.com", "edge": "Edge",
            "egm": "Electronic Gaming Monthly", "eurog": "Eurogamer", "fam": "Famitsu", "gi": "Game Informer",
            "gspot": "GameSpot", "ign": "IGN", "rev#score": "=rev#"}, name="Ratings", captions=("title",)),
    "album ratings", "music ratings", "album reviews", "video game reviews", "vg reviews",
)  # fmt: skip
_add(Record({"2": "", "3": ""}, captions=("1",)), "medal")
for _medal in ("Gold", "Silver", "Bronze"):
    _add(Record({"1": "", "2": ""}, name=f"{_medal} medal"), f"medal{_medal.lower()}")
for _heading in ("Sport", "Country", "Competition"):
    _add(Record({"1": _heading}), f"medal{_heading.lower()}")
_VOTES = {"votes": "Votes", "percentage": "Percentage", "change": "Change"}
_add(
    Record({"candidate": "Candidate", "party": "Party", **_VOTES}),
    "election box candidate", "election box candidate with party link", "election box candidate for alliance",
    "election box winning candidate", "election box winning candidate with party link",
)  # fmt: skip
_add(Record(_VOTES, name="Majority"), "election box majority")
_add(Record(_VOTES, name="Turnout"), "election box turnout")
#: Templates that begin or end a table of records: all they say is its title.
_add(
    Record({"title": "", "caption": ""}),
    "election box begin", "election box end", "certification table top", "certification table bottom", "fs start",
    "fs mid", "fs end", "football squad start", "football squad mid", "football squad end", "nat fs start",
    "nat fs g start", "nat fs end", "medaltop", "medalbottom", "glossary", "glossary end",
)  # fmt: skip

_CAPTIONS = ("header", "caption", "footer", "description", *(f"caption{n}" for n in range(1, 20)))
#: Picture and sound templates → the parameters that hold their captions.
PICTURES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("multiple image", "wide image", "panorama", "tall image", "annotated image", "css image crop"),
                    (*_CAPTIONS, "3")),
    # Files and captions take turns.
    "gallery": ("title", *(str(number) for number in range(2, 200, 2)), "footer"),
    "listen": ("header", *(f"{name}{n}" for n in ("", *range(1, 20)) for name in ("title", "description"))),
}  # fmt: skip

#: Templates that hold whole blocks → the kind of a line there without a list marker, and the parameters that hold them.
HOLDERS: dict[str, tuple[str, ...]] = {
    "episode table": ("paragraph", "episodes"),
    "cast listing": ("list_item", "content", "1"),
    "cast list": ("list_item", "content", "1"),
    "term": ("list_item", "term", "1"),
    "defn": ("list_item", "defn", "1"),
}

#: A width where an editor might have named someone.
_SIZE = re.compile(r"[\d.]+\s*(?:px|em|%)")
#: Quotation template → the numbers of its words, their author and their source.
QUOTED: dict[str, tuple[tuple[str, ...], ...]] = {
    "rquote": (("2",), ("3",), ("4",)),
    **dict.fromkeys(("cquote", "pull quote"), (("1",), ("4", "2"), ("5", "3"))),
    "quote box": (("1",), (), ()),
}
_QUOTED = (("1",), ("2",), ("3",))


def quoted(call: Call) -> tuple[Code | None, list[Code]]:
    """The words of a quotation, and who said them where: {{quote|So be it.|Ada|Letters}} → words, [Ada, Letters]."""
    words, author, source = QUOTED.get(call.name, _QUOTED)
    places = (("character", "char"), ("author", "sign", "by", *author), ("title",), ("source", "cite", *source))
    named = (call.get(*(name for name in names if not _SIZE.fullmatch(call.raw(name)))) for names in places)
    return call.get("text", "quote", *words), [code for code in named if code is not None]
