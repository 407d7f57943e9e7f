"""Our estimators and the published formulas on the same rows, the reader, and refusals."""

import os
from pathlib import Path

import numpy as np
import pytest

from benchmarks import obd, open_bandit
from benchmarks.__main__ import main
from personalization.bandit.errors import BadInput
from personalization.bandit.estimators import THRESHOLD, DecisionLog, Inconclusive
from tests.benchmarks import obp_formulas

ITEMS = 6
HEAD = "timestamp,item_id,position,click,propensity_score," + ",".join(
    f"user_feature_{number}" for number in range(4)
)


def write(place, policy, campaign, seed, *, rows=400, position=None):
    """Write a small log in the data set's form; `bts` prefers the first items."""
    rng = np.random.default_rng(seed)
    chances = np.full(ITEMS, 1 / ITEMS) if policy == "random" else np.arange(ITEMS, 0, -1) / 21
    items = rng.choice(ITEMS, rows, p=chances)
    items[0] = ITEMS - 1
    lines = [HEAD]
    for number, item in enumerate(items):
        at = f"2019-11-24 00:00:{number // 2 % 60:02d}.{number // 120:06d}+00:00"
        place_of = position or rng.integers(1, 4)
        click = int(rng.random() < 0.3)
        lines.append(f"{at},{item},{place_of},{click},{chances[item]:.17g},a,b,c,d")
    path = place / policy / campaign / f"{campaign}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n")


@pytest.fixture
def small(tmp_path, monkeypatch):
    for number, campaign in enumerate(obd.CAMPAIGNS):
        for policy in obd.POLICIES:
            write(tmp_path, policy, campaign, seed=number)
    monkeypatch.setenv(obd.VARIABLE, str(tmp_path))
    return tmp_path


REAL = os.environ.get(obd.VARIABLE)


def agrees(place, campaign, source):
    logged = obd.read(place, source, campaign)
    bts = obd.read(place, "bts", campaign)
    target = obd.averaged(bts) if source == "random" else obd.even(logged.count)
    parts = open_bandit.every_parts(logged, target)
    count = len(logged.log)
    q = open_bandit.expectations(logged)
    theirs = obp_formulas.estimates(
        reward=logged.log.rewards,
        action=logged.items,
        position=logged.places,
        pscore=logged.log.propensities,
        action_dist=np.broadcast_to(target, (count, *target.shape)),
        q_hat=np.broadcast_to(q[:, :, None], (*q.shape, obd.POSITIONS)),
        lambda_=THRESHOLD,
    )
    ours = {name: each.value for name, each in parts.items()}
    assert ours.keys() == theirs.keys()
    for name, value in theirs.items():
        assert abs(ours[name] - value) < 1e-9, name


@pytest.mark.parametrize("source", obd.POLICIES)
def test_the_published_formulas_give_the_same_on_small_logs(small, source):
    agrees(small, "men", source)


@pytest.mark.skipif(not REAL, reason=f"{obd.VARIABLE} does not name the dataset's folder")
@pytest.mark.parametrize("source", obd.POLICIES)
@pytest.mark.parametrize("campaign", obd.CAMPAIGNS)
def test_the_published_formulas_give_the_same_on_the_dataset(campaign, source):
    agrees(Path(REAL), campaign, source)


def test_each_policy_gets_a_distribution_at_each_place(small):
    bts = obd.read(small, "bts", "all")
    for table in (obd.averaged(bts), obd.even(bts.count)):
        assert table.shape == (ITEMS, obd.POSITIONS)
        np.testing.assert_allclose(table.sum(axis=0), 1.0)
    np.testing.assert_allclose(obd.averaged(bts)[:, 0], np.arange(ITEMS, 0, -1) / 21)


def test_an_item_never_shown_at_a_place_gets_nothing_there(small):
    bts = obd.read(small, "bts", "all")
    kept = ~((bts.items == 2) & (bts.places == 1))
    log = DecisionLog(bts.log.rewards[kept], bts.log.propensities[kept], bts.log.viewers[kept])
    table = obd.averaged(obd.Impressions(log, bts.items[kept], bts.places[kept], ITEMS))
    assert table[2, 1] == 0
    np.testing.assert_allclose(table.sum(axis=0), 1.0)


def test_impressions_of_one_page_are_one_cluster(small):
    logged = obd.read(small, "random", "all")
    assert len(np.unique(logged.log.viewers)) == 200
    assert np.array_equal(logged.log.viewers[::2], logged.log.viewers[1::2])


def test_the_model_of_an_impression_did_not_learn_from_its_page(small):
    logged = obd.read(small, "random", "all")
    before = open_bandit.expectations(logged)
    logged.log.rewards[:2] = 1 - logged.log.rewards[:2]
    np.testing.assert_array_equal(open_bandit.expectations(logged)[:2], before[:2])
    assert not np.array_equal(open_bandit.expectations(logged), before)


def test_a_log_that_is_too_small_is_refused(small):
    every = list(open_bandit.estimated())
    assert {each.target for each in every} == {"bts", "random"}
    assert all(isinstance(each.outcome, Inconclusive) for each in every)
    assert any("refused" in row.name for row in open_bandit.run().results)


def test_a_place_that_does_not_exist_is_refused_by_name(tmp_path):
    write(tmp_path, "bts", "all", 1, position=4)
    with pytest.raises(BadInput, match="position"):
        obd.read(tmp_path, "bts", "all")


def test_without_the_dataset_it_says_what_to_set(monkeypatch, capsys):
    monkeypatch.delenv(obd.VARIABLE, raising=False)
    assert main(["open-bandit"]) == 2
    assert "OPEN_BANDIT" in capsys.readouterr().err
    monkeypatch.setenv(obd.VARIABLE, "/nowhere")
    assert main(["open-bandit"]) == 2
    assert "/nowhere/random/all/all.csv is missing" in capsys.readouterr().err
