"""Footnotes → References: <ref> tags, named ones resolved, and the templates that stand for them.

Reads citation templates ({{cite …}}, {{citation}} and their German cousins) into title, publisher,
date and links; short footnotes ({{sfn}}, {{harvnb}}) are resolved to the full citation they point to.
A footnote without a citation template keeps its words as the title, and so does a remark that cites
something; what else a footnote names are its `further` sources. Left out: where a footnote is
anchored (`index.wikitext.text`).
"""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from index.article import Reference, Span
from index.wikitext.balance import MASK
from index.wikitext.call import Call
from index.wikitext.nodes import Code, Comment, Node, Tag, Template, contents, descend, inside, tag_name

_FIELDS = {
    "title": ("title", "script-title", "chapter", "contribution", "article", "entry", "titel", "tittel"),
    "publisher": ("website", "work", "newspaper", "magazine", "journal", "periodical", "encyclopedia", "publisher",
                  "institution", "agency", "werk", "hrsg", "verlag", "sammelwerk", "utgiver"),
    "date": ("date", "year", "publication-date", "datum", "jahr", "dato"),
    "url": ("url", "chapter-url", "chapterurl", "contribution-url", "online"),
    "archive_url": ("archive-url", "archiveurl", "archiv-url", "arkiv-url"),
    "access_date": ("access-date", "accessdate", "abruf", "zugriff", "besøksdato"),
    "pages": ("page", "pages", "p", "pp", "at", "seiten"),
}  # fmt: skip
#: The fields of a person's last name and first name; "{}" is the number, if any.
_AUTHOR = ("last{}", "surname{}", "author{}", "author-last{}", "author{}-last")
_EDITOR = ("editor-last{}", "editor{}-last", "editor-surname{}", "editor{}-surname", "editor{}")
_FIRST_NAMES = ("first{}", "given{}", "author-first{}", "author{}-first")
_AUTHORS = ("authors", "vauthors", "author", "autor", "people")
_SHORT = frozenset(
    {"sfn", "snf", "sfnp", "harvnb", "harv", "harvtxt", "harvp", "harvcol", "harvcolnb", "harvcoltxt", "harvs"}
)
_SHORT_FOOTNOTES = frozenset({"sfn", "snf", "sfnp", "sfnm"})
#: Templates of notes that are a group of their own → its name.
_GROUPS = {
    "efn": "lower-alpha", "efn-la": "lower-alpha", "efn-ua": "upper-alpha", "efn-lr": "lower-roman",
    "efn-ur": "upper-roman", "efn-lg": "lower-greek",
}  # fmt: skip
_NOTES = frozenset({*_GROUPS, "refn", "notetag", "#tag:ref"})
_REPEATS = frozenset({"r", "rp name"})
_CITING = frozenset(
    {"citation", "internetquelle", "literatur", "kilde www", "kilde bok", "lien web", "ouvrage", "wayback"}
)
_DEAD = frozenset({"dead link", "dead", "broken link", "toter link"})
#: The language that {{cite …|script-title=el:…}} begins with.
_LANGUAGE = re.compile(r"^[a-z]{2,3}(?:-\w+)?:\s*")
#: What leads to a source and says nothing by itself.
_LEAD_IN = re.compile(
    r"\b(?:e\.\s?g|i\.\s?e|cf|see|also|and|or|compare|for (?:example|instance|details|more)|sources?|references?"
    r"|(?:quoted|cited|reported|available) (?:in|by|from|at)|in|from|by|at|on|via|per|the|main articles?)\b",
    re.IGNORECASE,
)
#: What editors write behind a citation: when they looked.
_LOOKED_UP = re.compile(
    r"\b(?:retrieved|accessed)(?: on)?:? ((?:\d{1,2} )?[A-Z][a-z]+ (?:\d{1,2}, )?\d{4}|\d{4}-\d\d-\d\d)\)?\.?$",
    re.IGNORECASE,
)
_ARCHIVE = "https://web.archive.org/web/"
_ARCHIVED = re.compile(r"https?://web\.archive\.org/web/\d+[a-z_*]*/(https?://.+)")
_YEAR = re.compile(r"\d{4}[a-z]?")

Plain = Callable[[Code], str]
Name = tuple[str, str]  # the group, "" for the sources, and the name in it


def is_citation(name: str) -> bool:
    """Whether a template of this lower-case name describes a source."""
    return name.startswith(("cite ", "citation/", "vcite ")) or name in _CITING


def is_footnote(name: str) -> bool:
    """Whether a template of this lower-case name stands for a footnote (or says more about one, as {{rp}} does)."""
    return name in _SHORT_FOOTNOTES or name in _NOTES or name in _REPEATS or name == "rp"


class Footnotes:
    """The footnotes of one article: definitions found ahead, numbers given in order of first use."""

    def __init__(self, source: Code, wikitext: str, plain: Plain) -> None:
        self._plain = plain
        self._wikitext = wikitext
        self._definitions: dict[Name, Code] = {}
        self._sources: dict[str, Call] = {}
        self._used: dict[Hashable, Reference] = {}
        self._collect(source)

    @property
    def references(self) -> tuple[Reference, ...]:
        """Every footnote used so far, in order of number."""
        return tuple(self._used.values())

    def of_tag(self, tag: Tag, span: Span) -> Reference:
        """The footnote of a <ref>; a name that is defined nowhere gives one without a title."""
        return self._written((_attribute(tag, "group"), _attribute(tag, "name")), contents(tag, span), span)

    def of_template(self, call: Call, span: Span) -> list[Reference]:
        """The footnotes of {{sfn|Smith|2004|p=3}} (with the source it points to), {{efn|text}} or {{r|name}}."""
        if call.name in _SHORT_FOOTNOTES:
            raw = span.of(self._wikitext)
            return [self._reference(raw, raw, None, None, _each_of(call) if call.name == "sfnm" else [call])]
        if call.name in _NOTES:
            (group, name), text = _name_of_note(call), _text_of_note(call)
            return [self._written((group, name), text or Code((), span.end), span)] if name or text is not None else []
        if call.name in _REPEATS:
            group = _unquoted(call.raw("group", "g"))
            return [self._written((group, code.words()), Code((), span.end), span) for code in call.positional]
        return []

    def _written(self, name: Name, code: Code, span: Span) -> Reference:
        """The footnote written as `code` under `name`; without a name each is one of its own, as on the page."""
        named = bool(name[1])
        if named:
            code = self._definitions.get(name, code)
        raw = code.span.of(self._wikitext).strip() or span.of(self._wikitext)
        return self._reference(name if named else span.start, raw, code, name[1] or None)

    def describe(self, call: Call) -> dict[str, str | None]:
        """The fields of a citation template that a `Reference` has, as plain text."""
        call = Call(call.name, {name.lower(): code for name, code in call.parameters.items()})
        found: dict[str, str | None] = {}
        for field, names in _FIELDS.items():
            code = call.get(*names)
            found[field] = self._plain(code) or None if code is not None else None
        if found["title"] and call.get("title") is None and call.get("script-title") is not None:
            found["title"] = _LANGUAGE.sub("", found["title"])
        for field in ("url", "archive_url"):
            found[field] = _address(call.raw(*_FIELDS[field]))
        if kept := _kept_at(call):
            found["archive_url"], found["date"] = kept, None
        found["url"], found["archive_url"] = _live_and_archived(found["url"], found["archive_url"])
        if found["url"] is None and call.raw("doi"):
            found["url"] = f"https://doi.org/{call.raw('doi')}"
        found["authors"] = self._authors(call)
        return found

    def _authors(self, call: Call) -> str | None:
        names = []
        for number, last in _people(call, _AUTHOR):
            first = call.get(*(form.format(number) for form in _FIRST_NAMES))
            names.append(self._plain(last) + (f", {self._plain(first)}" if first is not None else ""))
        if not names:
            code = call.get(*_AUTHORS)
            names = [self._plain(code)] if code is not None else []
        return "; ".join(name for name in names if name) or None

    def _reference(
        self, key: Hashable, raw: str, code: Code | None, name: str | None, short: Sequence[Call] = ()
    ) -> Reference:
        if key not in self._used:
            self._used[key] = self._read(Reference(len(self._used) + 1, raw, name=name), code, short)
        return self._used[key]

    def _read(self, blank: Reference, code: Code | None, short: Sequence[Call]) -> Reference:
        calls = short or (_calls(code) if code is not None else ())
        own_words = code is not None and self._has_own_words(code)
        loose, named = _sources_in(calls, own_words=own_words)
        sources = [self._source(blank, *each) for each in named]
        if own_words or not sources:
            return replace(self._in_words(blank, code, loose), further=tuple(sources))
        first, *further = sources
        if is_citation(named[0][0].name):
            first = replace(first, **self._added(first, code, alone=not further))
        return replace(first, further=tuple(further))

    def _has_own_words(self, code: Code) -> bool:
        """Whether a footnote says something before it names a source, or has its source in a footnote of its own."""
        before = self._plain(Code(tuple(itertools.takewhile(_names_no_source, code.nodes)), code.start))
        return re.search(r"\w", _LEAD_IN.sub("", before)) is not None

    def _source(self, blank: Reference, call: Call, behind: Sequence[Call]) -> Reference:
        """What a citation template describes or a short footnote points to; templates `behind` it tell of its link."""
        dead = _says_dead(call) or any(other.name in _DEAD for other in behind)
        if is_citation(call.name):
            cited = replace(blank, dead=dead, **self.describe(call))  # type: ignore[arg-type]
            kept = next(filter(None, map(_kept_at, behind)), None)
            return replace(cited, archive_url=cited.archive_url or kept)
        given = call.get("p", "pp", "page", "pages", "loc")
        pages = self._plain(given) if given is not None else None
        full = self._sources.get(self._key_of_short(call))
        if full is not None:
            dead = dead or _says_dead(full)
            return replace(blank, dead=dead, **{**self.describe(full), "pages": pages})  # type: ignore[arg-type]
        words = " ".join(self._plain(code) for code in call.positional)
        return replace(blank, title=words or None, pages=pages, dead=dead)

    def _in_words(self, blank: Reference, code: Code | None, loose: Sequence[Call]) -> Reference:
        """A footnote's own words, and the first address in them; `loose` are the templates that are no source."""
        text = self._plain(code) if code is not None else ""
        link = re.search(r"https?://[^\s\]|<>{}]+", _without_sources(code) if code is not None else "")
        url, archived = _live_and_archived(_address(_ended(link.group())) if link else None, None)
        archived = archived or next(filter(None, map(_kept_at, loose)), None)
        text, looked_up = _looked_up(text)
        title = text if re.search(r"\w", text) else None
        dead = any(map(_says_dead, loose))
        return replace(blank, title=title, url=url, archive_url=archived, access_date=looked_up, dead=dead)

    def _added(self, cited: Reference, code: Code | None, *, alone: bool) -> dict[str, Any]:
        """What the words behind a footnote's citation say more: when it was looked up, and who published it.

        Words between two citations only join them.
        """
        words = self._plain(_behind_citation(code)) if code is not None else ""
        words, looked_up = _looked_up(words.strip(" .,;:\n"))
        words = words.rstrip(".")
        added = {"access_date": cited.access_date or looked_up}
        if alone and re.search(r"\w", words):
            where = "title" if cited.publisher else "publisher"
            added[where] = " ".join(filter(None, (getattr(cited, where), words)))
        return added

    def _collect(self, source: Code) -> None:
        listed: dict[int, str] = {}  # where the footnotes start that stand in a group's list → that group
        for node, span in descend(source):
            if isinstance(node, Tag):
                code = contents(node, span)
                if tag_name(node) == "references" and (group := _attribute(node, "group")):
                    listed |= _starts(code, group)
                name = _attribute(node, "name") if tag_name(node) == "ref" else ""
                if name and code.words():
                    group = _attribute(node, "group") or listed.get(span.start, "")
                    self._definitions.setdefault((group, name), code)
            elif isinstance(node, Template):
                call = Call.of(node, span)
                if call.name == "reflist" and (refs := call.get("refs")) and (group := _unquoted(call.raw("group"))):
                    listed |= _starts(refs, group)
                text = _text_of_note(call) if call.name in _NOTES else None
                if text is not None and call.raw("name"):
                    self._definitions.setdefault(_name_of_note(call), text)
                if is_citation(call.name):
                    for key in self._keys_of_source(call):
                        self._sources.setdefault(key, call)

    def _keys_of_source(self, call: Call) -> list[str]:
        """What short footnotes may call this source by: last names of up to four people and the year, run together."""
        explicit = re.search(r"\{\{\s*(?:sfnref|harvid)\s*\|([^}]*)\}\}", call.raw("ref"), flags=re.IGNORECASE)
        if explicit:
            return [_run_together(explicit.group(1).split("|"))]
        names = [self._plain(last) for _, last in _people(call, _AUTHOR)]
        if not names and (listed := call.get("vauthors")) is not None:
            names = [name.strip().rpartition(" ")[0] or name for name in self._plain(listed).split(",")]
        names = names or [self._plain(last) for _, last in _people(call, _EDITOR)]
        year = _YEAR.search(call.raw("year", "date"))
        return [_run_together([*names[:4], year.group() if year else ""])] if any(names) else []

    def _key_of_short(self, call: Call) -> str:
        return _run_together(map(self._plain, call.positional))


def _run_together(words: Iterable[str]) -> str:
    return "".join(words).replace(" ", "").lower()


def _people(call: Call, forms: Sequence[str]) -> list[tuple[str, Code]]:
    """The number and the last name of each person that a citation gives in fields of these forms, in order."""
    numbers = ("", *map(str, range(1, 20)))
    given = ((number, call.get(*(form.format(number) for form in forms))) for number in numbers)
    return [(number, last) for number, last in given if last is not None]


def _behind_citation(code: Code) -> Code:
    """What follows the first source in `code`, up to the next."""
    places = [
        place
        for place, node in enumerate(code.nodes)
        if isinstance(node, Template) and _is_source(Call.of(node, Span(0, 0)).name)
    ]
    if not places:
        return Code((), code.start)
    end = places[1] if len(places) > 1 else len(code.nodes)
    start = code.start + sum(len(str(node)) for node in code.nodes[: places[0] + 1])
    return Code(tuple(code.nodes[places[0] + 1 : end]), start)


def _starts(code: Code, group: str) -> dict[int, str]:
    return {span.start: group for _, span in descend(code)}


def _name_of_note(call: Call) -> Name:
    return _unquoted(call.raw("group")) or _GROUPS.get(call.name, ""), _unquoted(call.raw("name"))


def _text_of_note(call: Call) -> Code | None:
    return call.get("1", "2" if call.name == "#tag:ref" else "text")


def _attribute(tag: Tag, name: str) -> str:
    for attribute in tag.attributes:
        if str(attribute.name).strip().lower() == name and attribute.value is not None:
            return _unquoted(html.unescape(str(attribute.value).replace(MASK, "")))
    return ""


def _unquoted(value: str) -> str:
    return value.strip().strip("\"'").strip()


def _calls(code: Code) -> list[Call]:
    return [Call.of(node, span) for node, span in descend(code) if isinstance(node, Template)]


def _each_of(call: Call) -> list[Call]:
    """{{sfnm|1a1=Smith|1y=2004|1p=3|2a1=Jones|2y=2010}} → {{sfn|Smith|2004|p=3}} and {{sfn|Jones|2010}}."""
    each = []
    for place in range(1, 20):
        words = [code for key in ("a1", "a2", "a3", "a4", "y") if (code := call.get(f"{place}{key}")) is not None]
        pages = {key: code for key in ("p", "pp", "loc") if (code := call.get(f"{place}{key}")) is not None}
        if words:
            each.append(Call("sfn", {str(number): code for number, code in enumerate(words, 1)} | pages))
    return each


def _sources_in(calls: Iterable[Call], *, own_words: bool) -> tuple[list[Call], list[tuple[Call, list[Call]]]]:
    """The templates before the first source of a footnote, then each source with those that stand behind it.

    {{wayback}} says where something is kept, and is a source only where nothing stands before it.
    """
    loose: list[Call] = []
    named: list[tuple[Call, list[Call]]] = []
    for call in calls:
        if _is_source(call.name) and not (call.name == "wayback" and (named or own_words)):
            named.append((call, []))
        else:
            (named[-1][1] if named else loose).append(call)
    return loose, named


def _is_source(name: str) -> bool:
    return is_citation(name) or name in _SHORT


def _names_no_source(node: Node) -> bool:
    """Whether neither a node nor what it holds names a source; what a footnote inside of it names is not its own."""
    if isinstance(node, Tag) and tag_name(node) == "ref":
        return True
    if isinstance(node, Template):
        name = Call.of(node, Span(0, 0)).name
        if _is_source(name) or name in _NOTES:
            return name in _NOTES
    return all(_names_no_source(inner) for code in inside(node, Span(0, 0)) for inner in code.nodes)


def _without_sources(code: Code) -> str:
    """The wikitext of a footnote's own words."""
    return "".join(str(node) for node in code.nodes if not isinstance(node, Comment) and _names_no_source(node))


def _kept_at(call: Call) -> str | None:
    """The address of {{webarchive|url=…}} or {{wayback|url=…|date=20080112}}, else None."""
    url = _address(call.raw("url"))
    if call.name == "wayback" and url and re.fullmatch(r"\d{8,14}", call.raw("date")):
        return f"{_ARCHIVE}{call.raw('date')}/{url}"
    return url if call.name == "webarchive" else None


def _says_dead(call: Call) -> bool:
    """Whether a template says that the link no longer works."""
    status = call.raw("url-status", "dead-url", "deadurl")
    return call.name in _DEAD or status in {"dead", "yes", "unfit", "usurped"}


def _looked_up(words: str) -> tuple[str, str | None]:
    """`words` without "Retrieved 5 May 2012." at their end, and that date."""
    found = _LOOKED_UP.search(words)
    return (words[: found.start()].rstrip(" ,;("), found[1]) if found else (words, None)


def _live_and_archived(url: str | None, archived: str | None) -> tuple[str | None, str | None]:
    """The two addresses; what is in an archive alone has its own inside that."""
    if url and not archived and (kept := _ARCHIVED.fullmatch(url)):
        return kept[1], url
    return url, archived


def _address(raw: str) -> str | None:
    """A link with its entities ("&amp;") as a browser gets them when it is a web address, else None."""
    address = re.sub(r"&#?\w+;", lambda entity: html.unescape(entity.group()), raw)
    return address if re.fullmatch(r"https?://\S+", address) else None


def _ended(address: str) -> str:
    """An address that stands in a sentence without the marks behind it, as MediaWiki ends it."""
    return address.rstrip(".,;:!?" if "(" in address else ".,;:!?)")
