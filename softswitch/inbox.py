"""What others ask of one leg by ``sendmsg``: kept in order, one at a time, taken up when the leg has time for it."""

import logging
from collections import deque
from typing import TYPE_CHECKING

from softswitch import causes
from softswitch.house import Message

if TYPE_CHECKING:
    from softswitch.session import Session

_log = logging.getLogger(__name__)
_QUICK_S = 0.5
"""As in FreeSWITCH an application that is over so soon is not repeated: it would never end."""


class Inbox:
    def __init__(self, session: "Session") -> None:
        self._session = session
        self._messages: deque[Message] = deque()
        self._locked = False
        """What runs now was asked for with ``event-lock``: nothing else is taken up meanwhile."""

    def put(self, message: Message) -> None:
        self._messages.append(message)

    def clear(self) -> None:
        self._messages.clear()

    def take_one(self) -> bool:
        """Does what the oldest message asks. False when there is none, or it is not its turn."""
        if self._locked or not self._messages:
            return False
        message = self._messages.popleft()
        self._locked = message.is_true("event-lock")
        try:
            self._obey(message)
        finally:
            self._locked = False
        return True

    def _obey(self, message: Message) -> None:
        command = message.headers.get("call-command", "")
        if command == "execute":
            self._execute(message)
        elif command == "hangup":
            self._session.hang_up(causes.of_text(message.headers.get("hangup-cause", "")))
        else:
            _log.error("%r: invalid command %r; allowed are execute, hangup", self._session, command)

    def _execute(self, message: Message) -> None:
        session, headers = self._session, message.headers
        name = headers.get("execute-app-name", "")
        argument = headers.get("execute-app-arg", "") or message.body
        loops = int(headers["loops"]) if headers.get("loops", "").lstrip("-").isdecimal() else 1
        done = 0
        session.begin_anew()
        while name and session.ready and (loops < 0 or done < loops):
            began = session.clock()
            session.execute(name, argument, app_uuid=headers.get("event-uuid", ""), app_name=headers.get("event-uuid-name", ""))
            done += 1
            if session.broken_off or session.clock() - began < _QUICK_S:
                break
        session.heed_no_break()
