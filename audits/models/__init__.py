"""Audit runs, their statistics, and auditors' findings."""

from audits.models.runs import AuditRun, Finding, Statistic

__all__ = ["AuditRun", "Finding", "Statistic"]
