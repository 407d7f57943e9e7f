"""The wall's proofs by kind: each compares one part of the database with the expected state."""
