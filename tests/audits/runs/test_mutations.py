"""Each field of a real document, changed in turn: the replay names it."""

import json
from copy import deepcopy
from functools import cache
from uuid import UUID

import pytest

from audits.models import RunDocument
from audits.runs import checking, replaying
from audits.runs.computing import Reader, compute
from personalization.models import ModelVersion
from tests.audits.record.rows import run_of
from tests.audits.runs.test_crossed import BOTH, CROSSED, declare_ages
from tests.audits.worlds import ALL, make_world
from tools.verify_evidence import canonical, read_json

pytestmark = pytest.mark.django_db(transaction=True, databases=ALL)


def make_document(*, attributes=("gender",), **options):
    model = make_world(**options)
    if len(attributes) > 1:
        declare_ages(lambda number: ("18-24", "25-34")[number % 2])
    run = run_of(model, attributes=attributes)
    return read_json(RunDocument.objects.get(run=run.public_id).text)


@cache
def _computed(plan_text):
    plan = json.loads(plan_text)
    model = ModelVersion.objects.filter(pk=plan["model"]["id"]).first()
    reader = Reader(purpose="a test", run=UUID(int=0), again=True)
    return compute(plan, model, reader=reader, progress=lambda *_: None)


def recompute(plan, model):
    """Compute a registration once, however many documents hold it."""
    return _computed(canonical(plan).decode())


def said_of(document):
    """Return what reading and replaying a document says, and whether it is refused."""
    try:
        checking.check(document)
    except checking.BadDocument as refusal:
        return [str(refusal)], True
    report = replaying.replay(document, recompute)
    return report.findings(), report.outcome not in {"same", "without"}


def places(value, path=(), name=""):
    """Yield (path, its name in words) of every member of every object and list."""
    members = value.items() if isinstance(value, dict) else enumerate(value)
    for key, member in members:
        where = f"{name}.{key}".lstrip(".") if isinstance(value, dict) else f"{name}[{key}]"
        yield (*path, key), where
        if isinstance(member, dict | list):
            yield from places(member, (*path, key), where)


def at(document, path):
    for key in path:
        document = document[key]
    return document


def another(value):
    """Return another value of the same type."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, float):
        return value * (1 + 1e-12) if value else 1e-12
    if isinstance(value, str):
        return ("1" if value[:1] == "0" else "0") + value[1:] if value else "x"
    return 0 if value is None else None


def named(said, where):
    """Say whether one of the lines is about this member, or its parent names it as the fault."""
    parent, _, key = where.rpartition(".")
    whole_list = f"{where.rpartition('[')[0]}: "  # as "…: [2, 2, 3] has non-unique elements"
    return any(
        line.startswith(where)
        or f"; {where}" in line
        or (where.endswith("]") and whole_list in line)
        or (line.startswith(parent or "the document") and f"'{key}'" in line)
        for line in said
    )


def one_a_kind(document):
    """Yield one place of each kind: the schema treats the rows of a list alike."""
    kinds = set()
    for path, where in places(document):
        keys = tuple("" if isinstance(key, int) else key for key in path)
        kind = keys, type(at(document, path))
        if kind not in kinds:
            kinds.add(kind)
            yield path, where


def unnamed(document, change, where_to):
    """Apply a change at each of these places in turn; return where nothing named it."""
    missed = []
    for path, where in list(where_to(document)):
        altered = deepcopy(document)
        if change(at(altered, path[:-1]), path[-1]):
            said, refused = said_of(altered)
            if not refused or not named(said, where):
                missed.append((where, said))
    return missed


def to_another_value(parent, key):
    if isinstance(parent[key], dict | list):
        return False
    parent[key] = another(parent[key])
    return True


def to_another_type(parent, key):
    parent[key] = "x" if not isinstance(parent[key], str) else 5
    return True


def to_null(parent, key):
    changed = parent[key] is not None
    parent[key] = None
    return changed


def removed(parent, key):
    if isinstance(parent, list) and len(parent) > key + 1 and parent[key] == parent[key + 1]:
        return False  # the same list shortened elsewhere
    del parent[key]
    return True


def added(parent, key):
    if isinstance(parent, list) or not isinstance(parent[key], dict | list):
        return False
    if isinstance(parent[key], dict):
        parent[key]["extra"] = "x"
    else:
        parent[key].append(deepcopy(parent[key][-1]) if parent[key] else 1)
    return True


def swapped(parent, key):
    if not isinstance(parent, list) or key == 0 or parent[key] == parent[key - 1]:
        return False
    parent[key - 1], parent[key] = parent[key], parent[key - 1]
    return True


def test_every_field_of_a_document_is_compared():
    document = make_document(women=31, men=31, undeclared=10, titles=4)
    assert said_of(document) == ([], False)
    assert len(list(places(document))) > 600
    missed = unnamed(document, to_another_value, places)
    assert missed == [], missed[:3]


def test_every_kind_of_field_of_a_document_keeps_its_form():
    document = make_document(women=31, men=31, undeclared=10, titles=4)
    assert len(list(one_a_kind(document))) > 150
    for change in (to_another_type, to_null, removed, added, swapped):
        missed = unnamed(document, change, one_a_kind)
        assert missed == [], f"{change.__name__}: {missed[:3]}"


def test_crossed_groups_are_compared_and_keep_their_form():
    document = make_document(women=24, men=24, undeclared=10, titles=2, attributes=BOTH)
    assert said_of(document) == ([], False)

    def of_crossed(document):
        for path, where in one_a_kind(document):
            if path[0] == "groups" or path[:2] == ("registration", "intersections"):
                yield path, where
        seen = set()  # the rows of other attributes have every field of every row changed above
        for number, measure in enumerate(document["measures"]):
            if measure["attribute"] == CROSSED and measure["name"] not in seen:
                seen.add(measure["name"])
                yield from (
                    (("measures", number, key), f"measures[{number}].{key}") for key in measure
                )

    places_of = list(of_crossed(document))
    assert len(places_of) > 80
    assert unnamed(document, to_another_value, of_crossed) == []
    for change in (to_another_type, removed):
        missed = unnamed(document, change, lambda _: places_of[:40])
        assert missed == [], f"{change.__name__}: {missed[:3]}"


def test_what_follows_from_the_registration_is_named_without_a_kept_document(monkeypatch):
    document = make_document(women=31, men=31, undeclared=10, titles=4)
    monkeypatch.setattr("audits.runs.document.kept", lambda *_: None)
    said, refused = said_of(document)
    assert not refused and "keeps no document of this run" in said[0]
    for name in ("kind", "headline", "synthetic", "seed"):
        altered = document | {name: {"kind": "gate"}.get(name, another(document[name]))}
        said, refused = said_of(altered)
        assert refused and named(said, name)
    for path, where in places(document):
        if path[0] in {"measures", "groups"} and not isinstance(at(document, path), dict | list):
            altered = deepcopy(document)
            if to_another_value(at(altered, path[:-1]), path[-1]):
                said, refused = said_of(altered)
                assert refused and named(said, where), where
