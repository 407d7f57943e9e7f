"""Each viewer's random numbers follow from the run's seed and their own id."""

from uuid import UUID

from audits.runs.panel import viewer_seeds
from catalog.models import Viewer

VIEWERS = [Viewer(public_id=UUID(int=number)) for number in range(1, 200)]


def test_who_stays_keeps_their_seed_when_others_leave():
    everybody, some = viewer_seeds(7, VIEWERS), viewer_seeds(7, VIEWERS[::3])
    assert (everybody[::3] == some).all()


def test_seeds_differ_by_viewer_and_by_run():
    first, second = viewer_seeds(7, VIEWERS), viewer_seeds(8, VIEWERS)
    assert len({*first.tolist(), *second.tolist()}) == 2 * len(VIEWERS)
    assert (first >= 0).all()
    assert (viewer_seeds(7, VIEWERS) == first).all()
