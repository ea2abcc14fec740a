"""Where the house keeps its things: the configuration's folder, and the home directory for all that it writes itself."""

from dataclasses import dataclass
from pathlib import Path

DEFAULT_CONFIG = "config"
DEFAULT_HOME = "var"


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    config: Path
    home: Path

    @property
    def journal(self) -> Path:
        return self.home / "journal"

    @property
    def id(self) -> Path:
        """By what other controllers know this home."""
        return self.home / "id"

    @property
    def poison(self) -> Path:
        return self.home / "poison.jsonl"

    @property
    def secrets(self) -> Path:
        return self.home / "secrets.yaml"

    @property
    def flows(self) -> Path:
        """Every version of a flow that a caller may still be in."""
        return self.home / "flows"

    @property
    def versions(self) -> Path:
        """Every configuration that was put in force, as it was written."""
        return self.home / "versions"

    @property
    def sounds(self) -> Path:
        """What was spoken or made ready to be played."""
        return self.home / "sounds"

    @property
    def failsafe(self) -> Path:
        """What callers hear whom nobody adopts."""
        return self.home / "switch" / "failsafe.wav"

    @property
    def talks(self) -> Path:
        """Recordings of talks; the switch writes them."""
        return self.home / "recordings"

    @property
    def messages(self) -> Path:
        return self.home / "messages"

    @property
    def directory(self) -> Path:
        """The switch's user directory."""
        return self.home / "switch" / "directory" / "acd.xml"

    @property
    def switch(self) -> Path:
        return self.home / "switch"

    @property
    def socket(self) -> Path:
        return self.home / "run" / "acd.sock"

    @property
    def database(self) -> Path:
        return self.home / "acd.db"
