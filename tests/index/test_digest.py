"""Files that Footnote came with are told from any others."""

import hashlib

import pytest

from index.digest import check_shipped
from index.errors import ModelError


def test_damaged_or_missing_weights_are_refused(tmp_path):
    """One flipped byte, and no file at all: each error names the file."""
    (tmp_path / "reader.onnx").write_bytes(b"weights")
    files = {"reader.onnx": hashlib.sha256(b"weights").hexdigest()}
    check_shipped(tmp_path, files)
    (tmp_path / "reader.onnx").write_bytes(b"weighty")
    with pytest.raises(ModelError, match=r"reader\.onnx is not the file"):
        check_shipped(tmp_path, files)
    with pytest.raises(ModelError, match=r"missing\.onnx cannot be read"):
        check_shipped(tmp_path, {"missing.onnx": ""})
