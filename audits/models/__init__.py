"""Audit runs, the statistics that they found, and what an auditor made of them."""

from audits.models.runs import AuditRun, Finding, Statistic

__all__ = ["AuditRun", "Finding", "Statistic"]
