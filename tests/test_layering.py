"""Who may import whom, and what the code may know: `app.py`, `page`, `eval` → `qa` → `index`, never back."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = ("app", "eval", "index", "page", "qa")
SOURCES = sorted(
    path for name in OURS for path in ([ROOT / "app.py"] if name == "app" else (ROOT / name).rglob("*.py"))
)

#: What each layer may import of our own packages, itself included.
ALLOWED = {
    "index": {"index"},
    "qa": {"qa", "index"},
    "eval": {"eval", "qa", "index"},
    "page": {"page", "qa", "index"},
    "app": {"app", "page", "qa", "index"},
}

#: Libraries with one user each, so that another can take their place.
ONE_USER = {"mwparserfromhell": "index/wikitext/nodes.py", "faiss": "index/dense.py"}

#: Seconds and hundreds of megabytes to import; asking must not pay for them.
HEAVY = {"torch", "sentence_transformers", "transformers"}

#: What trains the models that are shipped, and is called by nothing else.
TRAINING = ("qa/reader/train", "qa/query_encoder")

#: Words of the built-in article. Code that knows them works for that article only.
ARTICLE_WORDS = re.compile("sense[ _]?time|tang[ _]?xiao|xinjiang|uyghur", re.IGNORECASE)


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def layer(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def named(nodes: Iterator[ast.AST], path: Path) -> set[str]:
    """The top-level packages that import statements among `nodes` name; a relative one is the file's own."""
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(layer(path) if node.level else (node.module or "").partition(".")[0])
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            found |= {ast.unparse(node.args[0]).strip("'\"").partition(".")[0]} if node.args else set()
    return found


def at_import(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes that are run when a module is imported: not the bodies of functions, nor what only a checker sees."""
    for node in ast.iter_child_nodes(tree):
        typing_only = isinstance(node, ast.If) and ast.unparse(node.test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}
        if not typing_only and not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield node
            yield from at_import(node)


def ids(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_there_is_something_to_check() -> None:
    """Every layer has files: an empty list would pass everything."""
    assert {layer(path) for path in SOURCES} == set(OURS)


@pytest.mark.parametrize("path", SOURCES, ids=ids)
def test_imports_go_down(path: Path) -> None:
    """Anywhere in a file, inside functions too."""
    assert named(ast.walk(parsed(path)), path) & set(OURS) <= ALLOWED[layer(path)]


@pytest.mark.parametrize(("library", "user"), ONE_USER.items())
def test_a_library_has_one_user(library: str, user: str) -> None:
    """Exactly the file that is there for it."""
    assert [ids(path) for path in SOURCES if library in named(ast.walk(parsed(path)), path)] == [user]


@pytest.mark.parametrize("path", [p for p in SOURCES if not ids(p).startswith(TRAINING)], ids=ids)
def test_heavy_libraries_are_imported_where_they_are_used(path: Path) -> None:
    """Never when a module is imported, but for training, which nothing else imports."""
    assert named(at_import(parsed(path)), path) & HEAVY == set()


def test_nothing_imports_the_training() -> None:
    """It needs torch at once; what ships is its result."""
    for path in SOURCES:
        statements = [n for n in ast.walk(parsed(path)) if isinstance(n, ast.Import | ast.ImportFrom)]
        if not ids(path).startswith(TRAINING):
            modules = [ast.unparse(n) for n in statements]
            assert not [m for m in modules if "reader.train" in m or "qa.query_encoder" in m], ids(path)


def words_of_code(tree: ast.Module) -> Iterator[str]:
    """Identifiers and string constants that a program uses: docstrings are for people, and so are comments."""
    docstrings = set()
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            docstrings.add(id(body[0].value))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value
        for field in ("id", "attr", "arg", "name"):
            if isinstance(word := getattr(node, field, None), str):
                yield word


#: Where those words may stand, and why.
KNOWN = {
    "index/wikipedia.py": {"SenseTime"},  # the title of the built-in article
    "index/wikitext/names.py": {"Uyghur"},  # the name of a language, as {{lang-ug}} shows it
    "index/export.py": {  # texts that an export is compared on: any would do
        "When was SenseTime founded?",
        "SenseTime > History > It was founded in Hong Kong in October 2014.",
    },
}


@pytest.mark.parametrize("path", [p for p in SOURCES if layer(p) in {"index", "qa"}], ids=ids)
def test_the_code_knows_no_article(path: Path) -> None:
    """What works for one article only is no answer to a question about another."""
    found = {word for word in words_of_code(parsed(path)) if ARTICLE_WORDS.search(word)}
    assert found <= KNOWN.get(ids(path), set())


def test_these_tests_can_fail() -> None:
    """Each rule against a file that breaks it."""
    bad = (
        '"""SenseTime may stand here."""\nimport eval.metrics\nfrom torch import nn\n'
        "class A:\n    import transformers\n"
        "def f():\n    import sentence_transformers\n    return 'Tang Xiao’ou', tang_xiaoou\n"
    )
    tree, path = ast.parse(bad), ROOT / "qa" / "bad.py"
    assert named(ast.walk(tree), path) == {"eval", "torch", "transformers", "sentence_transformers"}
    assert named(at_import(tree), path) & HEAVY == {"torch", "transformers"}
    assert [word for word in words_of_code(tree) if ARTICLE_WORDS.search(word)] == [
        "Tang Xiao’ou",
        "tang_xiaoou",
    ]
