"""The gate's bounds. Their values and defaults are settings, and nowhere else."""

from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Bounds:
    """The gate's bounds. A value that is exactly at its bound is within it.

    Attributes:
        margin: value per decision that may be lost at worst, against any other model.
        sample: least effective sample size.
        viewers: least number of viewers.
        decisions: least number of decisions on the unseen days.
        refused: greatest share of rows that were left out as faulty.
        unknown: greatest share of decisions on artworks that have left the catalogue.
        missing: most days without a sealed file among the newest week.
        range: greatest factor by which volume and rate may leave the recent days' range.
        drift: furthest shift of a number of the viewer vector, in standard deviations.
        reference_days: a candidate is compared with every model that served in so many days.
        error: the chance, over a year, that something worse than the best of them by more than the
            margin is ever released.
    """

    margin: float
    sample: float
    viewers: int
    decisions: int
    refused: float
    unknown: float
    missing: int
    range: float
    drift: float
    reference_days: int
    error: float


def bounds() -> Bounds:
    """Return the bounds; their values are set in config/settings/release.py and nowhere else."""
    return Bounds(
        margin=settings.GATE_MARGIN,
        sample=settings.GATE_SAMPLE,
        viewers=settings.GATE_VIEWERS,
        decisions=settings.GATE_DECISIONS,
        refused=settings.GATE_REFUSED,
        unknown=settings.GATE_UNKNOWN,
        missing=settings.GATE_MISSING,
        range=settings.GATE_RANGE,
        drift=settings.GATE_DRIFT,
        reference_days=settings.GATE_REFERENCE_DAYS,
        error=settings.GATE_ERROR,
    )
