"""Artwork that was uploaded before AVIF came is given AVIF files, in small pieces."""

import pytest
from django.core.files.storage import default_storage, storages
from django.core.management import CommandError, call_command

from catalog.actions import artwork as actions
from catalog.actions import avif
from catalog.drawing.cards import original_name
from catalog.models import Artwork
from catalog.queries.artwork import without_avif
from tests.catalog.artwork.pictures import picture
from tests.factories import NOW, make_artwork, make_title

pytestmark = pytest.mark.django_db


def older(seed, **options):
    """An artwork as it was uploaded before AVIF came."""
    made = actions.upload(
        make_title(), picture(seed=seed), kind="scene", alt="A street.", by=None, now=NOW, **options
    )
    webp = [size for size in made.renditions if size["format"] == "webp"]
    for size in made.renditions:
        if size["format"] == "avif":
            default_storage.delete(size["name"])
    Artwork.objects.filter(pk=made.pk).update(renditions=webp)
    made.refresh_from_db()
    return made


def formats(artwork):
    artwork.refresh_from_db()
    return {(size["width"], size["format"]) for size in artwork.renditions}


def test_it_makes_the_files_of_tiles_and_changes_no_other():
    artwork = older(1, focal=(0.25, 0.5))
    webp = artwork.renditions
    assert avif.make_missing().artworks == 1
    artwork.refresh_from_db()
    assert [size for size in artwork.renditions if size["format"] == "webp"] == webp
    added = [size for size in artwork.renditions if size["format"] == "avif"]
    assert {size["width"] for size in added} == {320, 640}
    for size in added:
        with default_storage.open(size["name"]) as file:
            assert b"ftypavif" in file.read(32)
    assert (artwork.focal_x, artwork.focal_y, artwork.state) == (0.25, 0.5, "pending")
    assert without_avif() == []
    assert avif.make_missing().artworks == 0


def test_one_that_fails_does_not_stop_the_rest_and_keeps_what_it_has():
    first, lost, damaged, last = (older(seed) for seed in range(4))
    storages["originals"].delete(lost.original.name)
    with storages["originals"].open(damaged.original.name, "wb") as file:
        file.write(b"no picture")
    made = avif.make_missing()
    assert made.artworks == 2
    assert set(made.failed) == {lost.pk, damaged.pk}
    assert (640, "avif") in formats(first) & formats(last)
    assert formats(lost) == formats(damaged) == {(w, "webp") for w in (320, 640, 1280)}


def test_it_goes_on_where_it_was():
    pictures = [older(seed) for seed in range(3)]
    call_command("make_avif", at_most=2, verbosity=0)
    assert without_avif() == [pictures[2].pk]
    call_command("make_avif", verbosity=0)
    assert without_avif() == []


def test_a_crop_that_an_editor_changed_meanwhile_stays(monkeypatch):
    artwork = older(1)
    real = avif.crop_again

    def while_somebody_edits(given):
        fields = real(given)
        actions.annotate(
            artwork, kind="scene", alt="", moods=[], depicted=[], focal=(1.0, 1.0), by=None
        )
        return fields

    monkeypatch.setattr(avif, "crop_again", while_somebody_edits)
    assert avif.make_missing().artworks == 0
    artwork.refresh_from_db()
    assert artwork.focal_x == 1.0
    assert (640, "avif") in formats(artwork)


def test_cards_that_are_drawn_and_artwork_without_files_are_left_out():
    make_artwork(make_title(), renditions=[])
    make_artwork(make_title(), original=original_name("0" * 64))
    assert without_avif() == []


def test_the_command_names_what_failed():
    lost = older(1)
    storages["originals"].delete(lost.original.name)
    with pytest.raises(CommandError, match=f"artwork {lost.pk}: FileNotFoundError"):
        call_command("make_avif", verbosity=0)
    with pytest.raises(CommandError, match="1 or more"):
        call_command("make_avif", at_most=0, verbosity=0)
