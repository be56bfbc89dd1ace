"""What a supported version of Python does otherwise than the others, kept out of the source."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCES = sorted((Path(__file__).resolve().parents[1] / "src").rglob("*.py"))
INLINED = (ast.ListComp, ast.SetComp, ast.DictComp)
BROKEN = """
def told(rates):
    labels = {rate.name: rate.label for rate in rates}
    return [rate(name) for name in labels]
"""


def _names(node: ast.AST, context: type[ast.expr_context]) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, context)}


def clashes(tree: ast.AST) -> Iterator[str]:
    """Yield function and name where one comprehension binds what another one takes from the module.

    Python 3.12.0 and 3.12.1, which inline comprehensions, take the second for the local of the first.
    """
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        inlined = [node for node in ast.walk(function) if isinstance(node, INLINED)]
        inside = {id(node) for one in inlined for node in ast.walk(one)}
        arguments = {one.arg for one in ast.walk(function.args) if isinstance(one, ast.arg)}
        own = {
            node.id
            for node in ast.walk(function)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and id(node) not in inside
        }
        taken = {name for one in inlined for name in _names(one, ast.Store)} - own - arguments
        for name in sorted(taken):
            binding = {
                id(node) for one in inlined if name in _names(one, ast.Store) for node in ast.walk(one)
            }
            if any(name in _names(one, ast.Load) for one in inlined if id(one) not in binding):
                yield f"{function.name}: {name}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_no_comprehension_takes_the_name_of_another(path: Path) -> None:
    assert list(clashes(ast.parse(path.read_text(encoding="utf-8")))) == []


def test_a_clash_is_seen() -> None:
    assert list(clashes(ast.parse(BROKEN))) == ["told: rate"]
