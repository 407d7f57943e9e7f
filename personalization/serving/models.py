"""Fitted models in memory: opened memory-mapped, checked by digest, kept by version."""

import threading
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

KEPT = 4  # the serving one, the one before, and two for audits

Key = TypeVar("Key")

log = structlog.get_logger(__name__)
_lock = threading.Lock()
_opened: OrderedDict[str, Model] = OrderedDict()
_adopted: OrderedDict[tuple[str, int], Model] = OrderedDict()


class ModelUnusable(Exception):
    """A model version's file is missing, altered, or made for other features."""


def fitted(version: ModelVersion) -> Model:
    """Return the model of a version as it was fitted.

    Raises:
        ModelUnusable: and nothing is served from it.
    """
    with _lock:
        if version.sha256 in _opened:
            _opened.move_to_end(version.sha256)
            return _opened[version.sha256]
    try:
        path = storage.local_path(version.path, version.sha256)
        model = open_model(path, sha256=version.sha256, manifest=MANIFEST.digest)
    except (
        storage.StorageAltered, storage.StorageMissing, FileAltered, BadInput, OSError
    ) as error:  # fmt: skip
        log.error("model_unusable", model=version.pk, error=str(error))
        raise ModelUnusable(f"Model {version.pk} cannot be used: {error}") from error
    with _lock:
        _keep(_opened, version.sha256, model)
    return model


def scoring(version: ModelVersion, index: ArtworkIndex) -> Model:
    """Return the model for exactly the artworks of the index, new ones included."""
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


def _keep(kept: OrderedDict[Key, Model], key: Key, model: Model) -> None:
    kept[key] = model
    while len(kept) > KEPT:
        kept.popitem(last=False)
