"""Writes tables in Markdown and plots of the saved plays."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.arena import summary
from benchmarks.arena.plots import Line, plot
from benchmarks.arena.saved import Played
from benchmarks.arena.summary import OURS, Cell


def write(played: Sequence[Played], folder: Path) -> None:
    """Write `tables.md` and one SVG per world into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = ["# The arena's tables", HEAD]
    for world in summary.worlds(played):
        parts.append(f"## {world}\n\n![regret by decisions in the world “{world}”]({world}.svg)")
        parts += [_table(played, world, done) for done in summary.checkpoints(played)]
        (folder / f"{world}.svg").write_text(plot(world, _lines(played, world)))
    (folder / "tables.md").write_text("\n\n".join(part for part in parts if part) + "\n")


HEAD = (
    "Written by `python -m benchmarks arena --document`. Regret is cumulative and expected: "
    "what the best artwork of each decision would have earned in truth, less what the policy's "
    "probabilities earn; less is better. ± is the half width of Student's 95 % interval over n "
    "seeds. “Ours less it” is paired by seed: negative where ours loses less."
)


def _table(played: Sequence[Played], world: str, done: int) -> str:
    cells = summary.cells(played, world, done)
    if not cells:
        return ""
    paired = {each.rival: each for each in summary.against(played, world, done)}
    lines = [
        f"### {done:,} decisions",
        "",
        "| policy | regret | n | ours less it | ours is |",
        "|---|---:|---:|---:|---|",
    ]
    for policy, cell in cells.items():
        against = paired.get(policy)
        difference = f"{against.mean:+,.1f} ± {against.half:,.1f}" if against else ""
        words = ""
        if against:
            words = "better" if against.mean + against.half < 0 else "within"
            words = words if against.within else "worse"
        name = f"**{policy}**" if policy == OURS else policy
        lines.append(f"| {name} | {_text(cell)} | {cell.n} | {difference} | {words} |")
    return "\n".join(lines)


def _text(cell: Cell) -> str:
    return f"{cell.mean:,.1f} ± {cell.half:,.1f}" if cell.n > 1 else f"{cell.mean:,.1f}"


def _lines(played: Sequence[Played], world: str) -> list[Line]:
    """Return regret per decision by decisions, one line per policy."""
    own = [each for each in played if each.world == world]
    passed = sorted({done for each in own for done in each.regret})
    found: dict[str, Line] = {}
    for done in passed:
        for policy, cell in summary.cells(own, world, done).items():
            half = cell.half / done if cell.n > 1 else 0.0
            line = found.setdefault(policy, Line(policy, []))
            line.points.append((done, cell.mean / done, half))
    # Sorted by name, a policy has the same colour in every world.
    return sorted(found.values(), key=lambda line: line.name)
