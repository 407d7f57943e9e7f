"""A witness, as a process of its own: it cosigns a log that grows, and no other."""

from contextlib import ExitStack

import pytest

from audits.evidence import witness
from tests.audits.evidence.logs import Log
from tests.audits.evidence.witnesses import started
from tools.verify_evidence import Checkpoint, check_checkpoint


@pytest.fixture
def log():
    return Log().grow(20)


@pytest.fixture
def start(tmp_path, log):
    """Start the reference witness; return its address and its key."""
    with ExitStack() as running:
        yield lambda: running.enter_context(started(tmp_path / "witness", log.key.verifier))


def ask(address, key, log, checkpoint=None):
    return witness.ask(address, key, checkpoint or log.checkpoint(), tiles=log.tiles, timeout=10)


def test_it_cosigns_a_log_that_grows(start, log):
    address, key, _ = start()
    for _ in range(3):
        log.grow(37)
        checkpoint = log.checkpoint()
        cosigned = Checkpoint.parse(checkpoint + ask(address, key, log))
        check_checkpoint(cosigned, log.key.verifier, [key])


def test_it_refuses_a_log_that_was_rewritten_forked_or_shortened(start, log):
    address, key, _ = start()
    ask(address, key, log)
    rewritten = log.rewrite(3, b"another").grow(5)
    with pytest.raises(witness.NoCosignature, match="422"):
        ask(address, key, rewritten)
    with pytest.raises(witness.NoCosignature, match="409"):
        ask(address, key, log.rewrite(3, b"another"))  # of the same size
    with pytest.raises(witness.NoCosignature, match="longer log, of 20"):
        ask(address, key, log.shorten(10))
    log.grow(1)
    assert ask(address, key, log).startswith(f"— {key.name} ")


def test_it_remembers_when_it_is_killed_and_started_again(start, log):
    address, key, process = start()
    ask(address, key, log)
    process.kill()
    process.wait()
    address, again, _ = start()
    assert again == key
    with pytest.raises(witness.NoCosignature, match="422"):
        ask(address, key, log.rewrite(3, b"another").grow(5))


def test_it_knows_no_other_log_and_no_other_key(start, log):
    address, key, _ = start()
    with pytest.raises(witness.NoCosignature, match="404"):
        ask(address, key, Log(origin="other.example/log").grow(3))
    with pytest.raises(witness.NoCosignature, match="403"):
        ask(address, key, Log().grow(3))  # of the same origin


def test_a_witness_that_does_not_answer_is_named(log):
    key = witness.SigningKey.make("nobody.example", kind=4).verifier
    with pytest.raises(witness.NoCosignature, match="does not answer"):
        ask("http://127.0.0.1:9", key, log)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 400),
        ("old -1\n\nx", 400),
        ("old 01\n\nx", 400),
        ("old 0\n" + "AAAA\n" * 64 + "\nx", 400),
        ("old 0\n%%%\n\nx", 400),
        ("old 21\n\n{checkpoint}", 400),
        ("old 7\n\n{checkpoint}", 409),
        ("old 0\nAAAA\n\n{checkpoint}", 422),
    ],
)
def test_what_is_no_request_has_the_protocols_status(log, body, status):
    key = witness.SigningKey.make("witness.example", kind=4)
    with pytest.raises(witness.Refusal) as refusal:
        witness.cosign(
            body.replace("{checkpoint}", log.checkpoint()),
            logs={log.origin: log.key.verifier}, last={}, key=key, at=0,
        )  # fmt: skip
    assert refusal.value.status == status


def test_an_old_size_that_it_does_not_know_is_answered_with_the_one_that_it_does(log):
    key = witness.SigningKey.make("witness.example", kind=4)
    head = witness.Cosigned(5, b"r" * 32)
    with pytest.raises(witness.Refusal) as refusal:
        witness.cosign(
            witness.request(log.checkpoint(), old=3, proof=[]),
            logs={log.origin: log.key.verifier}, last={log.origin: head}, key=key, at=0,
        )  # fmt: skip
    assert (refusal.value.status, refusal.value.words) == (409, "5\n")
