"""The people depicted on the slate, with their billing and their share of the title."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np

from audits.metrics import depicted, prominence
from audits.metrics.refusals import Bools, Floats, Ints
from catalog.models import Person
from catalog.queries import as_of


@dataclass(frozen=True)
class Cast:
    """One row for each person depicted in one of A artworks (D,).

    `artwork` is the artwork's place on the slate, `share` the person's q_c in the title.
    """

    artworks: int
    artwork: Ints
    people: list[UUID]
    share: Floats
    billing: Ints

    def digest(self) -> str:
        """Return one SHA-256 over everybody depicted, with billing and share, in hex."""
        made = hashlib.sha256(b"".join(person.bytes for person in self.people))
        for column in (self.artwork, self.billing, self.share):
            made.update(column.tobytes())
        return made.hexdigest()

    def prominence(self) -> prominence.ArtworkProminence:
        """Return how prominent each artwork's people are."""
        return prominence.artwork_prominence(
            artworks=self.artworks, artwork=self.artwork, share=self.share, billing=self.billing
        )

    def share_of(self, members: set[UUID]) -> Floats:
        """Return f_r(a), the share of each artwork's people who are among `members`: (A,)."""
        return depicted.depicted_share(
            artworks=self.artworks, artwork=self.artwork, of_class=self._among(members)
        )

    def led_by(self, members: set[UUID]) -> Bools:
        """Return whether each artwork's best-billed person is among `members`: (A,)."""
        return depicted.led_by_class(
            artworks=self.artworks,
            artwork=self.artwork,
            billing=self.billing,
            of_class=self._among(members),
        )

    def _among(self, members: set[UUID]) -> Bools:
        return np.array([person in members for person in self.people], dtype=np.bool_)


def read(artwork_ids: Ints, title_ids: Ints, *, at: datetime) -> Cast | None:
    """Return who was depicted at `at`, or None if nobody was depicted at all.

    People whom an artwork depicts and the title does not credit in its cast are left out.

    Args:
        artwork_ids, title_ids: (A,) the artworks and their titles.
    """
    place = {int(artwork): row for row, artwork in enumerate(artwork_ids)}
    shown = [pair for pair in as_of.depictions(at) if pair[0] in place]
    cast = _billed({int(title_ids[place[artwork]]) for artwork, _ in shown}, at)
    rows = [
        (place[artwork], *cast[int(title_ids[place[artwork]]), person])
        for artwork, person in shown
        if (int(title_ids[place[artwork]]), person) in cast
    ]
    if not rows:
        return None
    where, people, share, billing = (list(column) for column in zip(*rows, strict=True))
    return Cast(
        artworks=len(artwork_ids),
        artwork=np.array(where, dtype=np.int64),
        people=people,
        share=np.array(share, dtype=np.float64),
        billing=np.array(billing, dtype=np.int64),
    )


def _billed(titles: set[int], at: datetime) -> dict[tuple[int, int], tuple[UUID, float, int]]:
    """Return (public id, q_c, billing) of each (title, person) of the titles' casts.

    Somebody who has been deleted since is still counted, under an id that nobody else has.
    """
    credits = [row for row in as_of.cast(at) if row[0] in titles]
    if not credits:
        return {}
    known = dict(Person.objects.values_list("pk", "public_id"))
    shares = prominence.billing_shares(
        titles=[title for title, *_ in credits],
        billing=[billing for _, billing, *_ in credits],
        screen_time=[np.nan if time is None else time for *_, time in credits],
    )
    return {
        (title, person): (known.get(person, UUID(int=person)), float(share), billing)
        for (title, billing, _, person, _), share in zip(credits, shares, strict=True)
    }
