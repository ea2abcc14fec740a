"""The system calls of the journal, in one place so that a test can fill the disk."""

import fcntl
import os
from pathlib import Path


class AlreadyRunning(Exception):
    pass


class Disk:
    def append(self, path: Path) -> int:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)

    def write(self, fd: int, data: bytes | memoryview) -> int:
        return os.write(fd, data)

    def sync(self, fd: int) -> None:
        os.fsync(fd)

    def close(self, fd: int) -> None:
        os.close(fd)


class Lock:
    """One controller for each directory. It goes with the process, however it ends; ``take_over`` takes it from one that lives."""

    def __init__(self, directory: Path) -> None:
        """Raises AlreadyRunning."""
        self.directory, self.path = directory, directory / "lock"
        directory.mkdir(parents=True, exist_ok=True)
        self.was_taken_over = False
        self._fd = self._locked()

    @classmethod
    def take_over(cls, directory: Path) -> "Lock":
        """From one that was stopped and may come back: another file takes the place of the one that it has locked.

        Only for whoever has what the other has lost (the switches): the other notices by ``is_ours``, before it writes.
        """
        taken = cls.__new__(cls)
        taken.directory, taken.path, taken.was_taken_over = directory, directory / "lock", True
        half = directory / f"lock.{os.getpid()}"
        taken._fd = os.open(half, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(taken._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        taken._sign()
        half.rename(taken.path)
        sync_directory(directory)
        return taken

    @property
    def is_ours(self) -> bool:
        """Whether the file that is there is the one that we have locked. A disk that does not say so has taken nothing from us."""
        try:
            there, ours = os.stat(self.path), os.fstat(self._fd)
        except OSError:
            return True
        return (there.st_dev, there.st_ino) == (ours.st_dev, ours.st_ino)

    def close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def _locked(self) -> int:
        while True:
            fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                who = os.pread(fd, 32, 0).decode("ascii", "replace").strip() or "unknown"
                os.close(fd)
                raise AlreadyRunning(
                    f"{self.directory}: another controller (process {who}) is running with this journal; stop it first, "
                    "or choose another --home, or stand by for it with --standby"
                ) from None
            self._fd = fd
            if self.is_ours:
                self._sign()
                return fd
            os.close(fd)  # another file has taken its place meanwhile

    def _sign(self) -> None:
        os.ftruncate(self._fd, 0)
        os.pwrite(self._fd, f"{os.getpid()}\n".encode(), 0)


def sync_directory(directory: Path) -> None:
    """Makes new and renamed names survive a power failure."""
    fd = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
