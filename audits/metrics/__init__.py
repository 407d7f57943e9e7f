"""The audit's measures as pure functions over arrays: no Django, no clock, no hidden randomness.

The unit is always the viewer, never the impression.  Every function takes keyword-only arguments,
refuses bad input by the field's name (`refusals.Refused`) and is deterministic in its seed.

`groups` turns one attribute's labels into contrasts (a group against everybody else who declared);
`exposure`, `leakage`, `prominence` and `value` measure; `inference` holds what they share (null by
permutation, interval by bootstrap, corrections, equivalence, power); `conditional` the disparities
per stratum; `suppression` decides which counts may be shown.
"""
