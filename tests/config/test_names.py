"""A class name is used once in the project, so that a reader who sees it knows which is meant."""

import ast
from collections import defaultdict

from config import paths

PACKAGES = ("catalog", "personalization", "audits", "config", "benchmarks", "tools")
# Django finds these by their names.
BY_CONVENTION = {"Command", "Migration"}


def test_no_two_classes_share_a_name():
    places = defaultdict(list)
    for package in PACKAGES:
        for path in sorted((paths.BASE / package).rglob("*.py")):
            for node in ast.parse(path.read_text()).body:
                if isinstance(node, ast.ClassDef):
                    places[node.name].append(str(path.relative_to(paths.BASE)))
    shared = {name: where for name, where in places.items() if len(where) > 1}
    assert {name: shared[name] for name in shared.keys() - BY_CONVENTION} == {}
