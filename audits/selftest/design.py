"""Which worlds the self-test makes: half have no difference, the rest have one of each kind."""

from __future__ import annotations

from audits.selftest.worlds import Planted, WorldSpec

# (viewers, the group's share): from a group at the floor to 1,000 viewers a side.
SIZES = ((150, 0.2), (200, 0.5), (500, 0.2), (1_000, 0.2), (1_000, 0.5), (2_000, 0.5))
NOTHING = Planted()
# At 0.37, exposure differs by its margin: there "within" must be rare, and so must "outside".
STRENGTHS = (0.25, 0.37, 0.75, 1.5)
DIFFERENCES = (
    *(Planted(proxy=strength) for strength in STRENGTHS),
    Planted(proxy=1.0, marginal=1.5),
    Planted(value=0.03),
    Planted(leads=6.0),
)
ALL = (NOTHING, *DIFFERENCES)


def world(number: int, *, seed: int) -> WorldSpec:
    """Return the world of a number, 0 or more.

    Every second world has nothing planted.  Sizes and differences take turns, so that the first
    worlds are a fair sample of all, whatever their number.

    Args:
        number: its place in the series.
        seed: of the series.
    """
    turn, planted = divmod(number, 2)
    cycle, kind = divmod(turn, len(DIFFERENCES))
    viewers, share = SIZES[(kind + cycle) % len(SIZES)]
    return WorldSpec(
        planted=DIFFERENCES[kind] if planted else NOTHING,
        viewers=viewers,
        share=share,
        seed=(seed, number),
    )
