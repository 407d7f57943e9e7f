"""Two devices of one profile that say something at the same time: both are heard, none is lost."""

import threading

import pytest
from django.db import connection

from catalog.actions import home, opinions
from catalog.models import HiddenTitle, ListedTitle, PutAside, Rating
from catalog.sections import SECTIONS
from tests.factories import NOW, make_title, make_viewer

pytestmark = pytest.mark.django_db(transaction=True)
DEVICES = 4


def at_once(*orders):
    """Carry out all orders at the same time, each on a connection of its own."""
    barrier = threading.Barrier(len(orders))
    failed = []

    def carry_out(order):
        try:
            barrier.wait()
            order()
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=carry_out, args=[order]) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


@pytest.mark.parametrize(
    ("say", "model"),
    [
        (opinions.put_on_list, ListedTitle),
        (opinions.hide, HiddenTitle),
        (opinions.put_aside, PutAside),
    ],
)
def test_the_same_order_of_several_devices_is_one(say, model):
    viewer, title = make_viewer(), make_title()
    at_once(*[lambda: say(viewer, title, now=NOW)] * DEVICES)
    assert model.objects.get().viewer == viewer


def test_of_different_ratings_one_stands():
    viewer, title = make_viewer(), make_title()
    at_once(
        *(
            lambda value=value: opinions.rate(viewer, title, value, now=NOW)
            for value in Rating.Value.values
        )
    )
    assert Rating.objects.get().value in Rating.Value.values


def test_sections_hidden_on_two_devices_are_both_hidden():
    viewer = make_viewer()
    at_once(*(lambda name=name: home.show_section(viewer, name, shown=False) for name in SECTIONS))
    viewer.refresh_from_db()
    assert set(viewer.home_hidden) == set(SECTIONS)
