"""What decides whether a candidate serves: each bound of the gate and of its audit.

The bounds have their values here and nowhere else. `personalization/release/bounds.py` and
`audits/gate.py` say how each is used.
"""

from environs import validate

from config.environment import dotted_path, env, one_of, optional, share, within

# Dotted path of the auditor, which personalization may not import. Empty: no audit.
CANDIDATE_AUDITOR = env.str(
    "CANDIDATE_AUDITOR",
    "audits.gate.CandidateAuditor",
    validate=optional(dotted_path),
)
# A candidate that has waited this long for the audit's verdict is held.
AUDIT_PATIENCE_HOURS = env.float("AUDIT_PATIENCE_HOURS", 12.0, validate=within(0, 24 * 365))

# How much value per decision a candidate may lose against the serving model at worst, and the
# least effective sample size and number of viewers from which anything is concluded.
GATE_MARGIN = env.float("GATE_MARGIN", 0.005, validate=share)
GATE_SAMPLE = env.float("GATE_SAMPLE", 500.0, validate=within(0, 1e12, above=True))
GATE_VIEWERS = env.int("GATE_VIEWERS", 30, validate=validate.Range(min=2))
# The best model of so many days is the one that a candidate may lose the margin against, and how
# likely it may be, over a year, that anything which loses more is released.
GATE_REFERENCE_DAYS = env.int("GATE_REFERENCE_DAYS", 90, validate=within(1, 365))
GATE_ERROR = env.float("GATE_ERROR", 0.05, validate=within(0, 0.5, above=True))
# What the data must be like: least decisions on the unseen days; greatest shares of faulty rows
# and of decisions on unknown artworks; most missing days of the newest seven; greatest factor
# outside the recent days' range; furthest shift of a number of the viewer vectors.
GATE_DECISIONS = env.int("GATE_DECISIONS", 1_000, validate=validate.Range(min=1))
GATE_REFUSED = env.float("GATE_REFUSED", 0.01, validate=share)
GATE_UNKNOWN = env.float("GATE_UNKNOWN", 0.05, validate=share)
GATE_MISSING = env.int("GATE_MISSING", 2, validate=within(0, 7))
GATE_RANGE = env.float("GATE_RANGE", 2.0, validate=within(1, 1e6))
GATE_DRIFT = env.float("GATE_DRIFT", 0.5, validate=within(0, 1e6, above=True))
# How far the audit may find a candidate to differ between groups of people before it is held, and
# to tell of a group above chance (an area under the curve, less .5).
AUDIT_EXPOSURE_DIFFERENCE = env.float("AUDIT_EXPOSURE_DIFFERENCE", 0.25, validate=share)
AUDIT_LEAKAGE = env.float("AUDIT_LEAKAGE", 0.40, validate=within(0, 0.5))
AUDIT_PROMINENCE_GAP = env.float("AUDIT_PROMINENCE_GAP", 0.10, validate=share)
AUDIT_LIFT_DIFFERENCE = env.float("AUDIT_LIFT_DIFFERENCE", 0.05, validate=share)
# What an audit condition that could not be tested does to a candidate: let it serve, or hold it.
# See `personalization/release/policy.py`.
RELEASE_ON_UNKNOWN = env.str("RELEASE_ON_UNKNOWN", "serve", validate=one_of(["serve", "hold"]))
