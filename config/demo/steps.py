"""The steps that build the demo. Each runs once, so an interrupted build resumes."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from catalog.demo.accounts import build_accounts
from catalog.demo.histories import build_histories
from config import paths
from config.embedded.database import embedded
from config.embedded.secrets import replace
from config.environment import given
from personalization.models import Window

PASSWORD = "marquee-demo"  # noqa: S105 - printed on the page that invites people to use it
ACCOUNTS = {
    "viewer@marquee.example": "two profiles, Ada and Kit",
    "editor@marquee.example": "uploads and reviews artwork, in the studio",
    "auditor@marquee.example": "measures what the choices do, in the admin",
    "operator@marquee.example": "runs the nights and the models, in the admin",
}
# Attributes that the fictional actors "declared", so that an audit can group depicted people.
CAST = Path(__file__).with_name("cast.csv")
DAYS = 14
VIEWERS = 400
SEED = 2018
# The demo is the same every time, so its days are fixed too: the simulation ends before this day's
# night, and nothing depends on the day of the build.
ANCHOR = date(2026, 11, 2)
# Every demo draws with this key, so that it shows the same pictures everywhere.
DRAW_KEY = "the-key-with-which-every-demo-draws-it-is-no-secret"
# Plant a group whose tastes differ by this many standard deviations, for the audit to find.
PROXY_STRENGTH = 1.5


@dataclass(frozen=True)
class BuildStep:
    """One step: its name in the record, what the terminal shows, and the function to run."""

    name: str
    words: str
    work: Callable[[], None]


def _catalogue() -> None:
    call_command("demo_catalogue")
    build_accounts(PASSWORD)
    build_histories(now=datetime.combine(ANCHOR, time(3), UTC))
    call_command("declare_cast", CAST, stdout=StringIO())


def _traffic() -> None:
    call_command(
        "simulate",
        days=DAYS,
        until=ANCHOR - timedelta(days=2),  # the newest day that this night can seal
        seed=SEED,
        viewers=f"demo:{VIEWERS}",
        proxy_strength=PROXY_STRENGTH,
    )


def _night() -> None:
    call_command("nightly", date=ANCHOR)


def _audit() -> None:
    call_command("audit", model="serving")


STEPS = [
    BuildStep("catalogue", "Drawing the fictional catalogue", _catalogue),
    BuildStep("traffic", f"Simulating {DAYS} days of {VIEWERS} synthetic viewers", _traffic),
    BuildStep("night", "Learning from them overnight", _night),
    BuildStep("audit", "Auditing the model that serves", _audit),
]
RECORD = paths.DATA / "demo.json"


def done() -> list[str]:
    """Return the names of the steps that have been completed."""
    return json.loads(RECORD.read_text()) if RECORD.exists() else []


def draw_as_every_demo() -> None:
    """Take the demo's draw key in place of the copy's own, unless something was drawn with that.

    The key of choices stays as long as there are any, since they must replay.
    """
    if not embedded() or given("DRAW_KEY") or Window.objects.exists():
        return
    replace("draw", DRAW_KEY)
    settings.DRAW_KEY = DRAW_KEY  # this process builds; those after it read the file


def build(announce: Callable[[int, int, BuildStep], None]) -> None:
    """Run the remaining steps, and call `announce(number, of, step)` before each."""
    draw_as_every_demo()
    finished = done()
    for number, step in enumerate(STEPS, start=1):
        if step.name in finished:
            continue
        announce(number, len(STEPS), step)
        step.work()
        finished.append(step.name)
        draft = RECORD.with_suffix(".new")
        draft.write_text(json.dumps(finished))
        draft.replace(RECORD)
