"""Footnotes → References: <ref> tags, named ones resolved, and the templates that stand for them.

Reads citation templates ({{cite …}}, {{citation}} and their German cousins) into title, publisher,
date and links; short footnotes ({{sfn}}, {{harvnb}}) are resolved to the full citation they point to.
A footnote without a citation template keeps its words as the title. Left out: where a footnote is
anchored (`index.wikitext.text`).
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace

from index.article import Reference, Span
from index.wikitext.balance import MASK
from index.wikitext.nodes import Code, Tag, Template, contents, descend, tag_name
from index.wikitext.templates import Call

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
_AUTHORS = ("authors", "vauthors", "author", "autor", "people")
_SHORT = frozenset({"sfn", "sfnp", "harvnb", "harv", "harvtxt", "harvp", "harvcol", "harvcolnb", "harvcoltxt", "harvs"})
_SHORT_FOOTNOTES = frozenset({"sfn", "sfnp", "sfnm"})
_NOTES = frozenset({"efn", "refn", "efn-ua", "efn-lr", "efn-la", "#tag:ref"})
_REPEATS = frozenset({"r", "rp name"})
_CITING = frozenset(
    {"citation", "internetquelle", "literatur", "kilde www", "kilde bok", "lien web", "ouvrage", "wayback"}
)
_DEAD = frozenset({"dead link", "dead", "broken link", "toter link"})
_YEAR = re.compile(r"\d{4}[a-z]?")

Plain = Callable[[Code], str]


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
        self._definitions: dict[str, Code] = {}
        self._sources: dict[str, Call] = {}
        self._used: dict[str, Reference] = {}
        self._collect(source)

    @property
    def references(self) -> tuple[Reference, ...]:
        """Every footnote used so far, in order of number."""
        return tuple(self._used.values())

    def of_tag(self, tag: Tag, span: Span) -> Reference:
        """The footnote of a <ref>; a name that is defined nowhere gives one without a title."""
        return self._written(_attribute(tag, "name"), contents(tag, span), span)

    def of_template(self, call: Call, span: Span) -> list[Reference]:
        """The footnotes of {{sfn|Smith|2004|p=3}} (with the source it points to), {{efn|text}} or {{r|name}}."""
        if call.name in _SHORT_FOOTNOTES:
            raw = span.of(self._wikitext)
            return [self._reference(raw, raw, None, None, call)]
        if call.name in _NOTES:
            name, text = call.raw("name"), call.get("1", "2" if call.name == "#tag:ref" else "text")
            return [self._written(name, text or Code((), span.end), span)] if name or text is not None else []
        if call.name in _REPEATS:
            return [self._written(str(code).strip(), Code((), span.end), span) for code in call.positional]
        return []

    def _written(self, name: str, code: Code, span: Span) -> Reference:
        """The footnote written as `code` under `name`; without a name each is one of its own, as on the page."""
        if name:
            code = self._definitions.get(name, code)
        raw = code.span.of(self._wikitext).strip() or span.of(self._wikitext)
        return self._reference(f"name:{name}" if name else f"at:{span.start}", raw, code, name or None)

    def describe(self, call: Call) -> dict[str, str | None]:
        """The fields of a citation template that a `Reference` has, as plain text."""
        call = Call(call.name, {name.lower(): code for name, code in call.parameters.items()})
        found: dict[str, str | None] = {}
        for field, names in _FIELDS.items():
            code = call.get(*names)
            found[field] = self._plain(code) or None if code is not None else None
        for field in ("url", "archive_url"):
            found[field] = _address(call.raw(*_FIELDS[field]))
        if found["url"] is None and call.raw("doi"):
            found["url"] = f"https://doi.org/{call.raw('doi')}"
        found["authors"] = self._authors(call)
        return found

    def _authors(self, call: Call) -> str | None:
        names = []
        for number in ["", *map(str, range(1, 20))]:
            last = call.get(f"last{number}", f"surname{number}", f"author{number}" if number else "last")
            if last is not None:
                first = call.get(f"first{number}", f"given{number}")
                names.append(self._plain(last) + (f", {self._plain(first)}" if first is not None else ""))
        if not names:
            code = call.get(*_AUTHORS)
            names = [self._plain(code)] if code is not None else []
        return "; ".join(name for name in names if name) or None

    def _reference(
        self, key: str, raw: str, code: Code | None, name: str | None, short: Call | None = None
    ) -> Reference:
        if key not in self._used:
            self._used[key] = self._read(Reference(len(self._used) + 1, raw, name=name), code, short)
        return self._used[key]

    def _read(self, blank: Reference, code: Code | None, short: Call | None) -> Reference:
        calls = [short] if short else _calls(code) if code is not None else []
        dead = any(call.name in _DEAD for call in calls) or any(
            call.raw("url-status", "dead-url", "deadurl") in {"dead", "yes", "unfit", "usurped"} for call in calls
        )
        cited = next((call for call in calls if is_citation(call.name)), None)
        if cited is not None:
            return replace(blank, dead=dead, **self.describe(cited))  # type: ignore[arg-type]
        pointed = next((call for call in calls if call.name in _SHORT), None)
        if pointed is not None:
            full = self._sources.get(_key_of_short(pointed))
            given = pointed.get("p", "pp", "page", "pages", "loc")
            pages = self._plain(given) if given is not None else None
            if full is not None:
                return replace(blank, dead=dead, **{**self.describe(full), "pages": pages})  # type: ignore[arg-type]
            words = " ".join(self._plain(code) for code in pointed.positional)
            return replace(blank, title=words or None, pages=pages, dead=dead)
        text = self._plain(code) if code is not None else ""
        link = re.search(r"https?://[^\s\]|<>{}]+", str(code) if code is not None else "")
        return replace(blank, title=text or None, url=link.group() if link else None, dead=dead)

    def _collect(self, source: Code) -> None:
        for node, span in descend(source):
            if isinstance(node, Tag):
                name = _attribute(node, "name") if tag_name(node) == "ref" else ""
                code = contents(node, span)
                if name and str(code).strip():
                    self._definitions.setdefault(name, code)
            elif isinstance(node, Template):
                call = Call.of(node, span)
                if call.name in _NOTES and call.raw("name") and (text := call.get("1")) is not None:
                    self._definitions.setdefault(call.raw("name"), text)
                if is_citation(call.name):
                    for key in _keys_of_source(call):
                        self._sources.setdefault(key, call)


def _attribute(tag: Tag, name: str) -> str:
    for attribute in tag.attributes:
        if str(attribute.name).strip().lower() == name and attribute.value is not None:
            return html.unescape(str(attribute.value).replace(MASK, "")).strip().strip("\"'").strip()
    return ""


def _calls(code: Code) -> list[Call]:
    return [Call.of(node, span) for node, span in descend(code) if isinstance(node, Template)]


def _keys_of_source(call: Call) -> list[str]:
    """What short footnotes may call this source by: last names and year, run together."""
    explicit = re.search(r"\{\{\s*(?:sfnref|harvid)\s*\|([^}]*)\}\}", call.raw("ref"), flags=re.IGNORECASE)
    if explicit:
        return ["".join(explicit.group(1).split("|")).replace(" ", "").lower()]
    names = [call.raw("last", "last1", "surname", "surname1", "author", "author1", "editor-last", "editor1-last")]
    for number in (2, 3, 4):
        names.append(call.raw(f"last{number}", f"surname{number}", f"author{number}", f"editor{number}-last"))
    year = _YEAR.search(call.raw("year", "date"))
    joined = "".join(name for name in names if name)
    return [(joined + (year.group() if year else "")).replace(" ", "").lower()] if joined else []


def _key_of_short(call: Call) -> str:
    return "".join(str(code).strip() for code in call.positional).replace(" ", "").lower()


def _address(raw: str) -> str | None:
    """A link as written when it is a web address, else None."""
    return raw if re.fullmatch(r"https?://\S+", raw) else None
