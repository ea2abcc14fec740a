"""PURE: the rows of one contact -> its story in words, in the order of time. Tells a running call as well as an ended one.

What came from outside (names, numbers) stays plain text here; whoever prints it makes it safe for the place (``acd.cli.show``).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from acd.records.attempts import attempted
from acd.records.beside_talks import desk_lost, dialled, supervised, taped
from acd.records.moment import Moment
from acd.records.reasons import reasons

Rows = Mapping[str, Any]

ENDED_AS = {
    "answered": "answered",
    "no_answer": "did not answer",
    "declined": "declined",
    "busy": "phone was busy",
    "device_down": "phone could not be reached",
    "network_error": "the network failed (not the agent's doing)",
    "forwarded": "phone was forwarded elsewhere",
    "caller_gone": "the caller left while it rang",
    "caller_gone_at_answer": "the caller left at the moment of answering",
    "dumped": "picked up and hung up before the caller was there",
    "bridge_failed": "picked up, but the two could not be joined",
    "lost_race": "somebody else who was rung picked up first",
    "agent_unavailable": "was on another line already",
    "agent_left": "logged out or went not ready while it rang",
    "exited_key": "the caller chose another way while it rang",
    "cancelled_by_system": "cancelled by the house",
    "not_reached": "the customer was not reached, or there was no more time",
    "too_late": "rang, and the customer whom a campaign had dialled could wait no longer",
}


JOINED = {"consult": "a colleague is asked: ", "callback": "to be called back: "}


def tell(rows: Rows) -> list[Moment]:
    """``rows`` as ``Reader.story`` and GET /v1/calls/<id> give them."""
    return told(rows, offering)


def told(rows: Rows, offered: Callable[[Rows, Rows], Iterable[Moment]], between: Iterable[Moment] = ()) -> list[Moment]:
    """``offered``: how an offer is told; ``between``: what else is known about the time between offers."""
    moments = [
        *of_attempts(rows),
        *arrival(rows["contact"]),
        *path(rows["contact"]),
        *(joining(rows, visit) for visit in rows["visits"]),
        *(followed(visit, ran) for visit in rows["visits"] for ran in visit.get("recipes") or ()),
        *(m for offer in rows["offers"] for m in offered(rows, offer)),
        *between,
        *(m for row in rows.get("monitors", ()) for m in supervised(row)),
        *(m for row in rows.get("recordings", ()) for m in taped(row)),
        *(leaving(visit) for visit in rows["visits"] if visit["ended_at"] is not None),
        *(m for activity in rows.get("activities", ()) for m in wrap_up(activity)),
        *(desk_lost(row) for row in rows.get("desks", ())),
        *(disposed(one) for one in rows.get("wrap_ups", ()) if one["disposition"]),
        *(m for out in rows.get("outside", ()) for m in consulted_outside(out)),
        *(message(m) for m in rows.get("messages", ())),
        *(answer(a) for a in rows.get("answers", ())),
        *(m for c in rows.get("callbacks", ()) for m in callback(c)),
        *end(rows["contact"]),
        *(called_again(row) for row in rows.get("again", ())),
    ]
    return sorted(moments, key=lambda moment: moment.at)  # stable: what is told first here comes first at the same instant


def of_attempts(rows: Rows) -> list[Moment]:
    """What a campaign did and what was dialled for it; of one whom nobody answered that is all there is."""
    kept = [m for row in rows.get("attempts", ()) for m in attempted(row)]
    return sorted([*kept, *(m for row in rows.get("dialled", ()) for m in dialled(row))], key=lambda moment: moment.at)


def arrival(contact: Rows) -> Iterator[Moment]:
    name = f" ({contact['caller_name']})" if contact["caller_name"] else ""
    whose = f", agent {contact['agent']}'s phone" if contact["agent"] else ""
    yield Moment(
        at=contact["arrived_at"],
        kind="arrival",
        text=f"{contact['caller_number'] or 'a withheld number'}{name}{whose} called {contact['dialled']} on {contact['node']}"
        + (" (found again after a restart)" if contact["recovered"] else ""),
        details=(f"in the place of call {contact['linked_to']}",) if contact.get("linked_to") else (),
    )
    if contact["answered_at"] is not None:
        yield Moment(at=contact["answered_at"], kind="flow", text="the house answered")


def path(contact: Rows) -> Iterator[Moment]:
    for step in contact["path"]:
        way = f" -> {step['exit']}" if step["exit"] else ""
        took = step["left_at"] - step["entered_at"]
        again = step.get("times", 1) - 1
        more = f", and {again} times more while waiting, {step['repeats_s']:.1f} s" if again else ""
        yield Moment(at=step["entered_at"], kind="flow", text=f"{step['flow']}: {step['step']}{way} ({took:.1f} s{more})")


def is_consult(row: Rows) -> bool:
    return bool(row.get("kind") == "consult")


def talking(rows: Rows, at: float) -> str:
    """The agent who had the caller then."""
    for offer in rows["offers"]:
        since = offer.get("handed_at") or (None if is_consult(offer) else offer["bridged_at"])
        if since is not None and since <= at and (offer["ended_at"] is None or offer["ended_at"] >= at):
            return str(offer["agent"])
    return "the agent"


def joining(rows: Rows, visit: Rows) -> Moment:
    if is_consult(visit):
        asks = talking(rows, visit["joined_at"])
        return Moment(at=visit["joined_at"], kind="talk", text=f"{asks} asks for {whom(visit)} while the caller holds")
    carried = f", {visit['carried_s']:.0f} s of waiting carried over" if visit["carried_s"] else ""
    priority = f", priority {visit['priority']}" if visit["priority"] else ""
    who = JOINED.get(visit.get("kind", "call"), "")
    return Moment(at=visit["joined_at"], kind="queue", text=f"{who}joined queue {visit['queue']}{priority}{carried}")


def followed(visit: Rows, ran: Rows) -> Moment:
    """A recipe of the queue, at its first time."""
    again = f" ({ran['times']} times, the last after {ran['last_at'] - visit['joined_at']:.0f} s)" if ran["times"] > 1 else ""
    return Moment(at=ran["first_at"], kind="queue", text=f"{ran['recipe']} of queue {visit['queue']}: {', '.join(ran['did'])}{again}")


def whom(visit: Rows) -> str:
    name = str(visit["queue"])
    return name.removeprefix("@") if name.startswith("@") else f"queue {name}"


def leaving(visit: Rows) -> Moment:
    if is_consult(visit):
        words = "answered" if visit["connected_at"] is not None else str(visit["outcome"]).replace("_", " ")
        return Moment(at=visit["ended_at"], kind="talk", text=f"asking for {whom(visit)} is over: {words}")
    words = str(visit["outcome"]).replace("_", " ")
    exit = f", exit {visit['exit']}" if visit["exit"] else ""
    return Moment(
        at=visit["ended_at"],
        kind="queue",
        text=f"left queue {visit['queue']}: {words} after {visit['waited_s']:.1f} s of waiting, {visit['offers']} offer(s){exit}",
    )


def offering(rows: Rows, offer: Rows) -> Iterator[Moment]:
    why = tuple(reasons(offer["agent"], offer["trace"]))
    yield Moment(at=offer["offered_at"], kind="offer", text=f"offered to {offer['agent']}", details=why)
    if offer["ringing_at"] is not None:
        yield Moment(at=offer["ringing_at"], kind="offer", text=f"{offer['agent']}'s phone rings")
    if offer["answered_at"] is not None:
        rang = max(0.0, offer["answered_at"] - offer["offered_at"])  # the clock may have been set back between (F30)
        yield Moment(at=offer["answered_at"], kind="offer", text=f"{offer['agent']} picked up after {rang:.1f} s")
    if offer["bridged_at"] is not None:
        dead_air = f" ({offer['connect_s']:.2f} s after the pick-up)" if offer["connect_s"] is not None else ""
        with_whom = talking(rows, offer["bridged_at"]) if is_consult(offer) else "the caller"
        yield Moment(at=offer["bridged_at"], kind="talk", text=f"{offer['agent']} and {with_whom} talk{dead_air}")
    if offer.get("handed_at") is not None:
        text = f"{whose(rows, offer)} consulted {offer['agent']} ({offer['consult_s']:.0f} s), and put the caller through"
        yield Moment(at=offer["handed_at"], kind="talk", text=text)
    if offer["ended_at"] is not None:
        yield Moment(at=offer["ended_at"], kind="talk" if offer["bridged_at"] else "offer", text=offer_end(offer))


def whose(rows: Rows, offer: Rows) -> str:
    """Who had asked."""
    return talking({"offers": [each for each in rows["offers"] if each is not offer]}, offer["bridged_at"])


def offer_end(offer: Rows) -> str:
    if offer["bridged_at"] is not None and is_consult(offer) and offer["handed_at"] is None:
        return f"consult with {offer['agent']} over after {offer['consult_s']:.1f} s"
    if offer["bridged_at"] is not None:
        by = f", ended by the {offer['ended_by']}" if offer["ended_by"] else ""
        return f"talk with {offer['agent']} over after {offer['talk_s']:.1f} s{held(offer)}{by}"
    cause = f" [{offer['cause']}{' ' + str(offer['sip_status']) if offer['sip_status'] else ''}]" if offer["cause"] else ""
    return f"{offer['agent']}: {ENDED_AS.get(offer['outcome'], offer['outcome'])}{cause}"


def held(offer: Rows) -> str:
    """How often and how long the customer held."""
    if not offer.get("holds"):
        return ""
    times = f"{offer['holds']} times" if offer["holds"] > 1 else "once"
    return f", held {times} for {offer['hold_s']:.1f} s" + (" and hung up while holding" if offer["hold_abandoned"] else "")


def consulted_outside(out: Rows) -> Iterator[Moment]:
    """A number outside that an agent asked in the talk; what a flow, a transfer or a callback dials is told where it is done."""
    if out["reason"] != "consult":
        return
    asked = f"{out['agent']} asks {out['number']} outside"
    if out["refused"]:
        yield Moment(at=out["at"], kind="talk", text=f"{asked}: refused, {out['why']}")
        return
    yield Moment(
        at=out["at"], kind="talk", text=f"{asked} while the caller holds", details=(f"through {out['trunk']} as {out['shown']}",)
    )
    if out["answered_at"] is not None:
        yield Moment(at=out["answered_at"], kind="talk", text=f"{out['number']} picked up after {out['answered_at'] - out['at']:.1f} s")
    if out["ended_at"] is not None:
        lasted = f"over after {out['ended_at'] - out['answered_at']:.1f} s" if out["answered_at"] is not None else "nobody took it"
        yield Moment(at=out["ended_at"], kind="talk", text=f"{out['number']} outside: {lasted} [{out['cause']}]")


def wrap_up(activity: Rows) -> Iterator[Moment]:
    if activity["state"] != "wrap_up":
        return
    yield Moment(at=activity["since"], kind="wrap_up", text=f"{activity['agent']} in wrap-up")
    if activity["until"] is not None:
        text = f"{activity['agent']} done with wrap-up after {activity['duration_s']:.1f} s"
        yield Moment(at=activity["until"], kind="wrap_up", text=text)


def disposed(row: Rows) -> Moment:
    return Moment(at=row["ended_at"], kind="wrap_up", text=f"{row['agent']} said what came of it: {row['disposition']}")


def message(row: Rows) -> Moment:
    text = f"left a message of {row['seconds']:.1f} s in mailbox {row['mailbox']} (id {row['id']})"
    return Moment(at=row["left_at"], kind="message", text=text)


def answer(row: Rows) -> Moment:
    return Moment(at=row["answered_at"], kind="message", text=f"survey {row['survey']}, {row['question']}: {row['answer']}")


WHAT_CAME_OF_IT = {
    "talked": "reached",
    "no_answer": "did not answer",
    "busy": "was busy",
    "hung_up": "answered, and hung up before an agent was there",
    "failed": "could not be reached",
    "lost": "was perhaps called: the switch was away",
    "": "is being called",
}
CALLBACK_ENDED = {
    "served": "was called back",
    "expired": "was not called back in time",
    "cancelled": "is not to be called back any more",
    "merged": "called in, and took the place of the callback",
    "not_reached": "could not be reached, and is not called any more",
    "refused": "is not called: the house lets no call out to this number",
    "duplicate": "was to be called back already",
    "failed": "is not called back: the queue is gone",
}


def callback(callback: Rows) -> Iterator[Moment]:
    number = callback["number"]
    asked = f"asked to be called back on {number}, place in queue {callback['queue']} kept"
    yield Moment(at=callback["asked_at"], kind="message", text=asked)
    for n, attempt in enumerate(callback.get("attempts") or (), start=1):
        became = WHAT_CAME_OF_IT.get(attempt["outcome"], f"was no success: {attempt['outcome']}")
        cause = f" [{attempt['cause']}]" if attempt["cause"] else ""
        yield Moment(at=attempt["at"], kind="message", text=f"{number} is called (attempt {n}): {became}{cause}")
    if callback.get("ended_at") is not None:
        by = f" (by {callback['ended_by']})" if callback["ended_by"] else ""
        into = f" ({callback['into']})" if callback["into"] else ""
        why = f": {callback['why']}" if callback.get("why") else ""
        text = f"{number} {CALLBACK_ENDED.get(callback['outcome'], callback['outcome'])}{by}{into}{why}"
        yield Moment(at=callback["ended_at"], kind="message", text=text)


def called_again(row: Rows) -> Moment:
    return Moment(at=row["arrived_at"], kind="end", text=f"called again, and had the place of this call: {row['id']}")


def end(contact: Rows) -> Iterator[Moment]:
    if contact["ended_at"] is None:
        return
    by = f" by the {contact['ended_by']}" if contact["ended_by"] else ""
    cause = f" [{contact['cause']}]" if contact["cause"] else ""
    tags = tuple(f"{name}: {value}" for name, value in contact.get("tags", {}).items())
    text = f"the call ended{by} after {contact['duration_s']:.1f} s{cause}"
    yield Moment(at=contact["ended_at"], kind="end", text=text, details=tags)
