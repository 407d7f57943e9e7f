import json
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import __main__ as runner
from benchmarks.arena import command, document, policies, saved, summary
from benchmarks.arena.plots import LABEL, Line, _spread, plot


def played(policy, seed, regret, *, world="linear"):
    return saved.Played(world, policy, seed, 20_000, {}, {20_000: regret}, 1.0)


def test_plays_are_read_as_written_and_the_last_of_a_key_counts(tmp_path):
    path = tmp_path / "new" / "outcomes.jsonl"
    saved.append(path, played("ours", 1, 9.0))
    saved.append(path, played("ours", 1, 7.0))
    saved.append(path, played("uniform", 1, 8.0))
    assert saved.read(path) == [played("ours", 1, 7.0), played("uniform", 1, 8.0)]
    assert saved.read(tmp_path / "none") == []


def test_the_interval_is_students():
    cell = summary.interval([1.0, 2.0, 3.0, 4.0])
    assert cell.mean == 2.5
    assert cell.half == pytest.approx(3.182 * np.sqrt(5 / 3) / 2, rel=1e-3)
    assert summary.interval([1.0]).half == float("inf")


def test_rivals_are_compared_seed_by_seed():
    """Worlds differ more than policies do, so pairs show what two means cannot."""
    found = [played("ours", seed, 100.0 * seed + 5 + seed % 2) for seed in range(10)]
    found += [played("rival", seed, 100.0 * seed) for seed in range(10)]
    found += [played("slow", seed, 0.0) for seed in range(1)]
    (rival,) = summary.against(found, "linear", 20_000)
    assert rival.rival == "rival" and rival.n == 10
    assert rival.mean == pytest.approx(5.5)
    assert not rival.within
    (result,) = summary.results(found)
    assert result.met is False and "rival" in result.name


def test_ours_is_within_where_the_interval_of_the_difference_reaches_zero():
    found = [played("ours", seed, 10.0 + (seed % 2) * 4) for seed in range(10)]
    found += [played("rival", seed, 11.0) for seed in range(10)]
    (result,) = summary.results(found)
    assert result.met is True


def test_the_best_from_outside_sets_the_target_and_our_own_greedy_is_reported():
    found = [played("ours", seed, 10.0 + seed % 2) for seed in range(10)]
    found += [played("greedy of ours", seed, 5.0 + seed % 2) for seed in range(10)]
    found += [
        played(rival, seed, at) for rival, at in (("hard", 11), ("easy", 20)) for seed in range(10)
    ]
    outside, own = summary.results(found)
    assert "hard" in outside.name and outside.met
    assert "greedy" in own.name and own.met is None
    assert own.ratio == pytest.approx(10.5 / 5.5)


def test_saved_plays_are_not_played_again(tmp_path, capsys):
    arguments = ["arena", "--decisions", "1000", "--seeds", "2", "--worlds", "linear,movielens"]
    arguments += ["--policies", "uniform,context-free TS,ours", "--save", str(tmp_path / "s")]
    arguments += ["--json", str(tmp_path / "r.json"), "--document", str(tmp_path / "d")]
    runner.main(arguments)
    first = (tmp_path / "s").read_text()
    assert len(first.splitlines()) == 6
    assert "movielens left out: MARQUEE_MOVIELENS" in capsys.readouterr().err
    runner.main(arguments)
    assert (tmp_path / "s").read_text() == first
    report = json.loads((tmp_path / "r.json").read_text())
    assert report["results"][0]["unit"] == "regret"
    tables = (tmp_path / "d" / "tables.md").read_text()
    assert "| **ours** |" in tables and "| uniform |" in tables
    ElementTree.parse(tmp_path / "d" / "linear.svg")


@pytest.fixture(autouse=True)
def _no_movielens(monkeypatch):
    monkeypatch.delenv("MARQUEE_MOVIELENS", raising=False)


def test_a_rival_whose_package_is_missing_is_named(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(policies, "find_spec", lambda name: None)
    command.run(["--worlds", "linear", "--policies", "VW first", "--save", str(tmp_path / "s")])
    words = capsys.readouterr().err
    assert "VW first left out: vowpalwabbit is not installed" in words
    assert not (tmp_path / "s").exists()


@pytest.mark.parametrize(
    "arguments", [["--worlds", "mars"], ["--policies", "luck"], ["--decisions", "many"]]
)
def test_unknown_arguments_are_refused(arguments, capsys):
    with pytest.raises(SystemExit):
        command.run(arguments)
    assert arguments[1] in capsys.readouterr().err


def test_other_benchmarks_take_no_such_options(capsys):
    with pytest.raises(SystemExit):
        runner.main(["choose", "--seeds", "2"])
    assert "--seeds" in capsys.readouterr().err


@given(heights=st.lists(st.floats(40, 370), min_size=1, max_size=14))
def test_labels_of_a_plot_do_not_overlap(heights):
    placed = _spread(sorted(heights))
    assert (np.diff(placed) >= LABEL - 1e-6).all()
    assert placed[-1] <= 370 + 1e-6


def test_a_plot_names_its_lines_and_is_well_formed():
    text = plot("a & b", [Line("ours", [(1000, 0.1, 0.01), (20000, 0.05, 0.01)])])
    assert "ours" in text
    ElementTree.fromstring(text)


def test_the_document_says_where_ours_is_better_within_or_worse(tmp_path):
    found = [played("ours", seed, 10.0 + seed) for seed in range(10)]
    found += [played("poor", seed, 30.0 + seed % 3) for seed in range(10)]
    found += [played("best", seed, 2.0 + seed + seed % 2) for seed in range(10)]
    document.write(found, tmp_path)
    lines = (tmp_path / "tables.md").read_text().splitlines()
    assert next(line for line in lines if line.startswith("| poor")).endswith("| better |")
    assert next(line for line in lines if line.startswith("| best")).endswith("| worse |")
