"""A whole planned run finds that leads matter where they do, and finds nothing where they do not.

The choices read the moods of what was watched, on which titles are not matched. In one world the
class of a title's lead tells its mood, in its twin it does not. All else is the same.
"""

import numpy as np
import pytest

from audits.actions import declare_many
from audits.protected import store
from catalog.models import Credit
from personalization.features.manifest import MANIFEST
from tests.audits.record.rows import run_of
from tests.audits.worlds import ALL, make_model
from tests.factories import make_account, make_genre, make_mood
from tests.personalization.serving.worlds import make_catalogue, make_watcher

pytestmark = pytest.mark.django_db(transaction=True, databases=ALL)
TITLES, WATCHED, VIEWERS = 48, 6, 60
WARM, TENSE = (MANIFEST.context.index(f"mood:{slug}") for slug in ("warm", "tense"))


def make_world(*, planted):
    """Return the model of a world in which a third of the titles are led by women.

    If `planted`, their titles are the warm ones; else every third title of both classes is.
    """
    rng = np.random.default_rng(1)
    titles, account = make_catalogue(titles=TITLES, artworks=2), make_account()
    years = rng.integers(1985, 2025, TITLES)
    answers = []
    for number, title in enumerate(titles):
        woman = number % 3 == 0
        warm = woman if planted else number // 3 % 3 == 0
        title.year = years[number]
        title.save()
        title.genres.set([make_genre(("drama", "comedy")[number % 2])])
        title.moods.set([make_mood("warm" if warm else "tense")])
        lead = title.credits.get(role=Credit.Role.CAST).person
        answers.append((lead.public_id, "gender", "woman" if woman else "man"))
    store.declare("person", answers, synthetic=False)
    rows = []
    for number in range(VIEWERS):
        mine = [titles[place] for place in rng.choice(TITLES, WATCHED, replace=False)]
        viewer = make_watcher(*mine, account=account)
        if number < 24:  # too few to be compared: the measure needs no viewer's answer
            rows.append((viewer.public_id, "gender", ("woman", "man")[number % 2]))
    declare_many(rows, synthetic=False)
    return make_model(likes_leads=lambda context: context[:, WARM] > 0.5 * context[:, TENSE])


def effect(*, planted):
    run = run_of(make_world(planted=planted), effort="full")
    return run.statistics.get(name="flip_effect", group="all")


def test_it_finds_that_leads_matter_where_their_class_tells_what_choices_read():
    found = effect(planted=True)
    flips, placebo = found.detail["rates"]
    assert found.headline and found.p_adjusted <= 0.01 and found.low > 0
    assert flips > 2 * placebo and found.verdict == "outside margin"


def test_it_finds_nothing_where_their_class_tells_nothing():
    found = effect(planted=False)
    flips, placebo = found.detail["rates"]
    # Swaps change much there, in both arms alike.
    assert flips > 0.1 and placebo > 0.1
    assert found.p > 0.05 and found.low < 0 < found.high and found.verdict != "outside margin"
