import pytest

from catalog.counting import counted


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 days"), (1, "1 day"), (2, "2 days"), (1200, "1,200 days")]
)
def test_it_says_one_as_one(number, said):
    assert counted(number, "day") == said
