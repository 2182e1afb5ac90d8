"""The layers of the design, proved on the source: rows look downwards, packages keep to themselves, heavy imports are late."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("rag", "api", "embeddings", "seeds")
MAY_IMPORT = {
    "api": {"api", "rag", "embeddings", "seeds"},
    "rag": {"rag", "embeddings", "seeds"},
    "embeddings": {"embeddings"},
    "seeds": {"seeds"},
}
# A room is a module of rag, or a package in it. From the top: a room imports only rooms of lower steps. The steps are the
# rows of the design, a row cut in two where one of its rooms builds on another.
STEPS: tuple[tuple[str, ...], ...] = (
    ("__main__",),
    ("cli",),
    ("present",),
    ("service",),
    ("inquiry",),
    ("answer", "bundled", "evaluate", "evaluation", "ingest"),
    ("refusing",),
    ("models", "narrowing", "outcomes", "preparing", "retrieve"),
    ("answering",),
    ("index", "intake", "measures", "ranking"),
    ("documents",),
    ("protocols",),
    ("conversation", "coverage"),
    ("question",),
    ("checks", "corrections"),
    ("asking", "gazetteer", "glossary", "interrogatives", "periods"),
    ("quantities", "sketch"),
    ("analysis",),
    ("config", "kept", "segmentation", "types"),
    ("errors",),
)
# What may stand at the top of a module, by package; the rest of the world is imported late or not at all.
LATE_EVERYWHERE = {"torch", "sentence_transformers", "transformers", "sklearn", "scipy", "onnxruntime"}
LATE_IN_RAG = {"fastapi", "starlette", "uvicorn", "pydantic", "rich", "ir_measures"}
LINES = 400


@dataclass(frozen=True)
class Import:
    """One import of a module: the module as written, and whether it happens when the importing module is imported."""

    importer: str
    target: str
    at_top: bool


@cache
def _sources() -> list[Path]:
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def _module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def _imports(path: Path) -> Iterator[Import]:
    for node, late in _statements(_tree(path).body, late=False):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield Import(_module(path), name.name, not late)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import on line {node.lineno}"
            for name in node.names:
                target = f"{node.module}.{name.name}"
                yield Import(_module(path), target if _is_module(target) else str(node.module), not late)


def _statements(nodes: Sequence[ast.AST], *, late: bool) -> Iterator[tuple[ast.AST, bool]]:
    """Every statement, and whether it waits for a function to be called or for a type checker. No expression holds one."""
    for node in nodes:
        yield node, late
        waits = late or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or _is_type_checking(node)
        for part in ("body", "orelse", "finalbody", "handlers", "cases"):
            yield from _statements(getattr(node, part, ()), late=waits)


def _is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _is_module(name: str) -> bool:
    return name in _modules()


@cache
def _modules() -> frozenset[str]:
    return frozenset(map(_module, _sources()))


@cache
def _all() -> list[Import]:
    return [imported for path in _sources() for imported in _imports(path)]


def _ours() -> list[Import]:
    return [imported for imported in _all() if imported.target.split(".")[0] in PACKAGES]


def _room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def _step(module: str) -> int:
    """Higher is nearer to the user."""
    return next(-at for at, rooms in enumerate(STEPS) if _room(module) in rooms)


def _within_rag() -> list[Import]:
    return [i for i in _ours() if i.importer.startswith("rag.") and i.target.startswith("rag.")]


def test_every_room_of_rag_has_a_step() -> None:
    rooms = {_room(_module(path)) for path in _sources() if path.is_relative_to(ROOT / "rag")} - {""}
    assert rooms - {room for step in STEPS for room in step} == set()


def test_packages_look_only_downwards() -> None:
    assert [
        i for i in _ours() if i.target.split(".")[0] not in MAY_IMPORT[i.importer.split(".")[0]] and not _is_door(i)
    ] == []


def _is_door(imported: Import) -> bool:
    """`rag.cli` alone may import api, and only when the command runs."""
    return imported.importer.startswith("rag.cli") and imported.target.startswith("api.") and not imported.at_top


def test_rooms_of_rag_look_only_downwards() -> None:
    assert [
        i for i in _within_rag() if _room(i.importer) != _room(i.target) and _step(i.importer) <= _step(i.target)
    ] == []


def test_no_module_imports_a_package_that_it_is_in() -> None:
    assert [i for i in _ours() if i.importer.startswith(f"{i.target}.")] == []


def test_package_roots_hold_no_code_of_their_own() -> None:
    """At most they name what the package offers."""
    for package in PACKAGES:
        for path in (ROOT / package).rglob("__init__.py"):
            if _module(path) != "seeds":
                code = [node for node in _tree(path).body if not _is_docstring(node) and not _offers(node)]
                assert code == [], f"{path} holds code"


def _offers(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) or (
        isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["__all__"]
    )


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def test_heavy_libraries_are_imported_late() -> None:
    def late(module: str) -> set[str]:
        return LATE_EVERYWHERE | (LATE_IN_RAG if module.startswith("rag") else set())

    assert [
        i
        for i in _all()
        if i.at_top and i.target.split(".")[0] in late(i.importer) and not i.importer.startswith("embeddings.training")
    ] == []


def test_training_is_imported_by_nothing_else() -> None:
    assert [
        i
        for i in _ours()
        if i.target.startswith("embeddings.training") and not i.importer.startswith("embeddings.training")
    ] == []


def test_files_are_of_a_readable_size() -> None:
    sizes = {_module(path): len(path.read_text("utf-8").splitlines()) for path in _sources()}
    assert {module: lines for module, lines in sizes.items() if lines > LINES} == {}


def test_modules_and_public_definitions_have_docstrings() -> None:
    silent = [
        f"{_module(path)}: {name}"
        for path in _sources()
        for name, node in _public(_tree(path))
        if not ast.get_docstring(node)
    ]
    silent += [_module(path) for path in _sources() if _tree(path).body and not ast.get_docstring(_tree(path))]
    assert silent == []


def _public(
    scope: ast.Module | ast.ClassDef, owner: str = ""
) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]]:
    """Public classes, functions and methods, but for methods whose contract is written elsewhere: properties, those that
    override a base class's, and in a Protocol that only describes a foreign type (its body is `...`)."""
    for node in scope.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            exempt = isinstance(scope, ast.ClassDef) and (_is_property(node) or _has_base(scope) or _is_stub(node))
            if not exempt:
                yield f"{owner}{node.name}", node
            if isinstance(node, ast.ClassDef):
                yield from _public(node, f"{node.name}.")


def _is_property(node: ast.AST) -> bool:
    decorators = getattr(node, "decorator_list", [])
    return any(isinstance(each, ast.Name) and each.id == "property" for each in decorators)


def _is_stub(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> bool:
    return [ast.unparse(statement) for statement in node.body] == ["..."]


def _has_base(scope: ast.ClassDef) -> bool:
    return any(not (isinstance(base, ast.Name) and base.id == "Protocol") for base in scope.bases)


def test_the_seams_say_what_every_operation_does() -> None:
    for path in (ROOT / "rag" / "protocols.py", ROOT / "embeddings" / "protocol.py"):
        silent = [
            f"{scope.name}.{node.name}"
            for scope in _tree(path).body
            if isinstance(scope, ast.ClassDef) and scope.name != "Snapshot"
            for node in scope.body
            if isinstance(node, ast.FunctionDef) and not ast.get_docstring(node)
        ]
        assert silent == []
