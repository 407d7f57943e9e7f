"""Off-policy estimates: what a policy would have earned, from another policy's log.

There are three layers: what each decision contributes (`weighting`, `modelled`), the mean of the
contributions and its interval clustered by viewer (`intervals`, `redrawing`), and whether anything
may be concluded from it (`Floor`). Bad propensities are refused when a `DecisionLog` is made.
"""

from personalization.bandit.estimators.contributions import Contributions
from personalization.bandit.estimators.intervals import (
    Estimate,
    Floor,
    Inconclusive,
    conclude,
    difference,
    effective_sample_size,
    estimate,
    freedom,
    reach,
)
from personalization.bandit.estimators.log import DecisionLog
from personalization.bandit.estimators.modelled import (
    THRESHOLD,
    ModelledRewards,
    dm,
    dr,
    dr_values,
    sndr,
    switch_dr,
)
from personalization.bandit.estimators.redrawing import bootstrap, bootstrap_difference
from personalization.bandit.estimators.switching import GRID, choose_threshold, mass_beyond
from personalization.bandit.estimators.weighting import ips, snips

__all__ = [
    "GRID",
    "THRESHOLD",
    "Contributions",
    "DecisionLog",
    "Estimate",
    "Floor",
    "Inconclusive",
    "ModelledRewards",
    "bootstrap",
    "bootstrap_difference",
    "choose_threshold",
    "conclude",
    "difference",
    "dm",
    "dr",
    "dr_values",
    "effective_sample_size",
    "estimate",
    "freedom",
    "ips",
    "mass_beyond",
    "reach",
    "sndr",
    "snips",
    "switch_dr",
]
