"""The policies that are evaluated: for each, the probabilities over every logged slate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from personalization.bandit import estimators, policy
from personalization.bandit.arrays import Floats, Ints
from personalization.bandit.model import Model
from personalization.journal.reading import Decisions
from personalization.training.rows import controls


@dataclass(frozen=True)
class Judged:
    """N decisions under each policy: its probabilities, and the rewards that are expected.

    `shown` maps a policy to its probability of the artwork shown, (N,). `expected` maps it to its
    expected reward under the reward model, (N,). `beyond` maps it to its probability mass beyond
    each threshold of switch-DR (see `estimators.mass_beyond`).
    """

    shown: dict[str, Floats]
    expected: dict[str, Floats]
    expected_shown: Floats
    beyond: dict[str, Floats]


@dataclass(frozen=True)
class Folds:
    """Reward models by fold of viewers. A decision's rewards come from its own fold's model."""

    models: Sequence[Model]
    of: Ints  # (N,)


def judge(
    decisions: Decisions, candidate: Model, serving: Model | None, rewards: Folds | None = None
) -> Judged:
    """Replay every policy on the logged slates.

    All models must know every artwork of the slates (`Model.adopt`). All policies share one reward
    model: `rewards`, or without them the candidate, which learnt from none of these decisions.
    """
    starts = decisions.offsets[:-1]
    owner = np.repeat(np.arange(len(decisions)), np.diff(decisions.offsets))
    scores = _scores(candidate, decisions)
    every: dict[str, Floats] = {
        "candidate": _as_served(candidate, decisions, owner, scores),
        "uniform": policy.uniform(starts, len(owner)),
        "default": _default(decisions, owner),
        "context_free": _explored(candidate, decisions, _plain(candidate, decisions)),
        "greedy": policy.greedy(scores, starts, floor=0.0),
    }
    if serving is not None:
        own = _scores(serving, decisions)
        every["serving"] = _as_served(serving, decisions, owner, own)
    return _judged(decisions, every, _reward(rewards, candidate, decisions, owner, scores))


def judge_served(
    decisions: Decisions,
    candidate: Model,
    models: Mapping[str, Model],
    rewards: Folds | None = None,
) -> Judged:
    """Replay models as each would have served, under the reward model that `judge` uses."""
    owner = np.repeat(np.arange(len(decisions)), np.diff(decisions.offsets))
    every = {
        name: _as_served(model, decisions, owner, _scores(model, decisions))
        for name, model in models.items()
    }
    scores = _scores(candidate, decisions)
    return _judged(decisions, every, _reward(rewards, candidate, decisions, owner, scores))


def _judged(decisions: Decisions, every: Mapping[str, Floats], reward: Floats) -> Judged:
    starts = decisions.offsets[:-1]
    return Judged(
        shown={name: each[decisions.chosen_at] for name, each in every.items()},
        expected={name: np.add.reduceat(each * reward, starts) for name, each in every.items()},
        expected_shown=reward[decisions.chosen_at],
        beyond={
            name: estimators.mass_beyond(each, decisions.probabilities)
            for name, each in every.items()
        },
    )


def joined(parts: Sequence[Judged]) -> Judged:
    """Return the judgements of batches as one, in their order."""
    names = parts[0].shown
    return Judged(
        shown={name: np.concatenate([part.shown[name] for part in parts]) for name in names},
        expected={name: np.concatenate([part.expected[name] for part in parts]) for name in names},
        expected_shown=np.concatenate([part.expected_shown for part in parts]),
        beyond={name: np.sum([part.beyond[name] for part in parts], axis=0) for name in names},
    )


def _reward(
    rewards: Folds | None, candidate: Model, decisions: Decisions, owner: Ints, scores: Floats
) -> Floats:
    """Return what the shared reward model expects of each eligible artwork: (E,)."""
    if rewards is None:
        return _rewards(candidate, decisions, owner, scores)
    return _rewards_by_fold(rewards, decisions, owner)


def _rewards(model: Model, decisions: Decisions, owner: Ints, scores: Floats) -> Floats:
    """Return the expected reward of each eligible artwork at its decision's position: (E,)."""
    return model.rewards(scores, controls(decisions)[owner])


def _rewards_by_fold(rewards: Folds, decisions: Decisions, owner: Ints) -> Floats:
    found = np.empty(len(owner))
    for number, model in enumerate(rewards.models):
        mine = rewards.of[owner] == number
        if mine.any():
            scores = _scores(model, decisions)
            found[mine] = _rewards(model, decisions, owner, scores)[mine]
    return found


def _scores(model: Model, decisions: Decisions) -> Floats:
    """Return the score of each eligible artwork, as a page computes it: (E,)."""
    return model.page_scores(
        decisions.vectors[decisions.windows],
        decisions.matches,
        model.rows_of(decisions.artworks),
        np.diff(decisions.offsets),
    )


def _plain(model: Model, decisions: Decisions) -> Floats:
    return np.asarray(model.context_free[model.rows_of(decisions.artworks)])


def _as_served(model: Model, decisions: Decisions, owner: Ints, scores: Floats) -> Floats:
    """Choose as the site does: the same for everybody where the standing is not personal."""
    served = np.where(decisions.personal[owner], scores, _plain(model, decisions))
    return _explored(model, decisions, served)


def _explored(model: Model, decisions: Decisions, scores: Floats) -> Floats:
    return model.explored(scores, model.rows_of(decisions.artworks), decisions.offsets[:-1])


def _default(decisions: Decisions, owner: Ints) -> Floats:
    """Return probability 1 for the editor's default, else for the first eligible artwork: (E,)."""
    is_default = decisions.artworks == decisions.defaults[owner]
    has_default = np.logical_or.reduceat(is_default, decisions.offsets[:-1])
    first = np.zeros(len(owner), bool)
    first[decisions.offsets[:-1]] = True
    return np.where(has_default[owner], is_default, first).astype(np.float64)
