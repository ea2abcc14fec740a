"""bind_digit_action: ``REALM,DIGIT,exec[i]:set,NAME=VALUE``. The digit is told by that ``set`` and by nothing else, whatever the
leg does. Of FreeSWITCH's much larger notation this form alone is known.
"""

import logging
import re

from softswitch.session import Session

_log = logging.getLogger(__name__)
_BOUND = re.compile(r"[a-z]+,([0-9*#A-D]),exec\[i\]:set,(\w+=[^,]*)")


def bind_digit_action(session: Session, argument: str) -> None:
    found = _BOUND.fullmatch(argument.strip())
    if found is None:
        _log.error("%r: bind_digit_action %r: only REALM,DIGIT,exec[i]:set,NAME=VALUE is known here", session, argument)
        return
    session.bound_digits[found[1]] = found[2]
