import io
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow.parquet as pq
import pytest

from personalization import storage
from personalization.features import manifest
from personalization.features.artworks import read_index
from personalization.journal import sealing, writing
from personalization.models import Impression, SealedDay, Window
from tests.factories import (
    NOW,
    make_artwork,
    make_person,
    make_title,
    make_viewer,
    make_watch_event,
)
from tests.personalization.factories import DAY, make_decision, make_window

pytestmark = pytest.mark.django_db
LATER = datetime(2026, 3, 5, 3, tzinfo=UTC)


@pytest.fixture
def slate():
    title = make_title()
    return title, [make_artwork(title) for _ in range(3)]


def rows(sealed):
    return pq.read_table(io.BytesIO(storage.read(sealed.path, sealed.sha256))).to_pylist()


def sealed_row(**fields):
    (row,) = rows(sealing.seal(DAY, now=LATER))
    return row


@pytest.mark.parametrize(
    ("as_of", "closed"),
    [
        (datetime(2026, 3, 4, 0, tzinfo=UTC), True),
        (datetime(2026, 3, 3, 23, 59, tzinfo=UTC), False),
    ],
)
def test_a_day_is_sealable_once_its_last_decision_can_earn_no_more(slate, as_of, closed):
    title, artworks = slate
    make_decision(make_viewer(), title, artworks)
    assert sealing.sealable_days(as_of) == ([DAY] if closed else [])


def test_a_row_holds_what_the_choice_depended_on(slate):
    title, artworks = slate
    title.default_artwork = artworks[1]
    title.save()
    person = make_person()
    artworks[1].depicted.set([person])
    viewer = make_viewer()
    vector = np.linspace(0, 1, manifest.WIDTH)
    window = make_window(
        viewer, vector=vector, people=[person.pk], weights=[0.25], history_length=7
    )
    decision = make_decision(
        viewer,
        title,
        artworks,
        window=window,
        probabilities=[0.2, 0.3, 0.5],
        propensity=0.2,
        position=4,
        standing="opted_out",
    )
    # Opting in again changes nothing of what was decided.
    assert viewer.personalised
    row = sealed_row()
    assert row["decision"] == decision.pk
    assert row["viewer"] == viewer.public_id.bytes
    assert row["artworks"] == [artwork.pk for artwork in artworks]
    assert row["probabilities"] == [0.2, 0.3, 0.5]
    served = read_index(0).match(np.array([person.pk]), np.array([0.25]), np.arange(len(artworks)))
    assert row["match"] == served.tolist() == [0, 0.25, 0]
    assert (row["chosen_at"], row["chosen_match"]) == (0, 0)
    assert (row["chosen"], row["default"]) == (artworks[0].pk, artworks[1].pk)
    assert row["vector"] == vector.astype("<f8").tobytes()
    assert row["first_seen"] == NOW
    assert (row["position"], row["history_length"], row["model"]) == (4, 7, None)
    assert row["standing"] == "opted_out"
    assert row["window_digest"].hex() == window.vector_digest


def test_what_was_chosen_has_its_place_and_match_in_columns_of_their_own(slate):
    _, artworks = slate
    person = make_person()
    artworks[2].depicted.set([person])
    viewer = make_viewer()
    window = make_window(viewer, people=[person.pk], weights=[0.25])
    for artwork in artworks:
        other = make_title()
        make_decision(viewer, other, artworks, window=window, chosen=artwork.pk)
    sealed = rows(sealing.seal(DAY, now=LATER))
    assert [row["chosen_at"] for row in sealed] == [0, 1, 2]
    assert [row["chosen_match"] for row in sealed] == [0, 0, 0.25]


def test_a_row_group_holds_a_windows_vector_once(slate, monkeypatch):
    monkeypatch.setattr(writing, "ROW_GROUP", 10)
    viewers = [make_viewer() for _ in range(2)]
    windows = [make_window(v, vector=np.full(manifest.WIDTH, n)) for n, v in enumerate(viewers)]
    for number in range(20):
        title = make_title()
        artwork = make_artwork(title)
        who = number >= 15
        make_decision(viewers[who], title, [artwork], window=windows[who])
    sealed = sealing.seal(DAY, now=LATER)
    file = pq.ParquetFile(io.BytesIO(storage.read(sealed.path, sealed.sha256)))
    groups = [file.read_row_group(number)["vector"].chunk(0) for number in range(2)]
    assert [len(group.dictionary) for group in groups] == [1, 2]
    assert [len(group) for group in groups] == [10, 10]


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("fields", "reward"),
    [
        ({"quality_at": NOW}, True),
        ({"quality_at": NOW + 24 * HOUR}, True),
        ({"quality_at": NOW + 24 * HOUR + timedelta(microseconds=1)}, False),
        ({"quality_at": NOW - timedelta(microseconds=1)}, False),
        ({"quality_at": None}, False),
        ({"origin": "title"}, True),
        ({"origin": "search"}, False),
        ({"origin": "continue"}, False),
        ({"origin": "import"}, False),
    ],
)
def test_a_reward_is_a_credited_quality_play_within_a_day(slate, fields, reward):
    title, artworks = slate
    viewer = make_viewer()
    make_decision(viewer, title, artworks)
    make_watch_event(viewer, title, **fields)
    assert sealed_row()["reward"] is reward


def test_another_viewers_or_titles_play_earns_nothing(slate):
    title, artworks = slate
    viewer = make_viewer()
    make_decision(viewer, title, artworks)
    make_watch_event(make_viewer(), title)
    make_watch_event(viewer, make_title())
    assert sealed_row()["reward"] is False


def test_two_plays_earn_one_reward(slate):
    title, artworks = slate
    viewer = make_viewer()
    make_decision(viewer, title, artworks)
    make_watch_event(viewer, title)
    make_watch_event(viewer, title)
    sealed = sealing.seal(DAY, now=LATER)
    assert (sealed.rows, sealed.rewards) == (1, 1)


def test_impressions_count_within_the_attribution_window(slate):
    title, artworks = slate
    decision = make_decision(make_viewer(), title, artworks)
    for number, after in enumerate((0, 24, 25)):
        Impression.objects.create(
            decision=decision,
            day=decision.day,
            page_view=f"{number:032x}",
            seen_at=NOW + after * HOUR,
        )
    assert sealed_row()["impressions"] == 2


def test_the_same_rows_give_the_same_bytes_in_whatever_order_they_came(slate):
    title, artworks = slate
    decisions = [make_decision(make_viewer(), title, artworks) for _ in range(20)]
    first = sealing.build(DAY)
    # An update moves a row to another place in its table.
    for decision in decisions[::3]:
        decision.save()
    assert sealing.build(DAY) == first
    read = pq.read_table(io.BytesIO(first.content))
    assert read["decision"].to_pylist() == sorted(decision.pk for decision in decisions)


def test_sealing_again_changes_nothing(slate):
    title, artworks = slate
    make_decision(make_viewer(), title, artworks)
    first = sealing.seal(DAY, now=LATER)
    make_decision(make_viewer(), title, artworks)
    again = sealing.seal(DAY, now=LATER + HOUR)
    assert (again.pk, again.sha256, again.sealed_at) == (first.pk, first.sha256, LATER)
    with pytest.raises(sealing.SealDiffers, match="would hold 2 decisions"):
        sealing.recheck(first)
    assert SealedDay.objects.get().sha256 == first.sha256


def test_an_altered_day_is_named(slate):
    title, artworks = slate
    make_decision(make_viewer(), title, artworks)
    sealed = sealing.seal(DAY, now=LATER)
    sealing.recheck(sealed)
    with storage.local_path(sealed.path, sealed.sha256).open("ab") as file:
        file.write(b"!")
    with pytest.raises(storage.StorageAltered, match=sealed.path):
        sealing.recheck(sealed)


def test_a_viewer_erased_before_the_seal_is_not_in_it(slate):
    title, artworks = slate
    gone, stays = make_viewer(), make_viewer()
    for viewer in (gone, stays):
        make_decision(viewer, title, artworks)
        make_watch_event(viewer, title)
    gone.delete()
    sealed = sealing.seal(DAY, now=LATER)
    assert [row["viewer"] for row in rows(sealed)] == [stays.public_id.bytes]
    assert sealed.rewards == 1


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"probabilities": [0.2, 0.3, 0.5]}, "propensity"),
        ({"propensity": 0.5}, "propensity"),
        ({"propensity": float("nan")}, "propensity"),
        ({"probabilities": [0.5, 0.5]}, "artworks"),
        ({"probabilities": []}, "artworks"),
        ({"chosen": 10**12}, "artworks"),
        ({"probabilities": [1 / 3, 1 / 3, 2 / 3]}, "probabilities"),
        ({"probabilities": [1 / 3, float("nan"), 1 / 3]}, "probabilities"),
    ],
)
def test_a_faulty_row_is_left_out_by_name(slate, fields, fault, without_constraint):
    title, artworks = slate
    make_decision(make_viewer(), title, artworks)
    make_decision(make_viewer(), title, artworks, **fields)
    sealed = sealing.seal(DAY, now=LATER)
    assert sealed.rows == 1
    ((words, count),) = sealed.refused.items()
    assert (words.split(":")[0], count) == (fault, 1)


@pytest.fixture
def without_constraint():
    """Let the rows in that the database would refuse, as a damaged one might hold them."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE personalization_decision DROP CONSTRAINT propensity_is_a_probability"
        )


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"manifest_digest": "f" * 64}, "manifest"),
        ({"vector_digest": "f" * 64}, "vector"),
        ({"vector": np.zeros(3)}, "vector"),
        ({"vector": np.full(manifest.WIDTH, np.nan)}, "vector"),
    ],
)
def test_a_faulty_window_is_left_out_by_name(slate, fields, fault):
    title, artworks = slate
    viewer = make_viewer()
    make_decision(make_viewer(), title, artworks)
    make_decision(viewer, title, artworks, window=make_window(viewer, **fields))
    sealed = sealing.seal(DAY, now=LATER)
    assert sealed.rows == 1
    assert [words.split(":")[0] for words in sealed.refused] == [fault]
    assert Window.objects.count() == 2


def test_a_day_of_nothing_but_faults_is_sealed_empty(slate):
    title, artworks = slate
    make_decision(make_viewer(), title, artworks, propensity=0.5)
    sealed = sealing.seal(DAY, now=LATER)
    assert (sealed.rows, sum(sealed.refused.values())) == (0, 1)
