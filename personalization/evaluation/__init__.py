"""Evaluation: what a candidate and other policies would have earned on unseen days."""
