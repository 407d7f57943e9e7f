"""Nothing that is digested, signed, sealed or copied depends on the language of who looks."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from django.utils import timezone, translation

from audits.runs import document
from catalog.models import Viewer
from personalization.actions.copying import _archive
from personalization.journal import sealing
from personalization.models import SealedDay
from tests.audits.record.rows import run_of
from tests.audits.worlds import ALL, make_world
from tests.factories import NOW, make_artwork, make_title, make_viewer
from tests.personalization.factories import DAY, make_decision

ELSEWHERE = "Asia/Tokyo"


def in_german(function, *arguments, **options):
    with translation.override("de"), timezone.override(ELSEWHERE):
        return function(*arguments, **options)


def texts_of(archive):
    """Return the texts of a copy by their names. Its entries are dated by the clock."""
    with ZipFile(BytesIO(archive)) as file:
        return {name: file.read(name) for name in file.namelist()}


@pytest.mark.django_db(transaction=True, databases=ALL)
def test_an_audits_document_is_the_same_in_every_language():
    model = make_world(women=16, men=16, undeclared=0, titles=2)
    options = {"kind": "exploratory", "effort": "quick", "seed": 7}
    english, german = run_of(model, **options), in_german(run_of, model, **options)
    assert in_german(document.write, english) == document.write(english)
    for part in ("groups", "measures", "slate", "limits"):
        assert in_german(document.write, german)[part] == document.write(english)[part], part


@pytest.mark.django_db
def test_a_sealed_day_and_a_copy_are_the_same_in_every_language():
    title = make_title(genres=("war",))
    artworks = [make_artwork(title) for _ in range(3)]
    viewer = make_viewer(language="de")
    make_decision(viewer, title, artworks)
    later = NOW.replace(day=NOW.day + 3)
    digest = sealing.seal(DAY, now=later).sha256
    SealedDay.objects.all().delete()
    assert in_german(sealing.seal, DAY, now=later).sha256 == digest
    copy = _archive(Viewer.objects.get(), NOW, lambda rows: None)
    german = in_german(_archive, Viewer.objects.get(), NOW, lambda rows: None)
    assert texts_of(german) == texts_of(copy)
