"""Models and statistics on disk: plain aligned arrays behind a JSON head. Never pickle.

    8 bytes   b"MARQUEE1"
    8 bytes   length of the head, little-endian
    head      JSON: kind, meta, arrays [{name, dtype, shape, offset}]
    arrays    each at a multiple of 64 bytes, so that they can be memory-mapped

The same contents give the same bytes; the SHA-256 of the whole file names it.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np

from personalization.bandit.errors import BadInput
from personalization.bandit.model import Model
from personalization.bandit.spec import Spec
from personalization.bandit.statistics import Statistics

MAGIC = b"MARQUEE1"
ALIGNMENT = 64
DTYPES = {"<f8", "<i8"}
Array = np.ndarray[Any, np.dtype[Any]]


class FileAltered(ValueError):
    """A file's bytes are not those that its digest promises."""


class FileUnreadable(BadInput):
    """A file is not of this format; the message says what is wrong."""


def pack_model(model: Model) -> bytes:
    """Return the bytes of a model's file."""
    return _pack("model", {"spec": asdict(model.spec), "manifest": model.manifest}, model.arrays())


def open_model(path: Path, *, sha256: str, manifest: str) -> Model:
    """Open a model memory-mapped.

    Raises:
        FileAltered: if the bytes do not have the digest `sha256`.
        FileUnreadable: if they are no model.
        BadInput: if it was made under another feature manifest, or an array is wrong.
    """
    meta, arrays = _open(path, "model", sha256)
    if meta["manifest"] != manifest:
        raise BadInput("manifest: this model was fitted under another feature manifest")
    # Models of before: their effects are shares of plays, at first in one unit for all titles.
    meta["spec"].setdefault("odds", False)
    arrays.setdefault("title_scales", np.ones(len(arrays.get("known_titles", ()))))
    # Those of later hoped for no more than they expected.
    meta["spec"].setdefault("optimism", 0.0)
    arrays.setdefault("information", np.zeros(len(arrays.get("artwork_ids", ()))))
    lacking = {field.name for field in fields(Model)} - {"spec", "manifest"} - arrays.keys()
    if lacking:
        raise FileUnreadable(f"{path.name} lacks {min(lacking)}")
    return Model(spec=Spec(**meta["spec"]), manifest=meta["manifest"], **arrays)


def pack_statistics(statistics: Statistics, *, meta: Mapping[str, Any]) -> bytes:
    """Return the bytes of a statistics file; `meta` says what they were made from."""
    arrays = {field.name: getattr(statistics, field.name) for field in fields(Statistics)}
    return _pack("statistics", dict(meta), arrays)


def open_statistics(path: Path, *, sha256: str) -> tuple[Statistics, dict[str, Any]]:
    """Open statistics memory-mapped, with their meta. Raises as `open_model` does."""
    meta, arrays = _open(path, "statistics", sha256)
    return Statistics(**arrays), meta


def _pack(kind: str, meta: Mapping[str, Any], arrays: Mapping[str, Array]) -> bytes:
    entries: list[dict[str, Any]] = []
    offset = 0
    plain: list[bytes] = []
    for name in sorted(arrays):
        array = np.asarray(arrays[name])
        dtype = "<i8" if np.issubdtype(array.dtype, np.integer) else "<f8"
        raw = np.ascontiguousarray(array, dtype=dtype).tobytes()
        entries.append({"name": name, "dtype": dtype, "shape": list(array.shape), "offset": offset})
        padding = -len(raw) % ALIGNMENT
        plain.append(raw + bytes(padding))
        offset += len(raw) + padding
    head = json.dumps(
        {"kind": kind, "meta": meta, "arrays": entries}, sort_keys=True, separators=(",", ":")
    ).encode()
    head += b" " * (-(len(MAGIC) + 8 + len(head)) % ALIGNMENT)
    return b"".join([MAGIC, len(head).to_bytes(8, "little"), head, *plain])


def _open(path: Path, kind: str, sha256: str) -> tuple[dict[str, Any], dict[str, Array]]:
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != sha256:
        raise FileAltered(f"{path.name} has the digest {found[:12]}…, not {sha256[:12]}…")
    size = path.stat().st_size
    if size < len(MAGIC) + 8:
        raise FileUnreadable(f"{path.name} is too short")
    raw = np.memmap(path, np.uint8, "r")
    if raw[: len(MAGIC)].tobytes() != MAGIC:
        raise FileUnreadable(f"{path.name} is not a file of Marquee")
    start = len(MAGIC) + 8
    length = int.from_bytes(raw[len(MAGIC) : start].tobytes(), "little")
    try:
        head = json.loads(raw[start : start + length].tobytes())
        if head["kind"] != kind:
            raise FileUnreadable(f"{path.name} holds {head['kind']}, not {kind}")
        arrays = {entry["name"]: _view(raw, start + length, entry) for entry in head["arrays"]}
        return dict(head["meta"]), arrays
    except (KeyError, TypeError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise FileUnreadable(f"{path.name} has a damaged head: {error}") from error


def _view(raw: Array, base: int, entry: Mapping[str, Any]) -> Array:
    if entry["dtype"] not in DTYPES:
        raise FileUnreadable(f"{entry['name']} has the unknown type {entry['dtype']}")
    dtype = np.dtype(entry["dtype"])
    begin = base + entry["offset"]
    end = begin + dtype.itemsize * int(np.prod(entry["shape"], dtype=np.int64))
    if end > len(raw):
        raise FileUnreadable(f"{entry['name']} reaches beyond the end of the file")
    view: Array = raw[begin:end].view(dtype).reshape(entry["shape"])
    return view
