"""Past choices are computed again with the same bits, alone or with any others."""

import hashlib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from personalization.bandit import draw, policy
from personalization.bandit.choosing import choose
from personalization.bandit.errors import BadInput
from personalization.bandit.model import Model
from personalization.bandit.spec import Spec
from tests.personalization.bandit import plainly

KEY, WINDOW = b"key", "1.0"


def make_model(counts, *, context, gamma=500.0, optimism=0.0):
    """Return a model for titles with so many artworks, with the same numbers on every machine."""
    how = {"gamma": gamma, "floor": 0.01, "optimism": optimism}
    spec = Spec(context=context, artwork_features=1, **how)
    artworks, width = sum(counts), spec.width
    return Model(
        spec=spec,
        manifest="m",
        artwork_ids=np.arange(artworks),
        title_ids=np.repeat(np.arange(len(counts)), counts),
        weights=(plainly.numbers("weights", artworks, width) - 0.5) * 0.1,
        context_free=plainly.numbers("plain", artworks),
        information=plainly.numbers("information", artworks) * 90.0,
        known_titles=np.arange(1),
        title_effects=np.zeros((1, width)),
        title_context_free=np.zeros(1),
        feature_effects=np.zeros((width, 2)),
        feature_context_free=np.zeros(2),
        controls=np.zeros(1),
    )


def page(model, titles, *, viewer, odds=True):
    """Choose one page of some titles: its scores, probabilities, u, and the places drawn.

    Without `odds`, scores are taken for shares of plays, which no model does.
    """
    rows, counts = rows_of(model, titles)
    scores = model.slate_scores(*seen_by(viewer, model, rows), rows)
    starts = starts_of(counts)
    if odds:
        chances = model.explored(scores, rows, starts)
    else:
        with_bonuses, how = model.with_bonuses(scores, rows), model.spec
        chances = policy.inverse_gap(with_bonuses, starts, gamma=how.gamma, floor=how.floor)
    u = draw.uniforms(KEY, str(viewer).encode(), WINDOW, np.array(titles))
    return scores, chances, u, draw.pick(chances, starts, u)


def rows_of(model, titles):
    rows = [np.flatnonzero(model.title_ids == title) for title in titles]
    return np.concatenate([[], *rows]).astype(np.int64), [len(part) for part in rows]


def seen_by(viewer, model, rows):
    """The viewer's vector, and the match to the artworks in these rows."""
    match = plainly.numbers(f"match {viewer}", len(model.artwork_ids)) * 0.1
    return plainly.numbers(f"vector {viewer}", model.spec.context), match[rows]


def in_bulk(model, pages):
    """Choose the pages of viewers 0, 1, … at once; return what `page` returns, page after page."""
    found = [rows_of(model, titles) for titles in pages]
    seen = [seen_by(viewer, model, rows) for viewer, (rows, _) in enumerate(found)]
    rows = np.concatenate([rows for rows, _ in found])
    scores = model.page_scores(
        np.array([vector for vector, _ in seen]),
        np.concatenate([match for _, match in seen]),
        rows,
        np.array([len(rows) for rows, _ in found]),
    )
    u = draw.page_uniforms(
        KEY,
        [str(viewer).encode() for viewer in range(len(pages))],
        [WINDOW] * len(pages),
        np.concatenate(pages).astype(np.int64),
        np.array([len(titles) for titles in pages]),
    )
    starts = starts_of([count for _, counts in found for count in counts])
    chances, drawn = choose(model, scores, rows, starts, u)
    return scores, chances, u, drawn


def starts_of(counts):
    return (np.cumsum(counts) - counts).astype(np.int64)


def digest(*arrays):
    return hashlib.sha256(b"".join(array.tobytes() for array in arrays)).hexdigest()[:16]


# The journal's choices have these bits, and nothing else records the version of the arithmetic.
SHARES = {  # scores as shares of plays
    (31, "even"): "0b845117b1bd4235",
    (31, "ragged"): "23ae62e0600a269f",
    (5, "ragged"): "f9f10c7d384e6723",
    (200, "ragged"): "2a13e0603171962e",
}
ODDS = {  # scores as log-odds, without optimism
    (31, "even"): "38082e4d36a11a22",
    (31, "ragged"): "21a6dbc41ef8d814",
    (5, "ragged"): "23ca8dc0c99bfacf",
    (200, "ragged"): "e65365d5fb1632b7",
}
HOPES = {
    (31, "even"): "ebb4e971f376144a",
    (31, "ragged"): "b6d06998999f4108",
}
PINNED = {**{(*key, False, 0.0): bits for key, bits in SHARES.items()},
          **{(*key, True, 0.0): bits for key, bits in ODDS.items()},
          **{(*key, True, 1.5): bits for key, bits in HOPES.items()}}  # fmt: skip
SLATES = {"even": [6] * 40, "ragged": [1, 6, 2, 9, 40, 3, 1, 12, 8, 17]}


@pytest.mark.parametrize(("context", "slate", "odds", "optimism"), PINNED)
def test_choices_have_the_pinned_bits(context, slate, odds, optimism):
    counts = SLATES[slate]
    model = make_model(counts, context=context, optimism=optimism)
    titles = range(len(counts))
    found = [digest(*page(model, titles, viewer=viewer, odds=odds)) for viewer in range(3)]
    pinned = PINNED[context, slate, odds, optimism]
    assert hashlib.sha256("".join(found).encode()).hexdigest()[:16] == pinned


@given(
    counts=st.lists(st.integers(1, 12), min_size=1, max_size=5),
    context=st.sampled_from([0, 1, 7, 8, 9, 31, 128, 129, 300]),
    gamma=st.sampled_from([0.0, 3.0, 2000.0]),
    viewer=st.integers(0, 99),
    odds=st.booleans(),
    optimism=st.sampled_from([0.0, 1.5]),
)
def test_a_page_equals_plain_arithmetic_for_each_title(
    counts, context, gamma, viewer, odds, optimism
):
    model = make_model(counts, context=context, gamma=gamma, optimism=optimism)
    scores, chances, u, drawn = page(model, range(len(counts)), viewer=viewer, odds=odds)
    vector, match = seen_by(viewer, model, np.arange(sum(counts)))
    for title, (start, count) in enumerate(zip(starts_of(counts), counts, strict=True)):
        part = range(start, start + count)
        mine = [plainly.score(model.weights[at], vector, match[at]) for at in part]
        assert mine == scores[part].tolist()
        with_bonuses = [
            score + plainly.bonus(model.information[at], optimism)
            for score, at in zip(mine, part, strict=True)
        ]
        likely = plainly.inverse_gap(with_bonuses, gamma=gamma, floor=model.spec.floor, odds=odds)
        assert likely == chances[part].tolist()
        assert start + plainly.pick(likely, u[title]) == drawn[title]


@st.composite
def catalogues_and_pages(draw):
    counts = draw(st.lists(st.integers(1, 12), min_size=1, max_size=6))
    titles = st.lists(st.integers(0, len(counts) - 1), unique=True, max_size=6)
    return counts, draw(st.lists(titles, min_size=1, max_size=6))


@given(
    catalogue=catalogues_and_pages(),
    context=st.sampled_from([1, 7, 8, 31, 129]),
)
def test_many_pages_at_once_equal_each_page_alone(catalogue, context):
    counts, pages = catalogue
    catalogue = make_model(counts, context=context)
    scores, chances, u, drawn = in_bulk(catalogue, pages)
    alone = [page(catalogue, titles, viewer=viewer) for viewer, titles in enumerate(pages)]
    sizes = [len(each[0]) for each in alone]
    parts = zip(*alone, strict=True)
    for bulk, each in zip((scores, chances, u), parts, strict=False):
        assert bulk.tobytes() == np.concatenate(each).tobytes()
    begins = np.cumsum(sizes) - sizes
    assert drawn.tolist() == [
        begin + place
        for begin, each in zip(begins, alone, strict=True)
        for place in each[-1].tolist()
    ]


def test_a_panel_on_one_slate_is_each_viewer_s_page():
    counts = SLATES["ragged"]
    catalogue = make_model(counts, context=31)
    rows, viewers = np.arange(sum(counts)), range(5)
    seen = [seen_by(viewer, catalogue, rows) for viewer in viewers]
    vectors, match = (np.array(part) for part in zip(*seen, strict=True))
    scores = catalogue.scores(vectors, match, rows)
    chances = catalogue.explored(scores, rows, starts_of(counts))
    for viewer in viewers:
        alone = page(catalogue, range(len(counts)), viewer=viewer)
        np.testing.assert_array_equal(scores[viewer], alone[0])
        np.testing.assert_array_equal(chances[viewer], alone[1])


VECTORS, ROWS, MATCH = np.zeros((2, 3)), np.array([0, 1, 0]), np.zeros(3)


@pytest.mark.parametrize(
    ("vectors", "match", "sizes", "named"),
    [
        (VECTORS[:, :2], MATCH, [2, 1], "vectors"),
        (VECTORS + np.nan, MATCH, [2, 1], "vectors"),
        (VECTORS, MATCH[:2], [2, 1], "match"),
        (VECTORS, MATCH + np.inf, [2, 1], "match"),
        (VECTORS, MATCH, [3], "sizes"),
        (VECTORS, MATCH, [2, 2], "sizes"),
        (VECTORS, MATCH, [4, -1], "sizes"),
        (VECTORS, MATCH, [1.5, 1.5], "sizes"),
    ],
)
def test_pages_that_do_not_fit_are_refused_by_name(vectors, match, sizes, named):
    with pytest.raises(BadInput, match=named):
        make_model([2], context=3).page_scores(vectors, match, ROWS, np.array(sizes))


@pytest.mark.parametrize(
    ("vector", "match", "named"),
    [
        (np.zeros(4), MATCH, "vector"),
        (np.full(3, np.inf), MATCH, "vector"),
        (np.zeros(3), MATCH[1:], "match"),
        (np.zeros(3), MATCH + np.nan, "match"),
    ],
)
def test_a_page_that_does_not_fit_is_refused_by_name(vector, match, named):
    with pytest.raises(BadInput, match=named):
        make_model([2], context=3).slate_scores(vector, match, ROWS)


@pytest.mark.parametrize("unknown", [-1, -(2**62), 2, 2**62])
def test_an_unknown_artwork_is_not_scored_as_another(unknown):
    catalogue, rows = make_model([2], context=3), np.array([0, unknown])
    with pytest.raises(BadInput, match="rows"):
        catalogue.slate_scores(np.zeros(3), np.zeros(2), rows)
    with pytest.raises(BadInput, match="rows"):
        catalogue.page_scores(VECTORS, np.zeros(2), rows, np.array([1, 1]))
    with pytest.raises(BadInput, match="rows"):
        catalogue.scores(VECTORS, np.zeros((2, 2)), rows)


@pytest.mark.parametrize(
    ("scores", "u", "named"),
    [([0.1, np.nan], [0.5], "scores"), ([0.1, 0.2], [0.5, 0.5], "u"), ([0.1, 0.2], [np.nan], "u")],
)
def test_a_choice_that_does_not_fit_is_refused_by_name(scores, u, named):
    with pytest.raises(BadInput, match=named):
        choose_one_title(np.array(scores), u=u)


def choose_one_title(scores, *, u=(0.5,), rows=None):
    model = make_model([2], context=1, optimism=1.5)
    rows = np.arange(len(scores)) if rows is None else np.array(rows)
    return choose(model, scores, rows, np.zeros(1, np.int64), np.array(u))


@pytest.mark.parametrize("rows", [[0, 2], [-1, 0], [0, 2**62], [0]])
def test_an_unknown_artwork_is_not_chosen(rows):
    with pytest.raises(BadInput, match="rows"):
        choose_one_title(np.zeros(2), rows=rows)


def test_of_two_equal_scores_the_artwork_shown_less_is_more_likely():
    model = make_model([2], context=1, optimism=1.5)
    chances, _ = choose_one_title(np.zeros(2))
    assert (chances[0] > chances[1]) == (model.information[0] < model.information[1])


def test_a_single_number_is_not_a_slate():
    model = make_model([2], context=1)
    one, first = np.zeros(1), np.zeros(1, np.int64)
    with pytest.raises(BadInput, match="vector"):
        model.slate_scores(np.float64(0), one, first)
    with pytest.raises(BadInput, match="rows"):
        model.slate_scores(one, one, np.int64(0))
    with pytest.raises(BadInput, match="title_ids"):
        draw.uniforms(KEY, b"", WINDOW, np.int64(1))


@pytest.mark.parametrize("unknown", [-1, 2])
def test_an_unknown_artwork_is_not_explored(unknown):
    model = make_model([2], context=1, optimism=1.5)
    with pytest.raises(BadInput, match="rows"):
        model.explored(np.zeros(2), np.array([0, unknown]), np.zeros(1, np.int64))


def test_negative_information_is_refused():
    model = make_model([2], context=1)
    with pytest.raises(BadInput, match="information"):
        replace(model, information=np.array([1.0, -1.0]))


@pytest.mark.parametrize("floor", [0.0, -0.1, np.nan])
def test_a_model_needs_a_floor(floor):
    with pytest.raises(BadInput, match="floor"):
        Spec(context=1, artwork_features=1, floor=floor)
