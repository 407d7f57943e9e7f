"""A small log in memory and in a folder, for the tests."""

import json

from audits.evidence import folder as folders
from audits.evidence import keys, tree
from tools.verify_evidence import leaf_hash

ORIGIN = "marquee.example/evidence"


class Log:
    """A log whose operator may do anything with it, as the tests need."""

    def __init__(self, *, origin=ORIGIN, key=None):
        self.key = key or keys.SigningKey.make(origin)
        self.origin = origin
        self.entries = []
        self.tiles = tree.InMemory()

    def append(self, *entries):
        hashes = [leaf_hash(entry) for entry in entries]
        made = tree.completed(self.tiles, size=len(self.entries), leaves=hashes)
        for level, row in enumerate(made):
            self.tiles.add(level, row)
        self.entries.extend(entries)
        return self

    def grow(self, count):
        start = len(self.entries)
        return self.append(
            *(json.dumps({"kind": "test", "n": start + at}).encode() for at in range(count))
        )

    def rewrite(self, index, entry):
        """Make the log again with another entry: what its owner can always do."""
        entries = [*self.entries]
        entries[index] = entry
        return Log(origin=self.origin, key=self.key).append(*entries)

    def shorten(self, size):
        return Log(origin=self.origin, key=self.key).append(*self.entries[:size])

    @property
    def size(self):
        return len(self.entries)

    def checkpoint(self, size=None):
        size = self.size if size is None else size
        return keys.checkpoint(
            origin=self.origin, size=size, root=tree.root(self.tiles, size), key=self.key
        )

    def publish(self, folder, *, before=0):
        folders.publish(
            folder,
            self.checkpoint(),
            tiles=self.tiles,
            entries=lambda start, end: self.entries[start:end],
            before=before,
        )
        return folder
