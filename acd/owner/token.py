"""What stands on a switch to say whose it is: ``epoch:home.process:beat``. PURE.

``epoch`` grows with every change of owner; ``beat`` with everything that an owner asks; ``home`` is the id of a home directory and
``process`` of one run of a controller in it. Without a process it is nobody's (the home had it last); epoch 0 is a claim that is not
yet an ownership. No value is ever written twice, so that whoever finds what they expect knows that nothing happened in between.
"""

import re
from dataclasses import dataclass

VARIABLE = "acd_owner"
_WRITTEN = re.compile(r"(\d{1,12}):([0-9a-f]{0,32})\.([0-9a-f]{0,32}):(\d{1,12})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    epoch: int
    home: str
    process: str
    beat: int

    @property
    def is_nobodys(self) -> bool:
        return not self.process

    @property
    def is_claim(self) -> bool:
        return self.epoch == 0

    def __str__(self) -> str:
        return f"{self.epoch}:{self.home}.{self.process}:{self.beat}"


def read(value: str) -> Token | None:
    """None for what no controller writes."""
    found = _WRITTEN.fullmatch(value)
    return Token(epoch=int(found[1]), home=found[2], process=found[3], beat=int(found[4])) if found else None
