"""The audit's self-test: worlds with planted differences, and how often verdicts are wrong in them.

No Django here: plain functions over arrays, with every random number from a seed.  `worlds` makes
a world, `slate` holds the titles that all worlds share, `design` says which worlds there are, and
`curves` sums up what an audit said about them.  `audits.runs.selftest` runs the audit on a world.
"""
