"""The demo's supervisor and steps, with small programs in place of the servers."""

import json
import signal
import socket
import subprocess
import sys
import time

import pytest
from django.core.management import CommandError, call_command
from django.utils.text import slugify

from audits.protected import cast_file
from catalog.demo.story import stories
from config import paths
from config.demo import steps
from config.demo.supervisor import ProcessDied, Program, Supervisor, port_is_free

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
DEAF = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    " print('ready', flush=True); time.sleep(60)",
]
END = [sys.executable, "-c", "raise SystemExit('no such thing')"]


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "DATA", tmp_path)
    monkeypatch.setattr(steps, "RECORD", tmp_path / "demo.json")
    return tmp_path


def test_it_stops_every_program_that_it_started(data):
    supervisor = Supervisor([Program("one", "web", SLEEP), Program("two", "worker", SLEEP)])
    supervisor.start()
    supervisor.stop()
    assert all(process.returncode is not None for process in supervisor.running.values())


def test_it_kills_a_program_that_does_not_listen(data, monkeypatch):
    monkeypatch.setattr("config.demo.supervisor.PATIENCE", 0.2)
    supervisor = Supervisor([Program("deaf", "web", DEAF)])
    supervisor.start()
    while "ready" not in (data / "logs" / "deaf.log").read_text():
        time.sleep(0.05)
    supervisor.stop()
    assert supervisor.running["deaf"].returncode == -signal.SIGKILL


def test_it_tells_which_program_ended_and_what_it_last_said(data):
    supervisor = Supervisor([Program("web", "web", END)])
    supervisor.start()
    supervisor.running["web"].wait()
    with pytest.raises(ProcessDied, match=r"(?s)web process ended.*no such thing"):
        supervisor.check()


def test_each_program_knows_its_side_of_the_wall(data):
    tell = [sys.executable, "-c", "import os; print(os.environ['MARQUEE_PROCESS'])"]
    supervisor = Supervisor([Program("audit", "audit", tell)])
    supervisor.start()
    supervisor.running["audit"].wait()
    assert (data / "logs" / "audit.log").read_text() == "audit\n"


def test_a_taken_port_is_named_with_what_to_do():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert not port_is_free("127.0.0.1", port)
        with pytest.raises(CommandError, match=f"Port {port} is taken.*make demo PORT="):
            call_command("demo", port=port)


def test_an_interrupted_build_goes_on_where_it_stopped(data, monkeypatch):
    calls = []

    def work(name, *, fails=False):
        def run():
            calls.append(name)
            if fails and calls.count(name) == 1:
                raise KeyboardInterrupt

        return run

    monkeypatch.setattr(
        steps,
        "STEPS",
        [steps.BuildStep("a", "A", work("a")), steps.BuildStep("b", "B", work("b", fails=True))],
    )
    with pytest.raises(KeyboardInterrupt):
        steps.build(lambda *_: None)
    steps.build(lambda *_: None)
    steps.build(lambda *_: None)
    assert calls == ["a", "b", "b"]
    assert json.loads(steps.RECORD.read_text()) == ["a", "b"]


def test_make_help_names_every_target():
    text = subprocess.run(
        ["make", "help"], cwd=paths.BASE, capture_output=True, text=True, check=True
    ).stdout
    for target in ("demo", "demo-reset", "test", "check", "bench"):
        assert f"\n{target} " in f"\n{text}"


def test_the_invented_cast_declares_what_is_on_the_list_and_is_all_in_the_catalogue():
    credited = {
        f"demo-{slugify(player.name.replace('’', ''))}"
        for story in stories()
        for player in story.cast
    }
    declared = [person for _, person, *_ in cast_file.read(steps.CAST)]
    assert len(declared) > 150
    assert set(declared) <= credited
