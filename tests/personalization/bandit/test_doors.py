"""Input that makes no sense is refused by name wherever the learner is called."""

from dataclasses import replace

import numpy as np
import pytest

from personalization.bandit import crossfit, draw, estimators, policy, statistics
from personalization.bandit.arrays import floats, ints
from personalization.bandit.choosing import choose
from personalization.bandit.errors import BadInput
from personalization.bandit.estimators import Contributions, DecisionLog, Floor, ModelledRewards
from personalization.bandit.fit import fit
from personalization.bandit.odds import Expectation, Expected, own_rates
from personalization.bandit.reduction import reduce
from personalization.bandit.scoring import Scorer
from personalization.bandit.spec import Spec
from personalization.bandit.statistics import Running
from personalization.bandit.table import ArtworkTable
from tests.personalization.bandit.worlds import make_problem

NAN, INF = float("nan"), float("inf")
SCORES, STARTS, ROWS, U = [0.3, 0.1, 0.2], [0, 1], [0, 1, 2], [0.5, 0.5]
TABLE, _, _, _, SUMS, SPEC = make_problem(np.random.default_rng(1), decisions=60)
MODEL = fit(SUMS, TABLE, SPEC)


def refused(name, call, *arguments, **named):
    """Check that the call is refused with a message that begins with this name."""
    with pytest.raises(BadInput, match=rf"^{name}\b"):
        call(*arguments, **named)


NO_GAMMA = [-10.0, -1e-300, NAN, INF, -INF, 10**400, "1", None, True, 1j, [1.0]]


@pytest.mark.parametrize("gamma", NO_GAMMA)
def test_a_gamma_that_makes_no_sense_is_refused(gamma):
    refused("gamma", policy.inverse_gap, SCORES, STARTS, gamma=gamma, floor=0.02)
    refused("gamma", Spec, context=1, artwork_features=1, gamma=gamma)


NO_FLOOR = [-0.02, NAN, INF, -INF, 0.51, 1.0, 2.0, "0.1", None, [0.1]]


@pytest.mark.parametrize("floor", NO_FLOOR)
def test_a_floor_that_makes_no_sense_is_refused(floor):
    refused("floor", policy.inverse_gap, SCORES, STARTS, gamma=1.0, floor=floor)
    refused("floor", policy.greedy, SCORES, STARTS, floor=floor)
    refused("floor", Spec, context=1, artwork_features=1, floor=floor)


@pytest.mark.parametrize("artworks", [3, 4, 7, 49])
def test_a_floor_above_an_even_share_is_refused(artworks):
    scores, starts = np.zeros(artworks + 1), [0, 1]
    for weigh in (lambda floor: policy.inverse_gap(scores, starts, gamma=1.0, floor=floor),
                  lambda floor: policy.greedy(scores, starts, floor=floor)):  # fmt: skip
        refused("floor", weigh, 1.01 / artworks)
        assert weigh(1 / artworks).sum() == pytest.approx(2)


def test_a_model_chooses_among_more_artworks_than_its_floor_leaves_room_for():
    many = 400
    table = ArtworkTable(np.arange(many), np.zeros(many, int), np.zeros((many, 2)))
    model = replace(MODEL, spec=replace(SPEC, floor=0.005)).adopt(table)
    scores, rows = np.zeros(many), np.arange(many)
    chances, _ = choose(model, scores, rows, [0], [0.5])
    assert chances.sum() == pytest.approx(1)
    assert chances.min() >= 0.5 / many
    assert np.array_equal(chances, model.explored(scores, rows, [0]))


NO_SCORES = [
    [0.1, NAN, 0.2],
    [NAN, 0.1, 0.2],
    [NAN] * 3,
    [INF, 0.0, 0.0],
    [0.0, INF, INF],
    [-INF, 0.0, 0.0],
    [-INF] * 3,
    [0.1, 1e308, -1e308],
    0.1,
    [],
    ["a", "b", "c"],
    [0.1, None, 0.2],
    [1j, 0, 0],
    [[0.1, 0.2], [0.3]],
]


@pytest.mark.parametrize("scores", NO_SCORES)
def test_scores_that_make_no_sense_are_refused(scores):
    named = "(scores|starts)"  # without scores, the titles have no artworks
    refused(named, policy.inverse_gap, scores, STARTS, gamma=1.0, floor=0.02)
    refused(named, policy.greedy, scores, STARTS, floor=0.02)
    refused("(scores|rows)", MODEL.explored, scores, ROWS, STARTS)
    refused("(scores|rows)", choose, MODEL, scores, ROWS, STARTS, U)


NO_STARTS = [[1, 2], [0, 0], [0, 3], [0, 2**62], [2, 0], [0, -1], [-1, 1], [], [[0, 1]], 0,
             [0.0, 1.0], ["0", "1"], [0, 2**64], [False, True]]  # fmt: skip


@pytest.mark.parametrize("starts", NO_STARTS)
def test_starts_that_make_no_sense_are_refused(starts):
    refused("starts", policy.inverse_gap, SCORES, starts, gamma=1.0, floor=0.02)
    refused("starts", policy.greedy, SCORES, starts, floor=0.02)
    refused("starts", policy.uniform, starts, 3)
    refused("starts", policy.title_index, starts, 3)
    refused("starts", MODEL.explored, SCORES, ROWS, starts)
    refused("(starts|u)", choose, MODEL, SCORES, ROWS, starts, U)
    refused("(starts|u)", draw.pick, [1.0, 0.5, 0.5], starts, U)


@pytest.mark.parametrize("size", [-1, 2.0, None, "3"])
def test_a_number_of_artworks_that_makes_no_sense_is_refused(size):
    refused("size", policy.uniform, STARTS, size)


@pytest.mark.parametrize("u", [[0.5, 1.0], [-0.1, 0.5], [0.5, NAN], [0.5, INF], [0.5], 0.5])
def test_numbers_to_draw_with_outside_0_to_1_are_refused(u):
    refused("u", choose, MODEL, SCORES, ROWS, STARTS, u)
    refused("u", draw.pick, [1.0, 0.5, 0.5], STARTS, u)
    refused("u", draw.pick_available, [1.0, 0.5, 0.5], STARTS, u, [False] * 3)


@pytest.mark.parametrize(
    "chances", [[1.0, 1.5, -0.5], [1.0, 0.5, NAN], [1.0, 0.5, 0.4], [0.0, 0.5, 0.5], [1.0, INF, 0]]
)
def test_probabilities_that_make_no_sense_are_not_drawn_from(chances):
    refused("probabilities", draw.pick, chances, STARTS, U)
    refused("probabilities", draw.pick_available, chances, STARTS, U, [False] * 3)


@pytest.mark.parametrize("gone", [[False] * 2, [0, 1, 0], ["a"] * 3, True])
def test_flags_of_gone_artworks_that_make_no_sense_are_refused(gone):
    refused("gone", draw.pick_available, [1.0, 0.5, 0.5], STARTS, U, gone)


@pytest.mark.parametrize(
    ("key", "viewer", "window", "titles", "named"),
    [
        (b"", b"v", "1.0", [1], "key"),
        (b"k" * 65, b"v", "1.0", [1], "key"),
        ("key", b"v", "1.0", [1], "key"),
        (b"k", b"v" * 65_536, "1.0", [1], "viewer"),
        (b"k", "v", "1.0", [1], "viewer"),
        (b"k", b"v", b"1.0", [1], "viewer"),
        (b"k", b"v", "\ud800", [1], "viewer"),
        (b"k", b"v", "1.0", [1.5], "title_ids"),
        (b"k", b"v", "1.0", np.array([2**63], np.uint64), "title_ids"),
    ],
)
def test_a_draw_that_makes_no_sense_is_refused(key, viewer, window, titles, named):
    refused(named, draw.uniforms, key, viewer, window, titles)
    refused(named, draw.page_uniforms, key, [viewer], [window], titles, [1])


def test_each_page_has_a_viewer_and_a_window():
    refused("window_keys", draw.page_uniforms, b"k", [b"v", b"w"], ["1.0"], [1, 2], [1, 1])


WEIGHTS = np.zeros((2, 3))


@pytest.mark.parametrize("weights", [np.zeros(3), np.zeros((2, 1)), WEIGHTS + NAN, "weights"])
def test_weights_that_make_no_sense_are_refused(weights):
    refused("weights", Scorer.of, weights)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("artwork_ids", MODEL.artwork_ids[::-1]),
        ("known_titles", MODEL.known_titles[::-1]),
        ("title_ids", MODEL.title_ids[1:]),
        ("title_ids", MODEL.title_ids + 0.5),
        ("weights", MODEL.weights[:, 1:]),
        ("weights", MODEL.weights + NAN),
        ("information", MODEL.information - 1e6),
        ("context_free", MODEL.context_free + INF),
    ],
)
def test_a_model_that_makes_no_sense_is_refused(name, values):
    refused(name, replace, MODEL, **{name: values})


def test_scores_and_controls_of_other_decisions_are_refused():
    refused("controls", MODEL.rewards, SCORES, np.zeros((2, 1)))
    refused("scores", MODEL.rewards, [NAN], np.zeros((1, 1)))


@pytest.mark.parametrize("context", [-1, 1.5, "1", None, True])
def test_a_width_is_a_whole_number(context):
    refused("context", Spec, context=context, artwork_features=1)


@pytest.mark.parametrize("artworks", [0, 1])
def test_a_model_of_no_or_one_artwork_knows_no_other(artworks):
    table = ArtworkTable(
        TABLE.artwork_ids[:artworks], TABLE.title_ids[:artworks], TABLE.features[:artworks]
    )
    assert MODEL.adopt(table).rows_of([7, 10**9]).tolist() == [-1, -1]


ONE, TWO = np.ones((1, 1)), np.ones((2, 1))


@pytest.mark.parametrize(
    ("named", "changes"),
    [
        ("artwork_ids", {"artwork_ids": [1]}),
        ("artwork_ids", {"artwork_ids": [1.0, 2.0]}),
        ("rows", {"rows": [1.0, 1.0]}),
        ("rows", {"rows": TWO * NAN}),
        ("rows", {"rows": "rows"}),
        ("width", {"rows": np.ones((2, 0))}),
        ("rewards", {"rewards": [0.0, 1.1]}),
        ("rewards", {"rewards": [-0.1, 1.0]}),
        ("rewards", {"rewards": [NAN, 1.0]}),
        ("rewards", {"rewards": [1.0]}),
        ("chosen_by", {"expected": Expected.alike(3, own_rates([1], [1.0], width=1))}),
        ("expected", {"expected": Expected.alike(2, own_rates([1], [1.0], width=2))}),
    ],
)
def test_decisions_that_make_no_sense_are_not_summed_up(named, changes):
    log = {"artwork_ids": [1, 2], "rows": TWO, "rewards": [0.0, 1.0]}
    refused(named, reduce, **(log | changes))


@pytest.mark.parametrize(
    ("named", "ids", "lines", "other"),
    [
        ("artwork_ids", [2, 1], np.zeros((2, 1)), [0.0]),
        ("lines", [1, 2], np.zeros((1, 1)), [0.0]),
        ("lines", [1], [[NAN]], [0.0]),
        ("other", [1], [[0.0]], [0.0, 0.0]),
        ("other", [1], [[0.0]], [INF]),
        ("other", [1], [[0.0, 0.0]], [NAN, 0.0]),
    ],
)
def test_expectations_that_make_no_sense_are_refused(named, ids, lines, other):
    refused(named, Expectation, np.array(ids), np.array(lines), np.array(other))


def test_models_of_other_widths_are_not_mixed():
    one, two = own_rates([1], [1.0], width=1), own_rates([1], [1.0], width=2)
    refused("expected", Expected(np.array([0, 1]), [one, two], lambda: one).lines, [1])


def test_sums_that_make_no_sense_are_refused():
    refused("n", replace, SUMS, n=SUMS.n - 1e9)
    refused("r", replace, SUMS, r=SUMS.r + NAN)
    refused("ww", replace, SUMS, ww=SUMS.ww[:, 1:])
    refused("columns", SUMS.project, [SUMS.width])
    refused("columns", SUMS.project, [-1])
    refused("places", SUMS.rows, [1, 0])
    refused("places", SUMS.rows, [len(SUMS.artwork_ids)])
    refused("artwork_ids", SUMS.aligned, [2, 1])
    refused("width", statistics.empty, [1], -1)
    refused("parts", statistics.merge, [])
    for factor in (0.0, -1.0, 1.5, NAN, None):
        refused("factor", Running(SUMS).decay, factor)


def test_a_fit_that_makes_no_sense_is_refused():
    refused("statistics", fit, SUMS, TABLE, replace(SPEC, controls=2))
    refused("features", fit, SUMS, replace(TABLE, features=TABLE.features[:, 1:]), SPEC)
    refused("table", fit, SUMS, ArtworkTable([], [], np.zeros((0, 2))), SPEC)
    for rounds in (-1, 1.5, None):
        refused("rounds", fit, SUMS, TABLE, SPEC, rounds=rounds)


def test_folds_that_make_no_sense_are_refused():
    log = {"artwork_ids": [1, 2], "rows": TWO, "rewards": [0.0, 1.0], "fold": [0, 1], "folds": 2}
    for named, wrong in (
        ("folds", {"folds": 1}), ("folds", {"folds": 2.0}), ("fold", {"fold": [0, 2]}),
        ("fold", {"fold": [0]}), ("artwork_ids", {"artwork_ids": [1]}),
        ("rewards", {"rewards": [1]}),
    ):  # fmt: skip
        refused(named, crossfit.reduce_folds, **(log | wrong))
    refused("folds", crossfit.assign, [1, 2], folds=1, seed=1)
    refused("viewers", crossfit.assign, [1.5], folds=2, seed=1)
    refused("folds", crossfit.others, [SUMS])


LOG, HALF = DecisionLog(np.ones(2), np.full(2, 0.5), np.arange(2)), np.full(2, 0.5)
PARTS, OTHER = Contributions(HALF, HALF), Contributions(np.ones(3), np.ones(3))


def test_estimates_that_make_no_sense_are_refused():
    refused("parts", estimators.estimate, LOG, OTHER)
    refused("theirs", estimators.difference, LOG, PARTS, OTHER)
    refused("parts", estimators.bootstrap, LOG, OTHER, seed=1)
    refused("ours", estimators.bootstrap_difference, LOG, OTHER, PARTS, seed=1)
    for level in (0.0, 1.0, NAN, -1.0):
        refused("level", estimators.estimate, LOG, PARTS, level=level)
    refused("draws", estimators.bootstrap, LOG, PARTS, seed=1, draws=1)
    refused("weights", estimators.effective_sample_size, [NAN])
    refused("weights", Contributions, HALF, -HALF)
    refused("plain", Contributions, HALF[:0], HALF[:0])
    refused("effective", Floor, effective=NAN)
    refused("viewers", Floor, viewers=-1)
    refused("target", estimators.mass_beyond, [-0.5, 1.5], [0.5, 0.5])
    for grid in ((), (NAN,), (-1.0,)):
        refused("grid", estimators.mass_beyond, HALF, HALF, grid=grid)
    known = ModelledRewards(HALF, HALF)
    refused("threshold", estimators.switch_dr, LOG, HALF, known, threshold=NAN)
    refused(
        "most_reward",
        estimators.choose_threshold, LOG, HALF, known, np.zeros(10), most_reward=NAN,
    )  # fmt: skip


@pytest.mark.parametrize(
    "values", [["1"], [None], [1j], [object()], [np.datetime64(0, "s")], [[1], 2]]
)
def test_values_that_are_no_numbers_are_refused(values):
    refused("numbers", floats, "numbers", values, (None,))
    refused("numbers", ints, "numbers", values, (None,))


@pytest.mark.parametrize("values", [[1.0], [True], np.array([2**64 - 1], np.uint64), [2**70]])
def test_values_that_are_no_whole_numbers_are_refused(values):
    refused("numbers", ints, "numbers", values, (None,))
