"""The log as files: read by the stand-alone verifier, which notices each change."""

import shutil

import pytest

from audits.evidence import folder as folders
from tests.audits.evidence.logs import Log
from tools.verify_evidence import (
    Checkpoint,
    DoesNotVerify,
    NotReadable,
    read_entries,
    tile_path,
    verify_log,
)


def verified(folder, log, *older):
    return verify_log(folder, log.key.verifier, (), [Checkpoint.parse(text) for text in older])


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 600])
def test_what_is_published_is_read_again(tmp_path, size):
    log = Log().grow(size)
    log.publish(tmp_path)
    assert list(read_entries(tmp_path, size)) == log.entries
    assert verified(tmp_path, log)[0].size == size


def test_a_log_that_grew_has_the_files_of_one_that_was_published_at_once(tmp_path):
    log = Log().grow(300)
    log.publish(tmp_path / "grown")
    log.grow(400).publish(tmp_path / "grown", before=300)
    log.publish(tmp_path / "once")
    once, grown = tmp_path / "once", tmp_path / "grown"
    for path in once.rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (grown / path.relative_to(once)).read_bytes()


def test_tiles_lie_where_the_specification_has_them(tmp_path):
    assert tile_path(1234067) == "x001/x234/067"
    assert tile_path(0) == "000"
    assert tile_path(273, 112) == "273.p/112"
    Log().grow(600).publish(tmp_path)
    found = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert found == {
        "checkpoint",
        "tile/0/000", "tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2",
        "tile/entries/000", "tile/entries/001", "tile/entries/002.p/88",
    }  # fmt: skip


def damage(name, folder, log):
    bundle = folder / "tile" / "entries" / "000"
    entries = [*log.entries[:256]]
    if name == "changed":
        entries[7] = entries[7].replace(b"7", b"8")
    elif name == "removed":
        del entries[7]
        entries.append(log.entries[256])
    elif name == "swapped":
        entries[7], entries[8] = entries[8], entries[7]
    elif name == "repeated":
        entries[8] = entries[7]
    bundle.write_bytes(folders.bundle(entries))


@pytest.mark.parametrize("name", ["changed", "removed", "swapped", "repeated"])
def test_a_leaf_that_was_tampered_with_is_noticed(tmp_path, name):
    log = Log().grow(300)
    log.publish(tmp_path)
    damage(name, tmp_path, log)
    with pytest.raises(DoesNotVerify, match="rewritten"):
        verified(tmp_path, log)


def test_a_bundle_that_is_cut_off_is_named(tmp_path):
    log = Log().grow(300)
    log.publish(tmp_path)
    bundle = tmp_path / "tile" / "entries" / "000"
    bundle.write_bytes(bundle.read_bytes()[:-3])
    with pytest.raises(NotReadable, match=r"000 is cut off"):
        verified(tmp_path, log)


def test_a_missing_bundle_is_named(tmp_path):
    log = Log().grow(300)
    log.publish(tmp_path)
    shutil.rmtree(tmp_path / "tile" / "entries" / "001.p")
    with pytest.raises(NotReadable, match="entries/001"):
        verified(tmp_path, log)


def test_an_owner_who_rewrites_the_log_is_found_out_by_an_older_checkpoint(tmp_path):
    log = Log().grow(300)
    kept = log.checkpoint()
    other = log.grow(10).rewrite(3, b'{"kind":"another"}')
    other.publish(tmp_path)
    assert verified(tmp_path, other)[0].size == 310  # by itself it is a good log
    with pytest.raises(DoesNotVerify, match="first 300 leaves have another root"):
        verified(tmp_path, other, kept)


def test_a_shortened_log_is_found_out_by_an_older_checkpoint(tmp_path):
    log = Log().grow(300)
    kept = log.checkpoint()
    shorter = log.shorten(200)
    shorter.publish(tmp_path)
    with pytest.raises(DoesNotVerify, match="had 300 leaves and has 200"):
        verified(tmp_path, shorter, kept)


def test_older_checkpoints_of_a_log_that_only_grew_are_prefixes(tmp_path):
    log = Log()
    kept = [log.grow(number).checkpoint() for number in (1, 255, 44)]
    log.grow(5).publish(tmp_path)
    assert verified(tmp_path, log, *kept)[0].size == 305


def test_a_checkpoint_by_another_key_does_not_verify(tmp_path):
    log = Log().grow(3)
    log.publish(tmp_path)
    with pytest.raises(DoesNotVerify, match="not signed by"):
        verified(tmp_path, Log())


def test_nothing_is_written_where_an_entry_is_too_long(tmp_path):
    log = Log().append(b"x" * 70_000)
    with pytest.raises(folders.EntryTooLong):
        log.publish(tmp_path)
    assert list(tmp_path.rglob("*")) == []


def test_a_folder_that_cannot_be_written_keeps_its_checkpoint(tmp_path, monkeypatch):
    log = Log().grow(3)
    log.publish(tmp_path)

    def full(*_args):
        raise OSError(28, "No space left on device")

    before = (tmp_path / "checkpoint").read_bytes()
    monkeypatch.setattr(folders.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        log.grow(3).publish(tmp_path, before=3)
    monkeypatch.undo()
    assert (tmp_path / "checkpoint").read_bytes() == before
    assert not [path for path in tmp_path.rglob(".*") if path.is_file()]
    assert verified(tmp_path, log)[0].size == 3
