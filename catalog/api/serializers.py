"""The catalogue's rows in the API. Only for reading; actions write."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog.models import Credit, Episode, Genre, Mood, Title, Viewer, WatchEvent
from catalog.queries.home_rows import HomeRow
from catalog.requests import viewer_in
from catalog.sections import SECTIONS
from catalog.views.tiles import ChosenArtwork

Origin = WatchEvent.Origin
ROW_KINDS = [*SECTIONS, "more"]

# Where a view puts what it chose or fetched, for the serializers to read.
CHOSEN = "chosen"
EPISODES = "episodes"


class ShownPictureSerializer(serializers.Serializer):
    """A picture in all its sizes."""

    src = serializers.CharField(help_text="A good size for a tile.")
    srcset = serializers.CharField(help_text="All sizes as WebP, as an HTML srcset.")
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    alt = serializers.CharField(help_text="What it shows, in words.")
    placeholder = serializers.CharField(help_text="A data: URI of a few pixels.")
    lettered = serializers.BooleanField(help_text="Whether the title's name can be read in it.")
    avif = serializers.CharField(
        help_text="The sizes for tiles as AVIF, as an HTML srcset. Empty where there are none."
    )


class PictureSerializer(ShownPictureSerializer):
    """The artwork chosen for the current profile."""

    token = serializers.CharField(
        help_text="Report it to /api/v1/seen/ once at least half of the picture was visible for a "
        "second. Empty where seeing it is not credited."
    )


class GenreSerializer(serializers.ModelSerializer):
    class Meta:
        model = Genre
        fields = ["slug", "name"]


class MoodSerializer(serializers.ModelSerializer):
    class Meta:
        model = Mood
        fields = ["slug", "name"]


class TitleSerializer(serializers.ModelSerializer):
    """A title with what a tile shows."""

    artwork = serializers.SerializerMethodField()

    class Meta:
        model = Title
        fields = [
            *("id", "slug", "name", "kind", "year", "runtime_minutes", "maturity", "synthetic"),
            "artwork",
        ]

    @extend_schema_field(PictureSerializer(allow_null=True))
    def get_artwork(self, title: Title) -> dict[str, Any] | None:
        chosen: ChosenArtwork = self.context[CHOSEN]
        tile = chosen.tile(title, origin=self.context["origin"])
        return {**_fields(tile.picture), "token": tile.token} if tile.picture else None


def _fields(picture: Any) -> dict[str, Any]:
    return {name: getattr(picture, name) for name in picture.__slots__}


class CreditSerializer(serializers.ModelSerializer):
    slug = serializers.CharField(source="person.slug")
    name = serializers.CharField(source="person.name")

    class Meta:
        model = Credit
        fields = ["slug", "name", "role", "character", "billing"]


class EpisodeSerializer(serializers.ModelSerializer):
    season = serializers.IntegerField(source="season.number")

    class Meta:
        model = Episode
        fields = ["id", "season", "number", "name", "synopsis", "runtime_minutes"]


class StorySerializer(TitleSerializer):
    """A title with everything that its page shows."""

    genres = GenreSerializer(many=True)
    moods = serializers.SlugRelatedField("slug", many=True, read_only=True)  # type: ignore[var-annotated]
    credits = CreditSerializer(many=True, help_text="The cast in billing order, then the crew.")
    episodes = serializers.SerializerMethodField(
        help_text="In viewing order, the specials (season 0) last; empty for a film."
    )

    class Meta(TitleSerializer.Meta):
        fields = [
            *TitleSerializer.Meta.fields,
            *("synopsis", "genres", "moods", "credits", "episodes"),
        ]

    @extend_schema_field(EpisodeSerializer(many=True))
    def get_episodes(self, title: Title) -> list[dict[str, Any]]:
        return list(EpisodeSerializer(self.context[EPISODES], many=True).data)


class PersonSerializer(serializers.Serializer):
    """A person, with the credits that the current profile may see."""

    slug = serializers.CharField()
    name = serializers.CharField()
    synthetic = serializers.BooleanField()


class PersonCreditSerializer(serializers.ModelSerializer):
    title = TitleSerializer()

    class Meta:
        model = Credit
        fields = ["role", "character", "billing", "title"]


class PersonStorySerializer(PersonSerializer):
    credits = PersonCreditSerializer(many=True, help_text="Newest title first.")


class SearchResultsSerializer(serializers.Serializer):
    titles = TitleSerializer(many=True, help_text="Nearest first.")
    people = PersonSerializer(many=True)
    genres = GenreSerializer(many=True)
    moods = MoodSerializer(many=True)


class ProgressSerializer(serializers.Serializer):
    """Where to resume."""

    position_seconds = serializers.IntegerField()
    runtime_seconds = serializers.IntegerField(
        allow_null=True, help_text="Null where the runtime is unknown."
    )
    episode = EpisodeSerializer(allow_null=True)


class RowSerializer(serializers.Serializer):
    """One row of home.

    * `continue`: begun and not finished; `progress` says where to resume.
    * `list`: what the profile put on its list, the newest first.
    * `because`: like the title that the profile watched last, which `about` names.
    * `popular`: what most people watch now, in that order. Ten at most.
    * `episodes`: series with a new episode.
    * `new`: the newest titles.
    * `also`: what people watch who liked or watched the title that `about` names.
    * `genre`: titles of the genre that `about` names.
    * `more`: titles that no other row shows.
    """

    kind = serializers.ChoiceField(ROW_KINDS)
    about = serializers.CharField(help_text="The title watched or liked before, or the genre.")
    from_ratings = serializers.BooleanField(
        help_text="Of `also`: those people rated the title. Otherwise they watched it."
    )
    joins = serializers.BooleanField(
        help_text="The page shows this row in one strip with the row before, because either is "
        "short."
    )
    titles = serializers.SerializerMethodField()

    @extend_schema_field(TitleSerializer(many=True))
    def get_titles(self, row: HomeRow) -> list[dict[str, Any]]:
        # Resuming is not credited to a picture, so seeing one there is not reported.
        origin = Origin.CONTINUE if row.kind == "continue" else Origin.HOME
        context = {**self.context, "origin": origin}
        return list(TitleSerializer(row.titles, many=True, context=context).data)


class ContinueSerializer(serializers.Serializer):
    title = serializers.CharField(help_text="A title's slug.")
    progress = ProgressSerializer()


class HomeSerializer(serializers.Serializer):
    billboard = TitleSerializer(allow_null=True)
    rows = RowSerializer(many=True)
    progress = ContinueSerializer(many=True, help_text="Where to resume the titles to continue.")


class ProfileSerializer(serializers.ModelSerializer):
    maturity_limit = serializers.IntegerField(help_text="The highest rating that it may see.")
    current = serializers.SerializerMethodField()

    class Meta:
        model = Viewer
        fields = [
            *("public_id", "name", "is_child", "maturity_limit", "asks_pin", "language", "theme"),
            *("personalised", "synthetic", "current"),
        ]
        read_only_fields = fields

    def get_current(self, viewer: Viewer) -> bool:
        return viewer_in(self.context["request"]) == viewer


class WatchedTitleSerializer(serializers.ModelSerializer):
    class Meta:
        model = Title
        fields = ["id", "slug", "name"]


class WatchEventSerializer(serializers.ModelSerializer):
    title = WatchedTitleSerializer()
    episode = EpisodeSerializer(allow_null=True)

    class Meta:
        model = WatchEvent
        fields = [
            *("play_id", "title", "episode", "origin", "started_at", "last_at"),
            *("position_seconds", "watched_seconds", "quality_at", "finished"),
        ]
        read_only_fields = fields
