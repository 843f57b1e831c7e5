"""Footnote itself as what is evaluated, and the fingerprint of everything in it that was fitted or trained."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import index as index_package
import qa as qa_package
from eval.predict import Subject
from index.article import Article
from qa import QA, Settings

#: What is fitted or trained ends like this, wherever in one of these packages it lies; and what is programmed.
FITTED = (".json", ".npz", ".onnx")
PROGRAMS = (".py",)
PACKAGES = tuple(Path(str(package.__file__)).parent for package in (index_package, qa_package))


def footnote(settings: Settings) -> Subject[QA]:
    """Footnote under `settings`; what it withholds is asked again with a threshold of 0."""

    def make(articles: Sequence[Article]) -> QA:
        return QA.from_articles(articles, settings=settings)

    return Subject(
        make=make,
        insist=lambda qa: QA(qa.index, replace(settings, threshold=0.0)),
        settings=settings.fingerprint,
        fitted=fingerprint(FITTED),
        programs=fingerprint(PROGRAMS),
    )


def fingerprint(endings: Sequence[str], folders: Sequence[Path] = PACKAGES) -> str:
    """Twelve hex digits that are the same for the same files in `folders` whose names end so."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(p for p in folder.rglob("*") if p.suffix in endings):
            digest.update(path.relative_to(folder).as_posix().encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]
