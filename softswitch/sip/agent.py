"""A SIP user agent on one UDP socket. INTERFACE FIRST. The softswitch runs two: ``agents`` (ByDigest) and ``trunk``
(ByAddress)."""

import time
from collections.abc import Callable, Mapping, Sequence

from softswitch.sip.access import Access
from softswitch.sip.call import Call, Credentials
from softswitch.sip.registrar import Registration


class UserAgent:
    host: str
    port: int
    """The bound port (also when 0 was asked for)."""
    on_invite: Callable[[Call], None]
    """A new incoming call, allowed in; 100 is sent. Set its callbacks here. Unset: 480."""
    on_register: Callable[[Registration, bool], None]
    """(registration, first time?)"""
    on_unregister: Callable[[Registration, str], None]
    """(registration, why: ``unregistered``, ``expired``)"""
    on_register_failure: Callable[[str, tuple[str, int]], None]
    """(claimed user, source)"""

    def __init__(
        self,
        *,
        name: str,
        host: str = "127.0.0.1",
        port: int = 0,
        access: Access | None = None,
        product: str = "softswitch",
        clock: Callable[[], float] = time.monotonic,
        on_died: Callable[[str, BaseException], None] | None = None,
    ) -> None:
        """``access`` None lets everybody in (phones and tests on loopback)."""

    def start(self) -> None: ...

    def stop(self) -> None:
        """Closes the socket; calls end without a word (use hang_up first)."""

    def registrations(self, user: str | None = None) -> Sequence[Registration]: ...

    def invite(
        self,
        *,
        target: str,
        sdp: bytes,
        from_user: str,
        from_name: str = "",
        headers: Mapping[str, str] | None = None,
        credentials: Credentials | None = None,
        send_to: tuple[str, int] | None = None,
    ) -> Call:
        """Calls ``target`` (``sip:1001@192.0.2.1:5060``) through ``send_to`` (default: the target's host and port).
        The Call
        comes back before anything is sent back; set its callbacks at once. Raises ValueError for a target that is no
        SIP URI."""
        raise NotImplementedError

    def invite_user(
        self, user: str, *, sdp: bytes, from_user: str, from_name: str = "", headers: Mapping[str, str] | None = None
    ) -> Call | None:
        """The same to a registered phone (its newest contact, its source address); None when not registered."""
        raise NotImplementedError

    def calls(self) -> Sequence[Call]: ...
