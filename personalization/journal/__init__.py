"""The journal's sealed days: written once, read by training, evaluation and audits."""
