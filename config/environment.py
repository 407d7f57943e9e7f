"""The environment, read strictly: what is wrong stops the start and names its variable."""

from environs import FileAwareEnv, validate

env = FileAwareEnv()
# Each raises, as it must: what a validator returns is not looked at.
from_zero, from_one = validate.Range(min=0), validate.Range(min=1)
above_zero, share = validate.Range(min=0, min_inclusive=False), validate.Range(0, 1)
