"""Audit runs, their statistics, their documents and replays, and auditors' findings."""

from audits.models.documents import Installation, Replay, RunDocument
from audits.models.runs import AuditRun, Finding, Statistic

__all__ = ["AuditRun", "Finding", "Installation", "Replay", "RunDocument", "Statistic"]
