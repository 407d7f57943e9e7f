"""The estimators as the documentation of `obp` 0.5 defines them, written again for comparison.

Its arrays: `action_dist` and `q_hat` are (rounds, actions, positions); a round sees its
own position only. https://zr-obp.readthedocs.io, “OPE estimators” (Saito et al. 2020).
"""

import numpy as np


def estimates(*, reward, action, position, pscore, action_dist, q_hat, lambda_):
    """Return the value of each estimator, looped round by round as the formulas read."""
    rounds = len(reward)
    weight = np.array([action_dist[i, action[i], position[i]] / pscore[i] for i in range(rounds)])
    model = np.array(
        [
            np.average(q_hat[i, :, position[i]], weights=action_dist[i, :, position[i]])
            for i in range(rounds)
        ]
    )
    residual = reward - np.array([q_hat[i, action[i], position[i]] for i in range(rounds)])
    return {
        "ips": np.mean(weight * reward),
        "snips": np.mean(weight * reward) / np.mean(weight),
        "dm": np.mean(model),
        "dr": np.mean(model + weight * residual),
        "sndr": np.mean(model + weight * residual / np.mean(weight)),
        "switch-dr": np.mean(model + (weight <= lambda_) * weight * residual),
    }
