"""Brokers that the tests start on free ports, kill and start again."""

import os
import shutil
import signal
import socket
import subprocess
import time

import pytest

PATIENCE = 90
RABBITMQ = "/usr/lib/rabbitmq/bin/rabbitmq-server"  # Debian's wrapper of it wants to be root


class Broker:
    """A server in a folder of its own."""

    def __init__(self, folder):
        self.folder, self.port = folder, _free_port()
        self.start()

    def start(self):
        self._begin()
        deadline = time.monotonic() + PATIENCE
        while not _answers(self.port):
            assert time.monotonic() < deadline, (self.folder / "log").read_text()[-2000:]
            if self.process.poll() is not None:  # the killed server may hold its name for a moment
                self._begin()
            time.sleep(0.1)

    def kill(self):
        """End it as `kill -9` does: what it had not written to the disk is lost."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def _begin(self):
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command(), env=os.environ | self.environment(), cwd=self.folder,
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip


class Redis(Broker):
    """Keeps nothing on the disk: a kill loses every message."""

    def command(self):
        return [
            _program("redis-server"), "--bind", "127.0.0.1", "--port", str(self.port),
            "--save", "", "--appendonly", "no", "--dir", str(self.folder),
        ]  # fmt: skip

    def environment(self):
        return {}

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}/0"


class RabbitMQ(Broker):
    """Keeps persistent messages: a kill loses those that it had not confirmed."""

    def command(self):
        return [RABBITMQ if os.path.exists(RABBITMQ) else _program("rabbitmq-server")]  # noqa: PTH110

    def environment(self):
        (self.folder / "none.conf").touch()
        return {
            "HOME": str(self.folder),
            "RABBITMQ_NODENAME": f"marquee{self.port}@localhost",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(_free_port()),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self.folder / "logs"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "plugins"),
            "RABBITMQ_CONF_ENV_FILE": str(self.folder / "none.conf"),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "none"),
            "RABBITMQ_PID_FILE": str(self.folder / "pid"),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_FLAGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        }

    @property
    def url(self):
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"


class Files:
    """The embedded broker: a folder, so there is no process to kill."""

    url = "filesystem://"

    def __init__(self, folder):
        pass

    def kill(self):
        """No process runs."""


KINDS = {"redis": Redis, "rabbitmq": RabbitMQ, "files": Files}


def _program(name):
    return shutil.which(name) or pytest.fail(f"{name} is not installed; these tests start one.")


def _free_port():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


def _answers(port):
    try:
        with socket.create_connection(("127.0.0.1", port), 1):
            return True
    except OSError:
        return False
