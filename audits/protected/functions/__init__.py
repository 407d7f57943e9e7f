"""The functions through which alone the walled tables are reached, and who may call each.

Each runs with its owner's rights (SECURITY DEFINER) under a pinned search_path, so that a caller
cannot slip in tables of its own. `audits.protected.wall` installs them and repairs them;
`check_wall` compares the database's functions with this list.
"""

from audits.protected.functions.keys import COMMIT, HMAC, INPUT_KEY, KEY
from audits.protected.functions.kinds import PINNED, Function, WalledTrigger
from audits.protected.functions.reading import ANNOUNCE, KEEP, LOG, READ, TICKET
from audits.protected.functions.writing import DECLARE, FOLD, MOST_ROWS, PAIRS, WITHDRAW

__all__ = ["FUNCTIONS", "MOST_ROWS", "PINNED", "TRIGGERS", "Function", "WalledTrigger"]

# In the order of installation: a function of language sql needs those that it calls.
FUNCTIONS = (
    PAIRS, HMAC, KEY, TICKET, FOLD, DECLARE, WITHDRAW, ANNOUNCE, READ, COMMIT, INPUT_KEY, LOG, KEEP,
)  # fmt: skip
TRIGGERS = (
    WalledTrigger(
        "keep_readings", "readings", "BEFORE DELETE OR UPDATE ON protected.{table} FOR EACH ROW"
    ),
    WalledTrigger(
        "keep_readings_whole", "readings", "BEFORE TRUNCATE ON protected.{table} FOR EACH STATEMENT"
    ),
)
