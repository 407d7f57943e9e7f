"""Past choices are computed again to the bit: by whom, how many at once, in whatever company."""

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from personalization.bandit import draw, policy
from personalization.bandit.model import Model
from personalization.bandit.spec import Spec
from tests.bandit import plainly

KEY = b"key"


def make_model(counts, *, context, gamma=500.0):
    """A model for titles with so many artworks, whose numbers are the same everywhere."""
    spec = Spec(context=context, artwork_features=1, gamma=gamma, floor=0.01)
    artworks, width = sum(counts), spec.width
    return Model(
        spec=spec,
        manifest="m",
        artwork_ids=np.arange(artworks),
        title_ids=np.repeat(np.arange(len(counts)), counts),
        weights=(plainly.numbers("weights", artworks, width) - 0.5) * 0.1,
        covariance=np.zeros((artworks, width, width)),
        context_free=plainly.numbers("plain", artworks),
        seen=np.ones(artworks),
        known_titles=np.arange(1),
        title_effects=np.zeros((1, width)),
        title_context_free=np.zeros(1),
        feature_effects=np.zeros((width, 2)),
        feature_context_free=np.zeros(2),
        controls=np.zeros(1),
    )


def page(model, counts, *, viewer):
    """Choose a page of all the model's titles: scores, probabilities, u, drawn places."""
    starts = starts_of(counts)
    vector = plainly.numbers(f"vector {viewer}", model.spec.context)
    match = plainly.numbers(f"match {viewer}", sum(counts)) * 0.1
    scores = model.slate_scores(vector, match, np.arange(sum(counts)))
    chances = policy.inverse_gap(scores, starts, gamma=model.spec.gamma, floor=model.spec.floor)
    u = draw.uniforms(KEY, str(viewer).encode(), "1.0", np.arange(len(counts)))
    return scores, chances, u, draw.pick(chances, starts, u)


def starts_of(counts):
    return np.append(0, np.cumsum(counts)[:-1]).astype(np.int64)


def digest(*arrays):
    return hashlib.sha256(b"".join(array.tobytes() for array in arrays)).hexdigest()[:16]


# What is journalled was made with these bits; nothing else names the arithmetic's version.
PINNED = {
    (31, "even"): "0b845117b1bd4235",
    (31, "ragged"): "23ae62e0600a269f",
    (5, "ragged"): "f9f10c7d384e6723",
    (200, "ragged"): "3e40089a398dced6",
}
SLATES = {"even": [6] * 40, "ragged": [1, 6, 2, 9, 40, 3, 1, 12, 8, 17]}


@pytest.mark.parametrize(("context", "slate"), PINNED)
def test_choices_have_the_bits_that_past_choices_have(context, slate):
    counts = SLATES[slate]
    model = make_model(counts, context=context)
    found = [digest(*page(model, counts, viewer=viewer)) for viewer in range(3)]
    assert hashlib.sha256("".join(found).encode()).hexdigest()[:16] == PINNED[context, slate]


@given(
    counts=st.lists(st.integers(1, 12), min_size=1, max_size=5),
    context=st.sampled_from([0, 1, 7, 8, 9, 31, 128, 129, 300]),
    gamma=st.sampled_from([0.0, 3.0, 2000.0]),
    viewer=st.integers(0, 99),
)
def test_a_page_is_what_plain_arithmetic_gives_for_each_title(counts, context, gamma, viewer):
    model = make_model(counts, context=context, gamma=gamma)
    scores, chances, u, drawn = page(model, counts, viewer=viewer)
    vector = plainly.numbers(f"vector {viewer}", context)
    match = plainly.numbers(f"match {viewer}", sum(counts)) * 0.1
    for title, (start, count) in enumerate(zip(starts_of(counts), counts, strict=True)):
        part = range(start, start + count)
        mine = [plainly.score(model.weights[at], vector, match[at]) for at in part]
        assert mine == scores[part].tolist()
        likely = plainly.inverse_gap(mine, gamma=gamma, floor=model.spec.floor)
        assert likely == chances[part].tolist()
        assert start + plainly.pick(likely, u[title]) == drawn[title]
