"""The embedded switch and FreeSWITCH tell of the same call in the same events, with the same headers that are read of them.

Each tells it through a recording proxy to a real contact centre. Ids, ports and times are replaced by what they stand for.
"""

import re
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from . import frames
from .centre import Plan
from .conftest import NO_FREESWITCH
from .house import CALLER_TONE, House
from .processes import Stage
from .switches import freeswitch_binary
from .waiting import until

_CALLER = ("Caller-Destination-Number", "Caller-Caller-ID-Number", "Caller-Caller-ID-Name", "Caller-Context")
_LEG = ("Call-Direction",)
READ: Mapping[str, tuple[str, ...]] = {
    "CHANNEL_CREATE": _LEG,
    "CHANNEL_PARK": (*_LEG, *_CALLER, "variable_sip_auth_username", "variable_acd_call"),
    "CHANNEL_PROGRESS": _LEG,
    "CHANNEL_PROGRESS_MEDIA": _LEG,
    "CHANNEL_ANSWER": _LEG,
    "CHANNEL_BRIDGE": ("Bridge-A-Unique-ID", "Bridge-B-Unique-ID"),
    "CHANNEL_EXECUTE": ("Application", "Application-UUID"),
    "CHANNEL_HOLD": (),
    "CHANNEL_UNHOLD": (),
    "CHANNEL_EXECUTE_COMPLETE": ("Application", "Application-UUID", "Application-Response"),
    "CHANNEL_HANGUP_COMPLETE": (
        "Hangup-Cause",
        "variable_sip_term_status",
        "variable_sip_invite_failure_status",
        "variable_sip_hangup_disposition",
    ),
    "DTMF": ("DTMF-Digit",),
    "BACKGROUND_JOB": ("Job-UUID", "Job-Command"),
    "CUSTOM sofia::register": ("from-user", "username"),
}
"""What ``acd.switch`` reads of each event. A test holds that this list is whole."""
_COMPARED = frozenset(header for headers in READ.values() for header in headers)
UNORDERED = frozenset({"HEARTBEAT", "CUSTOM sofia::register", "CUSTOM sofia::expire", "RE_SCHEDULE"})
"""Told when a clock says so, not when a call does."""

Told = tuple[str, Mapping[str, str]]
Calls = Callable[[House], None]
ROOT = Path(__file__).resolve().parents[2]


def test_given_the_translation_when_its_headers_are_looked_up_then_the_contract_names_them_all() -> None:
    text = "".join((ROOT / "acd" / "switch" / name).read_text() for name in ("events_from.py", "births.py", "watch.py"))
    names = set(re.findall(r'field\("([A-Za-z_-]+)"\)', text)) | set(re.findall(r'_leg\(frame, node, "([A-Za-z-]+)"\)', text))
    of_another_call = {
        "Event-Name",
        "Event-Subclass",
        "Event-Sequence",
        "Core-UUID",
        "Unique-ID",  # the key by which events are told apart below
        "Other-Leg-Unique-ID",  # only where Bridge-B-Unique-ID is missing
        "variable_proto_specific_hangup_cause",  # a phone that forwards
        "variable_originate_disposition",  # transfers to outside
        "variable_bridge_hangup_cause",
        "variable_last_bridge_hangup_cause",
        "variable_record_ms",  # voicemail
        "variable_record_seconds",
        "variable_silence_hits_exhausted",
        "user",  # where from-user is missing
        "Application-Data",  # keys of who listens in, and
        "Record-File-Path",  # talks on tape: test_contract_in_talk.py
        "Record-Completion-Cause",
    }
    assert names - of_another_call <= _COMPARED, "headers are read that the contract test does not compare"


@pytest.mark.timeout(240)
@pytest.mark.parametrize("calls", ["talk", "declined", "abandoned"])
def test_given_the_same_call_when_both_switches_tell_it_then_they_tell_the_same(tmp_path: Path, calls: str) -> None:
    if freeswitch_binary() is None:
        pytest.skip(NO_FREESWITCH)
    told = {kind: _record(kind, CALLS[calls], calls == "declined") for kind in ("embedded", "freeswitch")}
    for role in ("caller", "agent", "nobody"):
        ours, theirs = (_of(role, told[kind]) for kind in ("embedded", "freeswitch"))
        assert _names(ours) == _names(theirs), f"events of the {role}'s leg, embedded against FreeSWITCH"
        for mine, their in zip(ours, theirs, strict=True):
            assert mine == their, f"headers of {mine[0]} of the {role}'s leg, embedded against FreeSWITCH"


def _record(kind: str, calls: Calls, scripted: bool) -> list[Told]:
    directory = Path(tempfile.mkdtemp(prefix="acd-e2e-"))
    stage = Stage(directory)
    try:
        here = House(stage, kind, Plan(prompt_s=1), through_proxy=True).open()
        calls(here)
        assert here.proxy
        return _normalised(here.proxy.events())
    except BaseException:
        for name, text in stage.logs():
            print(f"--- {kind}: {name}\n{text}")
        raise
    finally:
        stage.close()


def _talk(here: House) -> None:
    anna = here.ready_phone("anna")
    caller = here.caller("100").must_be_answered()
    until("the menu is reached", lambda: here.centre.state()["calls"][0]["step"] == "choose", within_s=10)
    caller.press("1")
    anna.must_ring()
    anna.accept()
    until("the agent hears the caller", lambda: anna.hears_tone(CALLER_TONE), within_s=10)
    caller.hang_up()
    here.centre.must_become("anna", "ready")


def _declined(here: House) -> None:
    phone = here.scripted_phone("anna")
    here.ready("anna")
    caller = here.caller("200").must_be_answered()
    invited = phone.must_be_invited()
    phone.tell(invited.call, "ring")
    phone.tell(invited.call, "decline")
    caller.hang_up()
    until("the house has no call", lambda: here.centre.state()["calls_in_all"] == 0, within_s=10)
    _job_is_reported(here)


def _job_is_reported(here: House) -> None:
    """It may be the last that is told of a leg."""
    assert here.proxy
    told = here.proxy.events
    until("the job is reported", lambda: any(frames.event_name(frame) == "BACKGROUND_JOB" for frame in told()), within_s=5)


def _abandoned(here: House) -> None:
    anna = here.ready_phone("anna")
    caller = here.caller("200").must_be_answered()
    anna.must_ring()
    caller.hang_up()
    anna.must_be_released()
    until("the house has no call", lambda: here.centre.state()["calls_in_all"] == 0, within_s=10)
    _job_is_reported(here)


CALLS: Mapping[str, Calls] = {"talk": _talk, "declined": _declined, "abandoned": _abandoned}


def _of(role: str, told: list[Told]) -> list[Told]:
    """In order, but for the reports of jobs, which FreeSWITCH tells before or after the end that they report."""
    return sorted((one for one in told if one[1]["leg"] == role), key=lambda one: one[0] == "BACKGROUND_JOB")


def _names(told: list[Told]) -> list[str]:
    return [name for name, _ in told]


def _normalised(events: list[bytes]) -> list[Told]:
    """Each event with the headers that are read of it; ids replaced by the leg's role, plays by their order."""
    legs: dict[str, str] = {}
    plays: dict[str, str] = {}
    found: list[Told] = []
    for event in events:
        name, headers = frames.event_name(event), frames.headers(event)
        if name in UNORDERED or _says_nothing(name, headers):
            continue
        uuid = headers.get("Unique-ID") or headers.get("Job-UUID", "")
        if uuid and "Call-Direction" in headers:
            legs.setdefault(uuid, "caller" if headers["Call-Direction"] == "inbound" else "agent")
        elif headers.get("Job-UUID"):
            legs.setdefault(uuid, "agent")
        wanted = [key for key in READ.get(name, ()) if key in headers and not _is_idle(key, headers)]
        read = {key: _stands_for(headers[key], legs, plays, key) for key in wanted}
        found.append((name, {"leg": legs.get(uuid, "nobody"), **read}))
    return found


def _says_nothing(name: str, headers: Mapping[str, str]) -> bool:
    """Early media of a caller's leg comes when a playback overtakes the answer; only that of a phone is read."""
    return name == "CHANNEL_PROGRESS_MEDIA" and headers.get("Call-Direction") == "inbound"


def _is_idle(key: str, headers: Mapping[str, str]) -> bool:
    """How the playback ended in which the caller hung up is chance on FreeSWITCH (both words were seen), and nobody asks."""
    return key == "Application-Response" and "Hangup-Cause" in headers


def _stands_for(value: str, legs: Mapping[str, str], plays: dict[str, str], key: str) -> str:
    if value in legs:
        return legs[value]
    if key == "Application-UUID":
        return plays.setdefault(value, f"play {len(plays) + 1}")
    if key == "variable_acd_call":
        return "ours"
    return re.sub(r"\+4930\d+", "CALLER", value)
