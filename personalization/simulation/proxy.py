"""A planted group: no choice reads it, and its members' tastes differ by a set amount."""

from collections.abc import Callable, Iterable
from uuid import UUID

import numpy as np
from django.conf import settings
from django.utils.module_loading import import_string
from scipy.special import expit

from personalization.simulation.crowds import CannotSimulate, Crowd
from personalization.simulation.truth import standardised

ATTRIBUTE, GROUPS = "gender", ("woman", "man")
DECLARES = 0.85  # the share of viewers who declare anything
Row = tuple[UUID, str, str]  # public id, attribute, value


def members(crowd: Crowd, *, strength: float, seed: int) -> list[Row]:
    """Draw who declares which of the two groups.

    Along a seeded direction of taste, with z a viewer's standardised place on it,
    P(first group) = 1 / (1 + exp(−strength · z)): Bayes' rule for two groups whose tastes are
    one standard deviation wide and `strength` of them apart. 0 means no difference.

    Raises:
        CannotSimulate: for viewers of an import. Nothing is invented about real people, since it
        would replace what they declared.
    """
    if not all(viewer.synthetic and viewer.source == "demo" for viewer in crowd.viewers):
        raise CannotSimulate(
            "A group is planted among synthetic viewers only (--viewers demo:N): "
            "imported ones have declarations of their own."
        )
    direction = np.random.default_rng([seed, 6]).standard_normal(crowd.tastes.shape[1])
    place = standardised((standardised(crowd.tastes) @ direction)[:, None])[:, 0]
    luck = np.random.default_rng([seed, 7]).random(len(place))
    first = luck < expit(strength * place)
    says = np.random.default_rng([seed, 8]).random(len(place)) < DECLARES
    return [
        (viewer.public_id, ATTRIBUTE, GROUPS[0] if one else GROUPS[1])
        for viewer, one, declares in zip(crowd.viewers, first, says, strict=True)
        if declares
    ]


def declare(rows: Iterable[Row]) -> None:
    """Pass the rows to the function that SIMULATION_DECLARER names. This app keeps none.

    Raises:
        CannotSimulate: the setting names nothing that can be called.
    """
    try:
        declarer: Callable[[Iterable[Row]], object] = import_string(settings.SIMULATION_DECLARER)
    except ImportError as error:
        raise CannotSimulate(
            f"SIMULATION_DECLARER names “{settings.SIMULATION_DECLARER}”, which is not there, "
            "so no group can be declared; leave --proxy-strength out."
        ) from error
    declarer(rows)
