"""The studio: where editors upload, annotate and review artwork."""
