"""The arena: policies learn online, each from its own choices only, in worlds whose truth is known.

world      a world, and the decisions that one night brings
planted    worlds drawn from a seed
movielens  a world derived from real ratings
policies   ours and its rivals
play       one policy in one world: nightly batches, cumulative regret at checkpoints
saved      plays on disk, one per line, so that a stopped run can be resumed
tuning     rivals' settings, chosen on a seed that is not reported
summary    means and intervals over seeds
document   tables from them, and plots
command    `python -m benchmarks arena`
"""
