import pytest

from catalog.templatetags.times import running_time


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0:00"), (45, "0:45"), (3000, "50:00"), (6200, "1:43:20")]
)
def test_a_length_of_time_is_shown_as_players_show_it(seconds, shown):
    assert running_time(seconds) == shown
