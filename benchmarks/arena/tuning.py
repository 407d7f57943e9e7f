"""Rivals' settings: for each world, those with the least regret on a seed that is not reported."""

import json
from pathlib import Path
from typing import Any

from benchmarks.arena.play import play
from benchmarks.arena.policies import POLICIES
from benchmarks.arena.world import ArenaWorld

SEED, DECISIONS = 1000, 10_000
PATH = Path(__file__).with_name("tuned.json")


def tuned(policy: str, world: str) -> dict[str, Any]:
    """Return the settings chosen for a policy in a world; if there are none, the grid's middle."""
    held: dict[str, Any] = json.loads(PATH.read_text()) if PATH.exists() else {}
    every = POLICIES[policy].settings()
    return dict(held.get(world, {}).get(policy, every[len(every) // 2]))


def tune(policy: str, world: ArenaWorld) -> dict[str, Any]:
    """Play each combination of the grid once, and keep the best in `tuned.json`."""
    entry = POLICIES[policy]
    lost = {}
    for at, settings in enumerate(entry.settings()):
        made = entry.make(world, seed=SEED, **entry.fixed, **settings)
        outcome = play(world, made, decisions=DECISIONS, seed=SEED, checkpoints=[DECISIONS])
        lost[at] = outcome.checkpoints[DECISIONS]
    best = entry.settings()[min(lost, key=lambda at: lost[at])]
    held = json.loads(PATH.read_text()) if PATH.exists() else {}
    held.setdefault(world.name, {})[policy] = best
    PATH.write_text(json.dumps(held, indent=2, sort_keys=True) + "\n")
    return best
