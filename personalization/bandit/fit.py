"""The fit: variances by empirical Bayes, then one vector per artwork.

The variances are found by expectation-maximisation (Dempster, Laird and Rubin 1977) over the
posterior of `levels`, in a basis in which the units and the rotation of the viewer vector do not
matter (`whitening`). So scores do not depend on them.
"""

import numpy as np
from threadpoolctl import threadpool_limits

from personalization.bandit.arrays import Floats, Ints, whole
from personalization.bandit.errors import BadInput
from personalization.bandit.levels import Solution, Variances, solve
from personalization.bandit.model import Model
from personalization.bandit.spec import ALONE, Spec
from personalization.bandit.statistics import Statistics
from personalization.bandit.table import ArtworkTable
from personalization.bandit.whitening import Basis, basis_of

FIT = 2  # which fit a model names as its own; the first depended on units (decision 31)

# Standard deviations to start from, in log-odds. With few data, expectation-maximisation stops
# near where it starts: from half of these it takes real tastes for noise, and from twice these
# noise for real tastes (docs/arena.md says what was compared).
START = {"title": 1.0, "feature": 0.7, "artwork": ALONE}
# What the whole viewer vector, and the match, add to a score at first: in standard deviations over
# viewers, as shares of START.
VECTOR, MATCH = 0.5, 0.05
LEAST = 1e-3  # a standard deviation stays above this, so that no level vanishes for good
ROUNDS = 12
SAMPLE = 200  # titles that most rounds use, where there are more than twice as many
ENOUGH = 0.03  # stop when no variance changes by more than this share
# Places of z that share a variance at each level, and the share of START that they begin with.
Group = tuple[slice, float]


def fit(
    statistics: Statistics,
    table: ArtworkTable,
    spec: Spec,
    *,
    manifest: str = "",
    rounds: int = ROUNDS,
) -> Model:
    """Fit the three-level model and its context-free twin from sums alone.

    Args:
        statistics: rows [1, x_v, match, controls] of width `spec.fit_width`;
            artworks that `table` does not list are left out.
        table: the A artworks to score, with F features each.
        spec: the widths, and how the model will explore.
        manifest: digest of the feature manifest; the model is refused under another one.
        rounds: the most rounds of expectation-maximisation, from 0.

    Returns:
        a model of the table's artworks, with weights in log-odds.

    Raises:
        BadInput: if the widths disagree, the table is empty, or `rounds` makes no sense.
    """
    rounds = whole("rounds", rounds, least=0)
    if statistics.width != spec.fit_width:
        raise BadInput(f"statistics have width {statistics.width}, the spec {spec.fit_width}")
    if table.features.shape[1] != spec.artwork_features:
        raise BadInput(
            f"features have width {table.features.shape[1]}, the spec {spec.artwork_features}"
        )
    if not len(table):
        raise BadInput("table must not be empty")
    known = statistics.aligned(table.artwork_ids)
    features = np.column_stack([np.ones(len(table)), table.features])
    titles, title = table.titles()
    # Thousands of small factorisations: threads inside each would only wait for each other.
    with threadpool_limits(1):
        return _fit(known, features, titles, title, table, spec, manifest, rounds)


def _fit(
    known: Statistics,
    features: Floats,
    titles: Ints,
    title: Ints,
    table: ArtworkTable,
    spec: Spec,
    manifest: str,
    rounds: int,
) -> Model:
    basis = basis_of(known, spec.context)
    full = _levels(basis.seen(known), features, title, len(titles), _groups(basis), rounds)
    controls = range(spec.width, spec.fit_width)
    plain = _levels(
        known.project([0, *controls]), features, title, len(titles), [(slice(0, 1), 1.0)], rounds
    )
    title_effects, feature_effects = basis.back(full.title), basis.back(full.feature.T).T
    return Model(
        spec=spec,
        manifest=manifest,
        fit=FIT,
        artwork_ids=table.artwork_ids,
        title_ids=table.title_ids,
        weights=title_effects[title] + features @ feature_effects.T + basis.back(full.artwork),
        context_free=(plain.title[title] + features @ plain.feature.T + plain.artwork)[:, 0],
        information=known.ww[:, 0, 0],
        known_titles=titles,
        title_effects=title_effects,
        title_context_free=plain.title[:, 0],
        feature_effects=feature_effects,
        feature_context_free=plain.feature[0],
        controls=full.control,
    )


def _groups(basis: Basis) -> list[Group]:
    """Return the constant, the directions of the viewer vector, and the match.

    The directions share what the vector adds to a score, however many they are.
    """
    last = basis.width - 1
    vector = VECTOR / np.sqrt(max(basis.directions, 1))
    groups = [(slice(0, 1), 1.0), (slice(1, last), vector), (slice(last, last + 1), MATCH)]
    return [group for group in groups if group[0].stop > group[0].start]


def _levels(
    statistics: Statistics,
    features: Floats,
    title: Ints,
    titles: int,
    groups: list[Group],
    rounds: int,
) -> Solution:
    """Find the variances by expectation-maximisation, and the posterior under them.

    In a large catalogue most rounds use a sample of the titles: a few hundred tell the spread of
    titles and artworks as well as thousands do. The last round uses all titles.
    """
    variances = _start(groups)
    sample = _some_titles(statistics.n, title, titles)
    if sample is not None:
        few = np.unique(title[sample], return_inverse=True)[1].astype(np.int64)
        known = statistics.rows(sample)
        count = int(few.max()) + 1
        _, variances = _settle(known, features[sample], few, count, groups, variances, rounds)
        rounds = min(rounds, 1)
    solution, _ = _settle(statistics, features, title, titles, groups, variances, rounds)
    return solution


def _some_titles(decisions: Floats, title: Ints, titles: int) -> Ints | None:
    """Return the places of the artworks of evenly spaced titles; None if all are few enough."""
    seen = np.flatnonzero(np.bincount(title, decisions, minlength=titles) > 0)
    if len(seen) <= 2 * SAMPLE:
        return None
    chosen = seen[np.linspace(0, len(seen) - 1, SAMPLE).astype(np.int64)]
    return np.flatnonzero(np.isin(title, chosen)).astype(np.int64)


def _settle(
    statistics: Statistics,
    features: Floats,
    title: Ints,
    titles: int,
    groups: list[Group],
    variances: Variances,
    rounds: int,
) -> tuple[Solution, Variances]:
    """Alternate between the posterior and the variances until these settle."""
    solution = solve(statistics, features, title, titles, variances)
    for _ in range(rounds):
        moved = _update(solution, variances, groups, statistics)
        change = max(
            float(np.abs(np.log(getattr(moved, level) / getattr(variances, level))).max())
            for level in START
        )
        variances = moved
        solution = solve(statistics, features, title, titles, variances)
        if change < ENOUGH:
            break
    return solution, variances


def _start(groups: list[Group]) -> Variances:
    share = np.concatenate([np.full(group.stop - group.start, part) for group, part in groups])
    level = {name: (deviation * share) ** 2 for name, deviation in START.items()}
    return Variances(level["title"], level["feature"], level["artwork"])


def _update(
    solution: Solution, variances: Variances, groups: list[Group], statistics: Statistics
) -> Variances:
    """Return each level's expected squares, pooled over the places of a group.

    Artworks without decisions tell nothing about the spread and are left out. All features
    but the constant count for B.
    """
    seen = statistics.n > 0
    squares = {
        "title": solution.title**2 + solution.title_variance,
        "artwork": (solution.artwork**2 + solution.artwork_variance)[seen],
        "feature": (solution.feature**2 + solution.feature_variance)[:, 1:].T,
    }
    updated: dict[str, Floats] = {}
    for level, values in squares.items():
        before = getattr(variances, level)
        after = before.copy()
        if len(values):
            for group, share in groups:
                after[group] = max(float(values[:, group].mean()), (LEAST * share) ** 2)
        updated[level] = after
    return Variances(updated["title"], updated["feature"], updated["artwork"])
