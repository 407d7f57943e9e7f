"""What the catalogue keeps: titles, people, artwork, accounts, viewers, and what they watched."""

from catalog.models.accounts import Account
from catalog.models.artwork import Artwork, ArtworkRevision
from catalog.models.people import Credit, Person
from catalog.models.titles import Episode, Genre, Mood, Season, Title
from catalog.models.viewers import Viewer
from catalog.models.watching import WatchEvent

__all__ = [
    "Account",
    "Artwork",
    "ArtworkRevision",
    "Credit",
    "Episode",
    "Genre",
    "Mood",
    "Person",
    "Season",
    "Title",
    "Viewer",
    "WatchEvent",
]
