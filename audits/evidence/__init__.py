"""The evidence log: an append-only Merkle log in the C2SP formats, pure and without Django.

`tree` computes roots and proofs from stored tiles, `keys` signs, `folder` writes the log where
others can read it, and `witness` asks witnesses for cosignatures; `reference_witness` is such a
witness. What others need to verify a log stands in one file without imports of this project,
`tools/verify_evidence.py`; this package builds with the same functions.
"""
