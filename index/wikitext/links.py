"""What a [[link]] is: to a page, to a file with a caption, to a category or to the same article elsewhere.

Left out: what a link shows (`nodes.link_label`).
"""

from __future__ import annotations

import re

from index.article import Span
from index.wikitext.nodes import Code, Wikilink, link_label

_FILES = frozenset("file image datei bild fichier archivo imagen ficheiro bestand plik fil tiedosto файл ファイル "
                   "文件 檔案 파일 immagine attēls súbor soubor kép dosya media".split())  # fmt: skip
_CATEGORIES = frozenset("category kategorie catégorie categoría categoria categorie kategori luokka категория 分类 "
                        "分類 kategoria kategória".split())  # fmt: skip
_FILE_OPTION = re.compile(
    r"\s*(?:thumb|thumbnail|mini|miniatur|vignette|frame|framed|frameless|border|left|right|center|centre|none|links"
    r"|rechts|zentriert|gauche|droite|upright|hochkant|baseline|middle|top|bottom|text-top|text-bottom|super|sub"
    r"|gerahmt|rahmenlos|\d*(?:x\d+)?\s*px|(?:alt|link|page|lang|class|thumb|upright|start|end|verweis)\s*=[^|]*)\s*",
    re.IGNORECASE,
)
_SHOWN_FILE = re.compile(r"\s*(?:thumb|thumbnail|mini|miniatur|vignette|frame|framed|gerahmt)\s*(?:=|$)", re.IGNORECASE)
#: [[de:Titel]] leads to another language, [[doi:10.1/x]] does not.
_LANGUAGE = re.compile(r"(?!doi|hdl|rfc|mw)(?:[a-z]{2,3}|simple|zh-[a-z-]+|be-tarask|roa-[a-z]+):\S")


def is_unseen(link: Wikilink) -> bool:
    """Whether a link shows nothing where it stands: a category, or the article in another language."""
    target = str(link.title).strip()
    namespace, colon, _ = target.partition(":")
    if colon and namespace.strip().lower() in _CATEGORIES:
        return True
    return link.text is None and _LANGUAGE.match(target) is not None


def file_caption(link: Wikilink, span: Span) -> Code | None:
    """The caption of a file link, empty when it shows none; None when the link is not to a file."""
    namespace, colon, _ = str(link.title).strip().partition(":")
    if not colon or namespace.strip().lower() not in _FILES:
        return None
    empty = Code((), span.start)
    if link.text is None:
        return empty
    parts = link_label(link, span).split("|")
    if not any(_SHOWN_FILE.match(str(part)) for part in parts):
        return empty
    return caption_of(parts) or empty


def caption_of(parts: list[Code]) -> Code | None:
    """The last of a picture's options that is none of the known ones: its caption."""
    captions = [part for part in parts if not _FILE_OPTION.fullmatch(str(part))]
    return captions[-1] if captions else None
