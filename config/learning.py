"""What choices, nights and the gate go by; part of the settings, and as strict."""

import os

from environs import validate

from config.environment import above_zero, env, from_one, from_zero, share

# --- Choosing artwork --------------------------------------------------------

ARTWORK_CHOOSER = env.str("ARTWORK_CHOOSER", "personalization.serving.chooser.PersonalChooser")
WINDOW_DAYS = env.int("WINDOW_DAYS", 7, validate=from_one)
HISTORY_STEPS = [0, 3, 10, 30, 100, 300, 1000]
ATTRIBUTION_HOURS = 24
DECISION_TOKEN_HOURS = env.int("DECISION_TOKEN_HOURS", 12, validate=from_one)
# A play counts as a quality play after this long, or this share of the runtime if that is less.
QUALITY_SECONDS = env.int("QUALITY_SECONDS", 300, validate=from_one)
QUALITY_SHARE = env.float("QUALITY_SHARE", 0.3, validate=share)
# The mock player may run this many times faster than real time.
PLAYER_MAX_SPEED = env.int("PLAYER_MAX_SPEED", 64, validate=from_one)
# Dotted paths by which personalization reaches what it may not import.
CANDIDATE_AUDITOR = env.str("CANDIDATE_AUDITOR", "audits.gate.CandidateAuditor")
SIMULATION_DECLARER = env.str("SIMULATION_DECLARER", "audits.actions.declare_simulated")

# --- Nights and the gate -----------------------------------------------------

NIGHT_HOUR = env.int("NIGHT_HOUR", 3, validate=validate.Range(0, 23))
# A sealed day's rows stay so long in the journal. A page may report for as long as its window
# and its token live, so that a decision's own day must still be there until then.
JOURNAL_RETENTION_DAYS = env.int(
    "JOURNAL_RETENTION_DAYS",
    30,
    validate=validate.Range(min=WINDOW_DAYS + DECISION_TOKEN_HOURS // 24 + 3),
)
# A window stays so long, and longer while the journal holds a decision of it. A page may report
# for as long as its window and its token live.
WINDOW_RETENTION_DAYS = env.int(
    "WINDOW_RETENTION_DAYS",
    60,
    validate=validate.Range(min=WINDOW_DAYS + DECISION_TOKEN_HOURS // 24 + 3),
)
# The newest sealed days are kept from the fit, to judge it on what it has not seen.
EVALUATION_DAYS = env.int("EVALUATION_DAYS", 2, validate=from_one)
# About so many of their decisions are judged, all those of a sample of viewers: enough for
# intervals far narrower than the gate's margin, and as long as a night should take.
EVALUATION_DECISIONS = env.int(
    "EVALUATION_DECISIONS", 2_000_000, validate=validate.Range(min=1_000)
)
# A day's weight in the fit halves each time this many days pass.
HALF_LIFE_DAYS = env.float("HALF_LIFE_DAYS", 60.0, validate=above_zero)
# So many shards of sealed days are reduced at once in one process.
REDUCE_THREADS = env.int("REDUCE_THREADS", os.cpu_count() or 1, validate=from_one)
# Spread the shards over all workers; where none has made one for so long, they are sent again,
# and after as long again the process that runs the night reduces what is missing.
REDUCE_ON_WORKERS = env.bool("REDUCE_ON_WORKERS", False)
REDUCE_PATIENCE_MINUTES = env.float("REDUCE_PATIENCE_MINUTES", 5.0, validate=above_zero)
# A candidate that has waited so long for the audit's verdict is held.
AUDIT_PATIENCE_HOURS = env.float("AUDIT_PATIENCE_HOURS", 12.0, validate=from_zero)
# Reward models of so many folds of viewers judge a candidate; 0 for the candidate's own.
EVALUATION_FOLDS = env.int("EVALUATION_FOLDS", 0, validate=[from_zero, validate.NoneOf([1])])
# The gate: how much value per decision a candidate may lose against the serving model at worst,
# and the least effective sample size and number of viewers from which anything is concluded.
GATE_MARGIN = env.float("GATE_MARGIN", 0.005, validate=from_zero)
GATE_SAMPLE = env.float("GATE_SAMPLE", 500.0, validate=above_zero)
GATE_VIEWERS = env.int("GATE_VIEWERS", 30, validate=validate.Range(min=2))
# What the gate believes of the data: least decisions on the unseen days; greatest shares of
# faulty rows and of decisions on unknown artworks; most missing days of the newest seven;
# greatest factor outside the recent days' range; furthest shift of a number of the vectors.
GATE_DECISIONS = env.int("GATE_DECISIONS", 1_000, validate=from_one)
GATE_REFUSED = env.float("GATE_REFUSED", 0.01, validate=share)
GATE_UNKNOWN = env.float("GATE_UNKNOWN", 0.05, validate=share)
GATE_MISSING = env.int("GATE_MISSING", 2, validate=validate.Range(0, 7))
GATE_RANGE = env.float("GATE_RANGE", 2.0, validate=from_one)
GATE_DRIFT = env.float("GATE_DRIFT", 0.5, validate=above_zero)
