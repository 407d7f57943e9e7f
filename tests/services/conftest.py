from tests.audits.management.test_prepare_database import place

__all__ = ["place"]
