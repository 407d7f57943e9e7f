import copy

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.urls import reverse

from personalization import storage
from personalization.journal import sealing
from personalization.models import GateLook, ModelVersion, Night, SealedDay, Window
from personalization.night import claim
from personalization.release import registry
from tests.factories import NOW, make_artwork, make_title, make_viewer
from tests.personalization.factories import (
    DAY,
    EVALUATION,
    make_decision,
    make_model,
    make_window,
    reference,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def models():
    first, second = make_model(), make_model(evaluation=EVALUATION)
    registry.promote(first, reason="the first", now=NOW)
    registry.promote(second, reason="better", now=NOW)
    return first, second


def address(name, *args):
    return reverse(f"admin:personalization_{name}", args=args)


def test_an_operator_reads_how_a_model_did_and_why(signed_in, models):
    client = signed_in("Operators")
    second = models[1]
    words = {"value": "It earns less than it must.", "audit": "Not audited.", "rate": "As usual."}
    states = {"value": "broken", "audit": "unknown", "rate": "kept"}
    kinds = {"value": "value", "audit": "audit", "rate": "data"}
    second.gate = [
        {"name": name, "kind": kinds[name], "state": states[name], "words": words[name]}
        for name in words
    ]
    second.save()
    page = client.get(address("modelversion_change", second.pk)).content.decode()
    for mark, state, said in (
        ("✕", "broken", words["value"]),
        ("?", "unknown", words["audit"]),
        ("✓", "kept", words["rate"]),
    ):
        shown = (
            f'<li class="mq-condition mq-{state}"><b><span class="mq-mark" aria-hidden="true">'
            f"{mark}</span> {state.capitalize()}</b> {said}</li>"
        )
        assert shown in page
    assert "An unknown condition of the audit does not hold a candidate" in page
    assert "0.1310" in page
    assert "The same for everybody" in page
    assert "by the night: better" in page
    listed = client.get(address("modelversion_changelist")).content.decode()
    assert "0.1310 (0.1250 to 0.1370)" in listed


def make_look(model, *references, **fields):
    model.evaluation = EVALUATION | {"references": list(references)}
    model.save()
    numbers = {"shares": 3, "chance": 0.0003, "margin": 0.005, "references": len(references)}
    return GateLook.objects.create(
        **{"model": model, "at": NOW, "day": DAY, "released": False} | numbers | fields
    )


def test_a_models_page_shows_the_reference_both_budgets_and_what_is_needed(signed_in, models):
    first, second = models
    make_look(second, reference(first.pk, -0.002), hardest=first, low=-0.0055)
    page = signed_in("Operators").get(address("modelversion_change", second.pk)).content.decode()
    link = f'<a href="{address("modelversion_change", first.pk)}">'
    assert f"The reference is {link}model {first.pk}</a>, the hardest to match." in page
    assert f"{link}Model {first.pk}</a> (reference)" in page
    assert "109 %" in page and "The loss budget is 0.0050" in page
    assert "<b>What would be needed:</b> With the same difference, about" in page
    assert "err with a chance of 0.030 %" in page and "had 0.01 % of the 5 %" in page
    assert "passed on 2 shares" in page


def test_a_models_page_says_where_nothing_was_compared_or_concluded(signed_in, models):
    first, second = models
    client = signed_in("Operators")
    where = address("modelversion_change", second.pk)
    assert "The gate has not looked at this model." in client.get(where).content.decode()
    made = make_look(second)
    assert "so there was none to be no worse than" in client.get(where).content.decode()
    made.delete()
    nothing = dict.fromkeys(("value", "error", "freedom"))
    refused = reference(first.pk, refused="It is missing.", **nothing)
    make_look(second, refused, refused | {"counts": False, "refused": "Of format 2."})
    page = client.get(where).content.decode()
    assert f"Model {first.pk}: nothing is concluded. It is missing." in page
    assert f"Model {first.pk} is left out: no version can serve" in page
    assert "Of format 2." in page and "What would be needed" not in page


def test_a_model_without_an_evaluation_has_a_page(signed_in, models):
    page = signed_in("Operators").get(address("modelversion_change", models[0].pk))
    assert "Not evaluated yet." in page.content.decode()


def test_an_operator_rolls_back_with_a_reason(signed_in, models):
    client = signed_in("Operators")
    make_window(make_viewer(), model=models[1])
    where = address("modelversion_roll_back", models[1].pk)
    assert "will be released" in client.get(where).content.decode()
    assert client.post(where, {"reason": ""}).status_code == 200
    assert "that can be seen" in client.post(where, {"reason": "\u200b"}).text
    assert ModelVersion.objects.serving() == models[1]
    client.post(where, {"reason": "shows the wrong people"})
    assert ModelVersion.objects.serving() == models[0]
    assert not Window.objects.filter(released_at=None).exists()
    change = models[1].changes.first()
    assert change.reason == "Rolled back: shows the wrong people"
    assert change.by_name


@pytest.mark.parametrize(
    ("field", "stored", "words"),
    [
        ("gate", [{"name": "value", "met": True, "words": "?"}], "The condition has no “kind”."),
        ("evaluation", {"decisions": 5}, "The stored evaluation cannot be read."),
    ],
)
def test_what_cannot_be_read_is_named_and_breaks_no_page(signed_in, models, field, stored, words):
    setattr(models[0], field, stored)
    models[0].save()
    client = signed_in("Operators")
    page = client.get(address("modelversion_change", models[0].pk))
    assert words in page.content.decode()
    assert client.get(address("modelversion_changelist")).status_code == 200


def test_a_file_of_an_earlier_format_is_named_on_the_models_pages(signed_in, models, monkeypatch):
    client = signed_in("Operators")
    words = f"The file of model {models[0].pk} cannot be used:"
    for name in ("modelversion_change", "modelversion_promote"):
        page = client.get(address(name, models[0].pk)).content.decode()
        assert words in page and "Run the night again to fit a new model." in page
    monkeypatch.setattr("personalization.serving.models.opened", lambda version: None)
    page = client.get(address("modelversion_change", models[0].pk)).content.decode()
    assert words not in page and "this version can read it" in page


def test_promoting_by_hand_shows_what_holds_the_model(signed_in, models):
    client = signed_in("Operators")
    models[0].gate = [
        {"name": "value", "kind": "value", "state": "unknown", "words": "Too wide."},
        {"name": "audit", "kind": "audit", "state": "unknown", "words": "Not audited."},
    ]
    models[0].save()
    page = client.get(address("modelversion_promote", models[0].pk)).content.decode()
    assert "These conditions hold it:" in page and "Too wide." in page
    assert "Not audited." not in page


def test_an_operator_promotes_by_hand_with_a_reason(signed_in, models):
    client = signed_in("Operators")
    client.post(address("modelversion_promote", models[0].pk), {"reason": "calmer"})
    assert ModelVersion.objects.serving() == models[0]
    assert models[0].changes.first().reason == "By hand: calmer"


def test_a_stale_page_rolls_back_no_other_model(signed_in, models):
    client = signed_in("Operators")
    page = client.post(address("modelversion_roll_back", models[0].pk), {"reason": "harm"})
    assert f"model {models[1].pk} does" in page.content.decode()
    assert ModelVersion.objects.serving() == models[1]


@pytest.mark.parametrize(
    ("what", "which", "words"),
    [("promote", 1, "already serves"), ("roll_back", 0, "there is nothing to roll back")],
)
def test_where_there_is_nothing_to_decide_it_asks_for_no_reason(
    signed_in, models, what, which, words
):
    page = signed_in("Operators").get(address(f"modelversion_{what}", models[which].pk))
    assert words in page.content.decode()
    assert 'name="reason"' not in page.content.decode()


def test_rolling_back_says_who_serves_then(signed_in, models):
    client, where = signed_in("Operators"), address("modelversion_roll_back", models[1].pk)
    assert f"model {models[0].pk} will serve again" in client.get(where).content.decode()
    registry.hold(models[0], reason="not again", now=NOW)
    assert "no model will serve" in client.get(where).content.decode()


def test_a_decision_tells_each_artworks_chance(signed_in):
    title = make_title()
    artworks = [make_artwork(title) for _ in range(3)]
    decision = make_decision(make_viewer(), title, artworks)
    page = signed_in("Operators").get(address("decision_change", decision.pk)).content.decode()
    assert page.count("33.3%") == 3
    assert page.count("<td>drawn</td>") == 1


def test_promoting_an_altered_file_says_so(signed_in, models):
    client = signed_in("Operators")
    storage.local_path(models[0].path, models[0].sha256).write_bytes(b"altered")
    page = client.post(address("modelversion_promote", models[0].pk), {"reason": "calmer"})
    assert "was altered" in page.content.decode()
    assert ModelVersion.objects.serving() == models[1]


@pytest.mark.parametrize("group", ["", "Editors", "Auditors"])
@pytest.mark.parametrize("what", ["promote", "roll_back"])
def test_nobody_else_decides_what_serves(signed_in, models, group, what):
    client = signed_in(group)
    where = address(f"modelversion_{what}", models[what == "roll_back"].pk)
    for answer in (client.get(where), client.post(where, {"reason": "because"})):
        assert answer.status_code in {302, 403}
    assert ModelVersion.objects.serving() == models[1]


def test_an_auditor_reads_without_the_buttons(signed_in, models):
    page = signed_in("Auditors").get(address("modelversion_change", models[1].pk))
    assert page.status_code == 200
    assert "Roll back" not in page.content.decode()


@pytest.mark.parametrize("group", ["", "Editors"])
@pytest.mark.parametrize("model", ["modelversion", "night", "sealedday", "decision", "window"])
def test_who_may_not_read_is_turned_away(signed_in, group, model):
    assert signed_in(group).get(address(f"{model}_changelist")).status_code in {302, 403}


@pytest.mark.parametrize("model", ["modelversion", "night", "sealedday", "decision", "window"])
def test_nothing_is_added_or_deleted_by_hand(signed_in, model):
    client = signed_in("Operators")
    assert client.get(address(f"{model}_changelist")).status_code == 200
    assert client.get(address(f"{model}_add")).status_code == 403
    assert client.get(address(f"{model}_changelist"), {"q": "1"}).status_code == 200


def test_the_journal_can_be_looked_into(signed_in):
    title = make_title()
    decision = make_decision(make_viewer(), title, [make_artwork(title)])
    client = signed_in("Operators")
    assert client.get(address("decision_change", decision.pk)).status_code == 200
    page = client.get(address("window_change", decision.window_id)).content.decode()
    assert "A vector of 31 numbers and affinities to 0 people." in page


def test_a_failed_night_is_tried_again(signed_in):
    night = Night.objects.create(date=DAY, started_at=NOW, attempts=5, error="OSError: full")
    client = signed_in("Operators")
    assert "OSError: full" in client.get(address("night_change", night.pk)).content.decode()
    client.post(address("night_changelist"), {"action": "retry", "_selected_action": [night.pk]})
    night.refresh_from_db()
    assert night.attempts == 0


def test_who_may_only_view_nights_cannot_retry_them(signed_in):
    night = Night.objects.create(date=DAY, started_at=NOW, attempts=5)
    client = signed_in("Auditors")
    client.post(address("night_changelist"), {"action": "retry", "_selected_action": [night.pk]})
    night.refresh_from_db()
    assert night.attempts == 5
    assert not Permission.objects.filter(codename="retry_night").exists()


def test_an_operator_removes_a_night_that_a_wrong_clock_dated(signed_in):
    night = Night.objects.create(date="2199-03-02", started_at=NOW)
    client = signed_in("Operators")
    listed = client.get(address("night_changelist")).content.decode()
    assert "night of 2199-03-02 is dated in the future" in listed
    assert (
        address("night_delete", night.pk)
        in client.get(address("night_change", night.pk)).content.decode()
    )
    where = address("night_delete", night.pk)
    assert "Are you sure" in client.get(where).content.decode()
    assert Night.objects.exists()
    client.post(where, {"post": "yes"})
    assert not Night.objects.exists()
    listed = client.get(address("night_changelist")).content.decode()
    assert "Night of 2199-03-02 was removed by" in listed
    assert 'value="delete_selected"' not in listed


def test_a_nights_page_shows_the_conditions_of_its_candidate(signed_in, models):
    night = Night.objects.create(date=DAY, started_at=NOW)
    client = signed_in("Auditors")
    where = address("night_change", night.pk)
    assert "There is no candidate." in client.get(where).content.decode()
    unknown = {"name": "audit", "kind": "audit", "state": "unknown", "words": "Not audited."}
    ModelVersion.objects.filter(pk=models[0].pk).update(night=night, gate=[unknown])
    page = client.get(where).content.decode()
    assert '<span class="mq-mark" aria-hidden="true">?</span> Unknown</b> Not audited.' in page


def test_a_night_with_a_candidate_is_not_removed(signed_in, models):
    night = Night.objects.create(date=DAY, started_at=NOW)
    ModelVersion.objects.filter(pk=models[0].pk).update(night=night)
    client = signed_in("Operators")
    where = address("night_delete", night.pk)
    assert where not in client.get(address("night_change", night.pk)).content.decode()
    assert client.post(where, {"post": "yes"}).status_code == 403
    assert Night.objects.exists()


def test_a_night_that_a_worker_runs_is_not_removed(signed_in):
    night = Night.objects.create(date=DAY, started_at=NOW)
    client = signed_in("Operators")
    with claim.held():
        page = client.post(address("night_delete", night.pk), {"post": "yes"}, follow=True)
    assert "Another worker is running the night" in page.content.decode()
    assert Night.objects.exists() and not LogEntry.objects.exists()


@pytest.mark.parametrize("group", ["", "Editors", "Auditors"])
def test_nobody_else_removes_a_night(signed_in, group):
    night = Night.objects.create(date=DAY, started_at=NOW)
    answer = signed_in(group).post(address("night_delete", night.pk), {"post": "yes"})
    assert answer.status_code in {302, 403}
    assert Night.objects.exists()


def test_a_sealed_days_digest_is_checked_on_demand(signed_in):
    title = make_title()
    make_decision(make_viewer(), title, [make_artwork(title)])
    sealed = sealing.seal(DAY, now=NOW)
    client = signed_in("Auditors")
    where = address("sealedday_changelist")
    chosen = {"_selected_action": [sealed.pk]}
    for action in ("verify", "compare"):
        page = client.post(where, chosen | {"action": action}, follow=True)
        assert "1 sealed day checked" in page.content.decode()
    storage.local_path(sealed.path, sealed.sha256).write_bytes(b"altered")
    page = client.post(where, chosen | {"action": "verify"}, follow=True)
    assert "was altered" in page.content.decode()
    assert SealedDay.objects.get().sha256 == sealed.sha256


@pytest.mark.parametrize("name", ["modelversion_change", "modelversion_roll_back"])
def test_the_pages_need_no_inline_style_or_script(signed_in, models, name):
    page = signed_in("Operators").get(address(name, models[1].pk)).content.decode()
    assert " style=" not in page
    assert page.count("<script>") == 1  # which all pages have (test_fade.py)
    assert "onclick" not in page


def test_a_policy_with_too_little_behind_it_has_words_and_no_figure(signed_in):
    evaluation = copy.deepcopy(EVALUATION)
    nothing = {"value": None, "low": None, "high": None}
    for found in (evaluation["policies"], evaluation["differences"]):
        found["context_free"] |= dict.fromkeys(("dr", "ips"), nothing)
        found["context_free"]["refused"] = "Too little to conclude from: 40 of the 500 needed."
    model = make_model(evaluation=evaluation)
    page = signed_in("Operators").get(address("modelversion_change", model.pk)).content.decode()
    words = "The same for everybody: Too little to conclude from: 40 of the 500 needed."
    assert page.count(words) == 2
    assert "Effective sample 5,000, greatest weight 6.0." in page
    assert "None" not in page.split("the gate's conditions")[-1].split("what became of it")[0]
