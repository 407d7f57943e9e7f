"""Evaluation: what a candidate and its rivals would have earned on days it has not seen."""
