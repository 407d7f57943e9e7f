import pytest
from django.contrib.auth.models import AnonymousUser, Permission
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages

from catalog.actions import artwork as actions
from catalog.artwork import refusals
from catalog.artwork.renditions import prepare
from catalog.models import Artwork, ArtworkEvent, ArtworkRevision, Credit, DepictionEvent
from tests.catalog.artwork.pictures import picture, png_that_claims
from tests.factories import (
    NOW,
    make_account,
    make_artwork,
    make_credit,
    make_mood,
    make_person,
    make_title,
)

pytestmark = pytest.mark.django_db


def make_editor():
    editor = make_account()
    editor.user_permissions.set(
        Permission.objects.filter(codename__in=["add_artwork", "change_artwork"])
    )
    return editor


def upload(title, data=None, **options):
    options = {"kind": "scene", "by": None, "now": NOW, "alt": "A street at night."} | options
    return actions.upload(title, picture() if data is None else data, **options)


def revision():
    return getattr(ArtworkRevision.objects.first(), "number", 0)


def content(storage, name):
    with storage.open(name) as file:
        return file.read()


def files(storage):
    return [name for folder in storage.listdir("")[0] for name in storage.listdir(folder)[1]]


class TestUpload:
    def test_it_stores_the_file_its_renditions_and_its_facts(self):
        title, person = make_title(), make_person()
        make_credit(title, person=person)
        editor = make_editor()
        artwork = upload(title, kind="lead", depicted=[person], by=editor, focal=(0.25, 0.5))
        artwork.refresh_from_db()
        assert (artwork.state, artwork.uploaded_by, artwork.uploaded_at) == ("pending", editor, NOW)
        assert (artwork.width, artwork.height) == (1280, 720)
        assert (artwork.focal_x, artwork.focal_y) == (0.25, 0.5)
        assert list(artwork.depicted.all()) == [person]
        assert content(storages["originals"], artwork.original.name) == picture()
        assert [rendition["width"] for rendition in artwork.renditions] == [
            320,
            640,
            1280,
            320,
            640,
        ]
        assert all(default_storage.exists(rendition["name"]) for rendition in artwork.renditions)
        assert artwork.placeholder.startswith("data:image/webp;base64,")

    @pytest.mark.parametrize(
        ("data", "refusal"),
        [
            (b"", refusals.Empty),
            (b"\n", refusals.NotAPicture),
            (picture()[:3000], refusals.Damaged),
            (png_that_claims(30_000, 30_000), refusals.TooLarge),
        ],
    )
    def test_it_stores_nothing_of_what_it_refuses(self, tmp_path, data, refusal):
        with pytest.raises(refusal):
            upload(make_title(), data)
        assert not Artwork.objects.exists()
        assert not [path for path in tmp_path.rglob("*") if path.is_file()]

    def test_it_keeps_to_this_copys_limits(self, settings):
        settings.MAX_UPLOAD_PIXELS = 640 * 360
        upload(make_title(), picture(640, 360))
        with pytest.raises(refusals.TooLarge):
            upload(make_title(), picture(641, 360))

    def test_it_refuses_the_same_file_twice_for_a_title_and_says_which(self):
        title = make_title()
        first = upload(title)
        with pytest.raises(actions.AlreadyUploaded, match=f"artwork {first.pk}") as refusal:
            upload(title)
        assert refusal.value.existing == first
        assert upload(make_title()).sha256 == first.sha256

    def test_it_keeps_one_copy_of_a_file_that_two_titles_share(self):
        upload(make_title())
        upload(make_title())
        assert len(files(storages["originals"])) == 1
        assert len(files(default_storage)) == 5

    def test_it_mends_a_file_whose_writer_was_killed(self):
        prepared = prepare(picture())
        first, *_ = prepared.renditions
        default_storage.save(first.name, ContentFile(first.data[:100]))
        artwork = upload(make_title())
        assert artwork.renditions[0]["name"] == first.name
        assert content(default_storage, first.name) == first.data

    def test_it_refuses_who_is_not_in_the_cast(self):
        title, writer = make_title(), make_person(name="Ada Quill")
        make_credit(title, person=writer, role=Credit.Role.WRITER)
        with pytest.raises(actions.NotPossible, match="Ada Quill is not in the cast"):
            upload(title, depicted=[writer])
        assert not Artwork.objects.exists()

    def test_it_refuses_a_kind_that_there_is_not(self):
        with pytest.raises(actions.NotPossible, match="poster"):
            upload(make_title(), kind="poster")

    @pytest.mark.parametrize("who", [AnonymousUser, make_account])
    def test_it_refuses_who_may_not(self, who):
        with pytest.raises(PermissionDenied):
            upload(make_title(), by=who())

    def test_it_refuses_an_editor_whose_account_was_closed(self):
        editor = make_editor()
        editor.is_active = False
        with pytest.raises(PermissionDenied):
            upload(make_title(), by=editor)

    def test_it_changes_nothing_that_may_be_chosen(self):
        upload(make_title())
        assert revision() == 0

    def test_it_stays_within_its_queries(self, django_assert_num_queries):
        title, person = make_title(), make_person()
        make_credit(title, person=person)
        prepared = prepare(picture())
        with django_assert_num_queries(8):
            actions.upload_prepared(
                title, prepared, kind="lead", by=None, now=NOW, depicted=[person]
            )


class TestReview:
    def test_it_approves_what_waits_and_raises_the_revision(self):
        artwork = actions.approve(upload(make_title()), by=make_editor(), now=NOW)
        artwork.refresh_from_db()
        assert (artwork.state, artwork.approved_at, revision()) == ("approved", NOW, 1)

    def test_it_withdraws_with_a_reason_and_takes_the_default_away(self):
        title = make_title()
        artwork = make_artwork(title)
        actions.set_default(artwork, by=None)
        make_artwork(title)
        actions.withdraw(artwork, reason=" Rights ended ", by=make_editor(), now=NOW)
        artwork.refresh_from_db()
        title.refresh_from_db()
        assert (artwork.state, artwork.state_reason) == ("withdrawn", "Rights ended")
        assert artwork.withdrawn_at == NOW
        assert title.default_artwork is None
        assert revision() == 2

    def test_it_withdraws_the_last_approved_artwork_only_if_it_may(self):
        title = make_title(name="Harbour Lights")
        artwork = make_artwork(title)
        make_artwork(title, state="pending")
        make_artwork(make_title())
        with pytest.raises(actions.LastApproved, match="only approved artwork of Harbour Lights"):
            actions.withdraw(artwork, reason="Rights ended", by=None, now=NOW)
        artwork.refresh_from_db()
        assert (artwork.state, revision()) == ("approved", 0)
        actions.withdraw(artwork, reason="Rights ended", by=None, now=NOW, may_be_last=True)
        artwork.refresh_from_db()
        assert artwork.state == "withdrawn"

    def test_it_brings_back_what_was_withdrawn(self):
        artwork = make_artwork(make_title(), alt="A street.", state="withdrawn", withdrawn_at=NOW)
        artwork = actions.approve(artwork, by=None, now=NOW)
        assert (artwork.state, artwork.withdrawn_at, artwork.state_reason) == ("approved", None, "")

    def test_it_rejects_with_a_reason(self):
        artwork = actions.reject(upload(make_title()), reason="Too dark", by=make_editor(), now=NOW)
        assert (artwork.state, artwork.state_reason) == ("rejected", "Too dark")

    @pytest.mark.parametrize("reason", ["", "   ", "x" * 301, "\u200b", "\u3164 \u2800"])
    def test_it_wants_a_reason_of_some_length(self, reason):
        artwork = make_artwork(make_title())
        with pytest.raises(actions.NotPossible, match=r"why|too long"):
            actions.withdraw(artwork, reason=reason, by=None, now=NOW)
        artwork.refresh_from_db()
        assert artwork.state == "approved"

    @pytest.mark.parametrize(
        ("state", "step"),
        [
            ("approved", "approve"),
            ("approved", "reject"),
            ("rejected", "reject"),
            ("withdrawn", "reject"),
            ("pending", "withdraw"),
            ("rejected", "withdraw"),
            ("withdrawn", "withdraw"),
        ],
    )
    def test_it_refuses_a_step_that_does_not_follow(self, state, step):
        artwork = make_artwork(make_title(), state=state, alt="A street.")
        reason = {} if step == "approve" else {"reason": "because"}
        with pytest.raises(actions.NotPossible, match="cannot become"):
            getattr(actions, step)(artwork, by=None, now=NOW, **reason)
        artwork.refresh_from_db()
        assert artwork.state == state
        assert revision() == 0

    def test_it_sees_the_state_that_is_true_now(self):
        stale = upload(make_title())
        actions.reject(stale, reason="Too dark", by=None, now=NOW)
        with pytest.raises(actions.NotPossible, match="rejected"):
            actions.reject(stale, reason="Too dark", by=None, now=NOW)

    def test_it_approves_nothing_that_is_not_described(self):
        with pytest.raises(actions.NotPossible, match="in words"):
            actions.approve(upload(make_title(), alt=" "), by=None, now=NOW)
        with pytest.raises(actions.NotPossible, match="description"):
            actions.approve(upload(make_title(), alt="\u200b\u2800"), by=None, now=NOW)

    def test_it_approves_no_picture_of_people_that_names_none(self):
        with pytest.raises(actions.NotPossible, match="who can be seen"):
            actions.approve(upload(make_title(), kind="lead"), by=None, now=NOW)

    @pytest.mark.parametrize("step", ["approve", "reject", "withdraw", "set_default", "annotate"])
    @pytest.mark.parametrize("who", [AnonymousUser, make_account])
    def test_it_refuses_who_may_not(self, step, who):
        artwork = make_artwork(make_title())
        options = {
            "approve": {"now": NOW},
            "reject": {"now": NOW, "reason": "no"},
            "withdraw": {"now": NOW, "reason": "no"},
            "set_default": {},
            "annotate": annotation(),
        }
        with pytest.raises(PermissionDenied):
            getattr(actions, step)(artwork, by=who(), **options[step])
        assert revision() == 0


def annotation(**changed):
    return {
        "kind": "moment",
        "alt": "Two people on a bridge.",
        "moods": [],
        "depicted": [],
        "focal": (0.5, 0.4),
    } | changed


class TestAnnotate:
    def test_it_keeps_what_an_editor_sees(self):
        title, person = make_title(), make_person()
        make_credit(title, person=person)
        artwork = upload(title)
        actions.annotate(artwork, by=make_editor(), **annotation(kind="lead", depicted=[person]))
        artwork.refresh_from_db()
        assert (artwork.kind, artwork.alt) == ("lead", "Two people on a bridge.")
        assert list(artwork.depicted.all()) == [person]

    def test_it_crops_again_around_another_focal_point(self):
        artwork = upload(make_title(), picture(1280, 1280))
        before = [rendition["name"] for rendition in artwork.renditions]
        artwork = actions.annotate(artwork, by=None, **annotation(focal=(0.5, 1.0)))
        after = [rendition["name"] for rendition in artwork.renditions]
        assert artwork.focal_y == 1.0
        assert not set(before) & set(after)
        assert all(default_storage.exists(name) for name in before + after)

    def test_it_raises_the_revision_where_the_artwork_may_be_chosen(self):
        artwork = upload(make_title())
        actions.annotate(artwork, by=None, **annotation())
        assert revision() == 0
        actions.approve(artwork, by=None, now=NOW)
        actions.annotate(artwork, by=None, **annotation(kind="scene"))
        assert revision() == 2

    def test_it_writes_nothing_where_nothing_was_changed(self):
        title, person, mood = make_title(), make_person(), make_mood("dark")
        make_credit(title, person=person)
        focal = (1 / 3, 0.123456789)
        artwork = upload(
            title, alt="A cook.", kind="lead", depicted=[person], moods=[mood], focal=focal
        )
        actions.approve(artwork, by=None, now=NOW)
        before = Artwork.objects.values().get()
        events = ArtworkEvent.objects.count(), DepictionEvent.objects.count(), revision()
        same = {"kind": "lead", "alt": " A cook.\n", "depicted": [person], "moods": [mood]}
        actions.annotate(artwork, by=None, focal=focal, **same)
        assert Artwork.objects.values().get() == before
        assert events == (
            ArtworkEvent.objects.count(),
            DepictionEvent.objects.count(),
            revision(),
        )

    @pytest.mark.parametrize("change", ["add", "remove", "exchange"])
    def test_another_depicted_cast_sends_approved_artwork_back_to_review(self, change):
        title, one, other = make_title(), make_person(), make_person()
        for person in (one, other):
            make_credit(title, person=person)
        artwork = make_artwork(title, alt="A cook.", kind="moment", depicted=(one,))
        actions.set_default(artwork, by=None)
        depicted = {"add": [one, other], "remove": [], "exchange": [other]}[change]
        actions.annotate(artwork, by=make_editor(), **annotation(depicted=depicted))
        artwork.refresh_from_db()
        title.refresh_from_db()
        assert (artwork.state, artwork.approved_at) == ("pending", None)
        assert "changed after approval" in artwork.state_reason
        assert title.default_artwork is None
        assert revision() == 2
        actions.approve(artwork, by=None, now=NOW)

    @pytest.mark.parametrize("state", ["pending", "rejected", "withdrawn"])
    def test_another_depicted_cast_changes_no_other_state(self, state):
        title, person = make_title(), make_person()
        make_credit(title, person=person)
        artwork = make_artwork(title, state=state, state_reason="Because")
        actions.annotate(artwork, by=None, **annotation(depicted=[person]))
        artwork.refresh_from_db()
        assert (artwork.state, artwork.state_reason, revision()) == (state, "Because", 0)

    def test_whoever_was_depicted_may_stay_without_a_credit(self):
        title, person = make_title(), make_person()
        artwork = make_artwork(title, depicted=(person,))
        actions.annotate(artwork, by=None, **annotation(depicted=[person], alt="New words."))
        artwork.refresh_from_db()
        assert (artwork.alt, artwork.state) == ("New words.", "approved")

    def test_it_refuses_who_is_not_in_the_cast_and_changes_nothing(self):
        artwork = upload(make_title())
        with pytest.raises(actions.NotPossible, match="not in the cast"):
            actions.annotate(artwork, by=None, **annotation(depicted=[make_person()]))
        artwork.refresh_from_db()
        assert artwork.kind == "scene"

    @pytest.mark.parametrize("missing", [{"alt": ""}, {"kind": "lead"}])
    def test_it_takes_nothing_from_approved_artwork_that_approval_needs(self, missing):
        artwork = actions.approve(upload(make_title()), by=None, now=NOW)
        with pytest.raises(actions.NotPossible):
            actions.annotate(artwork, by=None, **annotation(**missing))


class TestDefault:
    def test_it_sets_the_titles_default(self):
        artwork = make_artwork(make_title())
        actions.set_default(artwork, by=make_editor())
        artwork.title.refresh_from_db()
        assert artwork.title.default_artwork == artwork
        assert revision() == 1

    @pytest.mark.parametrize("state", ["pending", "rejected", "withdrawn"])
    def test_it_refuses_what_is_not_approved(self, state):
        artwork = make_artwork(make_title(), state=state)
        with pytest.raises(actions.NotPossible, match="Approve it first"):
            actions.set_default(artwork, by=None)


def test_many_artworks_fit_one_title():
    title = make_title()
    for seed in range(40):
        actions.approve(upload(title, picture(640, 360, seed=seed)), by=None, now=NOW)
    assert title.artworks.filter(state="approved").count() == 40
    assert revision() == 40
