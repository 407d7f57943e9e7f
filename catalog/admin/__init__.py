"""The catalogue in the admin: for looking up, bulk work and the history of changes.

Artwork is changed only through its actions, here and in the studio.
"""

from catalog.admin import accounts, artwork, people, titles

__all__ = ["accounts", "artwork", "people", "titles"]
