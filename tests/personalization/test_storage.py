import os

import pytest

from personalization import storage


@pytest.fixture(params=["folder", "bucket"])
def root(request, settings, tmp_path):
    """A folder, and pyarrow's in-memory file system where a bucket would be."""
    settings.STORAGE_CACHE = str(tmp_path / "cache")
    if request.param == "bucket":
        settings.STORAGE_URL = f"mock:///{tmp_path.name}"
    return request.param


def test_it_reads_what_it_wrote(root):
    stored = storage.put(b"a day", folder="days", suffix=".parquet")
    assert stored.path == f"days/{stored.sha256[:2]}/{stored.sha256}.parquet"
    assert storage.read(stored.path, stored.sha256) == b"a day"
    assert storage.local_path(stored.path, stored.sha256).read_bytes() == b"a day"


def test_it_writes_the_same_bytes_once_under_one_name(root):
    first = storage.put(b"a day", folder="days", suffix=".parquet")
    assert storage.put(b"a day", folder="days", suffix=".parquet") == first


def test_it_takes_a_file_by_its_path(root, tmp_path):
    (tmp_path / "model").write_bytes(b"weights")
    stored = storage.put(tmp_path / "model", folder="models", suffix=".npz")
    assert storage.read(stored.path, stored.sha256) == b"weights"


def test_it_names_a_missing_file(root):
    with pytest.raises(storage.StorageMissing, match="days/none is missing"):
        storage.read("days/none", "0" * 64)


def test_it_refuses_an_altered_file_and_repairs_it_when_written_again():
    stored = storage.put(b"a day", folder="days", suffix=".parquet")
    storage.local_path(stored.path, stored.sha256).write_bytes(b"A day")
    for reader in (storage.read, storage.verify, storage.local_path):
        with pytest.raises(storage.StorageAltered, match=f"{stored.path} was altered"):
            reader(stored.path, stored.sha256)
    storage.put(b"a day", folder="days", suffix=".parquet")
    assert storage.read(stored.path, stored.sha256) == b"a day"


def test_a_spoilt_copy_in_the_cache_is_fetched_again(settings, tmp_path):
    settings.STORAGE_CACHE = str(tmp_path / "cache")
    settings.STORAGE_URL = "mock:///spoilt"
    stored = storage.put(b"weights", folder="models", suffix=".npz")
    storage.local_path(stored.path, stored.sha256).write_bytes(b"other")
    assert storage.local_path(stored.path, stored.sha256).read_bytes() == b"weights"


def test_a_write_that_fails_leaves_nothing(monkeypatch, settings, tmp_path):
    def fail(handle):
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        storage.put(b"a day", folder="days", suffix=".parquet")
    assert not [path for path in (tmp_path / "storage").rglob("*") if path.is_file()]


def test_a_sweep_removes_what_is_not_to_be_kept_and_this_machines_copies(settings, tmp_path):
    settings.STORAGE_CACHE = str(tmp_path / "cache")
    kept, gone, other = (
        storage.put(content, folder=folder, suffix=".bin")
        for content, folder in ((b"a", "days"), (b"b", "days"), (b"c", "models"))
    )
    draft = storage.local_path(kept.path, kept.sha256).with_name(".new-of-a-killed-writer")
    draft.write_bytes(b"half")
    copies = [storage._cache_folder() / each.path for each in (kept, gone)]
    for copy in copies:
        copy.parent.mkdir(parents=True)
        copy.write_bytes(b"copy")
    removed = storage.sweep("days", keep={kept.path})
    assert gone.path in removed
    assert len(removed) == 2
    assert not draft.exists()
    assert [copy.exists() for copy in copies] == [True, False]
    for each in (kept, other):
        storage.verify(each.path, each.sha256)
    with pytest.raises(storage.StorageMissing):
        storage.verify(gone.path, gone.sha256)
    assert storage.sweep("nowhere", keep=set()) == []


def test_opening_what_is_not_there_says_so():
    with pytest.raises(storage.StorageMissing, match="missing"), storage.opened("days/none"):
        pass


def test_a_sweep_keeps_what_it_is_told_to_in_a_folder_and_in_a_bucket(root):
    kept, gone = (storage.put(each, folder="days", suffix=".bin") for each in (b"a", b"b"))
    for each in (kept, gone):
        storage.local_path(each.path, each.sha256)  # in a bucket: makes a copy here
    assert storage.sweep("days", keep={kept.path}) == [gone.path]
    assert storage.read(kept.path, kept.sha256) == b"a"
    with storage.opened(kept.path) as stream:
        assert stream.read() == b"a"
    for reads in (storage.read, storage.local_path):
        with pytest.raises(storage.StorageMissing):
            reads(gone.path, gone.sha256)


def test_a_file_checked_once_is_checked_again_only_where_it_was_touched():
    stored = storage.put(b"a day", folder="days", suffix=".parquet")
    path = storage.local_path(stored.path, stored.sha256)
    seen = path.stat()
    assert storage.local_path(stored.path, stored.sha256, again=False) == path
    path.write_bytes(b"A day")
    os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns))  # as if nobody had written
    with pytest.raises(storage.StorageAltered):
        storage.local_path(stored.path, stored.sha256, again=False)
    path.unlink()
    with pytest.raises(storage.StorageMissing):
        storage.local_path(stored.path, stored.sha256, again=False)


def test_a_file_checked_once_is_not_read_to_check_it_again(root, monkeypatch):
    stored = storage.put(b"a day", folder="days", suffix=".parquet")
    path = storage.local_path(stored.path, stored.sha256)
    for name in ("verify", "read", "_digest_of"):
        monkeypatch.setattr(storage, name, None)
    assert storage.local_path(stored.path, stored.sha256, again=False) == path
    with pytest.raises(TypeError):
        storage.local_path(stored.path, stored.sha256)


def test_a_file_that_this_process_never_checked_is_checked_whatever_is_asked():
    stored = storage.put(b"a day", folder="days", suffix=".parquet")
    with pytest.raises(storage.StorageAltered):
        storage.local_path(stored.path, "0" * 64, again=False)
