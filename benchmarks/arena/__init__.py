"""The arena: policies learn online, each from its own choices only, in worlds whose truth is known.

world      a world, and the decisions that one night brings
planted    worlds drawn from a seed; movielens: one derived from real ratings
policies   ours and its rivals
play       one policy in one world: nightly batches, cumulative regret at checkpoints
saved      outcomes on disk, one a line, so that a stopped run goes on
tuning     rivals' settings, chosen on a seed that is not played
summary    means and intervals over seeds; plots draws them
command    `python -m benchmarks arena`
"""
