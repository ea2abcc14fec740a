"""Who a controller is: its home directory's id, which stays, and this run's, which does not."""

import os
import re
import secrets
from pathlib import Path

_ID = re.compile(r"[0-9a-f]{8,32}", re.ASCII)


def home_id(file: Path) -> str:
    """Made at the first start. A file that does not hold one is written anew: nobody who has it is then known as the same home."""
    try:
        found = file.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        found = ""
    if _ID.fullmatch(found):
        return found
    file.parent.mkdir(parents=True, exist_ok=True)
    made = secrets.token_hex(6)
    half = file.with_name(f"{file.name}.{os.getpid()}")
    half.write_text(made + "\n", encoding="ascii")
    half.replace(file)
    return made


def process_id() -> str:
    return secrets.token_hex(4)
