"""Fitted models in memory: opened memory-mapped, checked by digest, kept by version."""

import threading
import time
from collections import OrderedDict
from typing import TypeVar

import structlog

from personalization import storage
from personalization.bandit.errors import BadInput
from personalization.bandit.files import FileAltered, open_model
from personalization.bandit.model import Model
from personalization.features.artworks import ArtworkIndex
from personalization.features.manifest import MANIFEST
from personalization.models import ModelVersion

# A refused file is not read again so soon, because every page would compute its digest.
REFUSED_SECONDS = 30.0
KEPT = 4  # the serving one, the one before, and two for audits

Key = TypeVar("Key")
Value = TypeVar("Value")

log = structlog.get_logger(__name__)
_lock = threading.Lock()
_opened: OrderedDict[str, Model] = OrderedDict()
_adopted: OrderedDict[tuple[str, int], Model] = OrderedDict()
_refused: OrderedDict[str, tuple[float, str]] = OrderedDict()  # when, and why


class ModelUnusable(Exception):
    """A model version's file is missing, altered, or made for other features."""


# Errors after which a file will never be usable, unlike a storage that does not answer.
UNUSABLE = (storage.StorageAltered, storage.StorageMissing, FileAltered, BadInput)


def opened(version: ModelVersion) -> Model:
    """Open a version's file without keeping it. Raises one of UNUSABLE, or OSError."""
    path = storage.local_path(version.path, version.sha256)
    return open_model(path, sha256=version.sha256, manifest=MANIFEST.digest)


def why_unusable(version: ModelVersion) -> str:
    """Say in words why a version's file cannot be used; "" where it can.

    Reads the file, and keeps nothing: for pages and checks, and not for choices.
    """
    try:
        opened(version)
    except (*UNUSABLE, OSError) as error:
        return (
            f"The file of {version} cannot be used: {error}. While it serves, viewers see the "
            "editors' default artwork. Run the night again to fit a new model."
        )
    return ""


def fitted(version: ModelVersion) -> Model:
    """Return the model of a version as it was fitted.

    Raises:
        ModelUnusable: its file cannot be used. Viewers get the editor's default.
    """
    with _lock:
        if version.sha256 in _opened:
            _opened.move_to_end(version.sha256)
            return _opened[version.sha256]
        refused_at, why = _refused.get(version.sha256, (-REFUSED_SECONDS, ""))
    if time.monotonic() - refused_at < REFUSED_SECONDS and why:
        raise ModelUnusable(why)
    try:
        model = opened(version)
    except (*UNUSABLE, OSError) as error:
        log.error("model_unusable", model=version.pk, error=str(error))
        why = f"Model {version.pk} cannot be used: {error}"
        with _lock:
            _keep(_refused, version.sha256, (time.monotonic(), why))
        raise ModelUnusable(why) from error
    with _lock:
        _keep(_opened, version.sha256, model)
    return model


def scoring(version: ModelVersion, index: ArtworkIndex) -> Model:
    """Return the model for exactly the artworks of the index, including new ones."""
    key = (version.sha256, index.revision)
    with _lock:
        if key in _adopted:
            _adopted.move_to_end(key)
            return _adopted[key]
    model = fitted(version).adopt(index.table)
    with _lock:
        _keep(_adopted, key, model)
    return model


def forget() -> None:
    """Drop everything that is kept (for tests that alter files)."""
    with _lock:
        _opened.clear()
        _adopted.clear()
        _refused.clear()


def _keep(kept: OrderedDict[Key, Value], key: Key, value: Value) -> None:
    kept[key] = value
    while len(kept) > KEPT:
        kept.popitem(last=False)
