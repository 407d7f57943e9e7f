"""`manage.py replay DECISION`: compute a recorded decision again and compare it to the bit."""

import argparse
import json
import re
from typing import Any

from django.core.management.base import CommandError

from catalog.management.prepared import PreparedCommand
from personalization.journal import replaying
from personalization.journal.replaying import CannotReplay, DecisionReplay

DIFFERS, CANNOT = 1, 2  # exit codes, for scripts
TOKEN = re.compile(r"-[A-Za-z0-9_-]{40,}")  # longer than any option


class Command(PreparedCommand):
    help = (
        "Computes a recorded decision again from its window, its model, its artworks and the draw "
        "key, and compares it to the bit with what was recorded and sealed. "
        f"Exit codes: 0 equal, {DIFFERS} something differs, {CANNOT} it cannot be computed again."
    )

    def run_from_argv(self, argv: list[str]) -> None:
        """Take a token that begins with a dash for what it is, and not for an option."""
        tokens = [each for each in argv[2:] if TOKEN.fullmatch(each)]
        others = [each for each in argv[2:] if each not in tokens]
        super().run_from_argv([*argv[:2], *others, *(["--"] if tokens else []), *tokens])

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "decision",
            metavar="DECISION",
            help="A decision's number, a decision token of a page, or a page view's UUID.",
        )
        parser.add_argument("--json", action="store_true", help="Print JSON, one list.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            replays = [replaying.replay(each) for each in replaying.find(options["decision"])]
        except CannotReplay as error:
            raise CommandError(str(error), returncode=CANNOT) from error
        if options["json"]:
            self.stdout.write(json.dumps([each.to_json() for each in replays], indent=2))
        else:
            for each in replays:
                self.stdout.write(_words(each))
        differing = [each for each in replays if not each.is_equal]
        if differing:
            words = ", ".join(str(each.decision.pk) for each in differing)
            raise CommandError(
                f"{len(differing)} of {len(replays)} decisions differ: {words}.", returncode=DIFFERS
            )


def _words(replayed: DecisionReplay) -> str:
    decision = replayed.decision
    lines = [
        f"Decision {decision.pk}, first seen on {decision.first_seen_at:%Y-%m-%d %H:%M} UTC, "
        f"for title {decision.title_id} in window {decision.window_id}.",
        f"  standing {decision.standing}, policy {decision.policy}, "
        + (f"model {decision.model_id}" if decision.model_id else "no model"),
        f"  recorded: {_choice(decision.artworks, decision.probabilities, decision.chosen)}",
        f"  computed: {_choice(replayed.artworks, replayed.probabilities, replayed.chosen)}",
        f"  {replayed.sealed}",
    ]
    if replayed.is_equal:
        lines.append("  Equal to the bit.")
    lines += [f"  Differs: {words}" for words in replayed.differences]
    return "\n".join(lines)


def _choice(artworks: list[int], probabilities: list[float], chosen: int | None) -> str:
    if chosen is None:
        return "no artwork"
    pairs = zip(artworks, probabilities, strict=True)
    chances = ", ".join(f"{artwork}: {probability:.6f}" for artwork, probability in pairs)
    return f"artwork {chosen} of {{{chances}}}"
