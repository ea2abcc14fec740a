"""The ways outside: through which trunk which numbers may be dialled (S01). PURE; what no way takes is never dialled."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

NUMBER = re.compile(r"\+?[0-9]{1,20}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One trunk, as flows may use it."""

    trunk: str
    prefixes: tuple[str, ...]  # none: takes nothing
    caller_id: str = ""  # shown to who is called; '' shows the caller's own

    def takes(self, number: str) -> bool:
        return number.startswith(self.prefixes)


def ways(number: str, outside: Iterable[Way], trunks: tuple[str, ...]) -> tuple[Way, ...]:
    """Those that take the number, in the order in which they are to be tried: that of ``trunks``, or the house's if none is named.

    Only ASCII digits, perhaps after a +, are a number.
    """
    if not NUMBER.fullmatch(number):
        return ()
    known = {way.trunk: way for way in outside}
    return tuple(known[trunk] for trunk in trunks or known if trunk in known and known[trunk].takes(number))
