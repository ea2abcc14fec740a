"""Where each phone is registered. PURE. A phone may stand at several places at once (two devices; or one that came up anew and
whose old registration has yet to run out): only when the last is gone is it gone.
"""

from collections.abc import Collection, Iterable, Mapping

from acd.words import PhoneId


class Contacts:
    def __init__(self) -> None:
        self._of: dict[PhoneId, set[str]] = {}

    def came(self, phone: PhoneId, call_id: str) -> bool:
        """A registration, or its refresh; the switch knows it by its Call-ID. True when it is a new one."""
        known = self._of.setdefault(phone, set())
        is_new = call_id not in known
        known.add(call_id)
        return is_new

    def went(self, phone: PhoneId, call_id: str) -> bool:
        """Ended or ran out. True when none is left (also when none was known)."""
        left = self._of.get(phone, set())
        left.discard(call_id)
        return not left

    def rebase(self, listed: Iterable[Mapping[str, str]], newer: Collection[PhoneId]) -> None:
        """What the switch lists stands, and what came too lately to be listed: its list lags behind its events."""
        kept = {phone: self._of.get(phone, set()) for phone in newer}
        self._of = {}
        for row in listed:
            if row.get("reg_user"):
                self.came(PhoneId(row["reg_user"]), row.get("token", ""))
        for phone, calls in kept.items():
            self._of.setdefault(phone, set()).update(calls)
