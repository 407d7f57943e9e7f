"""The canonical genres and moods. The feature manifest names the same slugs.

Their names are in the database, in English; pages translate them.
"""


def _(name: str) -> str:
    """Mark a name for translation, as Django's marker does, which needs settings."""
    return name


GENRES = {
    "action": _("Action"),
    "adventure": _("Adventure"),
    "animation": _("Animation"),
    "childrens": _("Children’s"),
    "comedy": _("Comedy"),
    "crime": _("Crime"),
    "documentary": _("Documentary"),
    "drama": _("Drama"),
    "fantasy": _("Fantasy"),
    "film-noir": _("Film noir"),
    "horror": _("Horror"),
    "musical": _("Musical"),
    "mystery": _("Mystery"),
    "romance": _("Romance"),
    "sci-fi": _("Science fiction"),
    "thriller": _("Thriller"),
    "war": _("War"),
    "western": _("Western"),
}
MOODS = {
    "tense": _("Tense"),
    "warm": _("Warm"),
    "playful": _("Playful"),
    "dark": _("Dark"),
    "epic": _("Epic"),
    "tender": _("Tender"),
}
