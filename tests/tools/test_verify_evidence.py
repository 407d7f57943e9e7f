"""The stand-alone verifier, run as a sceptic runs it: one file, and the package cryptography."""

import base64
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audits.evidence import keys, tree
from config import paths
from tests.audits.evidence.logs import Log
from tools import verify_evidence as verify

VECTORS = os.environ.get("MERKLE_VECTORS", "")


@pytest.fixture
def alone(tmp_path):
    """Run a copy of the file in a folder of its own, isolated from this project."""
    copy = tmp_path / "alone" / "verify_evidence.py"
    copy.parent.mkdir()
    shutil.copy(paths.BASE / "tools" / "verify_evidence.py", copy)

    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-I", str(copy), *map(str, arguments)],
            cwd=copy.parent, capture_output=True, text=True, timeout=60,
        )  # fmt: skip

    return run


def signed(document, key):
    value = key.sign_document(verify.canonical(document))
    return document | {"signature": {"key": str(key.verifier), "value": value}}


def proof_of(log, index):
    steps = "".join(
        base64.b64encode(step).decode() + "\n"
        for step in tree.inclusion(log.tiles, index=index, size=log.size)
    )
    entry = base64.b64encode(log.entries[index]).decode()
    return f"c2sp.org/tlog-proof@v1\nextra {entry}\nindex {index}\n{steps}\n{log.checkpoint()}"


@pytest.fixture
def evidence(tmp_path):
    """A document, logged as leaf 40 of 90, in files."""
    log = Log().grow(40)
    document = {"format": 3, "measures": [{"estimate": 0.25, "word": "within margin"}], "seed": 7}
    leaf = {"at": "2026-11-02T03:00:00Z", "digest": verify.document_digest(document)}
    log.append(verify.canonical(leaf)).grow(49)
    (tmp_path / "run.json").write_text(json.dumps(signed(document, log.key), indent=2))
    (tmp_path / "run.tlog-proof").write_text(proof_of(log, 40))
    return log, tmp_path / "run.json", tmp_path / "run.tlog-proof"


def test_it_verifies_a_document_however_its_json_is_written(alone, evidence):
    log, document, proof = evidence
    done = alone("document", document, "--proof", proof, "--key", log.key.verifier)
    assert (done.returncode, done.stderr) == (0, "")
    assert "leaf 40 of 90" in done.stdout


def change(document, name):
    if name == "an estimate":
        document["measures"][0]["estimate"] = 0.2500001
    elif name == "a word":
        document["measures"][0]["word"] = "outside margin"
    elif name == "a field more":
        document["note"] = "nothing"
    elif name == "a field less":
        del document["seed"]
    return document


@pytest.mark.parametrize("name", ["an estimate", "a word", "a field more", "a field less"])
def test_it_notices_each_change_of_a_document(alone, evidence, name):
    log, path, proof = evidence
    path.write_text(json.dumps(change(json.loads(path.read_text()), name)))
    done = alone("document", path, "--proof", proof, "--key", log.key.verifier)
    assert done.returncode == 1
    assert "signature" in done.stderr


def test_a_document_that_was_signed_and_never_logged_does_not_verify(alone, evidence):
    log, path, proof = evidence
    path.write_text(json.dumps(signed({"format": 3, "seed": 8}, log.key)))
    done = alone("document", path, "--proof", proof, "--key", log.key.verifier)
    assert done.returncode == 1
    assert "not this document's" in done.stderr


def test_another_installations_key_does_not_verify(alone, evidence):
    _, path, proof = evidence
    done = alone("document", path, "--proof", proof, "--key", Log().key.verifier)
    assert done.returncode == 1


@pytest.mark.parametrize(
    "content",
    ["", "[" * 5000 + "]" * 5000, '{"a": 1, "a": 2}', '{"a": NaN}', "\ud800", "{}", "[]", "null"],
)
def test_what_is_no_document_is_said_to_be_none(alone, evidence, content):
    log, path, proof = evidence
    path.write_bytes(content.encode("utf-8", "surrogatepass"))
    done = alone("document", path, "--proof", proof, "--key", log.key.verifier)
    assert done.returncode == 2
    assert "CANNOT BE READ" in done.stderr
    assert "Traceback" not in done.stderr


def test_it_verifies_a_whole_log_against_older_checkpoints(alone, tmp_path):
    log = Log().grow(300)
    (tmp_path / "kept").write_text(log.checkpoint())
    log.grow(300).publish(tmp_path / "log")
    arguments = ("--key", log.key.verifier, "--since", tmp_path / "kept")
    done = alone("log", tmp_path / "log", *arguments)
    assert done.returncode == 0, done.stderr
    assert "All 600 leaves" in done.stdout
    log.rewrite(9, b"another").publish(tmp_path / "log")
    done = alone("log", tmp_path / "log", *arguments)
    assert done.returncode == 1
    assert "rewritten" in done.stderr


def test_a_checkpoint_without_a_named_witness_does_not_verify(alone, tmp_path):
    log = Log().grow(3)
    witness = keys.SigningKey.make("witness.example", kind=verify.COSIGNATURE)
    folder = log.publish(tmp_path / "log")
    arguments = ("log", folder, "--key", log.key.verifier, "--witness", witness.verifier)
    assert alone(*arguments).returncode == 1
    checkpoint = verify.Checkpoint.parse(log.checkpoint())
    (folder / "checkpoint").write_text(log.checkpoint() + witness.cosign(checkpoint, at=7))
    assert alone(*arguments).returncode == 0


def rotation(old, new, *, signers=None):
    first, second = signers or (old, new)
    return verify.canonical(
        {
            "kind": verify.ROTATION,
            "new": str(new.verifier),
            "signatures": [
                first.introduce(old.verifier, new.verifier),
                second.introduce(old.verifier, new.verifier),
            ],
        }
    )


def test_a_key_that_both_signed_takes_over(alone, tmp_path):
    log = Log().grow(3)
    first, kept = log.key, log.checkpoint()
    (tmp_path / "kept").write_text(kept)
    second = keys.SigningKey.make(log.origin)
    log.append(rotation(first, second))
    log.key = second
    log.grow(2).publish(tmp_path / "log")
    done = alone("log", tmp_path / "log", "--key", first.verifier, "--since", tmp_path / "kept")
    assert done.returncode == 0, done.stderr
    assert str(second.verifier) in done.stdout


@pytest.mark.parametrize("thief_signs", [(0, 1), (1, 1)])
def test_a_key_that_the_old_one_did_not_sign_does_not_take_over(alone, tmp_path, thief_signs):
    log = Log().grow(3)
    owner, thief = log.key, keys.SigningKey.make(log.origin)
    signers = tuple((owner, thief)[which] for which in thief_signs)
    log.append(rotation(owner, thief, signers=signers))
    log.key = thief
    log.publish(tmp_path / "log")
    done = alone("log", tmp_path / "log", "--key", owner.verifier)
    assert done.returncode == (0 if signers == (owner, thief) else 1)


def test_the_public_test_vectors_pass(alone):
    if not VECTORS:
        pytest.skip("MERKLE_VECTORS does not name the folder of transparency-dev's vectors")
    done = alone("vectors", Path(VECTORS).resolve())
    assert done.returncode == 0, done.stderr


# From RFC 8785, appendix B: the IEEE 754 number, and how ECMAScript writes it.
NUMBERS = {
    "0000000000000000": "0", "8000000000000000": "0", "0000000000000001": "5e-324",
    "8000000000000001": "-5e-324", "7fefffffffffffff": "1.7976931348623157e+308",
    "4340000000000000": "9007199254740992", "c340000000000000": "-9007199254740992",
    "4430000000000000": "295147905179352830000", "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23", "44b52d02c7e14af7": "1.0000000000000001e+23",
    "444b1ae4d6e2ef4e": "999999999999999700000", "444b1ae4d6e2ef4f": "999999999999999900000",
    "444b1ae4d6e2ef50": "1e+21", "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001", "41b3de4355555553": "333333333.3333332",
    "41b3de4355555554": "333333333.33333325", "41b3de4355555555": "333333333.3333333",
    "41b3de4355555556": "333333333.3333334", "41b3de4355555557": "333333333.33333343",
    "becbf647612f3696": "-0.0000033333333333333333", "43143ff3c1cb0959": "1424953923781206.2",
}  # fmt: skip


@pytest.mark.parametrize(("bits", "written"), NUMBERS.items())
def test_numbers_are_written_as_rfc_8785_has_them(bits, written):
    import struct

    (value,) = struct.unpack(">d", bytes.fromhex(bits))
    assert verify.canonical(value).decode() == written


def test_keys_are_in_the_order_of_utf_16():
    value = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\u0080": 6, "\u00f6": 7}
    order = [key for key, _ in json.loads(verify.canonical(value), object_pairs_hook=list)]
    assert order == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)  # fmt: skip


@given(json_values)
def test_the_canonical_form_says_the_same_and_is_its_own(value):
    once = verify.canonical(value)
    read = verify.read_json(once.decode())
    assert read == value
    assert verify.canonical(read) == once


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53 + 1, "\ud800"])
def test_what_has_no_canonical_form_is_refused(value):
    with pytest.raises(verify.NotReadable):
        verify.canonical(value)
