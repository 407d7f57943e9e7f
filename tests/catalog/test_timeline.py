from itertools import pairwise

import pytest

from catalog.models import Episode, Season, Title
from catalog.timeline import captions_of, timeline_of, web_vtt


def film(**fields):
    return Title(**{"name": "Shown", "runtime_minutes": 100, "synthetic": True} | fields)


def episode(minutes):
    return Episode(season=Season(number=1), number=1, name="One", runtime_minutes=minutes)


@pytest.mark.parametrize("minutes", [10, 45, 100, 32_767])
def test_chapters_start_at_zero_and_each_after_the_one_before(minutes):
    for part in (None, episode(minutes)):
        starts = [
            chapter.start for chapter in timeline_of(film(runtime_minutes=minutes), part).chapters
        ]
        assert starts[0] == 0
        assert starts == sorted(set(starts))
        assert starts[-1] < minutes * 60


def test_only_a_series_has_an_intro_to_skip():
    assert timeline_of(film(), None).intro is None
    assert timeline_of(film(), episode(45)).intro == (30, 75)


@pytest.mark.parametrize(
    "fields", [{"synthetic": False}, {"runtime_minutes": None}, {"runtime_minutes": 9}]
)
def test_nothing_is_marked_where_nothing_is_known(fields):
    assert timeline_of(film(**fields), None).chapters == ()


@pytest.mark.parametrize("minutes", [None, 1, 100])
def test_captions_follow_each_other_without_overlap(minutes):
    cues = captions_of(film(runtime_minutes=minutes), None, "A lighthouse.")
    assert all(cue.start < cue.end for cue in cues)
    assert all(cue.end <= following.start for cue, following in pairwise(cues))


def test_captions_say_what_the_picture_shows_and_name_the_chapters():
    told = film(synopsis="A boat sinks. Nobody comes.")
    texts = [cue.text for cue in captions_of(told, None, "A lighthouse at night.")]
    assert texts[:2] == ["[Opening titles]", "[On the screen: A lighthouse at night]"]
    assert {"A boat sinks.", "Nobody comes.", "[Part 1]", "[Closing titles]"} <= set(texts)


def test_captions_do_without_a_picture_and_a_synopsis():
    texts = {cue.text for cue in captions_of(film(synthetic=False), None, "")}
    assert texts == {"[On the screen: Shown]"}


def test_a_caption_breaks_out_of_no_cue():
    told = film(synthetic=False, runtime_minutes=1)
    file = web_vtt(captions_of(told, None, "x\n\n00:00:01.000 --> 00:00:02.000\n<b>&"))
    assert file.startswith("WEBVTT\n\n00:00:00.000 --> 00:00:08.000\n")
    assert file.count("-->") == 2
    assert "--&gt; 00:00:02.000 &lt;b&gt;&amp;" in file
