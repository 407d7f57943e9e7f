"""The night: when it runs, what it keeps, and how it learns and evaluates."""

import os

from environs import validate

from config.environment import env, within
from config.settings.choosing import DECISION_TOKEN_HOURS, WINDOW_DAYS

CENTURY = 36_500  # days: longer than anything here lasts, and short enough to count with
# A page may report for as long as its window and its token live. Its rows must exist until then.
_REPORTED_DAYS = WINDOW_DAYS + DECISION_TOKEN_HOURS // 24 + 3

NIGHT_HOUR = env.int("NIGHT_HOUR", 3, validate=within(0, 23))
# A sealed day's rows leave the journal after this many days.
JOURNAL_RETENTION_DAYS = env.int(
    "JOURNAL_RETENTION_DAYS", 30, validate=within(_REPORTED_DAYS, CENTURY)
)
# A window leaves the database after this many days, if no decision in the journal names it.
WINDOW_RETENTION_DAYS = env.int(
    "WINDOW_RETENTION_DAYS", 60, validate=within(_REPORTED_DAYS, CENTURY)
)
# The newest sealed days are kept from the fit, to evaluate it on what it has not seen.
EVALUATION_DAYS = env.int("EVALUATION_DAYS", 2, validate=within(1, CENTURY))
# About this many of their decisions are evaluated, all those of a sample of viewers: enough for
# intervals far narrower than the gate's margin, and few enough for a night.
EVALUATION_DECISIONS = env.int(
    "EVALUATION_DECISIONS", 2_000_000, validate=validate.Range(min=1_000)
)
# A day's weight in the fit halves each time this many days pass.
HALF_LIFE_DAYS = env.float("HALF_LIFE_DAYS", 60.0, validate=within(0, CENTURY, above=True))
# One process reduces this many shards of sealed days at once.
REDUCE_THREADS = env.int("REDUCE_THREADS", os.cpu_count() or 1, validate=within(1, 1024))
# Spread the shards over all workers. Shards that no worker has reduced after this long are sent
# again; after as long again, the process that runs the night reduces them.
REDUCE_ON_WORKERS = env.bool("REDUCE_ON_WORKERS", False)
REDUCE_PATIENCE_MINUTES = env.float(
    "REDUCE_PATIENCE_MINUTES", 5.0, validate=within(0, CENTURY, above=True)
)
# Reward models of this many folds of viewers evaluate a candidate; 0 for the candidate's own.
EVALUATION_FOLDS = env.int("EVALUATION_FOLDS", 0, validate=[within(0, 100), validate.NoneOf([1])])
