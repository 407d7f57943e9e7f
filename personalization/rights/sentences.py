"""Plain sentences for the terms of a score."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext

from catalog.models import Genre, Mood, Title
from personalization.rights.kinds import kind_of, titles_of
from personalization.rights.watched import WatchedTitles

NAMED = 3  # titles that a sentence names; its list has all


@dataclass(frozen=True, slots=True)
class Reason:
    """One term of the score, in words.

    Attributes:
        sentence: in HTML, in which titles are cited.
        titles: watched titles behind it that the viewer may see, those that count most first.
        effect: in log-odds, against the mean of the title's other pictures.
    """

    sentence: SafeString
    titles: tuple[Title, ...]
    effect: float


class Sentences:
    """Writes the reasons of one choice, each as one sentence, so that it can be translated."""

    def __init__(self, watched: WatchedTitles) -> None:
        self.watched = watched

    def of_feature(self, feature: str, effect: float) -> Reason:
        """Say what a number of the viewer vector did for the picture."""
        ids = self.watched.behind(feature)
        if feature == "breadth":
            return _counted(_breadth(effect, self.watched.genres()), effect)
        if feature == "length":
            return _counted(_length(effect, len(ids)), effect)
        if not ids:
            # What was watched has left the history since; the picture still rests on it.
            return Reason(_had_watched(effect, kind_of(feature, _names())), (), effect)
        titles = self._titles(ids)
        sentence = _watched(effect, titles_of(feature, len(ids)), titles)
        return Reason(sentence, titles, effect)

    def of_cast(self, people: list[int], effect: float) -> Reason | None:
        """Say what having watched the depicted people did; None where nobody is to be named."""
        names, ids = self.watched.with_people(people)
        if effect < 0:
            words = gettext("The title’s other pictures suit the people you have watched better.")
            return Reason(format_html("{}", words), (), effect)
        if not names:
            return None
        titles = self._titles(ids)
        return Reason(_cast(names, len(ids), titles), titles, effect)

    def of_rarity(self, effect: float) -> Reason:
        """Say what the bonus for pictures that were seldom shown did."""
        if effect > 0:
            words = gettext(
                "This picture has been shown less than the title’s other pictures. It is shown a "
                "little more for that, so that the system learns how it does."
            )
        else:
            words = gettext(
                "This picture has been shown more than the title’s other pictures. They are shown "
                "a little more for that, so that the system learns how they do."
            )
        return Reason(format_html("{}", words), (), effect)

    def _titles(self, ids: list[int]) -> tuple[Title, ...]:
        return tuple(self.watched.titles[pk] for pk in ids if pk in self.watched.titles)


def _watched(effect: float, what: str, titles: Sequence[Title]) -> SafeString:
    """Name what was watched, “3 thrillers”, with some or all of the titles or without any."""
    named = _cited(titles[:NAMED])
    if not titles:
        text = (
            gettext("You have watched {what}, and this picture does well with people who do.")
            if effect > 0
            else gettext(
                "You have watched {what}, but the title’s other pictures do better with people "
                "who do."
            )
        )
    elif len(titles) <= NAMED:
        text = (
            gettext(
                "You have watched {what}, {titles}, and this picture does well with people who do."
            )
            if effect > 0
            else gettext(
                "You have watched {what}, {titles}, but the title’s other pictures do better with "
                "people who do."
            )
        )
    else:
        text = (
            gettext(
                "You have watched {what}, {titles} among them, and this picture does well with "
                "people who do."
            )
            if effect > 0
            else gettext(
                "You have watched {what}, {titles} among them, but the title’s other pictures do "
                "better with people who do."
            )
        )
    return format_html(text, what=what, titles=named)


def _had_watched(effect: float, kind: str) -> SafeString:
    text = (
        gettext(
            "When this picture was chosen, you had watched titles of this kind ({kind}), and it "
            "does well with people who do."
        )
        if effect > 0
        else gettext(
            "When this picture was chosen, you had watched titles of this kind ({kind}), but the "
            "title’s other pictures do better with people who do."
        )
    )
    return format_html(text, kind=kind)


def _breadth(effect: float, genres: int) -> str:
    text = (
        ngettext(
            "What you watch spans %(count)s genre, and this picture does well with people whose "
            "history is varied.",
            "What you watch spans %(count)s genres, and this picture does well with people whose "
            "history is varied.",
            genres,
        )
        if effect > 0
        else ngettext(
            "What you watch spans %(count)s genre, but the title’s other pictures do better with "
            "people whose history is varied.",
            "What you watch spans %(count)s genres, but the title’s other pictures do better with "
            "people whose history is varied.",
            genres,
        )
    )
    return text % {"count": genres}


def _length(effect: float, titles: int) -> str:
    text = (
        ngettext(
            "You have watched %(count)s title, and this picture does well with people who have "
            "watched many.",
            "You have watched %(count)s titles, and this picture does well with people who have "
            "watched many.",
            titles,
        )
        if effect > 0
        else ngettext(
            "You have watched %(count)s title, but the title’s other pictures do better with "
            "people who have watched many.",
            "You have watched %(count)s titles, but the title’s other pictures do better with "
            "people who have watched many.",
            titles,
        )
    )
    return text % {"count": titles}


def _cast(names: list[str], count: int, titles: Sequence[Title]) -> SafeString:
    if not titles:
        text = ngettext(
            "This picture shows {people}, whom you have watched in {count} title.",
            "This picture shows {people}, whom you have watched in {count} titles.",
            count,
        )
    elif len(titles) <= NAMED:
        text = ngettext(
            "This picture shows {people}, whom you have watched in {count} title, {titles}.",
            "This picture shows {people}, whom you have watched in {count} titles, {titles}.",
            count,
        )
    else:
        text = ngettext(
            "This picture shows {people}, whom you have watched in {count} title, {titles} among "
            "others.",
            "This picture shows {people}, whom you have watched in {count} titles, {titles} among "
            "others.",
            count,
        )
    people = _listed([format_html("{}", name) for name in names])
    return format_html(text, people=people, count=count, titles=_cited(titles[:NAMED]))


def _counted(sentence: str, effect: float) -> Reason:
    return Reason(format_html("{}", sentence), (), effect)


def _cited(titles: Sequence[Title]) -> SafeString:
    return _listed([format_html('<cite dir="auto">{}</cite>', title.name) for title in titles])


def _listed(parts: list[SafeString]) -> SafeString:
    """Return “A”, “A and B” or “A, B and C”."""
    if len(parts) < 2:
        return parts[0] if parts else SafeString("")
    others = format_html_join(", ", "{}", ((part,) for part in parts[:-1]))
    return format_html(pgettext("a list", "{others} and {last}"), others=others, last=parts[-1])


def _names() -> dict[str, str]:
    """Return what the catalogue calls genres and moods, by slug."""
    return dict(
        [*Genre.objects.values_list("slug", "name"), *Mood.objects.values_list("slug", "name")]
    )
