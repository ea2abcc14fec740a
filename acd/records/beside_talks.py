"""PURE: what went on beside a contact's talks, in words: a campaign that dialled it, supervisors, tapes, desks that were lost."""

from collections.abc import Iterator, Mapping
from typing import Any

from acd.records.moment import Moment

Rows = Mapping[str, Any]

DIALLED_ENDED = {
    "talked": "talked to an agent",
    "dialer_abandon": "answered, and no agent was there in time",
    "done": "answered, and heard all of it",
    "hung_up": "answered, and hung up before an agent was there or all was said",
    "machine": "was an answering machine, known by its beep",
    "fax": "was a fax",
    "busy": "was busy",
    "no_answer": "did not answer",
    "rejected": "declined",
    "invalid": "no such number",
    "congestion": "could not be reached, the trunk was at fault",
    "dropped": "not answered, and not wanted any more",
    "lost": "was perhaps called: nobody knows",
    "refused": "was not called",
    "failed": "could not be reached",
}
SUPERVISED = {
    "listen": "listens to",
    "whisper": "whispers to",
    "barge": "speaks in the talk of",
    "take_over": "takes over from",
    "stop": "wants to leave",
}
"""What is asked for; what of it came to be is in the lines that follow."""


def dialled(row: Rows) -> Iterator[Moment]:
    """What a campaign had dialled, when it is over. When it was joined to an agent is told with the offer."""
    of = f"campaign {row['campaign']}" if row["campaign"] else "a campaign"
    queue = f", queue {row['queue']}" if row["queue"] else ", for no agent"
    yield Moment(at=row["at"], kind="arrival", text=f"dialled for {of}{queue} (attempt {row['id']})")
    if row["ringing_at"] is not None:
        yield Moment(at=row["ringing_at"], kind="arrival", text="it rings there")
    if row["answered_at"] is not None:
        rang = max(0.0, row["answered_at"] - (row["at"] if row["ringing_at"] is None else row["ringing_at"]))
        yield Moment(at=row["answered_at"], kind="arrival", text=f"a person answered after {rang:.1f} s")
    if row["abandoned_at"] is not None:
        yield Moment(at=row["abandoned_at"], kind="queue", text="no agent was there in time: the message is played")
    if row["opted_out_at"] is not None:
        yield Moment(at=row["opted_out_at"], kind="flow", text="they want to be called no more: kept on the do-not-call list")
    if row["ended_at"] is not None:
        words = DIALLED_ENDED.get(row["outcome"], str(row["outcome"]))
        by = f" (rule {row['refused']})" if row["refused"] else ""
        cause = f" [{row['cause']}{' ' + str(row['sip_status']) if row['sip_status'] else ''}]" if row["cause"] else ""
        yield Moment(at=row["ended_at"], kind="end", text=f"the dialled call is over: {words}{by}{cause}")


def supervised(row: Rows) -> Iterator[Moment]:
    """Each turn of a supervisor, also what was refused, and from when to when they were there."""
    who, agent = row["supervisor"], row["agent"]
    for turn in row["turns"]:
        if turn["what"] == "ended":
            continue  # told below, with why
        by = f" (asked by {turn['by']})" if turn["by"] and turn["by"] != who else ""
        yield Moment(at=turn["at"], kind="talk", text=f"supervisor {who} {_turn(turn['what'], agent)}{by}")
    if row["ended_at"] is None:
        return
    refused = [turn for turn in row["turns"] if turn["what"] != "ended"]
    if refused and all(turn["what"].startswith("refused: ") for turn in refused):
        yield Moment(at=row["ended_at"], kind="talk", text=f"supervisor {who} was not let in: {row['why']}")
        return
    why = f": {row['why']}" if row["why"] else ""
    yield Moment(at=row["ended_at"], kind="talk", text=f"supervisor {who} is gone after {_lasted(row):.1f} s{why}")


def _turn(what: str, agent: str) -> str:
    if what.startswith("refused: "):
        return f"asks in vain: {what.removeprefix('refused: ').replace('_', ' ')}, {agent}"
    if what == "stop":
        return SUPERVISED["stop"]
    if what in SUPERVISED:
        return f"{SUPERVISED[what]} {agent}"
    return what


def _lasted(row: Rows) -> float:
    return max(0.0, float(row["ended_at"]) - float(row["begun_at"]))


def taped(row: Rows) -> Iterator[Moment]:
    """A recording with its masks; also one that failed, and whose sound is deleted or held by now."""
    whom = f", {row['agent']}" if row["agent"] else ""
    by = f", asked for by {row['asked_by']}" if row["asked_by"] else ""
    yield Moment(at=row["started_at"], kind="tape", text=f"recording {row['id']} begins{whom}{by}", details=tuple(_since(row)))
    for mask in row["masks"]:
        yield Moment(at=mask["at"], kind="tape", text=f"recording {row['id']} is masked by {mask['by']}")
        if mask["until"] is not None:
            took = max(0.0, mask["until"] - mask["at"])
            yield Moment(at=mask["until"], kind="tape", text=f"the mask ends by {mask['until_by']} after {took:.1f} s")
    if row["ended_at"] is not None:
        became = f"failed: {row['why']}" if row["outcome"] == "failed" else f"over, {row['duration_s']:.1f} s"
        yield Moment(at=row["ended_at"], kind="tape", text=f"recording {row['id']} {became}")


def _since(row: Rows) -> Iterator[str]:
    if row.get("held_by"):
        yield f"kept by {row['held_by']}"
    if row.get("purged_at") is not None:
        yield "its sound is deleted"


def desk_lost(row: Rows) -> Moment:
    """Of an agent who had this contact: it took nobody's call away, so that it shows when they were free of it."""
    return Moment(at=row["since"], kind="wrap_up", text=f"{row['agent']}'s desk was lost meanwhile: not ready")
