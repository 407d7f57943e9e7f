import hashlib
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from config import paths
from personalization.bandit import files
from personalization.bandit.errors import BadInput
from personalization.bandit.fit import fit
from personalization.bandit.policy import inverse_gap
from personalization.bandit.table import ArtworkTable
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


def test_a_model_comes_back_to_the_bit(model, written):
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


# Opens a model, reads it all, and says how many kB of its file it maps, and has to itself.
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


def test_what_chooses_copies_no_covariances(written):
    """They are nearly all of a model, which is adopted anew with every change of the catalogue."""
    path, digest = written
    opened = files.open_model(path, sha256=digest, manifest="m1")
    assert opened.covariance.any()
    titles = opened.title_ids
    features = np.zeros((len(titles), opened.spec.artwork_features))
    adopted = opened.adopt(ArtworkTable(opened.artwork_ids, titles, features))
    adopted.slate_scores(np.zeros(opened.spec.context), np.zeros(1), np.zeros(1, np.int64))
    assert adopted.covariance.strides == (0, 0, 0)


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


def write_without(name, model, tmp_path, monkeypatch):
    """Write the model as a version would that had no such array; return its path and digest."""
    arrays = {each: array for each, array in model.arrays().items() if each != name}
    monkeypatch.setattr(type(model), "arrays", lambda self: arrays)
    data = files.pack_model(model)
    path = tmp_path / "model"
    path.write_bytes(data)
    return path, hashlib.sha256(data).hexdigest()


def test_a_model_of_before_titles_had_scales_has_one_unit_for_all(tmp_path, model, monkeypatch):
    path, digest = write_without("title_scales", model, tmp_path, monkeypatch)
    found = files.open_model(path, sha256=digest, manifest="m1")
    np.testing.assert_array_equal(found.title_scales, np.ones(len(model.known_titles)))
    np.testing.assert_array_equal(found.weights, model.weights)


def test_a_model_of_before_log_odds_chooses_by_shares_of_plays(tmp_path, model, monkeypatch):
    before = {
        name: value
        for name, value in asdict(model.spec).items()
        if name not in {"odds", "optimism"}
    }
    monkeypatch.setattr(files, "asdict", lambda spec: before)
    data = files.pack_model(model)
    path = tmp_path / "model"
    path.write_bytes(data)
    found = files.open_model(path, sha256=hashlib.sha256(data).hexdigest(), manifest="m1")
    assert model.spec.odds
    assert not found.spec.odds
    scores, starts = np.array([0.10, 0.12, 0.05]), np.zeros(1, np.int64)
    spec, rows = found.spec, np.arange(3)
    np.testing.assert_array_equal(
        found.explored(scores, rows, starts),
        inverse_gap(scores, starts, gamma=spec.gamma, floor=spec.floor),
    )
    ours, theirs = (each.explored(scores, rows, starts) for each in (model, found))
    assert not np.array_equal(ours, theirs)
    assert not len(found.expectation.artwork_ids)
    controls, titles = np.ones((3, 1)), np.repeat(found.known_titles[:1], 3)
    np.testing.assert_allclose(
        found.rewards(scores, titles, controls),
        scores + found.title_scales[0] * found.controls.sum(),
    )


def test_a_model_of_before_optimism_hopes_for_what_it_expects(tmp_path, model, monkeypatch):
    before = {name: value for name, value in asdict(model.spec).items() if name != "optimism"}
    monkeypatch.setattr(files, "asdict", lambda spec: before)
    path, digest = write_without("information", model, tmp_path, monkeypatch)
    found = files.open_model(path, sha256=digest, manifest="m1")
    scores, rows = np.array([0.10, 0.12, 0.05]), np.arange(3)
    assert model.hoped(scores, rows).min() > scores.max()
    np.testing.assert_array_equal(found.hoped(scores, rows), scores)


@pytest.mark.parametrize("name", ["weights", "known_titles"])
def test_a_model_that_lacks_an_array_is_refused_by_its_name(name, tmp_path, model, monkeypatch):
    path, digest = write_without(name, model, tmp_path, monkeypatch)
    with pytest.raises(files.FileUnreadable, match=f"lacks {name}"):
        files.open_model(path, sha256=digest, manifest="m1")
