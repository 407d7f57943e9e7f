"""Variables of earlier versions. One that is still set stops the start, in words."""

import os

from config.environment import refuse_removed

REMOVED = {
    "AUDIT_VALUE_DIFFERENCE": "was removed: lift is judged instead, by AUDIT_LIFT_DIFFERENCE.",
    "BEHIND_PROXY": "was removed: name the proxies' addresses in TRUSTED_PROXIES instead.",
}

refuse_removed(REMOVED, os.environ)
