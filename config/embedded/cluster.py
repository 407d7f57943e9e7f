"""A private PostgreSQL cluster: making, starting and stopping it, and its addresses."""

import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from config.embedded import binaries
from config.embedded.secrets import kept, secret

SUPERUSER = "postgres"
ROLES = {
    # The web and training processes; owns the database, may make test databases.
    "marquee": "LOGIN CREATEDB",
    # Owns the schema of protected attributes; used to migrate it and for nothing else.
    "marquee_vault": "LOGIN",
    # The audit worker; may call the vault's logged read function.
    "marquee_audit": "LOGIN",
}
SOCKET_PATH_LIMIT = 100  # bytes; the kernel allows 107 for the whole socket path


class ClusterError(binaries.EmbeddedError):
    """The embedded database could not be made, started or stopped."""


@dataclass(frozen=True)
class Cluster:
    """A PostgreSQL cluster under `root`, reached through a private socket only."""

    root: Path
    fast: bool = False  # trades durability for speed: for tests

    @property
    def home(self) -> Path:
        """The cluster's folder: `root` itself, or for the user root in a private home, another.

        The server does not run as root and so could not reach a data directory
        under, say, /root; then the data lie in a root-owned shared folder and
        `root` is a link to it. A link that is there is followed, wherever it leads.
        """
        if self.root.is_symlink() and self.root.exists():
            return self.root.resolve()
        if os.geteuid() == 0 and not binaries.open_to_server(self.root.parent):
            return binaries.shared_folder("clusters") / self._mark
        return self.root

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def socket_folder(self) -> Path:
        folder = self.home / "socket"
        if len(os.fsencode(folder)) + len("/.s.PGSQL.5432") > SOCKET_PATH_LIMIT:
            return Path(tempfile.gettempdir()) / f"marquee-{os.geteuid()}-{self._mark}"
        return folder

    @property
    def _mark(self) -> str:
        return hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]

    def exists(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    def made_by(self) -> str:
        """Return the major version of the PostgreSQL that made the data."""
        return (self.data / "PG_VERSION").read_text().strip()

    def check_version(self) -> None:
        """Refuse data that this copy's PostgreSQL cannot read, and leave them as they are.

        Raises:
            ClusterError: if another major version of PostgreSQL made them.
        """
        if self.made_by() != binaries.major():
            raise ClusterError(
                f"PostgreSQL {self.made_by()} made the data in {self.data}, and this copy of "
                f"Marquee runs PostgreSQL {binaries.major()}, which cannot read them. "
                "Nothing was changed.\n"
                "If it is the demo, run `make demo-reset`: it removes the data and builds the demo "
                "again.\n"
                "If you need the data, go back to the version of Marquee that made them, dump them "
                "there with pg_dump, and load the dump into a new database."
            )

    def running(self) -> bool:
        return self.exists() and self._run("pg_ctl", "status", "-D", self.data).returncode == 0

    def create(self) -> None:
        """Run initdb, after removing a data directory that an interrupted run left."""
        self._own(self.home)
        if self.home != self.root and not self.root.exists():
            self.root.unlink(missing_ok=True)  # a link whose folder was cleaned away
            self.root.symlink_to(self.home)
        shutil.rmtree(self.data, ignore_errors=True)
        draft = self.home / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        password = self.home / "superuser"
        password.write_text(self.password(SUPERUSER))
        self._own(password)
        self._need(
            "initdb", "-D", draft, "-U", SUPERUSER, "--pwfile", password, "-E", "UTF8",
            "--locale=C.UTF-8", "--auth=scram-sha-256", "--no-instructions", "--no-sync",
        )  # fmt: skip
        password.unlink()
        draft.rename(self.data)

    def start(self) -> None:
        self._own(self.socket_folder)
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket_folder),
            "unix_socket_permissions": "0700",
            "max_connections": "200",
            "shared_buffers": "128MB",
            "logging_collector": "off",
        }
        if self.fast:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = " ".join(f"-c {name}={_quoted(value)}" for name, value in settings.items())
        log = self.home / "server.log"
        self._need("pg_ctl", "start", "-w", "-s", "-D", self.data, "-l", log, "-o", options)

    def stop(self) -> None:
        self._run("pg_ctl", "stop", "-w", "-s", "-D", self.data, "-m", "fast")

    def setup(self) -> None:
        """Make the roles and the database that do not exist yet."""
        import psycopg
        from psycopg import sql

        with psycopg.connect(self.dsn(SUPERUSER, "postgres"), autocommit=True) as connection:
            existing = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
            for role, rights in ROLES.items():
                if role not in existing:
                    connection.execute(
                        sql.SQL(f"CREATE ROLE {{}} {rights} PASSWORD {{}}").format(
                            sql.Identifier(role), sql.Literal(self.password(role))
                        )
                    )
            database = connection.execute("SELECT 1 FROM pg_database WHERE datname = 'marquee'")
            if not database.fetchone():
                connection.execute("CREATE DATABASE marquee OWNER marquee")

    def password(self, role: str) -> str:
        return secret(self._secret(role), folder=self._secrets)

    @property
    def _secrets(self) -> Path:
        return self.root.parent / "secrets"

    @staticmethod
    def _secret(role: str) -> str:
        return f"postgres-{role}"

    def url(self, role: str, database: str = "marquee") -> str:
        """Return the connection URL of `role`, in the form that DATABASE_URL takes.

        It makes nothing on the disk: where the role has no password yet, there is no server, and
        the URL leads nowhere.
        """
        from urllib.parse import quote

        is_made = os.access(self._secrets / self._secret(role), os.R_OK)
        folder = self.socket_folder if is_made else self.root / "socket"
        password = kept(self._secret(role), folder=self._secrets)
        return f"postgresql://{role}:{password}@{quote(str(folder), safe='')}/{database}"

    def dsn(self, role: str, database: str) -> str:
        from psycopg.conninfo import make_conninfo

        return make_conninfo(
            host=str(self.socket_folder), user=role, password=self.password(role), dbname=database
        )

    def _own(self, path: Path) -> None:
        """Make a folder private to the server's user (a file: hand it over)."""
        if not path.exists():
            path.mkdir(parents=True, mode=0o700)
        if path.is_symlink() or path.stat().st_uid not in (os.geteuid(), self._server_uid()):
            raise ClusterError(f"{path} belongs to another user; remove it and try again.")
        if os.geteuid() == 0:
            os.chown(path, self._server_uid(), -1)
        path.chmod(0o700 if path.is_dir() else 0o600)

    @staticmethod
    def _server_uid() -> int:
        if os.geteuid() == 0:
            return pwd.getpwnam(binaries.SERVER_USER).pw_uid
        return os.geteuid()

    def _run(self, program: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        command = [str(binaries.runnable() / "bin" / program), *map(str, arguments)]
        with tempfile.TemporaryFile("w+") as output:  # a pipe would stay open in the server
            done = subprocess.run(
                command, cwd="/", stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                env={"PATH": os.defpath, "LANG": "C.UTF-8"}, **binaries.credentials(),  # type: ignore[call-overload]
            )  # fmt: skip
            output.seek(0)
            return subprocess.CompletedProcess(command, done.returncode, output.read())

    def _need(self, program: str, *arguments: object) -> None:
        done = self._run(program, *arguments)
        if done.returncode != 0:
            log = self.home / "server.log"
            tail = log.read_text(errors="replace")[-2000:] if log.exists() else ""
            raise ClusterError(
                f"The embedded PostgreSQL under {self.home} failed at {program}:\n"
                f"{done.stdout}{tail}\n"
                "Remove that folder to start over, or set DATABASE_URL to a PostgreSQL of your own."
            )


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'").replace(" ", "\\ ") + "'"
