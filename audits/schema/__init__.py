"""The published JSON Schema of audit documents: one file for each version, never changed later."""

import json
from functools import cache
from pathlib import Path
from typing import Any

VERSION = 4
NAME = f"urn:marquee:audit-document:{VERSION}"
FOLDER = Path(__file__).parent
FILE = FOLDER / f"audit-document-{VERSION}.json"


@cache
def schema() -> dict[str, Any]:
    """Return the schema of the documents that this version writes."""
    return dict(json.loads(FILE.read_text(encoding="utf-8")))
