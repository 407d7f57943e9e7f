"""Trees over tiles: the same roots as computed plainly, and proofs that verify."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audits.evidence import tree
from tools.verify_evidence import (
    EMPTY_ROOT,
    DoesNotVerify,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)


def leaves(count):
    return [leaf_hash(str(number).encode()) for number in range(count)]


def grown(*steps):
    """Tiles of a tree that grew by so many leaves at a time."""
    tiles, size, hashes = tree.InMemory(), 0, leaves(sum(steps))
    for step in steps:
        made = tree.completed(tiles, size=size, leaves=hashes[size : size + step])
        for level, row in enumerate(made):
            tiles.add(level, row)
        size += step
    return tiles


def plainly(hashes):
    """RFC 9162, 2.1.1, word by word."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return node_hash(plainly(hashes[:split]), plainly(hashes[split:]))


@pytest.mark.parametrize("size", [0, 1, 2, 3, 7, 8, 255, 256, 257, 511, 513, 1000])
def test_a_root_over_tiles_is_the_root_over_leaves(size):
    tiles = grown(size)
    assert tree.root(tiles, size) == plainly(leaves(size)) == root_of(leaves(size))


def test_a_tree_without_leaves_has_the_root_of_nothing():
    assert tree.root(tree.InMemory(), 0) == EMPTY_ROOT


@given(st.lists(st.integers(0, 400), min_size=1, max_size=5))
def test_it_does_not_matter_in_which_steps_a_tree_grew(steps):
    assert grown(*steps).levels[0] == grown(sum(steps)).levels[0]
    assert [row for row in grown(*steps).levels if row] == [
        row for row in grown(sum(steps)).levels if row
    ]


def test_three_levels_of_tiles_are_filled():
    tiles, size = grown(200, 65_400, 400), 66_000
    assert [len(row) for row in tiles.levels] == [size, 257, 1]
    root = tree.root(tiles, size)
    assert root == root_of(leaves(size))
    proof = tree.inclusion(tiles, index=65_535, size=size)
    leaf = leaf_hash(b"65535")
    verify_inclusion(leaf=leaf, index=65_535, size=size, proof=proof, root=root)


@given(st.integers(1, 700), st.data())
def test_every_leaf_can_be_proved_and_no_other(size, data):
    index = data.draw(st.integers(0, size - 1))
    tiles, hashes = grown(size), leaves(size)
    proof = tree.inclusion(tiles, index=index, size=size)
    facts = {"size": size, "proof": proof, "root": tree.root(tiles, size)}
    verify_inclusion(leaf=hashes[index], index=index, **facts)
    with pytest.raises(DoesNotVerify):
        verify_inclusion(leaf=leaf_hash(b"another"), index=index, **facts)
    with pytest.raises(DoesNotVerify):
        verify_inclusion(leaf=hashes[index], index=(index + 1) % (size + 1), **facts)


@given(st.integers(1, 700), st.data())
def test_every_older_tree_can_be_proved_a_prefix(size, data):
    old = data.draw(st.integers(1, size))
    tiles = grown(size)
    proof = tree.consistency(tiles, old=old, size=size)
    facts = {"old_size": old, "size": size, "root": tree.root(tiles, size), "proof": proof}
    verify_consistency(old_root=tree.root(tiles, old), **facts)
    with pytest.raises(DoesNotVerify):
        verify_consistency(old_root=leaf_hash(b"another"), **facts)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (5, 5), (-1, 5)])
def test_a_leaf_that_is_not_there_has_no_proof(index, size):
    with pytest.raises(tree.NotInTree):
        tree.inclusion(grown(5), index=index, size=size)


def test_a_longer_tree_is_no_prefix():
    with pytest.raises(tree.NotInTree):
        tree.consistency(grown(5), old=6, size=5)
