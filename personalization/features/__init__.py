"""From watch events and annotations to numbers, under a named and versioned manifest.

manifest  the allow-list: which numbers there are, in which order
history   what viewers watched, weighted by recency
vectors   the viewer vector and the affinity to people
artworks  the eligible artworks and their features, in memory
"""
