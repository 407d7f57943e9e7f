"""Starts the demo's processes, starts one again that ends, and stops all of them together."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import FrameType

from config import paths

PATIENCE = 10.0  # seconds a process may take to stop before it is killed
STEADY_SECONDS = 30.0  # a process that ran this long did not fail at once
MOST_FAILURES = 5  # at once and in a row, after which the demo ends
LONGEST_PAUSE = 8.0  # seconds before a start
TAIL = 15  # lines of a log that are shown


class StopRequested(Exception):
    """Someone pressed Ctrl-C or sent a stop signal."""


class ProcessDied(RuntimeError):
    """A process of the demo ended again and again."""


@dataclass(frozen=True)
class Program:
    """One process: its name (its log's name too), its role at the wall, its command."""

    name: str
    role: str
    command: Sequence[str]
    environment: Sequence[tuple[str, str]] = ()


@dataclass
class StartedProgram:
    """A program's process, and how its last starts went."""

    program: Program
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    failures: int = 0
    starts_at: float = field(default=0.0)

    @property
    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None


def programs(host: str, port: int, *, tour: bool = False) -> list[Program]:
    """Return what runs side by side: the web server and two workers, one with beat.

    `tour` opens the demo's tour, for a copy that only this machine reaches.
    """
    worker = [sys.executable, "-m", "celery", "-A", "config", "worker", "--concurrency=1"]
    return [
        Program(
            "web",
            "web",
            [
                sys.executable,
                "-m",
                "gunicorn",
                f"--config={paths.BASE / 'gunicorn.conf.py'}",
                f"--bind={host}:{port}",
            ],
            (("DEMO_TOUR", "true" if tour else "false"),),
        ),
        # The schedule runs in this worker.
        Program(
            "worker", "worker", [*worker, "--queues=marquee", "--hostname=worker@%h", "--beat"]
        ),
        Program("audit", "audit", [*worker, "--queues=audit", "--hostname=audit@%h"]),
    ]


def port_is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


@contextmanager
def stop_signals() -> Iterator[None]:
    """Turn SIGINT, SIGTERM and SIGHUP into StopRequested for the length of the block."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise StopRequested

    names = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {name: signal.signal(name, stop) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


class Supervisor:
    """Runs programs until told to stop, or until one of them fails again and again.

    `say` takes a sentence for the person at the terminal.
    """

    def __init__(self, wanted: Sequence[Program], say: Callable[[str], None] = print) -> None:
        self.running = {program.name: StartedProgram(program) for program in wanted}
        self.say = say

    def start(self) -> None:
        for running in self.running.values():
            self._start(running)

    def check(self) -> None:
        """Start again what ended, after a pause that grows with each failure.

        Raises:
            ProcessDied: if a program failed at once, again and again; with its log's end.
        """
        for running in self.running.values():
            if running.has_ended:
                self._note_end(running)
            if running.process is None and time.monotonic() >= running.starts_at:
                self._start(running)

    def wait_until_answers(self, host: str, port: int, *, patience: float = 60.0) -> None:
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            self.check()
            try:
                with socket.create_connection((host, port), timeout=1):
                    return
            except OSError:
                time.sleep(0.1)
        raise ProcessDied(f"The web server did not answer on port {port} in {patience:.0f} s.")

    def watch(self) -> None:
        while True:
            self.check()
            time.sleep(0.5)

    def stop(self) -> None:
        """End every program: first with SIGTERM, then with SIGKILL."""
        processes = [running.process for running in self.running.values() if running.process]
        for process in processes:
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + PATIENCE
        for process in processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
            _kill_group(process)

    def _start(self, running: StartedProgram) -> None:
        program = running.program
        logs = paths.DATA / "logs"
        logs.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (logs / f"{program.name}.log").open("ab") as log:
            running.process = subprocess.Popen(
                program.command,
                cwd=paths.BASE,
                env=os.environ | {"MARQUEE_PROCESS": program.role} | dict(program.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Of its own session, so that Ctrl-C reaches the supervisor alone.
                start_new_session=True,
            )
        running.started_at = time.monotonic()

    def _note_end(self, running: StartedProgram) -> None:
        process, name = running.process, running.program.name
        assert process is not None
        _kill_group(process)  # children of a killed process would go on without it
        running.process = None
        was_steady = time.monotonic() - running.started_at >= STEADY_SECONDS
        running.failures = 1 if was_steady else running.failures + 1
        ending = _words(process.returncode)
        if running.failures >= MOST_FAILURES:
            raise ProcessDied(
                f"The {name} process {ending}, {running.failures} times in a row. "
                f"Its log ends:\n{_tail(name)}"
            )
        pause = min(LONGEST_PAUSE, 0.5 * 2**running.failures)
        running.starts_at = time.monotonic() + pause
        self.say(f"The {name} process {ending}. It starts again in {pause:.0f} s.")


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _words(returncode: int) -> str:
    if returncode >= 0:
        return f"ended with status {returncode}"
    return f"was killed by {signal.Signals(-returncode).name}"


def _tail(name: str) -> str:
    log = paths.DATA / "logs" / f"{name}.log"
    return "\n".join(log.read_text(errors="replace").splitlines()[-TAIL:])
