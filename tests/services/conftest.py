from tests.audits.test_prepare_database import place

__all__ = ["place"]
