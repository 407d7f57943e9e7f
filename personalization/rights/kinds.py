"""Titles of one kind in words, as whole phrases: adjectives and nouns agree in most languages."""

from django.utils.translation import gettext, ngettext, ngettext_lazy, npgettext_lazy

from personalization.features.manifest import ERAS

# Each is what somebody has watched. In German, say, it is in the accusative.
OF_GENRE = {
    "action": ngettext_lazy("%(count)s action title", "%(count)s action titles", "count"),
    "adventure": ngettext_lazy("%(count)s adventure title", "%(count)s adventure titles", "count"),
    "animation": ngettext_lazy("%(count)s animation title", "%(count)s animation titles", "count"),
    "childrens": ngettext_lazy(
        "%(count)s children’s title", "%(count)s children’s titles", "count"
    ),
    "comedy": ngettext_lazy("%(count)s comedy", "%(count)s comedies", "count"),
    "crime": ngettext_lazy("%(count)s crime title", "%(count)s crime titles", "count"),
    "documentary": ngettext_lazy("%(count)s documentary", "%(count)s documentaries", "count"),
    "drama": ngettext_lazy("%(count)s drama", "%(count)s dramas", "count"),
    "fantasy": ngettext_lazy("%(count)s fantasy title", "%(count)s fantasy titles", "count"),
    "film-noir": ngettext_lazy("%(count)s film noir title", "%(count)s film noir titles", "count"),
    "horror": ngettext_lazy("%(count)s horror title", "%(count)s horror titles", "count"),
    "musical": ngettext_lazy("%(count)s musical", "%(count)s musicals", "count"),
    "mystery": ngettext_lazy("%(count)s mystery", "%(count)s mysteries", "count"),
    "romance": ngettext_lazy("%(count)s romance", "%(count)s romances", "count"),
    "sci-fi": ngettext_lazy(
        "%(count)s science fiction title", "%(count)s science fiction titles", "count"
    ),
    "thriller": ngettext_lazy("%(count)s thriller", "%(count)s thrillers", "count"),
    "war": ngettext_lazy("%(count)s war title", "%(count)s war titles", "count"),
    "western": ngettext_lazy("%(count)s western", "%(count)s westerns", "count"),
}
OF_MOOD = {
    "tense": ngettext_lazy("%(count)s tense title", "%(count)s tense titles", "count"),
    "warm": ngettext_lazy("%(count)s warm title", "%(count)s warm titles", "count"),
    "playful": ngettext_lazy("%(count)s playful title", "%(count)s playful titles", "count"),
    "dark": ngettext_lazy("%(count)s dark title", "%(count)s dark titles", "count"),
    "epic": ngettext_lazy("%(count)s epic title", "%(count)s epic titles", "count"),
    "tender": ngettext_lazy("%(count)s tender title", "%(count)s tender titles", "count"),
}
SERIES = npgettext_lazy("one or many", "%(count)s series", "%(count)s series", "count")


def titles_of(feature: str, count: int) -> str:
    """Return so many titles of a kind: “2 thrillers”, “1 tense title”, “3 titles before 1960”."""
    kind, _, value = feature.partition(":")
    known = {"series": {"": SERIES}, "genre": OF_GENRE, "mood": OF_MOOD}
    named = known.get(kind, {}).get(value)
    if named is not None:
        return str(named % {"count": count})
    if kind != "era":
        text = ngettext("%(count)s title of %(kind)s", "%(count)s titles of %(kind)s", count)
        return text % {"count": count, "kind": kind_of(feature, {})}
    first, last = (int(year) for year in value.split("-"))
    if first == ERAS[0][0]:
        text = ngettext(
            "%(count)s title from before %(year)s", "%(count)s titles from before %(year)s", count
        )
        return text % {"count": count, "year": last + 1}
    if last == ERAS[-1][1]:
        text = ngettext(
            "%(count)s title from %(year)s or later",
            "%(count)s titles from %(year)s or later",
            count,
        )
        return text % {"count": count, "year": first}
    text = ngettext(
        "%(count)s title of %(first)s–%(last)s", "%(count)s titles of %(first)s–%(last)s", count
    )
    return text % {"count": count, "first": first, "last": last}


def kind_of(feature: str, names: dict[str, str]) -> str:
    """Return a kind by its name: “Genre: War”, “From before 1960”.

    `names` are what the catalogue calls genres and moods, by slug.
    """
    kind, _, value = feature.partition(":")
    if kind == "series":
        return gettext("Series")
    if kind == "genre":
        return gettext("Genre: %(name)s") % {"name": gettext(names.get(value) or value)}
    if kind == "mood":
        return gettext("Mood: %(name)s") % {"name": gettext(names.get(value) or value)}
    first, last = (int(year) for year in value.split("-"))
    if first == ERAS[0][0]:
        return gettext("From before %(year)s") % {"year": last + 1}
    if last == ERAS[-1][1]:
        return gettext("From %(year)s or later") % {"year": first}
    return gettext("From %(first)s to %(last)s") % {"first": first, "last": last}
