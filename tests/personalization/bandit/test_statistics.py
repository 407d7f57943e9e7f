import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from personalization.bandit.errors import BadInput
from personalization.bandit.odds import linearised
from personalization.bandit.reduction import PIECE, reduce
from personalization.bandit.rows import Gathered
from personalization.bandit.statistics import Running, Statistics, empty, merge
from tests.personalization.bandit.worlds import EXPECTED, expecting, make_problem

NAMES = ("artwork_ids", "n", "r", "rw", "ww")  # of each artwork


def decisions(seed, count):
    rng = np.random.default_rng(seed)
    return {
        "artwork_ids": rng.integers(1, 9, size=count),
        "rows": rng.normal(size=(count, 4)),
        "rewards": rng.integers(0, 2, size=count).astype(float),
    }


def part(log, index):
    return whole(**{name: values[index] for name, values in log.items()})


def whole(*, rows, **log):
    return reduce(rows=rows, expected=expecting(rows), **log)


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 200), st.integers(1, 6))
def test_they_add_up_in_any_grouping(seed, count, parts):
    log = decisions(seed, count)
    together = whole(**log)
    group = np.random.default_rng(seed).integers(parts, size=count)
    pieces = [part(log, group == g) for g in range(parts)]
    merged = merge(pieces)
    for name in (*NAMES, "moments"):
        np.testing.assert_allclose(getattr(merged, name), getattr(together, name), atol=1e-9)


def test_the_same_order_gives_the_same_bits():
    log = decisions(1, 1000)
    pieces = [part(log, slice(i, i + 100)) for i in range(0, 1000, 100)]
    first, second = merge(pieces), merge(pieces)
    for name in NAMES:
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))


def test_statistics_are_the_documented_sums():
    log = decisions(2, 50)
    found = whole(**log)
    weights, targets = linearised(log["rows"] @ EXPECTED[:4], log["rewards"])
    for index, artwork in enumerate(found.artwork_ids):
        mine = log["artwork_ids"] == artwork
        rows = log["rows"][mine]
        assert found.n[index] == mine.sum()
        assert found.r[index] == log["rewards"][mine].sum()
        np.testing.assert_allclose(found.rw[index], targets[mine] @ rows)
        np.testing.assert_allclose(found.ww[index], rows.T @ (rows * weights[mine, None]))
    np.testing.assert_allclose(found.moments, [log["rows"].sum(0), (log["rows"] ** 2).sum(0)])


def test_decay_scales_every_sum():
    whole = reduce(**decisions(3, 50))
    running = Running(whole)
    running.decay(0.5)
    for name in ("n", "r", "rw", "ww", "moments"):
        np.testing.assert_array_equal(getattr(running.total, name), getattr(whole, name) / 2)
    assert running.total.decisions == 25


def test_alignment_fills_unknown_artworks_with_zeros():
    whole = reduce(**decisions(4, 50))
    aligned = whole.aligned(np.array([0, int(whole.artwork_ids[2]), 99]))
    assert aligned.n[0] == aligned.n[2] == 0
    assert aligned.n[1] == whole.n[2]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("rows", np.full((3, 2), np.nan)),
        ("rows", np.zeros(3)),
        ("rewards", np.array([0, 1, 2.0])),
        ("rewards", np.array([0, 1, np.inf])),
        ("rewards", np.zeros(2)),
        ("artwork_ids", np.array([0.5, 1, 2])),
    ],
)
def test_bad_decisions_are_refused_by_name(field, value):
    log = {"artwork_ids": np.arange(3), "rows": np.ones((3, 2)), "rewards": np.zeros(3)}
    with pytest.raises(BadInput, match=field):
        reduce(**(log | {field: value}))


def test_parts_of_other_manifests_are_refused():
    with pytest.raises(BadInput, match="width"):
        merge(
            [
                reduce(**decisions(1, 5)),
                reduce(artwork_ids=np.array([1]), rows=np.ones((1, 2)), rewards=np.ones(1)),
            ]
        )
    with pytest.raises(BadInput, match="empty"):
        merge([])
    with pytest.raises(BadInput, match="artwork_ids"):
        Statistics(
            np.array([2, 1]),
            np.ones(2),
            np.ones(2),
            np.ones((2, 1)),
            np.ones((2, 1, 1)),
            np.ones((2, 1)),
        )


def test_rows_are_those_at_the_given_places():
    _, _, _, _, statistics, _ = make_problem(np.random.default_rng(8))
    few = statistics.rows(np.array([1, 4]))
    assert few.artwork_ids.tolist() == statistics.artwork_ids[[1, 4]].tolist()
    np.testing.assert_array_equal(few.ww, statistics.ww[[1, 4]])
    assert few.decisions == statistics.n[[1, 4]].sum()


def gathered(seed, count, *, viewers=7):
    rng = np.random.default_rng(seed)
    return Gathered(
        windows=rng.integers(viewers, size=count),
        vectors=rng.normal(size=(viewers, 3)),
        matches=rng.uniform(size=count),
        controls=rng.uniform(size=(count, 1)),
    )


def test_gathered_rows_are_one_vector_match_controls():
    rows = gathered(5, 40)
    x = rows.vectors[rows.windows]
    wanted = np.column_stack([np.ones(40), x, rows.matches, rows.controls])
    np.testing.assert_array_equal(rows.dense(), wanted)
    assert rows.shape == wanted.shape


@pytest.mark.parametrize("count", [0, 1, 50, 3 * PIECE + 17])
def test_gathered_rows_give_the_same_bits_as_dense_ones(count):
    rows = gathered(6, count)
    rng = np.random.default_rng(6)
    log = {
        # One artwork with nearly all: its rows come in several pieces.
        "artwork_ids": np.where(rng.random(count) < 0.9, 3, rng.integers(9, size=count)),
        "rewards": rng.random(count),
    }
    first, second = reduce(rows=rows, **log), reduce(rows=rows.dense(), **log)
    for name in NAMES:
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))
    np.testing.assert_allclose(first.moments, second.moments, rtol=1e-9, atol=1e-9)
    np.testing.assert_array_equal(first.ww, first.ww.transpose(0, 2, 1))
    np.testing.assert_allclose(first.r.sum(), log["rewards"].sum())


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000), st.integers(1, 300))
def test_an_artwork_has_the_same_sums_in_any_company(seed, count):
    log = decisions(seed, count)
    together = whole(**log)
    for index, artwork in enumerate(together.artwork_ids):
        alone = part(log, log["artwork_ids"] == artwork)
        for name in NAMES:
            np.testing.assert_array_equal(getattr(alone, name)[0], getattr(together, name)[index])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("windows", np.array([0, 1, 2])),
        ("windows", np.array([0, -1, 1])),
        ("windows", np.array([0.0, 1.0, 1.0])),
        ("vectors", np.full((2, 3), np.inf)),
        ("matches", np.zeros(2)),
        ("matches", np.full(3, np.nan)),
        ("controls", np.zeros(3)),
    ],
)
def test_bad_rows_are_refused_by_name(field, value):
    good = {
        "windows": np.array([0, 1, 1]),
        "vectors": np.zeros((2, 3)),
        "matches": np.zeros(3),
        "controls": np.zeros((3, 1)),
    }
    Gathered(**good)
    with pytest.raises(BadInput, match=field):
        Gathered(**(good | {field: value}))


def test_a_running_sum_is_the_merge_of_its_parts_decayed():
    parts = [reduce(**decisions(seed, 60)) for seed in range(3)]
    running = Running(parts[0])
    for each in parts[1:]:
        running.decay(0.5)
        running.add(each)
    assert running.total.decisions == 60 / 4 + 60 / 2 + 60
    wanted = merge(
        [
            Statistics(
                part.artwork_ids,
                *(getattr(part, name) * weight for name in (*NAMES[1:], "moments")),
            )
            for part, weight in zip(parts, (0.25, 0.5, 1.0), strict=True)
        ]
    )
    for name in NAMES:
        np.testing.assert_allclose(getattr(running.total, name), getattr(wanted, name), rtol=1e-12)


def test_a_running_sum_leaves_its_start_alone_and_takes_new_artworks():
    start = reduce(artwork_ids=np.array([5]), rows=np.ones((1, 4)), rewards=np.ones(1))
    running = Running(start)
    running.decay(0.25)
    running.add(reduce(artwork_ids=np.array([2]), rows=np.ones((1, 4)), rewards=np.zeros(1)))
    assert running.total.artwork_ids.tolist() == [2, 5]
    assert running.total.n.tolist() == [1.0, 0.25]
    assert start.n.tolist() == [1.0]
    with pytest.raises(BadInput, match="factor"):
        running.decay(0.0)
    with pytest.raises(BadInput, match="width"):
        running.add(empty(np.array([1]), 2))
