"""How far the clocks of machines may lie apart: what is dated later was dated by a wrong clock."""

from datetime import timedelta

CLOCKS_DIFFER = timedelta(minutes=5)
