"""Build the demo catalogue, in steps that are safe to repeat.

A pool of processes draws and prepares the pictures; they enter by the same action as an editor's
upload. Existing pictures are not drawn again: an interrupted build resumes, and a second build
changes nothing.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from catalog.actions.artwork import approve, set_default, upload_prepared
from catalog.artwork.renditions import Prepared
from catalog.canon import GENRES, MOODS
from catalog.demo.pictures import PicturePlan, plans
from catalog.demo.pool import Job, draw_all
from catalog.demo.story import Story, directors, people, stories
from catalog.demo.words import described
from catalog.models import Artwork, Credit, Episode, Genre, Mood, Person, Season, Title

BuildProgress = Callable[[str, int, int], None]  # (what, done, of how many)

SOURCE = "demo"
# Public ids are derived from names, so that they are the same in every demo.
NAMESPACE = UUID("7b0f4c9a-3a64-4d3c-9f0e-5d0d6f5b2018")
# The first title was added on this day, the others every few days after it.
OPENED = datetime(2025, 1, 6, 9, tzinfo=UTC)
APART = timedelta(days=6, hours=5)
# So many series have a new episode on the day on which the demo is built.
NEW_EPISODES = 7


def build(progress: BuildProgress, *, only: Iterable[str] | None = None) -> None:
    """Build the whole demo catalogue, or only the titles with these slugs. Safe to run again."""
    chosen = [story for story in stories() if only is None or story.slug in set(only)]
    _make_words()
    titles = {}
    for number, story in enumerate(chosen, start=1):
        titles[story.slug] = _make_title(story)
        progress("titles", number, len(chosen))
    _make_pictures(chosen, titles, progress)


def _make_words() -> None:
    for model, names in ((Genre, GENRES), (Mood, MOODS)):
        for slug, name in names.items():
            model.objects.get_or_create(slug=slug, defaults={"name": name})


@transaction.atomic
def _make_title(story: Story) -> Title:
    title, created = Title.objects.get_or_create(
        source=SOURCE,
        source_id=story.slug,
        defaults={
            "slug": _free_slug(story.slug),
            "name": story.name,
            "kind": story.kind,
            "year": story.year,
            "runtime_minutes": story.runtime,
            "maturity": story.maturity,
            "synopsis": story.synopsis,
            "added_at": _added(story),
            "synthetic": True,
        },
    )
    if created:
        title.genres.set(Genre.objects.filter(slug__in=story.genres))
        title.moods.set(Mood.objects.filter(slug__in=story.moods))
        _make_credits(title, story)
        _make_episodes(title, story)
    return title


def _free_slug(slug: str) -> str:
    return f"{slug}-demo" if Title.objects.filter(slug=slug).exists() else slug


def _added(story: Story) -> datetime:
    """Spread the titles over time, in an order unrelated to name and genre."""
    slugs = [other.slug for other in stories()]
    return OPENED + APART * (slugs.index(story.slug) * 29 % len(slugs))


def _make_credits(title: Title, story: Story) -> None:
    for billing, player in enumerate(story.cast, start=1):
        Credit.objects.create(
            title=title,
            person=_person(player.name),
            character=player.character,
            billing=billing,
        )
    Credit.objects.create(title=title, person=_person(story.director), role=Credit.Role.DIRECTOR)


def _person(name: str) -> Person:
    slug = f"demo-{slugify(name.replace('’', ''))}"
    fields = {"name": name, "synthetic": True, "public_id": uuid5(NAMESPACE, slug)}
    return Person.objects.get_or_create(slug=slug, defaults=fields)[0]


def _make_episodes(title: Title, story: Story) -> None:
    episodes = []
    told = zip(story.seasons, story.episodes, strict=True)
    for number, (names, synopses) in enumerate(told, start=1):
        season = Season.objects.create(title=title, number=number)
        episodes += [
            Episode(
                season=season,
                number=at,
                name=name,
                synopsis=synopsis,
                runtime_minutes=story.runtime,
                added_at=title.added_at,
            )
            for at, (name, synopsis) in enumerate(zip(names, synopses, strict=True), start=1)
        ]
    if episodes and (ago := _episode_ago(story)) is not None:
        episodes[-1].added_at = timezone.now() - ago
    Episode.objects.bulk_create(episodes)


def _episode_ago(story: Story) -> timedelta | None:
    """Return how long ago the last episode came, for the series with a new one, or None."""
    series = [other.slug for other in stories() if other.seasons]
    place = series.index(story.slug)
    return timedelta(days=1 + 3 * place) if place < NEW_EPISODES else None


def _make_pictures(
    chosen: Sequence[Story], titles: dict[str, Title], progress: BuildProgress
) -> None:
    total = sum(len(plans(story)) for story in chosen)
    jobs = [job for story in chosen for job in _missing(story, titles[story.slug])]
    moods = {mood.slug: mood for mood in Mood.objects.all()}
    progress("pictures", total - len(jobs), total)
    with closing(draw_all(jobs)) as drawn:
        for number, (job, prepared) in enumerate(zip(jobs, drawn, strict=True), start=1):
            _take_in(titles[job[0].slug], *job, prepared, moods)
            progress("pictures", total - len(jobs) + number, total)


def _missing(story: Story, title: Title) -> list[Job]:
    """Return the pictures that are still to be drawn. The alternative text identifies a picture."""
    existing = set(title.artworks.filter(synthetic=True).values_list("alt", flat=True))
    return [(story, plan) for plan in plans(story) if described(story, plan) not in existing]


@transaction.atomic
def _take_in(
    title: Title, story: Story, plan: PicturePlan, prepared: Prepared, moods: dict[str, Mood]
) -> Artwork:
    """Upload and approve one picture in one transaction."""
    names = [story.cast[at].name for at in plan.shows]
    artwork = upload_prepared(
        title,
        prepared,
        kind=plan.kind,
        by=None,
        now=title.added_at,
        alt=described(story, plan),
        moods=[moods[plan.mood]],
        depicted=Person.objects.filter(credits__title=title, name__in=names).distinct(),
        synthetic=True,
    )
    approve(artwork, by=None, now=title.added_at)
    if plan.number == 0:
        set_default(artwork, by=None)
    return artwork


def counts() -> dict[str, int]:
    """Return how many titles, people and pictures the complete demo catalogue has."""
    return {
        "titles": len(stories()),
        "people": len(people()) + len(directors()),
        "pictures": sum(len(plans(story)) for story in stories()),
    }
