"""A viewer's orders on a title's picture: what they do, and what refuses them."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from catalog.models import Artwork
from personalization.actions.keeping import (
    FOREIGN,
    GONE,
    ONLY_ONE,
    KeepRefused,
    choose_again,
    keep_picture,
    show_another,
    use_standard,
)
from personalization.models import Keep
from personalization.models.journal import Policy, Standing
from personalization.serving import tokens
from personalization.serving.chooser import WITHDRAWN, PersonalChooser
from tests.factories import NOW, make_artwork, make_title, make_viewer
from tests.personalization.serving.worlds import (
    BEFORE,
    bump,
    make_catalogue,
    make_model,
    make_watcher,
)


def shown(viewer, title, *, now=NOW):
    return PersonalChooser().choose(viewer, [title], surface="home", now=now)[title.pk]


def others(viewer, title):
    now_shown = shown(viewer, title).artwork_id
    return list(title.artworks.exclude(pk=now_shown).order_by("pk").values_list("pk", flat=True))


@pytest.fixture
def one(db):
    (title,) = make_catalogue(titles=1)
    make_model()
    return title, make_watcher(title)


def test_a_kept_picture_is_shown_with_the_next_page_and_is_nobody_elses(one):
    title, viewer = one
    wanted = others(viewer, title)[0]
    stranger = make_watcher(title)
    before = shown(stranger, title).artwork_id
    keep_picture(viewer, title, wanted, now=NOW)
    assert shown(viewer, title).artwork_id == wanted
    assert shown(stranger, title).artwork_id == before


def test_it_survives_windows_models_and_edits_of_other_pictures(one):
    title, viewer = one
    wanted = others(viewer, title)[-1]
    keep_picture(viewer, title, wanted, now=NOW)
    title.default_artwork = title.artworks.exclude(pk=wanted).first()
    title.save()
    title.artworks.exclude(pk=wanted).update(state="withdrawn", withdrawn_at=NOW)
    make_artwork(title, approved_at=NOW)
    bump()
    for weeks in range(1, 5):
        make_model(seed=weeks, state="retired")
        assert shown(viewer, title, now=NOW + timedelta(weeks=weeks)).artwork_id == wanted


def test_the_choice_records_that_it_was_the_viewers(one):
    title, viewer = one
    wanted = others(viewer, title)[0]
    keep_picture(viewer, title, wanted, now=NOW)
    decided = tokens.unpack(shown(viewer, title).token, any_age=True).decided
    assert (decided.policy, decided.standing) == (Policy.VIEWER, Standing.KEEPS)
    assert (decided.artworks.tolist(), decided.probabilities.tolist()) == ([wanted], [1.0])


def test_a_withdrawn_one_makes_room_and_says_so_and_returns_when_approved_again(one):
    title, viewer = one
    wanted = others(viewer, title)[0]
    keep_picture(viewer, title, wanted, now=NOW)
    Artwork.objects.filter(pk=wanted).update(state="withdrawn", withdrawn_at=NOW)
    bump()
    choice = shown(viewer, title)
    assert choice.artwork_id != wanted
    assert choice.note == WITHDRAWN
    assert tokens.unpack(choice.token, any_age=True).decided.standing != Standing.KEEPS
    Artwork.objects.filter(pk=wanted).update(state="approved", withdrawn_at=None)
    bump()
    choice = shown(viewer, title)
    assert (choice.artwork_id, choice.note) == (wanted, "")


def test_the_standard_picture_follows_the_editor(one):
    title, viewer = one
    first, second = title.artworks.order_by("pk")[:2]
    use_standard(viewer, title, now=NOW)
    assert shown(viewer, title).artwork_id == first.pk  # none is the default
    title.default_artwork = second
    title.save()
    bump()
    assert shown(viewer, title).artwork_id == second.pk


def test_another_goes_through_all_pictures_and_starts_over(one):
    title, viewer = one
    seen = [shown(viewer, title).artwork_id]
    for _ in range(4):
        show_another(viewer, title, instead_of=seen[-1], now=NOW)
        seen.append(shown(viewer, title).artwork_id)
    assert len(set(seen[:4])) == 4
    assert seen[4] == seen[0]


def test_the_same_order_from_two_tabs_is_one_step(one):
    title, viewer = one
    first = shown(viewer, title).artwork_id
    show_another(viewer, title, instead_of=first, now=NOW)
    after = shown(viewer, title).artwork_id
    show_another(viewer, title, instead_of=first, now=NOW)
    assert shown(viewer, title).artwork_id == after != first


def test_taking_it_back_restores_the_choice_to_the_bit(one):
    title, viewer = one
    before = tokens.unpack(shown(viewer, title).token, any_age=True).decided
    keep_picture(viewer, title, others(viewer, title)[0], now=NOW)
    assert Keep.objects.get().kind == Keep.Kind.KEPT
    choose_again(viewer, title)
    after = tokens.unpack(shown(viewer, title).token, any_age=True).decided
    assert after.artwork_id == before.artwork_id
    assert after.probabilities.tolist() == before.probabilities.tolist()
    choose_again(viewer, title)
    assert not Keep.objects.exists()


def test_child_and_opted_out_profiles_keep_pictures_too(one):
    title, viewer = one
    for fields in ({"is_child": True}, {"personalised": False}):
        for name, value in fields.items():
            setattr(viewer, name, value)
        viewer.save()
        wanted = others(viewer, title)[0]
        keep_picture(viewer, title, wanted, now=NOW)
        assert shown(viewer, title).artwork_id == wanted
        choose_again(viewer, title)


@pytest.mark.parametrize("state", ["pending", "rejected", "withdrawn"])
def test_it_refuses_a_picture_that_may_not_be_shown(one, state):
    title, viewer = one
    made = make_artwork(title, state=state, approved_at=BEFORE)
    with pytest.raises(KeepRefused, match=str(GONE)):
        keep_picture(viewer, title, made.pk, now=NOW)
    assert not Keep.objects.exists()


def test_it_refuses_a_picture_of_another_title_or_of_none(one):
    title, viewer = one
    keep_picture(viewer, title, others(viewer, title)[0], now=NOW)
    held = Keep.objects.get()
    for number in (make_artwork(make_title()).pk, 0, 10**17):
        with pytest.raises(KeepRefused, match=str(FOREIGN)):
            keep_picture(viewer, title, number, now=NOW)
    assert Keep.objects.get().artwork_id == held.artwork_id


def test_it_refuses_another_where_there_is_one_picture(db):
    title = make_title()
    only = make_artwork(title)
    with pytest.raises(KeepRefused, match=str(ONLY_ONE)):
        show_another(make_viewer(), title, instead_of=only.pk, now=NOW)


def test_it_refuses_a_profile_that_was_removed(one):
    title, viewer = one
    wanted = others(viewer, title)[0]
    number = viewer.pk
    viewer.delete()
    viewer.pk = number
    with pytest.raises(KeepRefused, match="removed"):
        keep_picture(viewer, title, wanted, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_devices_at_once_leave_one_order(transactional_db):
    title = make_title()
    artworks = [make_artwork(title) for _ in range(4)]
    viewer = make_viewer()
    barrier = threading.Barrier(4)
    failed = []

    def order(artwork):
        try:
            barrier.wait()
            keep_picture(viewer, title, artwork.pk, now=NOW)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=order, args=[artwork]) for artwork in artworks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert Keep.objects.get().artwork in artworks
