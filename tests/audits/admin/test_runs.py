import json

import pytest
from django.contrib.auth.models import Group
from django.db import connections
from django.urls import reverse

from audits.actions.evidence import tick
from audits.evidence.keys import SigningKey
from audits.models import AuditRun, Finding
from audits.record import selftests
from audits.runs import document
from audits.runs.signing import signing_key
from config.roles import grant_roles
from tests.audits.record.rows import make_run
from tests.audits.worlds import ALL
from tests.factories import make_account, make_artwork, make_title, make_viewer
from tools.verify_evidence import LeafProof, leaf_hash, verify_document, verify_inclusion

pytestmark = pytest.mark.django_db(transaction=True, databases=ALL)


@pytest.fixture
def run(db):
    """A finished run with one test, one suppressed group."""
    made = make_run(
        synthetic=True,
        groups={"gender": {"man": 40, "woman": None, "undeclared": None}},
        statistics=[
            {
                "name": "exposure_distance", "attribute": "gender", "group": "man",
                "headline": True, "estimate": 0.21, "low": 0.1, "high": 0.3, "p": 0.001,
                "p_adjusted": 0.002, "viewers": 40, "margin": 0.05, "verdict": "outside margin",
                "null": {"mean": 0.03, "low": 0.01, "high": 0.05},
                "detail": {"needed": {"group": 1340, "rest": None}},
            },
            {"name": "group", "attribute": "gender", "group": "woman", "verdict": "suppressed"},
        ],
    )  # fmt: skip
    document.keep(made)
    return made


def staff(group):
    grant_roles()
    account = make_account(is_staff=True)
    account.groups.add(Group.objects.get(name=group))
    return account


@pytest.fixture
def auditor(client):
    account = staff("Auditors")
    client.force_login(account)
    return account


def pages(run):
    statistic = run.statistics.first()
    names = {"changelist": [], "start": [], "readings": [], "change": [run.pk]}
    names |= {"progress": [run.pk], "document": [run.pk], "judge": [statistic.pk]}
    urls = [reverse(f"admin:audits_auditrun_{name}", args=args) for name, args in names.items()]
    return [*urls, reverse("admin:audits_finding_changelist")]


def test_it_opens_every_page_to_an_auditor(client, auditor, run):
    for page in pages(run):
        assert client.get(page).status_code == 200, page


@pytest.mark.parametrize("group", ["Editors", "Operators"])
def test_it_refuses_other_staff_on_every_page(client, run, group):
    client.force_login(staff(group))
    for page in pages(run):
        assert client.get(page).status_code == 403, page
        assert client.post(page).status_code == 403, page


@pytest.mark.parametrize("signed_in", [True, False])
def test_it_sends_everybody_else_to_sign_in(client, run, signed_in):
    if signed_in:
        client.force_login(make_viewer().account)
    for page in pages(run):
        assert client.get(page).status_code == 302, page


class TestRunPage:
    def page(self, client, run, query=""):
        url = reverse("admin:audits_auditrun_change", args=[run.pk])
        return client.get(url + query).content.decode()

    def test_it_shows_numbers_in_words_and_says_synthetic(self, client, auditor, run):
        page = self.page(client, run)
        assert "synthetic viewers" in page and "Outside margin" in page and "0.2100" in page
        assert "suppressed" in page and "Undeclared" in page

    def test_it_says_how_many_viewers_the_verdict_needs(self, client, auditor, run):
        page = self.page(client, run)
        assert "If there is no difference, 1,340 viewers of the group show “within margin”" in page

    def test_it_begins_with_the_verdicts_and_their_margins(self, client, auditor, run):
        page = self.page(client, run)
        first = page.split('id="verdicts"')[1].split("</section>")[0]
        assert "Outside margin" in first and "margin 0.05" in first
        assert page.index('id="verdicts"') < page.index('id="chart-exposure"')

    def test_what_is_not_measurable_is_said_and_shows_no_number(self, client, auditor):
        run = make_run(statistics=[
            {
                "name": "prominence_event", "attribute": "gender", "group": "man",
                "estimate": 0.0, "margin": 0.05, "verdict": "not measurable here",
                "detail": {"why": "Because."},
            },
        ])  # fmt: skip
        page = self.page(client, run)
        assert "not measurable here. Because." in page and "0.0000" not in page
        assert 'data-chart="prominence"' not in page

    def test_what_is_judged_stands_first_and_the_vectors_of_now_beside_it(self, client, auditor):
        measured = {"attribute": "gender", "group": "man", "verdict": "descriptive", "viewers": 40}
        crossed = {"attribute": "age_band × gender", "group": "18-24 × man"}
        run = make_run(statistics=[
            measured | {"name": "exposure_difference", "estimate": 0.1},
            measured | {"name": "exposure_distance", "estimate": 0.2, "margin": 0.05},
            measured | {"name": "exposure_distance_now", "estimate": 0.3456},
            measured | crossed | {"name": "exposure_distance", "estimate": 0.4, "margin": 0.05},
        ])  # fmt: skip
        every = self.page(client, run).split('id="every"')[1].split("</section>")[0]
        first, described, across = every.split("<details")
        assert "0.2000" in first and "Vectors of now" in first and "0.3456" in first
        assert "Described" in described and "0.1000" in described
        assert "Crossed groups" in across and "18 to 24 × man" in across
        assert every.count('id="statistic-') == 4

    def test_it_hands_the_charts_their_numbers_as_data(self, client, auditor, run):
        page = self.page(client, run)
        data = page.split('<script id="audit-charts" type="application/json">')[1]
        charts = json.loads(data.split("</script>")[0])
        assert charts[0]["rows"][0]["null"] == {"mean": 0.03, "low": 0.01, "high": 0.05}

    def test_it_compares_with_another_finished_run_only(self, client, auditor, run):
        assert f"Run {run.pk}</th>" in self.page(client, run, f"?with={run.pk}")
        for nonsense in ("?with=0", "?with=x", "?with=99999", "?with=²", "?with=" + "9" * 5_000):
            assert "<th" in self.page(client, run, nonsense)

    def test_it_shows_how_often_verdicts_are_wrong(self, client, auditor, run):
        assert "The self-test has not run here yet" in self.page(client, run)
        rates = {"rate": 0.062, "error": 0.011, "worlds": 500}
        none = dict.fromkeys(("coverage", "within", "false_within", "false_outside"))
        measure = none | {"headline": True, "false_alarms": rates, "power": {"proxy 1.5": rates}}
        measures = {"prominence_gap": measure, "prominence_event": measure | {"headline": False}}
        selftests.keep_curve("s", "c", {"worlds": 1_000, "measures": measures})
        page = self.page(client, run).split('id="selftest"')[1].split("</section>")[0]
        assert "in 1,000 worlds" in page and page.count("6.2 % <small>± 1.1</small>") == 2
        assert "Prominence gap" in page and "Marginal-actor" not in page

    def test_it_is_not_found_for_nonsense(self, client, auditor):
        for number in ("abc", "²", "9" * 30):
            assert client.get(f"/admin/audits/auditrun/{number}/change/").status_code == 404

    def test_it_costs_the_same_however_many_statistics(
        self, client, auditor, run, django_assert_max_num_queries
    ):
        with django_assert_max_num_queries(20):  # of these, four compare the run with the log
            self.page(client, run)


class TestStarting:
    form = {"attributes": ["gender"], "kind": "planned", "effort": "quick", "model": ""}

    def test_it_requests_and_queues(self, client, auditor, monkeypatch):
        account = make_account()
        for _ in range(30):
            make_viewer(account=account)
        title = make_title()
        make_artwork(title), make_artwork(title)
        asked = []
        monkeypatch.setattr("audits.tasks.run_audit.delay", asked.append)
        response = client.post(reverse("admin:audits_auditrun_start"), self.form)
        run = AuditRun.objects.get()
        assert response.url == reverse("admin:audits_auditrun_change", args=[run.pk])
        assert asked == [run.pk] and run.state == "queued"
        assert run.requested_by == str(auditor) and run.requested_role == "marquee"
        assert run.registration == {} and run.attributes == ["gender"]
        assert "data-progress-url" in client.get(response.url).content.decode()

    def test_it_says_when_there_is_nothing_to_audit(self, client, auditor):
        page = client.post(reverse("admin:audits_auditrun_start"), self.form)
        assert "There is no viewer yet." in page.content.decode()

    @pytest.mark.parametrize(
        "wrong", [{"attributes": ["shoe size"]}, {"kind": "gate"}, {"model": 99}]
    )
    def test_it_refuses_bad_input(self, client, auditor, wrong):
        client.post(reverse("admin:audits_auditrun_start"), self.form | wrong)
        assert not AuditRun.objects.exists()


def test_it_records_a_finding_beside_the_number(client, auditor, run):
    url = reverse("admin:audits_auditrun_judge", args=[run.statistics.first().pk])
    client.post(url, {"judgement": "harm", "note": "Leads only for men."})
    finding = Finding.objects.get()
    assert (finding.by, finding.judgement) == (str(auditor), "harm")
    page = client.get(reverse("admin:audits_auditrun_change", args=[run.pk])).content.decode()
    assert "Leads only for men." in page
    client.post(url, {"judgement": "shrug", "note": ""})
    refused = client.post(url, {"judgement": "harm", "note": "\u2800 \u200b"}).content.decode()
    assert "that can be seen" in refused
    assert Finding.objects.count() == 1


def test_it_downloads_the_document(client, auditor, run):
    response = client.get(reverse("admin:audits_auditrun_document", args=[run.pk]))
    assert response["Content-Disposition"] == f'attachment; filename="audit-{run.pk}.json"'
    found = json.loads(response.content)
    verify_document(found, signing_key().verifier)
    measures = found["measures"]
    assert measures[0]["interval"] == [0.1, 0.3] and measures[1]["viewers"] is None


class TestEvidence:
    @pytest.fixture(autouse=True)
    def key(self, settings):
        settings.EVIDENCE_KEY = SigningKey.make("marquee.example/evidence").dump()

    def pages(self, client, run):
        urls = [reverse("admin:audits_auditrun_change", args=[run.pk])]
        urls.append(reverse("admin:audits_auditrun_changelist"))
        return [client.get(url).content.decode() for url in urls]

    def test_a_run_waits_for_its_leaf_and_then_verifies(self, client, auditor, run):
        page, listed = self.pages(client, run)
        assert "waits for its leaf" in page and "waits for its leaf" in listed
        tick()
        page, listed = self.pages(client, run)
        assert "It verifies" in page and "leaf 2" in page and "leaf 2" in listed
        assert "mq-alarm" not in page + listed

    def test_a_run_that_was_changed_is_shown_so_in_words_everywhere(self, client, auditor, run):
        statistic = run.statistics.first()
        client.post(
            reverse("admin:audits_auditrun_judge", args=[statistic.pk]),
            {"judgement": "harm", "note": "Leads only for men."},
        )
        tick()
        with connections["vault"].cursor() as cursor:
            for table, change in (("statistics", "p = 0.9"), ("findings", "note = 'Fine.'")):
                cursor.execute(f"ALTER TABLE record.{table} DISABLE TRIGGER USER")
                cursor.execute(f"UPDATE record.{table} SET {change}")
                cursor.execute(f"ALTER TABLE record.{table} ENABLE TRIGGER USER")
        page, listed = self.pages(client, run)
        findings = client.get(reverse("admin:audits_finding_changelist")).content.decode()
        for text in (page, listed, findings):
            assert "mq-alarm" in text and "It is not what was logged." in text
        assert "This run is not what was logged" in page
        red = '<strong class="mq-alarm">✗ It is not what was logged.</strong>'
        assert f"Exposure distance {red}" in page
        assert findings.count(red) == 3  # the finding, its statistic and its run
        judging = client.get(reverse("admin:audits_auditrun_judge", args=[statistic.pk]))
        assert "is not what was logged" in judging.content.decode()
        sound = make_run()
        tick()
        url = reverse("admin:audits_auditrun_change", args=[sound.pk])
        compared = client.get(url, {"with": run.pk}).content.decode()
        assert f"Run {run.pk} {red}" in compared and "It verifies" in compared

    def test_a_changed_finding_is_red_beside_numbers_that_are_not(self, client, auditor, run):
        statistic = run.statistics.first()
        client.post(
            reverse("admin:audits_auditrun_judge", args=[statistic.pk]),
            {"judgement": "harm", "note": "Leads only for men."},
        )
        tick()
        with connections["vault"].cursor() as cursor:
            cursor.execute("ALTER TABLE record.findings DISABLE TRIGGER USER")
            cursor.execute("UPDATE record.findings SET note = 'Fine.'")
            cursor.execute("ALTER TABLE record.findings ENABLE TRIGGER USER")
        page, listed = self.pages(client, run)
        red = '<strong class="mq-alarm">✗ It is not what was logged.</strong>'
        assert f'<p class="mq-finding">{red}' in page
        assert f"Exposure distance {red}" not in page
        assert red not in listed
        findings = client.get(reverse("admin:audits_finding_changelist")).content.decode()
        assert findings.count(red) == 1

    def test_its_proof_is_downloaded_once_a_head_covers_it(self, client, auditor, run):
        url = reverse("admin:audits_auditrun_proof", args=[run.pk])
        assert client.get(url).status_code == 404
        tick()
        proof = LeafProof.parse(client.get(url).content.decode())
        assert proof.index == 2 and b"run.finished" in proof.entry
        verify_inclusion(
            leaf=leaf_hash(proof.entry), index=2, size=proof.checkpoint.size, proof=proof.path,
            root=proof.checkpoint.root,
        )  # fmt: skip

    def test_the_list_costs_the_same_however_many_runs(
        self, client, auditor, run, django_assert_max_num_queries
    ):
        for _ in range(3):
            make_run()
        tick()
        with django_assert_max_num_queries(24):
            client.get(reverse("admin:audits_auditrun_changelist"))


@pytest.mark.parametrize("verb", ["add", "delete"])
def test_it_offers_no_other_way_to_change_a_run(client, auditor, run, verb):
    client.force_login(make_account(is_staff=True, is_superuser=True))
    args = [] if verb == "add" else [run.pk]
    assert client.get(reverse(f"admin:audits_auditrun_{verb}", args=args)).status_code == 403
