"""Models and statistics on disk: plain aligned arrays behind a JSON head. Never pickle.

    8 bytes   b"MARQUEE1"
    8 bytes   length of the head, little-endian
    head      JSON: kind, format, meta, arrays [{name, dtype, shape, offset}]
    arrays    each at a multiple of 64 bytes, so that they can be memory-mapped

The same contents give the same bytes; the SHA-256 of the whole file names it. A file of another
format than this code writes is refused: a model is fitted again from sealed days.
"""

import hashlib
import json
from collections.abc import Mapping, Set
from dataclasses import asdict, fields
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from personalization.bandit.errors import BadInput
from personalization.bandit.model import FIRST_FIT, NO_ARRAYS, Model
from personalization.bandit.spec import Spec
from personalization.bandit.statistics import Statistics

MAGIC = b"MARQUEE1"
ALIGNMENT = 64
DTYPES = {"<f8", "<i8"}
# A head without a format is of the first. Models of the first held a covariance for each artwork.
FORMATS = {"model": 2, "statistics": 1}
FIRST = 1
Array = np.ndarray[Any, np.dtype[Any]]


class FileAltered(ValueError):
    """A file's bytes do not have the digest that they should have."""


class FileUnreadable(BadInput):
    """A file cannot be read, or is of another format; the message says which."""


def pack_model(model: Model) -> bytes:
    """Return the bytes of a model's file.

    Args:
        model: what to write.
    """
    meta = {"spec": asdict(model.spec), "manifest": model.manifest, "fit": model.fit}
    return _pack("model", meta, model.arrays())


def open_model(path: Path, *, sha256: str, manifest: str) -> Model:
    """Open a model memory-mapped.

    Args:
        path: of the file.
        sha256: the digest that its bytes must have, in hexadecimal.
        manifest: digest of the feature manifest that it must have been fitted under.

    Raises:
        FileAltered: if the bytes have another digest.
        FileUnreadable: if they are no model, or one of another format.
        BadInput: if it was fitted under another feature manifest, or an array is wrong.
    """
    meta, arrays = _open(path, "model", sha256)
    if meta.get("manifest") != manifest:
        raise BadInput("manifest: this model was fitted under another feature manifest")
    _check_names(path, arrays, {field.name for field in fields(Model)} - NO_ARRAYS)
    try:
        spec = Spec(**meta["spec"])
    except (KeyError, TypeError) as error:
        raise FileUnreadable(f"{path.name} has a damaged spec: {error}") from error
    fit = meta.get("fit", FIRST_FIT)
    return Model(spec=spec, manifest=manifest, fit=fit, **arrays)


def pack_statistics(statistics: Statistics, *, meta: Mapping[str, Any]) -> bytes:
    """Return the bytes of a statistics file.

    Args:
        statistics: what to write.
        meta: what they were made from, as JSON can hold it.
    """
    arrays = {field.name: getattr(statistics, field.name) for field in fields(Statistics)}
    return _pack("statistics", dict(meta), arrays)


def open_statistics(path: Path, *, sha256: str) -> tuple[Statistics, dict[str, Any]]:
    """Open statistics memory-mapped.

    Args:
        path, sha256: as for `open_model`.

    Returns:
        the statistics, and their meta.

    Raises:
        FileAltered: if the bytes have another digest.
        FileUnreadable: if they are no statistics, or of another format.
        BadInput: if an array is wrong.
    """
    meta, arrays = _open(path, "statistics", sha256)
    _check_names(path, arrays, {field.name for field in fields(Statistics)})
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
        {"kind": kind, "format": FORMATS[kind], "meta": meta, "arrays": entries},
        sort_keys=True,
        separators=(",", ":"),
    ).encode()
    head += b" " * (-(len(MAGIC) + 8 + len(head)) % ALIGNMENT)
    return b"".join([MAGIC, len(head).to_bytes(8, "little"), head, *plain])


def _open(path: Path, kind: str, sha256: str) -> tuple[dict[str, Any], dict[str, Array]]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != sha256:
        raise FileAltered(f"{path.name} has the digest {digest[:12]}…, not {sha256[:12]}…")
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
        _check_format(path, kind, head.get("format", FIRST))
        arrays = {entry["name"]: _view(raw, start + length, entry) for entry in head["arrays"]}
        return dict(head["meta"]), arrays
    except BadInput:
        raise
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise FileUnreadable(f"{path.name} has a damaged head: {error}") from error


def _check_format(path: Path, kind: str, written: object) -> None:
    wanted = FORMATS[kind]
    if written != wanted:
        age = "an earlier" if isinstance(written, int) and written < wanted else "another"
        again = "fit again" if kind == "model" else "reduce the sealed days again"
        raise FileUnreadable(
            f"{path.name} is of {age} format ({kind} {written}; this code reads {kind} {wanted}); "
            f"{again}"
        )


def _check_names(path: Path, arrays: Mapping[str, Array], wanted: Set[str]) -> None:
    if lacking := wanted - arrays.keys():
        raise FileUnreadable(f"{path.name} lacks {min(lacking)}")
    if unknown := arrays.keys() - wanted:
        raise FileUnreadable(f"{path.name} holds {min(unknown)}, which is not known")


def _view(raw: Array, base: int, entry: Mapping[str, Any]) -> Array:
    if entry["dtype"] not in DTYPES:
        raise FileUnreadable(f"{entry['name']} has the unknown type {entry['dtype']}")
    dtype = np.dtype(entry["dtype"])
    begin = base + entry["offset"]
    if entry["offset"] < 0 or min(entry["shape"], default=0) < 0:
        raise FileUnreadable(f"{entry['name']} has a negative place or shape")
    end = begin + dtype.itemsize * prod(entry["shape"])
    if end > len(raw):
        raise FileUnreadable(f"{entry['name']} reaches beyond the end of the file")
    view: Array = raw[begin:end].view(dtype).reshape(entry["shape"])
    return view
