import pytest
from django.db import DatabaseError, transaction

from catalog.models import Artwork, ArtworkEvent, CreditEvent, DepictionEvent, Title, TitleEvent
from tests.factories import make_artwork, make_credit, make_person, make_title

pytestmark = pytest.mark.django_db


def test_it_sees_bulk_updates():
    titles = [make_title(), make_title()]
    Title.objects.update(year=1999)
    changed = TitleEvent.objects.filter(pgh_label="update", year=1999)
    assert set(changed.values_list("pgh_obj", flat=True)) == {title.pk for title in titles}


def test_it_outlives_its_subject():
    title = make_title(name="Lost")
    make_credit(title)
    title.delete()
    assert list(TitleEvent.objects.values_list("pgh_label", "name")) == [
        ("insert", "Lost"),
        ("delete", "Lost"),
    ]
    assert list(CreditEvent.objects.values_list("pgh_label", flat=True)) == ["insert", "delete"]


def test_it_follows_artwork_and_whom_it_shows():
    one, other = make_person(), make_person()
    artwork = make_artwork(make_title(), depicted=(one,))
    Artwork.objects.update(state="withdrawn")
    artwork.depicted.set([other])
    states = ArtworkEvent.objects.order_by("pgh_id").values_list("state", flat=True)
    assert list(states) == ["approved", "withdrawn"]
    cast = DepictionEvent.objects.order_by("pgh_id").values_list("pgh_label", "person")
    assert sorted(cast) == sorted([("insert", one.pk), ("insert", other.pk), ("delete", one.pk)])


@pytest.mark.parametrize("change", [lambda rows: rows.update(name="x"), lambda rows: rows.delete()])
def test_nobody_rewrites_it(change):
    make_title()
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        change(TitleEvent.objects.all())
