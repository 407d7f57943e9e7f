"""Plain sentences for the terms of a score."""

from dataclasses import dataclass

from catalog.models import Genre, Mood, Title
from personalization.rights.watched import WatchedTitles

NAMED = 3  # titles that a sentence names; its list has all
# Genres whose titles have a name of their own: one, several.
NOUNS = {
    "comedy": ("comedy", "comedies"),
    "documentary": ("documentary", "documentaries"),
    "drama": ("drama", "dramas"),
    "musical": ("musical", "musicals"),
    "mystery": ("mystery", "mysteries"),
    "romance": ("romance", "romances"),
    "thriller": ("thriller", "thrillers"),
    "western": ("western", "westerns"),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One term of the score, in words.

    Attributes:
        opening, closing: the sentence; the named titles stand between them.
        titles: watched titles behind it that the viewer may see, those that count most first.
        effect: in log-odds, against the mean of the title's other pictures.
    """

    opening: str
    closing: str
    titles: tuple[Title, ...]
    effect: float

    @property
    def named(self) -> tuple[Title, ...]:
        return self.titles[:NAMED]


class Sentences:
    """Writes the reasons of one choice. Reads the names of genres and moods once."""

    def __init__(self, watched: WatchedTitles) -> None:
        self.watched = watched
        self._genres = dict(Genre.objects.values_list("slug", "name"))
        self._moods = dict(Mood.objects.values_list("slug", "name"))

    def of_feature(self, feature: str, effect: float) -> Reason:
        """Say what a number of the viewer vector did for the picture."""
        ids = self.watched.behind(feature)
        if feature == "breadth":
            genres = self.watched.genres()
            opening = f"What you watch spans {genres} genre{'' if genres == 1 else 's'}"
            return self._reason(opening, effect, "people whose history is varied", [])
        if feature == "length":
            opening = f"You have watched {len(ids)} title{'' if len(ids) == 1 else 's'}"
            return self._reason(opening, effect, "people who have watched many", [])
        if not ids:
            # What was watched has left the history since; the picture still rests on it.
            opening = f"You had watched {self._many(feature, 2)} when this picture was chosen"
            return self._reason(opening, effect, "people who do", [])
        opening = f"You have watched {len(ids)} {self._many(feature, len(ids))}"
        return self._reason(opening, effect, "people who do", ids)

    def of_cast(self, people: list[int], effect: float) -> Reason | None:
        """Say what having watched the depicted people did; None where nobody is to be named."""
        names, ids = self.watched.with_people(people)
        if effect < 0:
            words = "The title's other pictures suit the people you have watched better"
            return Reason(f"{words}.", "", (), effect)
        if not names:
            return None
        titles = "1 title" if len(ids) == 1 else f"{len(ids)} titles"
        opening = f"You have watched {titles} with {_listed(names)}"
        verb = "is" if len(names) == 1 else "are"
        return Reason(opening, f", who {verb} in this picture.", self._titles(ids), effect)

    def of_rarity(self, effect: float) -> Reason:
        """Say what the bonus for pictures that were seldom shown did."""
        if effect > 0:
            words = (
                "This picture has been shown less than the title's other pictures. It is shown a "
                "little more for that, so that the system learns how it does."
            )
        else:
            words = (
                "This picture has been shown more than the title's other pictures. They are shown "
                "a little more for that, so that the system learns how they do."
            )
        return Reason(words, "", (), effect)

    def _reason(self, opening: str, effect: float, who: str, ids: list[int]) -> Reason:
        closing = (
            f", and this picture does well with {who}."
            if effect > 0
            else f", but the title's other pictures do better with {who}."
        )
        return Reason(opening, closing, self._titles(ids), effect)

    def _titles(self, ids: list[int]) -> tuple[Title, ...]:
        return tuple(self.watched.titles[pk] for pk in ids if pk in self.watched.titles)

    def _many(self, feature: str, count: int) -> str:
        """Return words for titles of a kind: “thrillers”, “tense titles”, “titles before 1960”."""
        kind, _, value = feature.partition(":")
        if kind == "series":
            return "series"
        if kind == "genre" and value in NOUNS:
            return NOUNS[value][count != 1]
        titles = "title" if count == 1 else "titles"
        if kind == "genre":
            return f"{self._genres.get(value, value).lower()} {titles}"
        if kind == "mood":
            return f"{self._moods.get(value, value).lower()} {titles}"
        first, _, last = value.partition("-")
        if first == "0":
            return f"{titles} from before {int(last) + 1}"
        return (
            f"{titles} from {first} or later" if last == "9999" else f"{titles} of {first}–{last}"
        )


def _listed(names: list[str]) -> str:
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} and {names[-1]}"
