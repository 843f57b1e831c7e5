"""Ask questions of Wikipedia articles; every answer is proven by a verbatim citation."""

from index.errors import (
    ArticleError,
    FootnoteError,
    IndexCorrupt,
    IndexMismatch,
    IndexNotFound,
    MissingExtra,
    ModelError,
    QuestionError,
    SettingError,
)
from qa.answer import Alternative, Answer, Citation, ScoredPassage
from qa.pipeline import QA
from qa.settings import Settings

__all__ = [
    "QA",
    "Alternative",
    "Answer",
    "ArticleError",
    "Citation",
    "FootnoteError",
    "IndexCorrupt",
    "IndexMismatch",
    "IndexNotFound",
    "MissingExtra",
    "ModelError",
    "QuestionError",
    "ScoredPassage",
    "SettingError",
    "Settings",
]
