"""bridge: call somebody and join, from inside a leg."""

from softswitch.bridge import Join
from softswitch.originate import originate
from softswitch.session import Session

_ALWAYS_GOES_ON = ("NO_ANSWER", "NO_USER_RESPONSE", "ORIGINATOR_CANCEL")


def bridge(session: Session, argument: str) -> None:
    channel = session.channel
    outcome = originate(session.house, argument, originator=session)
    channel.set("originate_disposition", outcome.cause)
    channel.set("DIALSTATUS", outcome.cause)
    if outcome.session is None:
        channel.set("originate_failed_cause", outcome.cause)
        if session.ready and not _goes_on(session, outcome.cause):
            session.hang_up(outcome.cause)
        return
    other = outcome.session
    if not session.ready:
        other.hang_up("ORIGINATOR_CANCEL")
        return
    if other.channel.answered:
        session.leg.answer()
    else:
        session.leg.progress()
    join = Join(session, other)
    other.divert(join.follow)
    if join.meet():
        join.relay()
    else:
        other.hang_up("ORIGINATOR_CANCEL")


def _goes_on(session: Session, cause: str) -> bool:
    """FreeSWITCH's continue_on_fail: true, a list of causes, or else only when nobody answered."""
    wish = session.channel.variables.get("continue_on_fail")
    if wish is None:
        return cause in _ALWAYS_GOES_ON
    if wish.lower() in ("true", "yes", "on", "1"):
        return True
    return cause in [one.strip().upper() for one in wish.split(",")]
