"""Who changed what. Database triggers write the events, so that bulk updates are recorded too.

Each event copies the fields of its row, outlives the row, and can be neither
changed nor deleted. The depicted cast is recorded because audits rely on it.
"""

from typing import Any

from pghistory import (
    DeleteEvent,
    InsertEvent,
    ObjForeignKey,
    Statement,
    UpdateEvent,
    create_event_model,
)

from catalog.models.artwork import Artwork
from catalog.models.people import Credit
from catalog.models.titles import Title


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


_of_titles = _events(
    Title, "change of a title", exclude=["search_key", "synthetic", "source", "source_id"]
)
_of_credits = _events(Credit, "change of a credit")
_of_depictions = _events(
    Depiction, "change of a depicted cast", InsertEvent(), DeleteEvent(), obj_field=None
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
