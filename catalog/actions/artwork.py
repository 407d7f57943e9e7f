"""What can be done with artwork: upload, annotate, approve, reject, withdraw, make the default.

Each action first checks that the account may do it (`by` is None for commands:
the demo and the importers). Then it locks the title's row and after it the
artwork's, always in this order, so that two actions cannot deadlock. An action
that changes what may be chosen raises the `ArtworkRevision` in the same
transaction, so that a process which keeps artworks in memory sees both or neither.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F

from catalog.actions import artwork_files
from catalog.artwork.refusals import ArtworkRefused
from catalog.artwork.renditions import DEFAULT_FOCAL, Prepared, prepare
from catalog.models import Account, Artwork, ArtworkRevision, Credit, Mood, Person, Title
from catalog.models.naming import is_visible

By = Account | AnonymousUser | None

State = Artwork.State
# The states from which each step may be taken; any other is refused by name.
MAY_BECOME = {
    State.APPROVED: {State.PENDING, State.REJECTED, State.WITHDRAWN},
    State.REJECTED: {State.PENDING},
    State.WITHDRAWN: {State.APPROVED},
}
SHOWS_CAST = {Artwork.Kind.LEAD, Artwork.Kind.ENSEMBLE, Artwork.Kind.SUPPORTING}


RECAST = "Who can be seen was changed after approval."


class NotPossible(Exception):
    """The request contradicts the data. `str()` of it is shown to the person who made it."""


class LastApproved(NotPossible):
    """The title would have no approved artwork left, and the request did not say that it may."""

    def __init__(self, title: Title) -> None:
        super().__init__(
            f"This is the only approved artwork of {title.name}. Without it, pages show the "
            "title's name in letters. Confirm this first."
        )


class AlreadyUploaded(ArtworkRefused):
    """The title has this file already, as `existing`."""

    def __init__(self, existing: Artwork) -> None:
        super().__init__(
            f"This title has this very picture already: artwork {existing.pk} "
            f"({existing.get_state_display().lower()})."
        )
        self.existing = existing


def check_may_add(by: By) -> None:
    _check(by, "catalog.add_artwork")


def check_may_change(by: By) -> None:
    _check(by, "catalog.change_artwork")


def upload(
    title: Title,
    data: bytes,
    *,
    kind: str,
    by: By,
    now: datetime,
    alt: str = "",
    moods: Iterable[Mood] = (),
    depicted: Iterable[Person] = (),
    focal: tuple[float, float] = DEFAULT_FOCAL,
    name: str = "",
    content_type: str = "",
    synthetic: bool = False,
) -> Artwork:
    """Store a file as artwork that waits for review.

    `focal` is where the crop is centred, as shares of width and height.
    `name` and `content_type` are the sender's claims. Raises the `ArtworkRefused`
    that says why the file cannot be artwork, and `NotPossible` where the
    annotation contradicts the title's credits. Nothing is stored then.
    """
    check_may_add(by)
    prepared = prepare(
        data,
        focal=focal,
        max_bytes=settings.MAX_UPLOAD_BYTES,
        max_pixels=settings.MAX_UPLOAD_PIXELS,
        name=name,
        content_type=content_type,
    )
    return upload_prepared(
        title,
        prepared,
        kind=kind,
        by=by,
        now=now,
        alt=alt,
        moods=moods,
        depicted=depicted,
        synthetic=synthetic,
    )


def upload_prepared(
    title: Title,
    prepared: Prepared,
    *,
    kind: str,
    by: By,
    now: datetime,
    alt: str = "",
    moods: Iterable[Mood] = (),
    depicted: Iterable[Person] = (),
    synthetic: bool = False,
) -> Artwork:
    """Do the same with a picture that was prepared elsewhere (in a pool of processes)."""
    check_may_add(by)
    moods, depicted = list(moods), list(depicted)
    _check_kind(kind)
    _check_credited(title, depicted)
    existing = Artwork.objects.filter(title=title, sha256=prepared.facts.sha256).first()
    if existing:
        raise AlreadyUploaded(existing)
    # Files first, so that no row points to a missing file. If a crash leaves a file without
    # a row, the next try finds it by its digest and uses it.
    stored = artwork_files.store(prepared)
    artwork = Artwork(
        title=title,
        kind=kind,
        alt=alt.strip(),
        state=State.PENDING,
        uploaded_by=by if isinstance(by, Account) else None,
        uploaded_at=now,
        synthetic=synthetic,
        **stored,
    )
    try:
        with transaction.atomic():
            artwork.save(force_insert=True)
            artwork.moods.set(moods)
            artwork.depicted.set(depicted)
    except IntegrityError:
        # The same file was uploaded twice at once, and the other upload was first.
        raise AlreadyUploaded(
            Artwork.objects.get(title=title, sha256=prepared.facts.sha256)
        ) from None
    return artwork


def approve(artwork: Artwork, *, by: By, now: datetime) -> Artwork:
    """Let an artwork be chosen from now on, also one that was rejected or withdrawn before."""
    check_may_change(by)

    def change(locked: Artwork) -> None:
        _check_ready(locked)
        locked.approved_at, locked.withdrawn_at, locked.state_reason = now, None, ""

    return _do_transition(artwork, State.APPROVED, change)


def reject(artwork: Artwork, *, reason: str, by: By, now: datetime) -> Artwork:
    """Reject an artwork that waits for review, and say why."""
    check_may_change(by)
    return _do_transition(artwork, State.REJECTED, _because(reason))


def withdraw(
    artwork: Artwork, *, reason: str, by: By, now: datetime, may_be_last: bool = False
) -> Artwork:
    """Take an approved artwork off every page at once, and say why.

    Raises `LastApproved` where the title would have no approved artwork left,
    unless `may_be_last` says that this was confirmed.
    """
    check_may_change(by)
    because = _because(reason)

    def change(locked: Artwork) -> None:
        because(locked)
        locked.withdrawn_at = now
        others = Artwork.objects.filter(title=locked.title_id, state=State.APPROVED)
        if not may_be_last and not others.exclude(pk=locked.pk).exists():
            raise LastApproved(locked.title)
        Title.objects.filter(default_artwork=locked).update(default_artwork=None)

    return _do_transition(artwork, State.WITHDRAWN, change)


def annotate(
    artwork: Artwork,
    *,
    kind: str,
    alt: str,
    moods: Iterable[Mood],
    depicted: Iterable[Person],
    focal: tuple[float, float],
    by: By,
) -> Artwork:
    """Say what an artwork shows, and where its centre is: another centre makes new renditions.

    What is the same as before is not written. An approved artwork whose depicted
    cast changes waits for review again and is no longer shown, because the audit
    rests on that cast.
    """
    check_may_change(by)
    moods, depicted = set(moods), set(depicted)
    _check_kind(kind)
    # Made before the rows are locked: it takes a tenth of a second.
    stored = artwork_files.recrop(artwork, focal)
    with transaction.atomic():
        title, locked = _lock(artwork)
        moods_before, cast_before = set(locked.moods.all()), set(locked.depicted.all())
        _check_credited(title, depicted - cast_before)
        was_approved = locked.state == State.APPROVED
        same_words = alt.strip() == locked.alt.strip()
        fields = {"kind": kind, "alt": locked.alt if same_words else alt.strip(), **stored}
        if was_approved and cast_before != depicted:
            fields |= {"state": State.PENDING, "state_reason": RECAST, "approved_at": None}
            Title.objects.filter(default_artwork=locked).update(default_artwork=None)
        changed = _set_changed(locked, fields)
        if not changed and (moods_before, cast_before) == (moods, depicted):
            return locked
        if locked.state == State.APPROVED:
            _check_ready(locked)
        if changed:
            locked.save(update_fields=changed)
        locked.moods.set(moods)
        locked.depicted.set(depicted)
        if was_approved:
            raise_revision()
    return locked


def _set_changed(artwork: Artwork, fields: dict[str, Any]) -> list[str]:
    """Set the fields whose value is another than before, and return their names."""
    changed = [name for name, value in fields.items() if getattr(artwork, name) != value]
    for name in changed:
        setattr(artwork, name, fields[name])
    return changed


def set_default(artwork: Artwork, *, by: By) -> Artwork:
    """Make an approved artwork the one that is shown where no choice is made."""
    check_may_change(by)
    with transaction.atomic():
        title, locked = _lock(artwork)
        if locked.state != State.APPROVED:
            raise NotPossible("Only approved artwork can be the default. Approve it first.")
        title.default_artwork = locked
        title.save(update_fields=["default_artwork"])
        raise_revision()
    return locked


def _do_transition(artwork: Artwork, to: State, change: Callable[[Artwork], None]) -> Artwork:
    with transaction.atomic():
        _, locked = _lock(artwork)
        if locked.state not in MAY_BECOME[to]:
            raise NotPossible(
                f"This artwork is {locked.get_state_display().lower()}; "
                f"it cannot become {to.label.lower()}."
            )
        locked.state = to
        change(locked)
        locked.save()
        raise_revision()
    return locked


def _because(reason: str) -> Callable[[Artwork], None]:
    words = reason.strip()
    if not is_visible(words):
        raise NotPossible("Say why. Whoever uploaded the picture will read it.")
    if len(words) > 300:
        raise NotPossible("The reason is too long: at most 300 characters.")

    def change(locked: Artwork) -> None:
        locked.state_reason = words

    return change


def _lock(artwork: Artwork) -> tuple[Title, Artwork]:
    title = Title.objects.select_for_update().get(pk=artwork.title_id)
    return title, Artwork.objects.select_for_update().get(pk=artwork.pk)


def raise_revision() -> None:
    """Count one change of what may be chosen. Call it in the transaction of that change."""
    counter = ArtworkRevision.objects.filter(pk=1)
    if not counter.update(number=F("number") + 1):
        ArtworkRevision.objects.get_or_create(pk=1)
        counter.update(number=F("number") + 1)


def _check(by: By, permission: str) -> None:
    if by is not None and not (by.is_active and by.has_perm(permission)):
        raise PermissionDenied(f"This needs the permission {permission}.")


def _check_kind(kind: str) -> None:
    if kind not in Artwork.Kind.values:
        raise NotPossible(f"There is no kind of artwork called {kind!r}.")


def _check_credited(title: Title, depicted: Iterable[Person]) -> None:
    credited = set(
        Credit.objects.filter(title=title, role=Credit.Role.CAST).values_list("person", flat=True)
    )
    strangers = sorted(person.name for person in depicted if person.pk not in credited)
    if strangers:
        raise NotPossible(
            f"{', '.join(strangers)} {'is' if len(strangers) == 1 else 'are'} not in the cast of "
            f"{title.name}. Add the credit first."
        )


def _check_ready(artwork: Artwork) -> None:
    """Approved artwork is described, and says whom it shows if its kind is about people."""
    if not is_visible(artwork.alt):
        raise NotPossible("Approved artwork needs a description, in words, of what it shows.")
    if artwork.kind in SHOWS_CAST and not artwork.depicted.exists():
        raise NotPossible(
            f"Select who can be seen: the kind “{artwork.get_kind_display()}” is about people."
        )
