"""Lets a request in or answers it with the refusal: 401/407, 403. Decides by what access.py says; keeps only nonces."""

from collections.abc import Callable
from dataclasses import dataclass

from softswitch.sip.access import Access, ByAddress, ByDigest
from softswitch.sip.digest import Guard
from softswitch.sip.message import new_tag, party
from softswitch.sip.transactions import ServerTransaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    ok: bool
    user: str = ""
    """Who proved to be it; '' where nobody asks for a proof."""
    failed_user: str = ""
    """Who claimed to be somebody and could not prove it."""


class Gate:
    def __init__(self, access: Access | None, clock: Callable[[], float]) -> None:
        self._access = access
        self._clock = clock
        self._guard: Guard | None = None
        if isinstance(access, ByDigest):
            self._guard = Guard(realm=access.realm, ha1_of=access.ha1_of, nonce_s=access.nonce_s)

    def check(self, transaction: ServerTransaction) -> Passed:
        """What is not let in has its answer already."""
        if isinstance(self._access, ByAddress):
            return self._by_address(self._access, transaction)
        if self._guard is not None:
            return self._by_digest(self._guard, transaction)
        return Passed(ok=True)

    def _by_address(self, access: ByAddress, transaction: ServerTransaction) -> Passed:
        if access.lets_in(transaction.source[0]) and transaction.request.method != "REGISTER":
            return Passed(ok=True)
        transaction.answer(403, to_tag=new_tag())
        return Passed(ok=False)

    def _by_digest(self, guard: Guard, transaction: ServerTransaction) -> Passed:
        request = transaction.request
        registers = request.method == "REGISTER"
        given = request.headers.get("Authorization" if registers else "Proxy-Authorization")
        verdict = guard.check(given, method=request.method, now=self._clock())
        if not verdict.ok:
            self._ask(guard, transaction, stale=verdict.stale)
            return Passed(ok=False, failed_user="" if verdict.stale or given is None else verdict.user)
        if registers and party(request.headers["To"]).user != verdict.user:
            # A phone registers itself and nobody else.
            transaction.answer(403, to_tag=new_tag())
            return Passed(ok=False, failed_user=verdict.user)
        return Passed(ok=True, user=verdict.user)

    def _ask(self, guard: Guard, transaction: ServerTransaction, *, stale: bool) -> None:
        challenge = guard.challenge(now=self._clock(), stale=stale)
        if transaction.request.method == "REGISTER":
            transaction.answer(401, to_tag=new_tag(), headers=(("WWW-Authenticate", challenge),))
        else:
            transaction.answer(407, to_tag=new_tag(), headers=(("Proxy-Authenticate", challenge),))
