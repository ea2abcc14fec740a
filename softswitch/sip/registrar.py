"""Who is registered where. Knows timers but no socket; who may register was decided before."""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sipmessage import Request

from softswitch.sip.message import Garbage, Party, party, respond
from softswitch.sip.timers import Timer, Timers
from softswitch.sip.transactions import Address, ServerTransaction

_EXPIRES = re.compile(r";\s*expires\s*=\s*(\d{1,9})", re.IGNORECASE)
_INSTANCE = re.compile(r';\s*\+sip\.instance\s*=\s*"([^"]{1,128})"', re.IGNORECASE)
MAX_CONTACTS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    user: str
    contact: str
    """The contact URI as the phone wrote it."""
    source: Address
    """Where it came from: this is where we send."""
    agent: str
    """User-Agent."""
    expires_at: float
    """User agent's clock (monotonic)."""
    instance: str = ""
    call_id: str = ""
    sequence: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrarLimits:
    """Seconds. Below ``min_s`` a phone is told 423, above ``max_s`` it gets ``max_s``."""

    min_s: int = 10
    max_s: int = 3600
    default_s: int = 600


class Registrar:
    def __init__(
        self,
        timers: Timers,
        *,
        limits: RegistrarLimits,
        on_register: Callable[[Registration, bool], None],
        on_unregister: Callable[[Registration, str], None],
    ) -> None:
        self._timers = timers
        self._limits = limits
        self._on_register = on_register
        self._on_unregister = on_unregister
        self._known: dict[str, dict[str, tuple[Registration, Timer]]] = {}

    def of(self, user: str | None = None) -> Sequence[Registration]:
        """Newest first."""
        users = list(self._known) if user is None else [user]
        found = [one for name in users for one, _ in self._known.get(name, {}).values()]
        return sorted(found, key=lambda one: -one.expires_at)

    def register(self, transaction: ServerTransaction, *, user: str) -> None:
        """Does what an allowed REGISTER asks, and answers it."""
        request = transaction.request
        lines = request.headers.getlist("Contact")
        if [one.strip() for one in lines] == ["*"]:
            self._remove_all(transaction, user)
            return
        try:
            contacts = [party(one) for line in lines for one in _split(line)]
            wanted = [(one, self._wanted_s(one, request)) for one in contacts]
        except Garbage:
            transaction.answer(400)
            return
        if any(0 < seconds < self._limits.min_s for _, seconds in wanted):
            transaction.answer(423, headers=(("Min-Expires", str(self._limits.min_s)),))
        elif len(self._known.get(user, {})) + len(wanted) > 2 * MAX_CONTACTS or len(wanted) > MAX_CONTACTS:
            transaction.answer(403, phrase="Too Many Contacts")
        elif any(self._is_old(user, one, request) for one in contacts):
            transaction.answer(500, phrase="CSeq Out Of Order")
        else:
            changes = [self._change(user, one, seconds, transaction) for one, seconds in wanted]
            self._answer(transaction, user)
            for tell in changes:
                tell()

    def _wanted_s(self, contact: Party, request: Request) -> int:
        found = _EXPIRES.search(contact.parameters)
        header = (request.headers.get("Expires") or "").strip()
        if found:
            seconds = int(found[1])
        elif header.isascii() and header.isdigit():
            seconds = int(header[:9])
        else:
            seconds = self._limits.default_s
        return min(seconds, self._limits.max_s)

    def _is_old(self, user: str, contact: Party, request: Request) -> bool:
        known = self._known.get(user, {}).get(contact.uri)
        if known is None or known[0].call_id != request.headers["Call-ID"]:
            return False
        return request.cseq.sequence <= known[0].sequence

    def _change(self, user: str, contact: Party, seconds: int, transaction: ServerTransaction) -> Callable[[], None]:
        """Changes the table; what it returns tells the world, after the phone has its answer."""
        if seconds == 0:
            gone = self._take(user, contact.uri)
            return (lambda: self._on_unregister(gone, "unregistered")) if gone is not None else (lambda: None)
        request = transaction.request
        instance = _INSTANCE.search(contact.parameters)
        new = Registration(
            user=user,
            contact=contact.uri,
            source=transaction.source,
            agent=(request.headers.get("User-Agent") or "")[:128],
            expires_at=self._timers.clock() + seconds,
            instance=instance[1] if instance else "",
            call_id=request.headers["Call-ID"],
            sequence=request.cseq.sequence,
        )
        replaced = [self._take(user, one.contact) for one in self.of(user) if _same_phone(one, new)]
        timer = self._timers.after(seconds, lambda: self._expire(user, contact.uri))
        self._known.setdefault(user, {})[new.contact] = (new, timer)
        return lambda: self._on_register(new, not any(replaced))

    def _take(self, user: str, contact: str) -> Registration | None:
        found = self._known.get(user, {}).pop(contact, None)
        if found is None:
            return None
        found[1].cancel()
        if not self._known[user]:
            del self._known[user]
        return found[0]

    def _expire(self, user: str, contact: str) -> None:
        gone = self._take(user, contact)
        if gone is not None:
            self._on_unregister(gone, "expired")

    def _remove_all(self, transaction: ServerTransaction, user: str) -> None:
        if (transaction.request.headers.get("Expires") or "").strip() != "0":
            transaction.answer(400, phrase="Contact * Needs Expires 0")
            return
        gone = [self._take(user, one.contact) for one in self.of(user)]
        self._answer(transaction, user)
        for one in gone:
            if one is not None:
                self._on_unregister(one, "unregistered")

    def _answer(self, transaction: ServerTransaction, user: str) -> None:
        response = respond(transaction.request, 200, to_tag="registrar", source=transaction.source)
        for one in self.of(user):
            left_s = max(1, math.ceil(one.expires_at - self._timers.clock()))
            response.headers.add("Contact", f"<{one.contact}>;expires={left_s}")
        transaction.respond(response)


def _same_phone(known: Registration, new: Registration) -> bool:
    return known.contact == new.contact or bool(new.instance and known.instance == new.instance)


def _split(line: str) -> list[str]:
    """The contacts of one line; a comma inside <> or quotes does not separate."""
    return [one for one in re.findall(r'(?:[^,<"]|<[^>]*>|"[^"]*")+', line) if one.strip()]
