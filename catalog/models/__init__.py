"""The catalogue's models: titles, people, artwork, accounts, viewers and watch events."""

from catalog.models.accounts import Account
from catalog.models.artwork import Artwork, ArtworkRevision
from catalog.models.drawn import DrawnCard
from catalog.models.history import (
    ArtworkEvent,
    ArtworkMoodEvent,
    CreditEvent,
    Depiction,
    DepictionEvent,
    TitleEvent,
    TitleGenreEvent,
    TitleMoodEvent,
    ViewerSettings,
)
from catalog.models.maturity import Maturity
from catalog.models.opinions import HiddenTitle, ListedTitle, PutAside, Rating, WatchedMark
from catalog.models.people import Credit, Person
from catalog.models.pins import PinGuesses
from catalog.models.portraits import Portrait
from catalog.models.titles import Episode, Genre, Mood, Season, Title
from catalog.models.viewers import Viewer
from catalog.models.watching import Instant, PlayBefore, WatchEvent

__all__ = [
    "Account",
    "Artwork",
    "ArtworkEvent",
    "ArtworkMoodEvent",
    "ArtworkRevision",
    "Credit",
    "CreditEvent",
    "Depiction",
    "DepictionEvent",
    "DrawnCard",
    "Episode",
    "Genre",
    "HiddenTitle",
    "Instant",
    "ListedTitle",
    "Maturity",
    "Mood",
    "Person",
    "PinGuesses",
    "PlayBefore",
    "Portrait",
    "PutAside",
    "Rating",
    "Season",
    "Title",
    "TitleEvent",
    "TitleGenreEvent",
    "TitleMoodEvent",
    "Viewer",
    "ViewerSettings",
    "WatchEvent",
    "WatchedMark",
]
