"""Data that migrations convert."""

from importlib import import_module

import pytest

CONDITIONS = import_module("personalization.migrations.0006_conditions_in_three_states")


def old(name, met, words):
    return {"name": name, "met": met, "words": words}


@pytest.mark.parametrize(
    ("condition", "kind", "state"),
    [
        (old("value", True, "It earns more."), "value", "kept"),
        (old("sample", False, "Too little."), "value", "broken"),
        (old("drift", True, "Little moved."), "data", "kept"),
        (old("audit: gap", True, "gap was not tested: insufficient evidence."), "audit", "unknown"),
        (old("audit: gap", True, "gap is .1, within the bound."), "audit", "kept"),
        (old("audit: gap", False, "gap is .9, beyond the bound."), "audit", "broken"),
        (old("audit", True, "There was nothing to audit: no viewer."), "audit", "unknown"),
        (old("audit", False, "The audit did not pass."), "audit", "broken"),
    ],
)
def test_a_condition_stored_as_met_without_evidence_becomes_unknown(condition, kind, state):
    (converted,) = CONDITIONS.in_three_states([condition])
    assert (converted["kind"], converted["state"]) == (kind, state)
    assert "met" not in converted
    assert CONDITIONS.in_three_states([converted]) == [converted]


def test_an_audit_with_an_untested_bound_is_not_kept_as_a_whole():
    gate = [
        old("audit", True, "The audit's bounds are kept."),
        old("audit: gap", True, "gap was not tested: insufficient evidence."),
    ]
    assert [each["state"] for each in CONDITIONS.in_three_states(gate)] == ["unknown", "unknown"]
