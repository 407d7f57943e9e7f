"""The true value of policies: their probability vectors times the true chances."""

from dataclasses import dataclass, field

import numpy as np

from personalization.bandit import policy
from personalization.bandit.arrays import Floats, Ints
from personalization.bandit.model import Model

POLICIES = ("uniform", "default", "context_free", "greedy", "serving", "oracle")
OF_A_MODEL = {"context_free", "greedy", "serving"}


@dataclass(frozen=True)
class Slates:
    """One viewer's new decisions of a day, flat over their eligible artworks (K).

    Attributes:
        starts: (T,) where each decision's artworks begin.
        served: (K,) the logged probabilities.
        is_default: (K,) the editor's default.
        rows: (K,) of the window's model.
        scores, plain: (K,) its expectations; None where none served.
    """

    starts: Ints
    served: Floats
    is_default: Floats
    model: Model | None
    rows: Ints
    scores: Floats | None
    plain: Floats | None


@dataclass
class Worth:
    """Sums of true rewards by policy, and over how many decisions."""

    decisions: int = 0
    with_model: int = 0
    sums: dict[str, float] = field(default_factory=lambda: dict.fromkeys(POLICIES, 0.0))

    def add(self, slates: Slates, chances: Floats) -> None:
        """Count one viewer's decisions, given the true chance of each artwork: (K,)."""
        for name, value in _values(slates, chances).items():
            self.sums[name] += value
        self.decisions += len(slates.starts)
        self.with_model += len(slates.starts) if slates.model is not None else 0

    def merge(self, other: "Worth") -> None:
        self.decisions += other.decisions
        self.with_model += other.with_model
        for name in POLICIES:
            self.sums[name] += other.sums[name]

    def means(self) -> dict[str, float | None]:
        """Return each policy's true mean reward per decision; None for a model's without a model.

        On decisions before the first model, a model's policies choose evenly.
        """
        return {
            name: self.sums[name] / max(self.decisions, 1) if self._has(name) else None
            for name in POLICIES
        }

    def regret(self) -> dict[str, float | None]:
        """Return each policy's regret against the oracle, summed over the decisions; or None."""
        return {
            name: self.sums["oracle"] - self.sums[name] if self._has(name) else None
            for name in POLICIES
        }

    def _has(self, policy_name: str) -> bool:
        """Say whether there was a choice that the policy made."""
        return policy_name not in OF_A_MODEL or self.with_model > 0


def _values(slates: Slates, chances: Floats) -> dict[str, float]:
    starts, size = slates.starts, len(chances)
    even = policy.uniform(starts, size)
    found = {
        "uniform": even,
        "default": _default(slates),
        "serving": slates.served,
        # Before any model serves, these policies choose evenly.
        "context_free": even,
        "greedy": even,
    }
    if slates.model is not None and slates.scores is not None and slates.plain is not None:
        found["context_free"] = slates.model.explored(slates.plain, slates.rows, starts)
        found["greedy"] = policy.greedy(slates.scores, starts, floor=0.0)
    worth = {name: float(each @ chances) for name, each in found.items()}
    worth["oracle"] = float(np.maximum.reduceat(chances, starts).sum())
    return worth


def _default(slates: Slates) -> Floats:
    """Return probability 1 for the default, else for the first eligible artwork."""
    has = np.add.reduceat(slates.is_default, slates.starts) > 0
    first = np.zeros(len(slates.is_default))
    first[slates.starts] = 1.0
    title = policy.title_index(slates.starts, len(slates.is_default))
    return np.where(has[title], slates.is_default, first)
