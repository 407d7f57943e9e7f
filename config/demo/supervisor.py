"""Starts the demo's processes and stops all of them together."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from config import paths

PATIENCE = 10.0  # seconds a process may take to stop before it is killed


class StopRequested(Exception):
    """Raised when Ctrl-C or a stop signal arrives."""


class ProcessDied(RuntimeError):
    """Raised when a process of the demo has ended on its own."""


@dataclass(frozen=True)
class Program:
    """One process: its name (also that of its log), its database role, its command."""

    name: str
    role: str
    command: Sequence[str]


def programs(host: str, port: int) -> list[Program]:
    """Return the demo's processes: the web server and two workers, one with the schedule (beat)."""
    worker = [sys.executable, "-m", "celery", "-A", "config", "worker", "--concurrency=1"]
    return [
        Program(
            "web",
            "web",
            [
                sys.executable,
                "-m",
                "gunicorn",
                "config.wsgi",
                f"--bind={host}:{port}",
                "--workers=2",
                "--threads=4",
                "--access-logfile=-",
            ],
        ),
        # This worker also runs the schedule; the file of last runs is in the data folder.
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
    """Turn SIGINT, SIGTERM and SIGHUP into StopRequested within the block."""

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
    """Runs programs until it is told to stop, or until one of them ends on its own."""

    def __init__(self, wanted: Sequence[Program]) -> None:
        self.wanted = wanted
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        logs = paths.DATA / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        for program in self.wanted:
            with (logs / f"{program.name}.log").open("ab") as log:
                self.running[program.name] = subprocess.Popen(
                    program.command,
                    cwd=paths.BASE,
                    env=os.environ | {"MARQUEE_PROCESS": program.role},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    # In a session of its own, so that Ctrl-C reaches only the supervisor.
                    start_new_session=True,
                )

    def check(self) -> None:
        """Raise ProcessDied if one of the programs ended."""
        for name, process in self.running.items():
            if process.poll() is not None:
                log = paths.DATA / "logs" / f"{name}.log"
                tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
                raise ProcessDied(f"The {name} process ended ({process.returncode}):\n{tail}")

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
        """Terminate every program, and kill those that do not end in time."""
        for process in self.running.values():
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + PATIENCE
        for process in self.running.values():
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
