"""How artwork is chosen, how long a choice stays, and what counts as a success."""

from config.environment import dotted_path, env, share, within

# Dotted paths by which one app reaches what it may not import.
ARTWORK_CHOOSER = env.str(
    "ARTWORK_CHOOSER", "personalization.serving.chooser.PersonalChooser", validate=dotted_path
)
SIMULATION_DECLARER = env.str(
    "SIMULATION_DECLARER", "audits.actions.declare_simulated", validate=dotted_path
)

WINDOW_DAYS = env.int("WINDOW_DAYS", 7, validate=within(1, 365))
HISTORY_STEPS = [0, 3, 10, 30, 100, 300, 1000]
ATTRIBUTION_HOURS = 24
DECISION_TOKEN_HOURS = env.int("DECISION_TOKEN_HOURS", 12, validate=within(1, 24 * 30))
# A play counts as a quality play after this long, or this share of the runtime if that is less.
QUALITY_SECONDS = env.int("QUALITY_SECONDS", 300, validate=within(1, 24 * 3600))
QUALITY_SHARE = env.float("QUALITY_SHARE", 0.3, validate=share)
# The mock player may run this many times faster than real time.
PLAYER_MAX_SPEED = env.int("PLAYER_MAX_SPEED", 64, validate=within(1, 10_000))
