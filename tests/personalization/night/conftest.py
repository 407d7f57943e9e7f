import pytest

from personalization.evaluation.report import Evaluation
from personalization.training import fitting
from tests.personalization.factories import EVALUATION, reference
from tests.personalization.night.quick import Auditor


@pytest.fixture
def quick(monkeypatch, settings):
    """Replace the fit, the evaluation and the audit; the day's file stands for what was learnt."""

    def fit(days, *, progress):
        return fitting.Fitted(
            content="".join(day.sha256 for day in days).encode(),
            decisions=sum(day.rows for day in days),
            manifest_name="test",
            manifest_digest="0" * 64,
        )

    def evaluate(candidate, serving, *, references, progress):
        rival = "serving" if serving else "uniform"
        found = EVALUATION | {"serving": serving.pk if serving else None, "rival": rival}
        found["differences"] = EVALUATION["differences"] | {
            "serving": EVALUATION["differences"]["uniform"]
        }
        found["references"] = [reference(each.pk) for each in references]
        return Evaluation.from_json(found)

    monkeypatch.setattr("personalization.night.stages.fitting.fit", fit)
    monkeypatch.setattr("personalization.night.stages.judging.evaluate", evaluate)
    monkeypatch.setattr(Auditor, "asked", [])
    settings.CANDIDATE_AUDITOR = f"{Auditor.__module__}.Auditor"
    settings.GATE_DECISIONS = 10  # a few decisions are volume enough
