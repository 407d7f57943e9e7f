"""The demo: built once, step by step, then served by the same processes as in production."""
