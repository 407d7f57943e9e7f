"""The demo's supervisor and steps, with small programs in place of the servers."""

import json
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils.text import slugify

from audits.protected import cast_file
from catalog.demo.story import stories
from config import paths
from config.demo import steps
from config.demo.supervisor import (
    MOST_FAILURES,
    ProcessDied,
    Program,
    Supervisor,
    port_is_free,
    programs,
)
from config.embedded.secrets import secret
from personalization.serving import windows
from tests.factories import NOW, make_viewer

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
DEAF = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    " print('ready', flush=True); time.sleep(60)",
]
PARENT = [
    sys.executable,
    "-c",
    "import subprocess, sys, time; child = subprocess.Popen([sys.executable, '-c',"
    " 'import time; time.sleep(60)']); print(child.pid, flush=True); time.sleep(60)",
]
END = [sys.executable, "-c", "raise SystemExit('no such thing')"]


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "DATA", tmp_path)
    monkeypatch.setattr(steps, "RECORD", tmp_path / "demo.json")
    return tmp_path


@pytest.fixture
def supervise(data, monkeypatch):
    """Run a supervisor over programs, without its pauses; it is stopped at the end."""
    supervisors = []
    monkeypatch.setattr("config.demo.supervisor.LONGEST_PAUSE", 0.0)

    def make(*commands, **names):
        wanted = [Program(f"p{number}", "web", command) for number, command in enumerate(commands)]
        wanted += [Program(name, "worker", command) for name, command in names.items()]
        supervisor = Supervisor(wanted, say=(said := []).append)
        supervisor.said = said
        supervisors.append(supervisor)
        supervisor.start()
        return supervisor

    yield make
    for supervisor in supervisors:
        supervisor.stop()


def until(condition, supervisor=None):
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        if supervisor:
            supervisor.check()
        time.sleep(0.02)


def has_gone(pid):
    """Say whether a process ended; one that nobody has waited for yet has ended too."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return True
    return state == "Z"


def test_it_stops_every_program_that_it_started(supervise):
    supervisor = supervise(SLEEP, SLEEP)
    supervisor.stop()
    assert all(running.has_ended for running in supervisor.running.values())


def test_it_kills_a_program_that_does_not_listen(supervise, data, monkeypatch):
    monkeypatch.setattr("config.demo.supervisor.PATIENCE", 0.2)
    supervisor = supervise(deaf=DEAF)
    until(lambda: "ready" in (data / "logs" / "deaf.log").read_text())
    supervisor.stop()
    assert supervisor.running["deaf"].process.returncode == -signal.SIGKILL


def test_a_program_that_is_killed_starts_again_and_the_others_go_on(supervise):
    supervisor = supervise(web=SLEEP, worker=SLEEP)
    web, worker = (supervisor.running[name].process for name in ("web", "worker"))
    worker.kill()
    worker.wait()
    until(lambda: supervisor.running["worker"].process not in {worker, None}, supervisor)
    assert supervisor.running["worker"].process.poll() is None
    assert supervisor.running["web"].process is web
    assert web.poll() is None
    (sentence,) = supervisor.said
    assert "The worker process was killed by SIGKILL. It starts again" in sentence


def test_children_of_a_killed_program_do_not_go_on_without_it(supervise, data):
    supervisor = supervise(parent=PARENT)
    log = data / "logs" / "parent.log"
    until(lambda: log.read_text().endswith("\n"))
    child = int(log.read_text())
    parent = supervisor.running["parent"].process
    parent.kill()
    parent.wait()
    supervisor.check()
    until(lambda: has_gone(child))


def test_the_pause_before_a_start_grows(supervise, monkeypatch):
    monkeypatch.setattr("config.demo.supervisor.LONGEST_PAUSE", 8.0)
    supervisor = supervise(end=END)
    running = supervisor.running["end"]
    pauses = []
    for _ in range(3):
        until(lambda: running.has_ended)
        now = time.monotonic()
        supervisor.check()
        pauses.append(round(running.starts_at - now))
        assert running.process is None  # not yet
        running.starts_at = 0.0
        supervisor.check()
    assert pauses == [1, 2, 4]


def test_a_program_that_fails_again_and_again_ends_the_demo_and_shows_its_log(supervise):
    supervisor = supervise(web=END, worker=SLEEP)
    with pytest.raises(ProcessDied, match=r"(?s)web process ended with status 1, 5 times.*no such"):
        until(lambda: False, supervisor)


def test_a_program_that_ran_for_long_may_end_any_number_of_times(supervise, monkeypatch):
    monkeypatch.setattr("config.demo.supervisor.STEADY_SECONDS", 0.0)
    supervisor = supervise(end=END)
    until(lambda: len(supervisor.said) > 2 * MOST_FAILURES, supervisor)


def test_each_program_knows_its_side_of_the_wall(data):
    tell = [sys.executable, "-c", "import os; print(os.environ['MARQUEE_PROCESS'])"]
    supervisor = Supervisor([Program("audit", "audit", tell)])
    supervisor.start()
    supervisor.running["audit"].process.wait()
    assert (data / "logs" / "audit.log").read_text() == "audit\n"


def test_the_web_server_runs_as_it_is_shipped():
    (web,) = (program for program in programs("127.0.0.1", 8000) if program.name == "web")
    assert f"--config={paths.BASE / 'gunicorn.conf.py'}" in web.command
    assert not [option for option in web.command if "threads" in option or "workers" in option]


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
    monkeypatch.setattr(steps, "draw_as_every_demo", lambda: None)
    with pytest.raises(KeyboardInterrupt):
        steps.build(lambda *_: None)
    steps.build(lambda *_: None)
    steps.build(lambda *_: None)
    assert calls == ["a", "b", "b"]
    assert json.loads(steps.RECORD.read_text()) == ["a", "b"]


@pytest.fixture
def copy(db, data, settings, monkeypatch):
    """A copy that was prepared before its demo, and draws with a key of its own."""
    monkeypatch.setattr(paths, "SECRETS", data / "secrets")
    monkeypatch.setattr(steps, "embedded", lambda: True)
    settings.DRAW_KEY = secret("draw")
    return data / "secrets" / "draw"


def test_a_demo_draws_with_the_key_of_every_demo_whatever_ran_before_it(copy, settings):
    assert settings.DRAW_KEY != steps.DRAW_KEY
    steps.draw_as_every_demo()
    assert settings.DRAW_KEY == copy.read_text() == steps.DRAW_KEY
    assert copy.stat().st_mode & 0o777 == 0o600
    assert list(copy.parent.iterdir()) == [copy]


def test_a_key_that_something_was_drawn_with_stays(copy, settings):
    own = settings.DRAW_KEY
    windows.open_windows([make_viewer()], now=NOW)
    steps.draw_as_every_demo()
    assert settings.DRAW_KEY == copy.read_text() == own


def test_a_key_that_the_environment_gives_stays(copy, settings, monkeypatch):
    monkeypatch.setenv("DRAW_KEY", own := settings.DRAW_KEY)
    steps.draw_as_every_demo()
    assert settings.DRAW_KEY == copy.read_text() == own


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
