"""Titles: films and series, with the words that describe them."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.models.maturity import Maturity
from catalog.models.naming import validate_name
from catalog.models.opinions import HiddenTitle
from catalog.models.searching import search_indexes, search_key
from catalog.models.viewers import Viewer


class DescribingWord(models.Model):
    """A word that describes titles, and that they share."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=60, validators=[validate_name])
    search_key = search_key()

    class Meta:
        abstract = True
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Genre(DescribingWord):
    pass


class Mood(DescribingWord):
    pass


class TitleQuerySet(models.QuerySet["Title"]):
    def visible_to(self, viewer: Viewer) -> "TitleQuerySet":
        """Keep the titles that this viewer may see: published, and rated for children if it is one.

        Every page, search and endpoint for viewers starts here.
        """
        return self.filter(published=True, maturity__lte=viewer.maturity_limit)

    def offered_to(self, viewer: Viewer) -> "TitleQuerySet":
        """Keep the titles that may be offered to this viewer: visible, and not hidden by them.

        Rows, lists and results start here. A title's own page does not: a link to it still works.
        """
        hidden = HiddenTitle.objects.filter(viewer=viewer, title=models.OuterRef("pk"))
        return self.visible_to(viewer).exclude(models.Exists(hidden))


class Title(models.Model):
    class Kind(models.TextChoices):
        FILM = "film", _("Film")
        SERIES = "series", _("Series")

    slug = models.SlugField(max_length=120, unique=True)
    name = models.CharField(max_length=200, validators=[validate_name])
    search_key = search_key()
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.FILM)
    year = models.PositiveSmallIntegerField()
    runtime_minutes = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        default=100,
        validators=[MinValueValidator(1)],
        help_text="Of the film, or of a typical episode. Leave it empty if it is unknown.",
    )
    maturity = models.PositiveSmallIntegerField(choices=Maturity, default=Maturity.ALL)
    synopsis = models.TextField(blank=True)
    genres = models.ManyToManyField(Genre, related_name="titles")
    moods = models.ManyToManyField(Mood, related_name="titles", blank=True)
    default_artwork = models.ForeignKey(
        "catalog.Artwork",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The editor's choice. Shown wherever no other artwork is chosen.",
    )
    published = models.BooleanField(default=True)
    added_at = models.DateTimeField()
    synthetic = models.BooleanField(default=False, help_text="Invented for the demo.")
    source = models.CharField(max_length=20, blank=True, help_text="The importer that added it.")
    source_id = models.CharField(max_length=40, blank=True)

    objects = TitleQuerySet.as_manager()

    class Meta:
        ordering = ["name", "year"]
        indexes = [
            models.Index(fields=["-added_at"], name="title_newest"),
            *search_indexes("title"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_id"],
                condition=~models.Q(source=""),
                name="title_once_per_source",
            ),
            models.CheckConstraint(
                condition=models.Q(runtime_minutes__gte=1), name="title_runtime_from_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.year})"

    # A page of tiles asks for these two hundreds of times, and Django's own way builds a new
    # dictionary of all choices for each.
    def get_kind_display(self) -> str:  # type: ignore[no-redef]
        return str(KIND_WORDS.get(self.kind, self.kind))

    def get_maturity_display(self) -> str:  # type: ignore[no-redef]
        return str(MATURITY_WORDS.get(self.maturity, self.maturity))


KIND_WORDS = dict(Title.Kind.choices)
MATURITY_WORDS = dict(Maturity.choices)
SPECIALS = 0  # the number of the season that holds the specials


class Season(models.Model):
    title = models.ForeignKey(Title, on_delete=models.CASCADE, related_name="seasons")
    number = models.PositiveSmallIntegerField(help_text="0 holds the specials.")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["title", "number"], name="season_once_per_title")
        ]

    def __str__(self) -> str:
        if self.number == SPECIALS:
            return gettext("Specials")
        return gettext("Season %(number)s") % {"number": self.number}


class EpisodeQuerySet(models.QuerySet["Episode"]):
    def in_viewing_order(self) -> "EpisodeQuerySet":
        """Order by title, then as people watch: season by season, the specials last."""
        specials = models.Q(season__number=SPECIALS)
        return self.order_by(
            "season__title",
            models.Case(models.When(specials, then=1), default=0),
            "season__number",
            "number",
        )


class Episode(models.Model):
    season = models.ForeignKey(Season, on_delete=models.CASCADE, related_name="episodes")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200, validators=[validate_name])
    synopsis = models.TextField(blank=True)
    runtime_minutes = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        default=45,
        validators=[MinValueValidator(1)],
        help_text="Leave it empty if it is unknown.",
    )
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = EpisodeQuerySet.as_manager()

    class Meta:
        ordering = ["season__number", "number"]
        indexes = [models.Index(fields=["-added_at"], name="episode_newest")]
        constraints = [
            models.UniqueConstraint(fields=["season", "number"], name="episode_once_per_season"),
            models.CheckConstraint(
                condition=models.Q(runtime_minutes__gte=1), name="episode_runtime_from_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"

    @property
    def is_special(self) -> bool:
        return self.season.number == SPECIALS

    @property
    def label(self) -> str:
        """The episode in words: Season 1, episode 2; or Special 2."""
        if self.is_special:
            return self.code
        numbers = {"season": self.season.number, "episode": self.number}
        return gettext("Season %(season)s, episode %(episode)s") % numbers

    @property
    def code(self) -> str:
        """The episode in a few letters: S1 E2, or Special 2."""
        if self.is_special:
            return gettext("Special %(number)s") % {"number": self.number}
        numbers = {"season": self.season.number, "episode": self.number}
        return gettext("S%(season)s E%(episode)s") % numbers
