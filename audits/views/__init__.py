"""The viewers' page: declaring and withdrawing."""
