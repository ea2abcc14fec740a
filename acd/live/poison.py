"""Events that the core could not bear, set aside with the traceback for whoever mends it. Bounded: the newest are kept."""

import logging
import traceback
from dataclasses import replace
from pathlib import Path

import msgspec

from acd.core.events import DigitPressed, Event
from acd.core.frame import HIDDEN
from acd.live.codec import encode_tagged

log = logging.getLogger(__name__)


class Poison:
    def __init__(self, file: Path, max_bytes: int = 1_000_000) -> None:
        self.file, self.max_bytes = file, max_bytes
        self.count = 0

    def set_aside(self, event: Event, error: Exception) -> None:
        """Never raises: whoever calls it has an event loop to keep alive."""
        self.count += 1
        if isinstance(event, DigitPressed):  # perhaps of a secret
            event = replace(event, digit=HIDDEN)
        log.error("the core failed on %s: %s", event, error, exc_info=error)
        try:
            self._write(event, "".join(traceback.format_exception(error)))
        except Exception as why:
            log.error("%s cannot be written: %s", self.file, why)

    def _write(self, event: Event, trace: str) -> None:
        line = b'{"event":' + encode_tagged(event) + b',"error":' + msgspec.json.encode(trace) + b"}\n"
        if self.file.exists() and self.file.stat().st_size + len(line) > self.max_bytes:
            self.file.replace(self.file.with_suffix(".old" + self.file.suffix))
        with self.file.open("ab") as out:
            out.write(line)
