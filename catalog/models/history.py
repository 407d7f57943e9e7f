"""Who changed what. Database triggers write the events, so that bulk updates are recorded too.

Each event copies the fields of its row, outlives the row, and can be neither
changed nor deleted. The depicted casts, genres and moods are recorded because audits read the
catalogue as of an instant.
"""

from typing import Any

from django.db import models
from pghistory import (
    AnyChange,
    DeleteEvent,
    InsertEvent,
    ObjForeignKey,
    Old,
    Statement,
    UpdateEvent,
    create_event_model,
)

from catalog.models.artwork import Artwork
from catalog.models.people import Credit
from catalog.models.titles import Title
from catalog.models.viewers import Viewer


def _events(model: Any, name: str, *trackers: Any, **options: Any) -> Any:
    options.setdefault("obj_field", ObjForeignKey(related_name="+"))
    trackers = trackers or (InsertEvent(), UpdateEvent(), DeleteEvent())
    return create_event_model(
        model,
        *trackers,
        append_only=True,
        level=Statement,
        meta={"verbose_name": name},
        **options,
    )


class Depiction(Artwork.depicted.through):  # type: ignore[name-defined, misc]
    """One person seen in one artwork: the row of the many-to-many, so that events can record it."""

    class Meta:
        proxy = True


class TitleGenre(Title.genres.through):  # type: ignore[name-defined, misc]
    """One genre of one title."""

    class Meta:
        proxy = True


class TitleMood(Title.moods.through):  # type: ignore[name-defined, misc]
    """One mood of one title."""

    class Meta:
        proxy = True


class ArtworkMood(Artwork.moods.through):  # type: ignore[name-defined, misc]
    """One mood of one artwork."""

    class Meta:
        proxy = True


_of_titles = _events(
    Title, "change of a title", exclude=["search_key", "synthetic", "source", "source_id"]
)
_of_credits = _events(Credit, "change of a credit")
_of_depictions = _events(
    Depiction, "change of a depicted cast", InsertEvent(), DeleteEvent(), obj_field=None
)
_of_title_genres = _events(
    TitleGenre, "change of a title's genres", InsertEvent(), DeleteEvent(), obj_field=None
)
_of_title_moods = _events(
    TitleMood, "change of a title's moods", InsertEvent(), DeleteEvent(), obj_field=None
)
_of_artwork_moods = _events(
    ArtworkMood, "change of an artwork's moods", InsertEvent(), DeleteEvent(), obj_field=None
)
_of_artwork = _events(
    Artwork,
    "change of an artwork",
    # Derived from the file, whose digest is recorded.
    exclude=["original", "perceptual_hash", "placeholder", "renditions", "width", "height"],
)


class TitleEvent(_of_titles):  # type: ignore[valid-type, misc]
    pass


class CreditEvent(_of_credits):  # type: ignore[valid-type, misc]
    pass


class ArtworkEvent(_of_artwork):  # type: ignore[valid-type, misc]
    pass


class DepictionEvent(_of_depictions):  # type: ignore[valid-type, misc]
    pass


class TitleGenreEvent(_of_title_genres):  # type: ignore[valid-type, misc]
    pass


class TitleMoodEvent(_of_title_moods):  # type: ignore[valid-type, misc]
    pass


class ArtworkMoodEvent(_of_artwork_moods):  # type: ignore[valid-type, misc]
    pass


# What a profile's settings were before each change. The rows go with the profile.
_of_viewers: Any = create_event_model(
    Viewer,
    UpdateEvent(condition=AnyChange("is_child", "personalised"), row=Old),
    fields=["is_child", "personalised"],
    obj_field=ObjForeignKey(related_name="+", on_delete=models.CASCADE, db_constraint=True),
    context_field=None,  # type: ignore[arg-type]
    level=Statement,
    meta={"verbose_name": "former settings of a viewer"},
)


class ViewerSettings(_of_viewers):  # type: ignore[misc]
    pass
