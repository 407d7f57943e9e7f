"""Plays on disk: one JSON object per line, so that a stopped run can be resumed."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Played:
    """One policy's play of one world under one seed.

    Attributes:
        decisions: how many were asked for.
        settings: what the policy was given.
        regret: cumulative expected regret by decisions made.
    """

    world: str
    policy: str
    seed: int
    decisions: int
    settings: dict[str, Any]
    regret: dict[int, float]
    seconds: float


def read(path: Path) -> list[Played]:
    """Return the saved plays; of plays with the same world, policy and seed, the last."""
    found: dict[tuple[str, str, int], Played] = {}
    for each in _lines(path):
        found[each.world, each.policy, each.seed] = each
    return list(found.values())


def append(path: Path, played: Played) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write(json.dumps(asdict(played)) + "\n")


def _lines(path: Path) -> Iterator[Played]:
    if not path.exists():
        return
    for line in path.read_text().splitlines():
        held = json.loads(line)
        held["regret"] = {int(done): lost for done, lost in held["regret"].items()}
        yield Played(**held)
