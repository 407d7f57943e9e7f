from catalog.demo.accounts import build_accounts
from catalog.demo.histories import build_histories
from catalog.models import Title, Viewer
from tests.factories import NOW, make_title


def build():
    for genre in ("thriller", "romance"):
        for _ in range(20):
            make_title(genres=(genre,), synthetic=True)
    make_title(genres=("thriller",), kind=Title.Kind.SERIES, synthetic=True)
    build_accounts("a long password")
    return build_histories(now=NOW)


def test_each_profile_watched_what_it_loves(db):
    build()
    for name, genre in {"Ada": "thriller", "Kit": "romance"}.items():
        viewer = Viewer.objects.get(name=name)
        watched = Title.objects.filter(watch_events__viewer=viewer)
        assert {g.slug for title in watched for g in title.genres.all()} == {genre}
        assert viewer.history_length == viewer.watch_events.count() >= 13


def test_the_newest_are_still_to_be_gone_on_with(db):
    build()
    plays = Viewer.objects.get(name="Kit").watch_events.order_by("-started_at")
    assert [play.finished for play in plays[:3]] == [False, False, True]
    assert all(play.last_at <= NOW for play in plays)


def test_a_second_build_adds_nothing_and_a_visitors_own_plays_stay(db):
    assert build() > 0
    assert build_histories(now=NOW) == 0
