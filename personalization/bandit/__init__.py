"""The learner: plain functions over arrays. No Django, no clock, no global randomness.

What others call. Each refuses bad input with `BadInput`, which names the argument:

reduction   the decisions of one part of the log, to sums per artwork
statistics  those sums, which add up
fit         the three-level model, from the sums
crossfit    the same for each fold of viewers
model       what serves: one vector per artwork
policy      scores to probabilities
draw        probabilities to one artwork, by a keyed hash
choosing    scores to choices, in one pass
estimators  what a policy would have earned, from another policy's log
files       arrays on disk: memory-mapped, with a digest

Inner steps, which take what was checked: `kernels`, `levels`, `elimination`, and the writers of
rows and lines in `rows` and `odds`. `arrays` holds the types and the checks.
"""
