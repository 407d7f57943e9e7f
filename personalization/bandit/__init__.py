"""The learner: plain functions over arrays. No Django, no clock, no global randomness.

statistics  what a night needs of a day: sums per artwork
fit         the three-level model, from those sums
model       what serves: one vector per artwork
policy      scores to probabilities
draw        probabilities to one artwork, by a keyed hash
estimators  what a policy would have earned, from another policy's log
files       arrays on disk: memory-mapped, with a digest
"""
