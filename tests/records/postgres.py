"""A PostgreSQL of our own for the time of the tests: a new cluster in a temporary directory, reached by a unix socket only."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType


def binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    in_path = shutil.which("initdb")
    return Path(in_path).parent if in_path else None


class Cluster:
    def __init__(self, bin: Path) -> None:
        self.bin = bin
        self.home = Path(tempfile.mkdtemp(prefix="acdpg"))  # short: a socket's path has a limit
        self.data = self.home / "data"
        self.as_user: list[str] = []
        if os.getuid() == 0:  # the server refuses to run as root
            shutil.chown(self.home, "postgres", "postgres")
            self.as_user = ["runuser", "-u", "postgres", "--"]

    @property
    def url(self) -> str:
        return f"postgresql://postgres@/postgres?host={self.home}"

    def run(self, program: str, *args: str) -> str:
        done = subprocess.run(
            [*self.as_user, str(self.bin / program), *args], capture_output=True, text=True, timeout=60, check=True, cwd="/"
        )
        return done.stdout

    def __enter__(self) -> "Cluster":
        self.run("initdb", "-D", str(self.data), "-U", "postgres", "--auth=trust", "--no-sync", "-E", "UTF8", "--no-locale")
        self.start()
        return self

    def start(self) -> None:
        # no fsync: a server that is killed loses nothing without it, and after it a slow disk would be waited for
        options = f"-k {self.home} -c listen_addresses='' -c shared_buffers=16MB -c max_connections=20 -c fsync=off"
        # its log goes to a file: a pipe that the server keeps would never end
        self.run("pg_ctl", "-D", str(self.data), "-w", "-o", options, "-l", str(self.home / "log"), "start")

    def stop(self, mode: str = "fast") -> None:
        self.run("pg_ctl", "-D", str(self.data), "-w", "-m", mode, "stop")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if (self.data / "postmaster.pid").exists():
            self.stop("immediate")
        shutil.rmtree(self.home, ignore_errors=True)

    def database(self, name: str) -> str:
        """The URL of a new, empty database."""
        self.run("psql", "-h", str(self.home), "-U", "postgres", "-c", f'CREATE DATABASE "{name}"')
        return f"postgresql://postgres@/{name}?host={self.home}"
