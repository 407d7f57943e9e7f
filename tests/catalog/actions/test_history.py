from catalog.actions.watching import recount_history, remove_from_history
from tests.factories import make_title, make_viewer, make_watch_event


def test_it_removes_one_play_and_keeps_the_title_counted(viewer):
    title = make_title()
    first, _ = make_watch_event(viewer, title), make_watch_event(viewer, title)
    recount_history(viewer)
    assert remove_from_history(viewer, title=title, play=first) == 1
    viewer.refresh_from_db()
    assert (viewer.watch_events.count(), viewer.history_length) == (1, 1)


def test_it_removes_all_plays_of_a_title_and_of_no_other(viewer):
    title, other = make_title(), make_title()
    for watched in (title, title, other):
        make_watch_event(viewer, watched)
    assert remove_from_history(viewer, title=title) == 2
    viewer.refresh_from_db()
    assert viewer.history_length == 1
    assert viewer.watch_events.get().title == other


def test_it_leaves_another_viewers_play_alone(viewer):
    title = make_title()
    foreign = make_watch_event(make_viewer(), title)
    assert remove_from_history(viewer, title=title, play=foreign) == 0
    foreign.refresh_from_db()


def test_it_counts_only_titles_with_a_quality_play(viewer):
    make_watch_event(viewer, make_title(), quality_at=None)
    make_watch_event(viewer, make_title())
    assert recount_history(viewer) == 1
