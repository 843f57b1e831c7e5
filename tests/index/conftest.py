"""The real encoder, exported once for this user and kept, so that only the first run of the tests waits for it."""

from pathlib import Path

import pytest
from platformdirs import user_cache_path

from index.embedding import Encoder
from index.export import DEFAULT_MODEL, encoder_for


@pytest.fixture(scope="session")
def cache() -> Path:
    """Where exported encoders are kept between runs of the tests."""
    return user_cache_path("footnote-tests")


@pytest.fixture(scope="session")
def encoder(cache: Path) -> Encoder:
    """The packaged model in the precision that is shipped."""
    return encoder_for(DEFAULT_MODEL, precision="int8", cache=cache)
