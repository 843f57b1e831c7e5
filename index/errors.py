"""The one hierarchy of errors a user can meet; every message names the thing and the remedy."""


class FootnoteError(Exception):
    """Something the user can put right; the message says what and how."""


class ArticleError(FootnoteError):
    """An article cannot be read: missing, empty, too large, or not wikitext."""


class IndexNotFound(FootnoteError):
    """There is no index where one was expected."""


class IndexMismatch(FootnoteError):
    """An index was built by another version of the format."""


class IndexCorrupt(FootnoteError):
    """An index file is missing or its bytes are not those that were written."""


class ModelError(FootnoteError):
    """An embedding model cannot be loaded, verified or exported."""


class MissingExtra(FootnoteError):
    """An optional dependency is not installed; the message is the install line."""


class QuestionError(FootnoteError):
    """A question cannot be asked: empty or too long."""


class SettingError(FootnoteError):
    """A setting has a value outside its range."""


def one_line(error: Exception) -> str:
    """What an error of a library says, on one line."""
    return " ".join(str(error).split())
