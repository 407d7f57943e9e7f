from datetime import timedelta

from tests.factories import NOW, make_title, make_viewer, make_watch_event


def test_it_lists_only_the_viewers_own_plays_newest_first(as_viewer, viewer):
    make_watch_event(viewer, make_title(name="Earlier"), started_at=NOW - timedelta(days=1))
    make_watch_event(viewer, make_title(name="Later"))
    make_watch_event(make_viewer(), make_title(name="Foreign"))
    page = as_viewer(viewer).get("/history/").content.decode()
    assert page.index("Later") < page.index("Earlier")
    assert "Foreign" not in page


def test_it_removes_one_play(as_viewer, viewer):
    title = make_title()
    play, kept = make_watch_event(viewer, title), make_watch_event(viewer, title)
    response = as_viewer(viewer).post(f"/history/{play.pk}/remove/", follow=True)
    assert "Removed one play of" in response.content.decode()
    assert viewer.watch_events.get() == kept


def test_it_removes_all_plays_of_a_title_even_after_it_left_the_catalogue(as_viewer, viewer):
    title = make_title(published=False)
    make_watch_event(viewer, title)
    make_watch_event(viewer, title)
    as_viewer(viewer).post(f"/history/titles/{title.slug}/remove/")
    assert not viewer.watch_events.exists()


def test_it_turns_pages(as_viewer, viewer, django_assert_max_num_queries):
    title = make_title()
    for minutes in range(45):
        make_watch_event(viewer, title, started_at=NOW - timedelta(minutes=minutes))
    client = as_viewer(viewer)
    with django_assert_max_num_queries(8):
        first = client.get("/history/").content.decode()
    assert "Page 1 of 2" in first
    assert first.count('class="play-name"') == 40
    assert client.get("/history/?page=2").content.decode().count('class="play-name"') == 5


def test_it_says_so_where_nothing_was_watched(as_viewer, viewer):
    assert "not watched anything yet" in as_viewer(viewer).get("/history/").content.decode()


def test_it_says_to_a_child_that_its_pictures_are_not_personal(as_viewer, viewer, child):
    page = as_viewer(viewer).get("/history/").text
    assert "follow this history, and nothing else about you" in page
    page = as_viewer(child).get("/history/").text
    assert "neither pictures nor rows follow this history" in page
