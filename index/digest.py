"""A file → its SHA-256: how the files of encoders and indexes are named, recorded and checked."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from index.errors import ModelError


def file_sha256(path: Path) -> str:
    """The SHA-256 of the file's bytes, hex. Raises OSError when it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_shipped(folder: Path, files: Mapping[str, str]) -> None:
    """Raises ModelError unless `folder` holds `files` (name → SHA-256, hex) as Footnote came with them."""
    for name, sha256 in files.items():
        path = folder / name
        try:
            found = file_sha256(path)
        except OSError as error:
            raise ModelError(f"{path} cannot be read ({error.strerror}); install Footnote again") from error
        if found != sha256:
            raise ModelError(f"{path} is not the file that Footnote came with (its SHA-256 differs); install it again")
