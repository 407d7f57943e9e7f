"""A document that somebody hands in is a run's, or it is refused in words."""

import json
import os
from copy import deepcopy

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from jsonschema import Draft202012Validator

from audits import schema
from audits.models import Replay
from audits.runs import checking
from audits.runs.checking import BadDocument
from audits.runs.document import installation
from audits.runs.registration import FORMAT
from tests.audits.worlds import ALL

SHA = "0" * 64
CODE: dict[str, object] = {"digest": SHA, "sources": {}, "versions": {}}
MODEL = {"id": None, "sha256": None, "manifest": SHA}
SLATE = {"titles": [1, 2], "weights": [0.5, 0.5], "rule": "", "weighted_by": "evenly"}
COHORT = {"definition": "", "viewers": 3}
AT = "2026-11-27T12:00:00+00:00"
GOOD = {
    "schema": schema.NAME,
    "schema_version": schema.VERSION,
    "installation": "13dea025-3f0d-45e1-a0c3-673529722c70",
    "limits": ["It ends somewhere."],
    "run": "562f630d-e6f7-4736-a4d3-83f3ae5c9b5f",
    "kind": "planned",
    "headline": True,
    "synthetic": False,
    "registered_at": AT,
    "finished_at": AT,
    "model": MODEL,
    "slate": SLATE,
    "cohort": COHORT,
    "seed": 1,
    "registration": {
        "format": FORMAT,
        "kind": "planned",
        "at": AT,
        "model": MODEL,
        "slate": SLATE,
        "cohort": COHORT,
        "attributes": ["gender"],
        "intersections": [],
        "seed": 1,
        "effort": "quick",
        "margins": {"lift_difference": 0.01},
        "evaluation_days": [{"day": "2026-11-20", "sha256": SHA}],
        "code": CODE,
    },
    "registration_digest": SHA,
    "inputs": {"cohort": SHA, "code": CODE, "counts": {"viewers": 3}},
    "groups": {},
    "measures": [],
    "signature": None,
}


def changed(path, value):
    document = deepcopy(GOOD)
    *parents, last = path.split(".")
    place = document
    for name in parents:
        place = place[name]
    place[last] = value
    return document


def test_a_runs_document_passes():
    checking.check(GOOD)


BAD = {
    "empty": b"",
    "truncated": json.dumps(GOOD).encode()[:-20],
    "no JSON": b"{'a': 1}",
    "another encoding": "\u00e9".encode("latin-1"),
    "a byte order mark": b"\xef\xbb\xbf{}",
    "brackets without end": b"[" * 5_000 + b"]" * 5_000,
    "objects without end": b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    "brackets that never close": b"[" * 100_000,
    "deep, but not for the parser": b"[" * 100 + b"]" * 100,
    "a number of many digits": b"[" + b"9" * 5_000 + b"]",
    "text that never ends": b'"' + b'\\"' * 400_000,
    "text that ends in a backslash": b'"' + b'\\"' * 400_000 + b"\\",
    "a field for every byte": json.dumps(changed("measures", [0] * 200_000)).encode(),
    "brackets in every text": b'["[","[' * 100_000,
    "no number": b'{"a": NaN}',
    "an infinite number": json.dumps(changed("registration.seed", 0)).replace(
        '"seed": 0', '"seed": 1e999'
    ).encode(),
    "a field named twice": b'{"a": 1, "a": 2}',
    "a list": b"[]",
    "text": b'"audit"',
    "half a character": json.dumps(changed("registration.slate.rule", "\ud800")).encode(),
    "an end of text": json.dumps(changed("registration.slate.rule", "\0")).encode(),
    "half a character in a measure": json.dumps(changed("measures", ["\udfff"])).encode(),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_cannot_be_read(tmp_path, name):
    path = tmp_path / "audit.json"
    path.write_bytes(BAD[name])
    with pytest.raises(BadDocument):
        checking.read(path)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("registration", None),
        ("registration", []),
        ("registration.format", FORMAT - 1),
        ("registration.format", str(FORMAT)),
        ("registration.format", None),
        ("registration.at", "yesterday"),
        ("registration.at", "2026-11-27T12:00:00"),
        ("registration.at", f"{AT}\n"),
        ("registration.at", "٢٠٢٦-١١-٢٧T12:00:00+00:00"),
        ("run", f"{GOOD['run']}\n"),
        ("run", "zzz"),
        ("installation", f"{GOOD['installation']}\n"),
        ("registration.evaluation_days", [{"day": "٢٠٢٦-١١-٢٠", "sha256": SHA}]),
        ("registration.model", None),
        ("registration.model.id", "1"),
        ("registration.model.id", 2**63),
        ("registration.model.id", True),
        ("registration.model.sha256", 5),
        ("registration.slate.titles", []),
        ("registration.slate.titles", ["1", "2"]),
        ("registration.slate.titles", [1, 1]),
        ("registration.slate.titles", [1, 2, 3]),
        ("registration.slate.titles", [[1], [2]]),
        ("registration.slate.weights", [0.5, -0.5]),
        ("registration.slate.weights", [0.5, "0.5"]),
        ("registration.cohort", 3),
        ("registration.cohort.viewers", -1),
        ("registration.attributes", []),
        ("registration.attributes", ["shoe size"]),
        ("registration.attributes", [["gender"]]),
        ("registration.attributes", ["gender", "gender"]),
        ("registration.seed", -1),
        ("registration.seed", 1.5),
        ("registration.seed", 2**64),
        ("registration.effort", "none"),
        ("registration.effort", ["quick"]),
        ("registration.margins", {"lift_difference": 0}),
        ("registration.margins", {"lift_difference": "0.01"}),
        ("registration.evaluation_days", [1]),
        ("registration.code", "0f3a"),
        ("registration.code.versions", {"numpy": 2}),
        ("registration_digest", 5),
        ("inputs", []),
        ("inputs", {"cohort": "d"}),
        ("inputs.cohort", ["d"]),
        ("measures", {}),
        ("measures", [1]),
        ("measures", [{"name": "value"}]),
    ],
)
def test_a_document_with_a_bad_field_is_refused(path, value):
    with pytest.raises(BadDocument):
        checking.check(changed(path, value))


@pytest.mark.parametrize("path", [name for name in GOOD["registration"] if name != "format"])
def test_a_registration_without_a_field_is_refused_by_its_name(path):
    document = deepcopy(GOOD)
    del document["registration"][path]
    with pytest.raises(BadDocument, match=rf"registration: '{path}' is a required"):
        checking.check(document)


def test_a_document_of_another_version_is_told_from_a_broken_one():
    with pytest.raises(BadDocument, match="of format 3, from an earlier version"):
        checking.check({"registration": {"format": 3}})
    with pytest.raises(BadDocument, match="schema_version is 5: a later version of Marquee"):
        checking.check(GOOD | {"schema_version": 5})
    with pytest.raises(BadDocument, match="schema_version is missing"):
        checking.check({})
    for version in (True, "4", None, 3, 4.5):
        with pytest.raises(BadDocument, match="schema_version"):
            checking.check(GOOD | {"schema_version": version})


def test_the_published_schema_is_a_schema():
    Draft202012Validator.check_schema(schema.schema())


def test_the_schema_is_served_to_everybody(client):
    answer = client.get(reverse("audits:schema", args=[schema.VERSION]))
    assert json.loads(b"".join(answer.streaming_content)) == schema.schema()
    assert client.get(reverse("audits:schema", args=[99])).status_code == 404
    assert client.post(reverse("audits:schema", args=[schema.VERSION])).status_code == 405


def test_a_file_with_a_fault_in_every_byte_is_refused_at_once():
    with pytest.raises(BadDocument, match="and at least 980 more"):
        checking.check(changed("measures", [0] * 200_000))


def test_every_fault_is_named():
    document = deepcopy(GOOD)
    document["seed"], document["kind"] = "1", 5
    with pytest.raises(BadDocument, match=r"kind: 5(.|\n)*; seed: '1'"):
        checking.check(document)


def test_what_is_no_file_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")  # reading it would wait for ever
    for path in (tmp_path, tmp_path / "none", tmp_path / "pipe"):
        with pytest.raises(BadDocument, match="it is no file"):
            checking.read(path)


def test_a_huge_file_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "audit.json"
    with path.open("wb") as file:
        file.truncate(checking.LARGEST_FILE + 1)  # takes no room on the disk
    with pytest.raises(BadDocument, match="it is larger than 64 MB"):
        checking.read(path)


@pytest.mark.django_db(databases=ALL)
class TestCommand:
    def test_it_says_that_the_file_cannot_be_read(self, tmp_path):
        path = tmp_path / "audit.json"
        path.write_bytes(BAD["brackets without end"])
        with pytest.raises(CommandError, match=r"audit\.json cannot be read: .* deep"):
            call_command("audit", replay=str(path))

    def test_it_says_that_it_is_of_elsewhere_or_altered(self, tmp_path):
        path = tmp_path / "audit.json"
        path.write_text(json.dumps(GOOD))
        with pytest.raises(CommandError, match="of another installation"):
            call_command("audit", replay=str(path))
        assert Replay.objects.using("protected").get().outcome == "elsewhere"
        path.write_text(json.dumps(GOOD | {"installation": installation()}))
        with pytest.raises(CommandError, match=r"registration_digest was \""):
            call_command("audit", replay=str(path))

    @pytest.mark.parametrize("model", ["99", "0", "-1", "\u00b2", "x", "9" * 5_000])
    def test_it_refuses_a_model_that_is_not_there(self, model):
        with pytest.raises(CommandError, match="no model version"):
            call_command("audit", model=model)

    def test_it_refuses_a_seed_that_starts_nothing(self):
        with pytest.raises(CommandError, match="A seed is"):
            call_command("audit", seed=-1, exploratory=True)
