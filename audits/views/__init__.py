"""The viewer's own page: declaring and withdrawing."""
