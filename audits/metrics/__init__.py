"""The audit's measures as pure functions over arrays: no Django, no clock, no hidden randomness.

The unit is always the viewer, never the impression.  Every function takes keyword-only arguments,
refuses bad input by the argument's name (`refusals.CannotMeasure`), and is deterministic in the
viewers' seeds.  A test needs 30 viewers with data on each side whose labels a shuffle can change;
otherwise the measurement says why it has no p-value and no interval.

`groups` turns one attribute's labels into contrasts (a group against everybody else who declared),
and `panel` selects their viewers; `exposure`, `leakage`, `prominence`, `flips` (with `matching` and
`paired`), `reach`, `value` and `lift` measure;
`chances` makes each viewer's random numbers, `resampling` shuffles and draws with them, and
`inference` turns draws into p-values, intervals and power;
`conditional` holds the disparities per stratum; `suppression` says which counts may be shown.
"""
