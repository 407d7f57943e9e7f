"""The catalogue in the admin: for looking up, for bulk work, for the history of changes.

Artwork is changed only through its actions, here and in the studio alike.
"""

from catalog.admin import accounts, artwork, people, titles

__all__ = ["accounts", "artwork", "people", "titles"]
