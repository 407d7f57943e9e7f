from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from django.db import connection

from catalog.actions import artwork as actions
from catalog.artwork.renditions import prepare
from catalog.models import Artwork, ArtworkRevision
from tests.catalog.artwork.pictures import picture
from tests.factories import NOW, make_artwork, make_title

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*steps):
    """Run the steps in as many threads, started together; return what each gave or raised."""
    start = Barrier(len(steps))

    def run(step):
        try:
            start.wait()
            return step()
        except Exception as problem:
            return problem
        finally:
            connection.close()

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))


def test_of_two_uploads_of_one_file_at_once_one_is_refused():
    title, prepared = make_title(), prepare(picture())

    def upload():
        return actions.upload_prepared(title, prepared, kind="scene", by=None, now=NOW)

    answers = at_once(upload, upload)
    artwork = Artwork.objects.get()
    refusal = next(answer for answer in answers if isinstance(answer, Exception))
    assert isinstance(refusal, actions.AlreadyUploaded)
    assert refusal.existing == artwork


def test_of_two_who_reject_at_once_one_is_told():
    artwork = make_artwork(make_title(), state="pending", alt="A street.")
    answers = at_once(
        lambda: actions.reject(artwork, reason="Too dark", by=None, now=NOW),
        lambda: actions.reject(artwork, reason="Too light", by=None, now=NOW),
    )
    assert sum(isinstance(answer, actions.NotPossible) for answer in answers) == 1


def test_no_change_is_lost_from_the_revision():
    artworks = [make_artwork(make_title(), state="pending", alt="A street.") for _ in range(4)]
    answers = at_once(
        *(partial(actions.approve, artwork, by=None, now=NOW) for artwork in artworks)
    )
    assert all(isinstance(answer, Artwork) for answer in answers)
    assert ArtworkRevision.objects.get().number == 4


def test_withdrawing_and_making_the_default_at_once_leave_no_withdrawn_default():
    artwork = make_artwork(make_title())
    at_once(
        lambda: actions.withdraw(
            artwork, reason="Rights ended", by=None, now=NOW, may_be_last=True
        ),
        lambda: actions.set_default(artwork, by=None),
    )
    artwork.refresh_from_db()
    assert artwork.state == "withdrawn"
    assert artwork.title.default_artwork is None


def test_of_two_who_withdraw_the_last_two_at_once_one_is_asked():
    title = make_title()
    artworks = [make_artwork(title) for _ in range(2)]
    answers = at_once(
        *(
            partial(actions.withdraw, artwork, reason="Rights ended", by=None, now=NOW)
            for artwork in artworks
        )
    )
    assert sum(isinstance(answer, actions.LastApproved) for answer in answers) == 1
    assert title.artworks.filter(state="approved").count() == 1
