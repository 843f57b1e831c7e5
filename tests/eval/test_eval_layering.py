"""`eval` stands on `qa` and `index`; neither they nor the page know of it."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
OURS = {"app", "eval", "index", "page", "qa"}


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").split(".")[0]


def test_eval_imports_only_what_is_below_it():
    for path in (ROOT / "eval").rglob("*.py"):
        assert set(imported(path)) & OURS <= {"eval", "index", "qa"}, path


def test_nothing_below_imports_eval():
    for package in ("index", "qa", "page"):
        for path in (ROOT / package).rglob("*.py"):
            assert "eval" not in set(imported(path)), path
