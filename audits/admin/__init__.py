"""The auditors' admin."""

from audits.admin.findings import FindingAdmin
from audits.admin.runs import AuditRunAdmin

__all__ = ["AuditRunAdmin", "FindingAdmin"]
