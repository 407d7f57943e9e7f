"""What is installed is locked: every package, its version, and the hashes of its files."""

import re

import pytest

from config import paths

LOCKS = ("requirements", "requirements-dev", "requirements-bench")
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;#]+)", re.MULTILINE)


def pinned(name):
    found = PINNED.findall((paths.BASE / name).read_text())
    return {re.sub(r"[._-]+", "-", package).lower(): version for package, version in found}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_what_is_asked_for_in_that_version(lock):
    wanted, locked = pinned(f"{lock}.in"), pinned(f"{lock}.txt")
    assert wanted
    assert wanted.items() <= locked.items()


@pytest.mark.parametrize("lock", LOCKS)
def test_each_package_of_a_lock_has_hashes(lock):
    text = (paths.BASE / f"{lock}.txt").read_text()
    blocks = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(PINNED.findall(text))
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_each_package_that_is_asked_for_has_a_reason(lock):
    lines = (paths.BASE / f"{lock}.in").read_text().splitlines()
    asked = [line for line in lines if PINNED.match(line)]
    assert [line for line in asked if not re.search(r"\s# \S", line)] == []


def test_the_locks_agree_with_each_other():
    runtime = pinned("requirements.txt")
    for lock in LOCKS[1:]:
        other = pinned(f"{lock}.txt")
        assert {name: other[name] for name in runtime.keys() & other.keys()} == {
            name: runtime[name] for name in runtime.keys() & other.keys()
        }
