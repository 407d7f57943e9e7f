"""Whose vectors a run measures: those that choices were made from, and beside them those of now."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from audits.models import Replay, RunDocument
from audits.runs.recording import NOW
from catalog.models import Viewer
from personalization.features.vectors import viewer_states
from personalization.models import Window
from personalization.serving.windows import open_windows, pinned_states
from tests.audits.record.rows import run_of
from tests.audits.worlds import ALL, make_world

pytestmark = pytest.mark.django_db(transaction=True, databases=ALL)


def pin_one_state_for_all():
    """Open a window for everybody, all with the first viewer's vector."""
    viewers = list(Viewer.objects.order_by("pk"))
    now = timezone.now()
    state = viewer_states([viewers[0].pk], at=now)[0]
    open_windows(viewers, now=now, states=[state] * len(viewers))


def one(run, name, group="man"):
    return run.statistics.get(name=name, group=group)


def test_it_measures_what_the_windows_pinned_and_beside_it_the_vectors_of_now(tmp_path, capsys):
    model = make_world()
    pin_one_state_for_all()
    run = run_of(model, effort="full")
    assert run.inputs["counts"]["windows"] == 84
    # Everybody has one vector: nothing differs, and no attacker can tell anything.
    judged, beside = one(run, "exposure_distance"), one(run, f"exposure_distance{NOW}")
    assert judged.headline and judged.verdict == "within margin" and judged.estimate == 0
    assert beside.estimate > 0.1 and beside.verdict == "descriptive" and not beside.headline
    assert one(run, "leakage_auc").estimate == 0.5
    assert one(run, f"leakage_auc{NOW}").estimate > 0.9
    assert one(run, "retention").estimate == 0
    assert 0.9 < one(run, f"retention{NOW}").estimate <= 1
    kept = RunDocument.objects.get(run=run.public_id)
    path = tmp_path / "audit.json"
    path.write_text(kept.text)
    call_command("audit", replay=str(path))
    assert Replay.objects.first().outcome == "same"
    assert json.loads(kept.text)["inputs"]["exposure_now"]
    Window.objects.all().delete()
    call_command("audit", replay=str(path))
    assert "84 windows with pinned vectors have been deleted" in capsys.readouterr().out


def test_without_windows_nothing_stands_beside():
    run = run_of(make_world(women=32, men=32, undeclared=0))
    assert run.inputs["counts"]["windows"] == 0
    assert not run.statistics.filter(name__endswith=NOW).exists()


def test_the_newest_window_until_then_counts():
    make_world(women=2, men=2, undeclared=0)
    viewers = list(Viewer.objects.order_by("pk"))
    now = timezone.now()
    states = viewer_states([one.pk for one in viewers], at=now)
    open_windows(viewers[:1], now=now - timedelta(days=30), states=states[:1])
    open_windows(viewers[:1], now=now - timedelta(days=8), states=states[3:])
    open_windows(viewers[:1], now=now + timedelta(days=8), states=states[1:2])
    Window.objects.create(
        viewer=viewers[1], key="1.0", manifest_digest="0" * 64, vector=b"", affinity_people=b"",
        affinity_weights=b"", vector_digest="0" * 64, history_length=1, opened_at=now,
    )  # fmt: skip
    found = pinned_states([one.pk for one in viewers], at=now)
    assert list(found) == [viewers[0].pk]
    assert found[viewers[0].pk].digest == states[3].digest
