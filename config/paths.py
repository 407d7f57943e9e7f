"""Where everything made at run time lives: one directory, `var/` or what MARQUEE_DATA names."""

import os
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("MARQUEE_DATA") or BASE / "var").resolve()

SECRETS = DATA / "secrets"
MEDIA = DATA / "media"
STORAGE = DATA / "storage"
BROKER = DATA / "broker"
STATIC = DATA / "static"
LOGS = DATA / "logs"
METRICS = DATA / "metrics"
