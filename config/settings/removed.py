"""Variables of earlier versions. One that is still set stops the start, in words."""

import os

from config.environment import refuse_removed

REMOVED: dict[str, str] = {}

refuse_removed(REMOVED, os.environ)
