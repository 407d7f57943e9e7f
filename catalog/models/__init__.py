"""The catalogue's models: titles, people, artwork, accounts, viewers and watch events."""

from catalog.models.accounts import Account
from catalog.models.artwork import Artwork, ArtworkRevision
from catalog.models.drawn import DrawnCard
from catalog.models.history import (
    ArtworkEvent,
    CreditEvent,
    Depiction,
    DepictionEvent,
    TitleEvent,
)
from catalog.models.people import Credit, Person
from catalog.models.titles import Episode, Genre, Mood, Season, Title
from catalog.models.viewers import Viewer
from catalog.models.watching import WatchEvent

__all__ = [
    "Account",
    "Artwork",
    "ArtworkEvent",
    "ArtworkRevision",
    "Credit",
    "CreditEvent",
    "Depiction",
    "DepictionEvent",
    "DrawnCard",
    "Episode",
    "Genre",
    "Mood",
    "Person",
    "Season",
    "Title",
    "TitleEvent",
    "Viewer",
    "WatchEvent",
]
