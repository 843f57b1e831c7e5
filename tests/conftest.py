"""What all tests share: the repository, and a cache of their own.

Encoders are exported once for this user and kept between runs; indexes are built anew in every run.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from platformdirs import user_cache_path

ROOT = Path(__file__).parents[1]

# The folders beside this file are named like the packages they test, which must be found first.
sys.path.insert(0, str(ROOT))


@pytest.fixture(scope="session")
def cache() -> Path:
    """Where exported encoders are kept between runs of the tests."""
    return user_cache_path("footnote-tests")


@pytest.fixture(scope="session", autouse=True)
def footnote_cache(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What FOOTNOTE_CACHE names in all tests and in every process they start; uploads are kept in it too."""
    place = tmp_path_factory.mktemp("cache")
    cache.mkdir(parents=True, exist_ok=True)
    (place / "encoders").symlink_to(cache, target_is_directory=True)
    before = {name: value for name, value in os.environ.items() if name.startswith("FOOTNOTE_")}
    for name in before:
        del os.environ[name]
    os.environ["FOOTNOTE_CACHE"] = str(place)
    os.environ["FOOTNOTE_UPLOADS"] = str(place / "uploads")
    yield place
    del os.environ["FOOTNOTE_CACHE"], os.environ["FOOTNOTE_UPLOADS"]
    os.environ.update(before)


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the repository."""
    return ROOT
