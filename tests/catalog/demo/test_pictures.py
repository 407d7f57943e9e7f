"""The pictures: deterministic, complete, within the canvas, and fit for upload."""

import re

import pytest

from catalog.artwork.inspection import inspect
from catalog.demo.pictures import COMPOSITIONS, compose, draw, plans
from catalog.demo.story import people, stories
from catalog.demo.words import described
from catalog.drawing.figures import Stand
from catalog.drawing.lettering import FACES, Box, fitted, measured
from catalog.drawing.looks import drawn
from catalog.drawing.palettes import contrast, oklch

ALL = [(story, plan) for story in stories() for plan in plans(story)]


def one_of_each_composition():
    return list({plan.composition: (story, plan) for story, plan in ALL}.values())


def test_every_composition_is_used():
    assert {plan.composition for _, plan in ALL} == set(COMPOSITIONS)


@pytest.mark.parametrize("story", stories(), ids=lambda story: story.slug)
def test_every_title_has_four_to_six_pictures_of_different_kinds(story):
    made = plans(story)
    assert 4 <= len(made) <= 6
    assert {"ensemble", "lead"} <= {plan.kind for plan in made}
    assert len({plan.kind for plan in made}) >= 3
    assert len({(plan.kind, plan.shows) for plan in made}) == len(made)
    assert len({described(story, plan) for plan in made}) == len(made)
    assert all(set(plan.shows) <= set(range(len(story.cast))) for plan in made)
    assert all(len(described(story, plan)) <= 300 for plan in made)


@pytest.mark.parametrize(
    ("story", "plan"), one_of_each_composition(), ids=lambda it: getattr(it, "composition", "")
)
def test_a_picture_passes_inspection_and_is_drawn_alike_each_time(story, plan):
    one, other = draw(story, plan), draw(story, plan)
    assert one == other
    facts = inspect(one.data)
    assert (facts.format, facts.width, facts.height) == ("PNG", 1280, 720)
    assert all(0 <= share <= 1 for share in one.focal)


def test_every_picture_composes_without_a_figure_cut_off_in_the_air():
    """`Stand` refuses a figure whose lower edge would show; every picture places its own."""
    for story, plan in ALL:
        composed, _ = compose(story, plan)
        assert composed.svg.count("<text") >= 1


def test_a_figure_that_would_float_is_refused():
    with pytest.raises(ValueError, match="above the lower edge"):
        Stand(640, 200, 0.4)


def test_a_person_looks_the_same_whatever_they_feel():
    _, look = people()["okonjo"]

    def without_face(svg):
        svg = re.sub(r'<g id="[^"]*expression-.*?</g>', "", svg, flags=re.S)
        return re.sub(r'((?:id="|#))[^"]*"', r'\1"', svg)

    glad, grave = drawn(look, "smile"), drawn(look, "solemn")
    assert glad != grave
    assert without_face(glad) == without_face(grave)


@pytest.mark.parametrize("genre", FACES)
def test_the_longest_names_fit_and_stay_legible(genre):
    boxes = [Box(90, 520, 1100, 160), Box(630, 130, 590, 440), Box(50, 562, 1180, 146)]
    names = [story.name for story in stories() if story.genres[0] == genre]
    for face in FACES[genre]:
        for name in [*names, "The Clockmaker’s Other Daughter"]:
            for box in boxes:
                lines, size = fitted(name, face, box)
                assert " ".join(lines).casefold() == name.casefold()
                assert max(measured(line, face) for line in lines) * size <= box.w
                assert len(lines) * size * face.leading <= box.h
                assert size >= 36


def test_colours_stay_within_srgb_and_contrast_is_wcags():
    assert oklch(1.0, 0.0, 0) == "#ffffff"
    assert re.fullmatch("#[0-9a-f]{6}", oklch(0.7, 0.4, 140))
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
