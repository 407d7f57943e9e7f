"""The invented words: enough of them, canonical, and nobody looks like anybody else."""

from collections import Counter

import pytest

from catalog.canon import GENRES, MOODS
from catalog.demo.story import directors, people, stories
from catalog.demo.words import PLACES as PLACES_IN_WORDS
from catalog.drawing.garments import COLOURS, GARMENTS
from catalog.drawing.looks import HAIRS, SKINS
from catalog.drawing.scenery import PLACES
from catalog.drawing.things import THINGS


def test_it_has_enough_titles_and_people():
    assert len(stories()) >= 60
    assert len({name for name, _ in people().values()} | set(directors().values())) >= 120


def test_every_episode_has_a_synopsis_of_its_own():
    told = [words for story in stories() for season in story.episodes for words in season]
    named = [name for story in stories() for season in story.seasons for name in season]
    assert len(told) == len(named) == len(set(told))
    assert all(20 < len(words) < 160 and words[-1] in ".!?" for words in told)


def test_names_are_told_apart_by_their_slugs():
    assert len({story.slug for story in stories()}) == len(stories())


def test_every_person_is_cast_somewhere():
    assert {player.key for story in stories() for player in story.cast} == set(people())


def test_every_genre_is_on_at_least_four_titles_and_every_mood_on_ten():
    genres = Counter(genre for story in stories() for genre in story.genres)
    moods = Counter(mood for story in stories() for mood in story.moods)
    assert set(genres) == set(GENRES) and min(genres.values()) >= 4
    assert set(moods) == set(MOODS) and min(moods.values()) >= 10


def test_children_find_enough_and_nothing_frightening():
    for_children = [story for story in stories() if story.maturity <= 7]
    assert len(for_children) >= 15
    assert not any({"horror", "thriller"} & set(story.genres) for story in for_children)


def test_series_have_one_to_three_seasons_of_named_episodes():
    series = [story for story in stories() if story.kind == "series"]
    assert len(series) >= 15
    for story in series:
        assert 1 <= len(story.seasons) <= 3
        assert all(len(season) >= 3 and all(season) for season in story.seasons)


@pytest.mark.parametrize("story", stories(), ids=lambda story: story.slug)
def test_a_title_is_whole(story):
    assert 1950 <= story.year <= 2026
    assert 3 <= len(story.cast) <= 6
    assert len({player.key for player in story.cast}) == len(story.cast)
    assert 80 <= len(story.synopsis) <= 400
    assert set(story.places) <= set(PLACES) == set(PLACES_IN_WORDS)
    assert story.thing in THINGS


def test_every_look_is_made_of_known_parts_and_is_unlike_every_other():
    looks = [look for _, look in people().values()]
    for look in looks:
        garment, colour = look.wears.split()
        assert look.skin in SKINS and look.hair in HAIRS
        assert garment in GARMENTS and colour in COLOURS
    assert len(
        {(look.head, look.hair, look.skin, look.beard, look.glasses) for look in looks}
    ) == len(looks)


def test_skin_tones_do_not_go_with_billing():
    """Every tone is seen first billed and last billed: no part is kept for a kind of look."""
    first = {story.cast[0].look.skin for story in stories()}
    last = {story.cast[-1].look.skin for story in stories()}
    assert first == last == set(SKINS)
