"""`python -m benchmarks arena`: plays what is not saved yet, and reports everything that is saved.

Rivals come from requirements-bench.txt. A message names each rival whose package is missing.
"""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks.arena import document, saved, summary
from benchmarks.arena.movielens import NoMovieLens, movielens
from benchmarks.arena.planted import WORLDS as PLANTED
from benchmarks.arena.play import play
from benchmarks.arena.policies import POLICIES
from benchmarks.arena.tuning import tune, tuned
from benchmarks.arena.world import ArenaWorld
from benchmarks.results import BenchmarkReport

WORLDS: dict[str, Callable[[int], ArenaWorld]] = {**PLANTED, "movielens": movielens}
CHECKPOINTS = tuple(
    step * 10**power
    for power in (3, 4, 5, 6)
    for step in (1, 2, 5)
    if step * 10**power <= 2_000_000
)
SAVE = Path("docs/arena/outcomes.jsonl")


def run(arguments: Sequence[str] = ()) -> BenchmarkReport:
    options = _options(arguments)
    words: list[str] = []
    for world in options.worlds:
        try:
            _play_world(world, options, words)
        except NoMovieLens as error:
            words.append(f"{world} left out: {error}")
    for line in dict.fromkeys(words):
        print(line, file=sys.stderr)
    held = [each for each in saved.read(options.save) if each.world in options.worlds]
    if options.document:
        document.write(held, options.document)
    return BenchmarkReport("arena", summary.results(held))


def _play_world(name: str, options: argparse.Namespace, words: list[str]) -> None:
    done = {(each.policy, each.seed): each for each in saved.read(options.save)
            if each.world == name}  # fmt: skip
    for seed in range(options.first_seed, options.first_seed + options.seeds):
        world: ArenaWorld | None = None
        for policy in options.policies:
            entry = POLICIES[policy]
            if entry.missing:
                words.append(f"{policy} left out: {entry.package} is not installed "
                             "(pip install -r requirements-bench.txt)")  # fmt: skip
                continue
            held = done.get((policy, seed))
            if held and held.decisions >= options.decisions and not options.again:
                continue
            world = world or WORLDS[name](seed)
            settings = tuned(policy, name)
            made = entry.make(world, seed=seed, **entry.fixed, **settings)
            outcome = play(
                world, made, decisions=options.decisions, seed=seed,
                checkpoints=[*CHECKPOINTS, options.decisions],
            )  # fmt: skip
            played = saved.Played(
                name, policy, seed, options.decisions, settings,
                outcome.checkpoints, round(outcome.seconds, 2),
            )  # fmt: skip
            saved.append(options.save, played)
            print(f"{name} {policy} seed {seed}: {outcome.checkpoints[options.decisions]:.1f} "
                  f"in {outcome.seconds:.1f} s", file=sys.stderr, flush=True)  # fmt: skip


def tune_all(options: argparse.Namespace) -> None:
    from benchmarks.arena.tuning import SEED

    for name in options.worlds:
        world = WORLDS[name](SEED)
        for policy in options.policies:
            if POLICIES[policy].grid and not POLICIES[policy].missing:
                print(name, policy, tune(policy, world), file=sys.stderr, flush=True)


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks arena", description=__doc__)
    parser.add_argument("--decisions", type=int, default=2_000)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--worlds", type=_listed(WORLDS), default=list(WORLDS))
    parser.add_argument("--policies", type=_listed(POLICIES), default=list(POLICIES))
    parser.add_argument("--save", type=Path, default=Path("var/arena.jsonl"))
    parser.add_argument("--again", action="store_true", help="Play what is saved already too.")
    parser.add_argument("--tune", action="store_true", help="First choose the rivals' settings.")
    parser.add_argument("--document", type=Path, help="Write tables and plots to this folder.")
    options = parser.parse_args(list(arguments))
    if options.tune:
        tune_all(options)
    return options


def _listed(
    known: Mapping[str, object],
) -> Callable[[str], list[str]]:
    def read(text: str) -> list[str]:
        names = [name.strip() for name in text.split(",")]
        unknown = [name for name in names if name not in known]
        if unknown:
            raise argparse.ArgumentTypeError(f"{unknown[0]} is none of: {', '.join(known)}")
        return names

    return read
