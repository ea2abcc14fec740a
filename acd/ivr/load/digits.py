"""Which digits interrupt what is heard: all, none, or those that are named."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator

from acd.config.kinds import matching, text
from acd.config.sentences import shown

EVERY = "0123456789*#"
DIGITS = re.compile(r"[0-9*#]{1,12}")
NEEDED = 'true, false, or the digits that interrupt (such as "1" or "*#")'


def interrupting(found: Any) -> str:
    """The digits that interrupt; '' when none does. Raises ValueError."""
    written = text(found, NEEDED)
    if written in ("true", "false"):
        return EVERY if written == "true" else ""
    if not DIGITS.fullmatch(written):
        raise ValueError(f"found {shown(found)}; {NEEDED} is needed")
    return written


Terminator = Annotated[str, BeforeValidator(matching(r"[0-9*#]|none", "one digit (0-9, * or #) or none"))]
Interrupting = Annotated[str, BeforeValidator(interrupting)]
