import hashlib
import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from config import paths
from personalization.bandit import files
from personalization.bandit.errors import BadInput
from personalization.bandit.fit import FIT, fit
from tests.personalization.bandit.worlds import make_problem


@pytest.fixture
def model():
    table, *_, statistics, spec = make_problem(np.random.default_rng(1))
    return fit(statistics, table, spec, manifest="m1")


@pytest.fixture
def written(tmp_path, model):
    data = files.pack_model(model)
    path = tmp_path / "model"
    path.write_bytes(data)
    return path, hashlib.sha256(data).hexdigest()


def test_a_model_is_read_back_with_the_same_bits(model, written):
    path, digest = written
    found = files.open_model(path, sha256=digest, manifest="m1")
    assert found.spec == model.spec
    for name, array in model.arrays().items():
        np.testing.assert_array_equal(getattr(found, name), array)


def test_the_same_model_gives_the_same_bytes(model):
    assert files.pack_model(model) == files.pack_model(model)


def test_an_opened_model_is_memory_mapped_and_read_only(written):
    path, digest = written
    found = files.open_model(path, sha256=digest, manifest="m1")
    assert not found.weights.flags.owndata
    with pytest.raises(ValueError, match="read-only"):
        found.weights[0, 0] = 1


# Opens and reads a model, and prints how many kB of its file are mapped, and how many are private.
OTHER_PROCESS = """
import sys
from pathlib import Path
from personalization.bandit import files
model = files.open_model(Path(sys.argv[1]), sha256=sys.argv[2], manifest="m1")
held = [array.sum() for array in model.arrays().values()]
resident = own = 0
inside = False
for line in Path("/proc/self/smaps").read_text().splitlines():
    name, _, rest = line.partition(" ")
    if not name.endswith(":"):
        inside = line.endswith(sys.argv[1])
    elif inside:
        resident += int(rest.split()[0]) if name == "Rss:" else 0
        own += int(rest.split()[0]) if name.startswith("Private_") else 0
print(resident, own)
"""


@pytest.mark.skipif(not Path("/proc/self/smaps").exists(), reason="the kernel does not tell")
def test_processes_share_one_copy_of_a_model(written):
    path, digest = written
    here = files.open_model(path, sha256=digest, manifest="m1")
    assert all(np.isfinite(array).all() for array in here.arrays().values())
    there = subprocess.run(
        [sys.executable, "-c", OTHER_PROCESS, str(path), digest],
        cwd=paths.BASE,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    resident, own = map(int, there.stdout.split())
    assert resident >= path.stat().st_size // 1024
    assert own == 0


def test_an_altered_file_is_refused(written):
    path, digest = written
    data = bytearray(path.read_bytes())
    data[-100] ^= 1
    path.write_bytes(data)
    with pytest.raises(files.FileAltered, match="digest"):
        files.open_model(path, sha256=digest, manifest="m1")


def test_another_manifest_is_refused(written):
    path, digest = written
    with pytest.raises(BadInput, match="manifest"):
        files.open_model(path, sha256=digest, manifest="m2")


@pytest.mark.parametrize(
    "data", [b"", b"MARQUEE1", b"x" * 200, b"MARQUEE1" + bytes([5]) + bytes(7) + b"{nope"]
)
def test_what_is_no_model_is_refused(tmp_path, data):
    path = tmp_path / "file"
    path.write_bytes(data)
    with pytest.raises(files.FileUnreadable):
        files.open_model(path, sha256=hashlib.sha256(data).hexdigest(), manifest="")


def test_statistics_come_back_with_their_meta_and_are_no_model(tmp_path):
    *_, statistics, _ = make_problem(np.random.default_rng(2))
    data = files.pack_statistics(statistics, meta={"day": "2026-03-01"})
    path = tmp_path / "statistics"
    path.write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    found, meta = files.open_statistics(path, sha256=digest)
    assert meta == {"day": "2026-03-01"}
    np.testing.assert_array_equal(found.ww, statistics.ww)
    with pytest.raises(files.FileUnreadable, match="holds statistics"):
        files.open_model(path, sha256=digest, manifest="")


def write_head(model, tmp_path, monkeypatch, **changes):
    """Write the model with a head that says something else; return its path and digest."""
    dumps = json.dumps
    monkeypatch.setattr(files.json, "dumps", lambda head, **how: dumps(changed(head), **how))

    def changed(head):
        head = head | changes
        return {name: value for name, value in head.items() if value is not None}

    return write(files.pack_model(model), tmp_path)


def write(data, folder):
    path = folder / "model"
    path.write_bytes(data)
    return path, hashlib.sha256(data).hexdigest()


def write_arrays(model, tmp_path, monkeypatch, **changes):
    """Write the model with other arrays, without those that are None."""
    arrays = {
        name: array for name, array in (model.arrays() | changes).items() if array is not None
    }
    monkeypatch.setattr(type(model), "arrays", lambda self: arrays)
    return write(files.pack_model(model), tmp_path)


@pytest.mark.parametrize("written", [None, 1, 0])
def test_a_model_of_an_earlier_format_is_refused_by_name(written, tmp_path, model, monkeypatch):
    path, digest = write_head(model, tmp_path, monkeypatch, format=written)
    with pytest.raises(files.FileUnreadable, match=r"is of an earlier format \(.*\); fit again"):
        files.open_model(path, sha256=digest, manifest="m1")


@pytest.mark.parametrize("written", [3, "2", [2]])
def test_a_model_of_a_later_format_is_refused_by_name(written, tmp_path, model, monkeypatch):
    path, digest = write_head(model, tmp_path, monkeypatch, format=written)
    with pytest.raises(files.FileUnreadable, match="is of another format"):
        files.open_model(path, sha256=digest, manifest="m1")


@pytest.mark.parametrize(
    "arrays",
    [
        5,
        [{"name": "weights", "dtype": "<f8", "shape": [1], "offset": 2**40}],
        [{"name": "weights", "dtype": "<f8", "shape": [1], "offset": -64}],
        [{"name": "weights", "dtype": "<f8", "shape": [-1], "offset": 0}],
        [{"name": "weights", "dtype": "<f8", "shape": [2**33, 2**33], "offset": 0}],
        [{"name": "weights", "dtype": "object", "shape": [1], "offset": 0}],
        [{"name": "weights", "dtype": "<f8"}],
    ],
)
def test_a_head_that_makes_no_sense_is_refused(arrays, tmp_path, model, monkeypatch):
    path, digest = write_head(model, tmp_path, monkeypatch, arrays=arrays)
    with pytest.raises(files.FileUnreadable):
        files.open_model(path, sha256=digest, manifest="m1")


@pytest.mark.parametrize("spec", [{}, {"context": 3, "odds": True}, 5])
def test_a_spec_that_makes_no_sense_is_refused(spec, tmp_path, model, monkeypatch):
    meta = {"spec": spec, "manifest": "m1"}
    path, digest = write_head(model, tmp_path, monkeypatch, meta=meta)
    with pytest.raises(files.FileUnreadable, match="spec"):
        files.open_model(path, sha256=digest, manifest="m1")


def test_a_model_says_which_fit_made_it(model, written):
    path, digest = written
    assert files.open_model(path, sha256=digest, manifest="m1").fit == model.fit == FIT


def test_a_model_from_before_fits_were_counted_chooses_as_it_did(tmp_path, model, monkeypatch):
    meta = {"spec": asdict(model.spec), "manifest": "m1"}
    path, digest = write_head(model, tmp_path, monkeypatch, meta=meta)
    found = files.open_model(path, sha256=digest, manifest="m1")
    assert found.fit == 1
    rows = np.arange(len(model.artwork_ids))
    vector, match = np.full(model.spec.context, 0.3), np.full(len(rows), 0.1)
    starts = np.arange(0, len(rows), 3)
    before = model.explored(model.slate_scores(vector, match, rows), rows, starts)
    after = found.explored(found.slate_scores(vector, match, rows), rows, starts)
    assert after.tobytes() == before.tobytes()


@pytest.mark.parametrize("made_by", [0, -1, "2", 1.5, None, True])
def test_a_model_of_a_fit_that_makes_no_sense_is_refused(made_by, tmp_path, model, monkeypatch):
    meta = {"spec": asdict(model.spec), "manifest": "m1", "fit": made_by}
    path, digest = write_head(model, tmp_path, monkeypatch, meta=meta)
    with pytest.raises(BadInput, match="fit must be a whole number"):
        files.open_model(path, sha256=digest, manifest="m1")


@pytest.mark.parametrize("name", ["weights", "known_titles", "information"])
def test_a_model_that_lacks_an_array_is_refused_by_its_name(name, tmp_path, model, monkeypatch):
    path, digest = write_arrays(model, tmp_path, monkeypatch, **{name: None})
    with pytest.raises(files.FileUnreadable, match=f"lacks {name}"):
        files.open_model(path, sha256=digest, manifest="m1")


def test_a_model_with_an_array_too_many_is_refused_by_its_name(tmp_path, model, monkeypatch):
    path, digest = write_arrays(model, tmp_path, monkeypatch, covariance=np.zeros(3))
    with pytest.raises(files.FileUnreadable, match="covariance"):
        files.open_model(path, sha256=digest, manifest="m1")


def test_a_model_s_file_holds_little_more_than_its_vectors(model):
    vectors = sum(getattr(model, name).nbytes for name in ("weights", "title_effects"))
    assert len(files.pack_model(model)) < 4 * vectors + 4096
