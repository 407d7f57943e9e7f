"""A run records what computed it, and a replay names what differs."""

import sys
from copy import deepcopy
from pathlib import Path

import numpy as np
from django.conf import settings

from audits.runs import versions

ROOT = Path(settings.BASE_DIR)


def test_it_covers_what_a_measurement_depends_on():
    files = versions.imported_files(ROOT)
    assert {
        "audits/metrics/exposure.py",
        "audits/runs/panel.py",
        "audits/protected/store.py",
        "catalog/models/watching.py",
        "personalization/bandit/policy.py",
        "personalization/features/manifest.py",
        "personalization/journal/reading.py",
        "personalization/serving/replay.py",
        "personalization/storage.py",
    } <= files.keys()
    assert not any("/admin/" in name or "/views/" in name for name in files)


# What stores a run and what reads a document: no number depends on them.
BESIDE = {
    "bounds.py", "checking.py", "claiming.py", "comparing.py", "document.py", "execution.py",
    "gone.py", "replaying.py", "selftest.py", "signing.py",
}  # fmt: skip


def test_it_covers_every_module_that_the_measures_load():
    """Whatever else this process has loaded: of these packages all is measured with."""
    files = versions.imported_files(ROOT).keys()
    for name, module in list(sys.modules.items()):
        if name.startswith(("audits.metrics.", "audits.runs.")) and module.__file__:
            path = Path(module.__file__).relative_to(ROOT).as_posix()
            assert path in files or path.removeprefix("audits/runs/") in BESIDE


def test_it_names_versions():
    code = versions.code()
    assert code["versions"]["numpy"] == np.__version__
    assert code["versions"]["python"].startswith(f"{sys.version_info.major}.")
    assert {"scipy", "numba", "pyarrow", "machine"} <= code["versions"].keys()


def test_files_of_one_name_that_change_places_change_the_digests(tmp_path):
    """Hashed by bare name, both trees would be alike."""
    found = []
    for first, second in (("a", "b"), ("b", "a")):
        root = tmp_path / first
        for folder, text in ((first, "X = 1"), (second, "X = 2")):
            (root / "audits" / folder).mkdir(parents=True)
            (root / "audits" / folder / "same.py").write_text(text)
        (root / "audits" / "start.py").write_text("import audits.a.same\nimport audits.b.same")
        found.append(versions._sources(root, "audits.start"))
    before, after = ({"versions": {}, "sources": sources} for sources in found)
    assert versions.differences(before, after) == [
        "the code in audits/a differs",
        "the code in audits/b differs",
    ]


def test_it_names_what_differs():
    code = versions.code()
    assert versions.differences(code, code) == []
    other = deepcopy(code)
    other["versions"]["numpy"] = "2.3.0"
    other["sources"]["audits/metrics"] = "0" * 64
    del other["sources"]["audits/runs"]
    assert versions.differences(other, code) == [
        f"numpy was 2.3.0 and is {np.__version__}",
        "the code in audits/metrics differs",
        "the code in audits/runs is new",
    ]
