"""Public functions of the learner document their arguments."""

import ast
import inspect
from pathlib import Path

import pytest

from personalization import bandit

FOLDER = Path(bandit.__file__).parent
MODULES = sorted(FOLDER.rglob("*.py"))


def public(tree):
    """Return the functions that others may call, with the class that each belongs to."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield None, node
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            for member in node.body:
                known = isinstance(member, ast.FunctionDef)
                if known and (not member.name.startswith("_") or member.name == "__init__"):
                    yield node, member


def arguments(function):
    every = [*function.args.args, *function.args.kwonlyargs]
    every += [each for each in (function.args.vararg, function.args.kwarg) if each]
    return [each.arg for each in every if each.arg not in {"self", "cls"}]


def lacking(function):
    """Return what a function's docstring does not say."""
    text = ast.get_docstring(function) or ""
    if not text:
        return ["a docstring"]
    if "see `FitRows`" in text:
        return []
    told = text.partition("Args:")[2]
    return [
        name for name in arguments(function)
        if not any(name in line.partition(":")[0].replace(",", " ").split()
                   for line in told.splitlines())
    ]  # fmt: skip


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_every_argument_of_a_public_function_is_documented(module):
    tree = ast.parse(module.read_text())
    wrong = {
        f"{owner.name + '.' if owner else ''}{function.name}": missing
        for owner, function in public(tree)
        if (missing := lacking(function))
    }
    assert not wrong


def test_a_function_whose_argument_is_not_documented_is_noticed():
    code = 'def f(a, b):\n    """Do.\n\n    Args:\n        a: (N,) seconds.\n    """\n'
    assert lacking(ast.parse(code).body[0]) == ["b"]
    assert lacking(ast.parse(inspect.cleandoc("def f(a): pass")).body[0]) == ["a docstring"]
