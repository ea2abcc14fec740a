"""One story of a contact: what went on beside its talks stands in it too, in the order of time (ACD.md 37, 61, 64-67)."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from acd.core.outside.dialled_call import DialledCall, DialledState, DialOutcome
from acd.core.talking.monitor import Monitor, Turned
from acd.core.talking.recording import Masked, Recording
from acd.records.batch import batch_of
from acd.records.beside_talks import DIALLED_ENDED, SUPERVISED, dialled, supervised, taped
from acd.records.reader import Reader
from acd.records.rows import contact_row, dialled_row, monitor_row, recording_row
from acd.records.store import Store
from acd.records.story import tell
from acd.records.why import explained
from acd.words import AgentState, MonitorState, RecordingOutcome, RecordingState, Supervise

from .making import T0, FakeLine, agent, call, entry, offer

DIALLED = DialledCall(
    id="t1", campaign="winter", queue="sales", number="+493012345678", at=T0 - 9, leg="fs/x", call="c1", state=DialledState.ENDED,  # type: ignore[arg-type]
    ringing_at=T0 - 6, answered_at=T0 - 1, outcome=DialOutcome.TALKED, cause="NORMAL_CLEARING", ended_at=T0 + 90,
)  # fmt: skip
MONITOR = Monitor(
    id="c1.m1", supervisor="sue", leg="fs/s", call="c1", agent="ann", queue="sales", begun_at=T0 + 40, mode=Supervise.BARGE,  # type: ignore[arg-type]
    state=MonitorState.ENDED, ended_at=T0 + 70, why="the talk is over",
    turns=(
        Turned(at=T0 + 40, what="listen", by="sue"), Turned(at=T0 + 50, what="barge", by="desk"),
        Turned(at=T0 + 55, what="refused: take_over", by="sue"), Turned(at=T0 + 70, what="ended"),
    ),
)  # fmt: skip
TAPE = Recording(
    id="c1.r1", call="c1", leg="fs/c", started_at=T0 + 30, state=RecordingState.ENDED, agent="ann", ended_at=T0 + 80, seconds=50.0,  # type: ignore[arg-type]
    outcome=RecordingOutcome.KEPT, masks=(Masked(at=T0 + 60, by="ann", until=T0 + 65, until_by="time-out"),),
)  # fmt: skip


def test_given_a_campaign_a_supervisor_and_a_tape_when_told_then_all_stand_in_one_story_in_the_order_of_time() -> None:
    rows: dict[str, Any] = {
        "contact": contact_row(call("c1")), "visits": [], "offers": [],
        "dialled": [dialled_row(DIALLED)], "monitors": [monitor_row(MONITOR)], "recordings": [recording_row(TAPE)],
    }  # fmt: skip
    for told in (tell(rows), explained(rows, [])):
        assert [moment.at for moment in told] == sorted(moment.at for moment in told)
        beside = [m.text for m in told if m.kind in ("tape", "talk") or "dialled" in m.text or "person" in m.text or "rings" in m.text]
        assert beside == [
            "dialled for campaign winter, queue sales (attempt t1)",
            "it rings there",
            "a person answered after 5.0 s",
            "recording c1.r1 begins, ann",
            "supervisor sue listens to ann",
            "supervisor sue speaks in the talk of ann (asked by desk)",
            "supervisor sue asks in vain: take over, ann",
            "recording c1.r1 is masked by ann",
            "the mask ends by time-out after 5.0 s",
            "supervisor sue is gone after 30.0 s: the talk is over",
            "recording c1.r1 over, 50.0 s",
            "the dialled call is over: talked to an agent [NORMAL_CLEARING]",
        ]


def test_given_a_tape_that_failed_when_told_then_why_and_what_became_of_its_sound() -> None:
    failed = replace(TAPE, outcome=RecordingOutcome.FAILED, why="disk full", masks=())
    begins, over = taped({**recording_row(failed), "held_by": "legal", "purged_at": T0 + 999})
    assert over.text == "recording c1.r1 failed: disk full"
    assert begins.details == ("kept by legal", "its sound is deleted")
    (running,) = taped(recording_row(replace(failed, ended_at=None, outcome=None, state=RecordingState.ON)))
    assert running.at == T0 + 30


def test_given_a_supervisor_who_was_refused_when_told_then_why_and_that_they_never_were_there() -> None:
    refused = replace(MONITOR, turns=(Turned(at=T0 + 40, what="refused: listen", by="sue"),), ended_at=T0 + 40, why="may not")
    assert [m.text for m in supervised(monitor_row(refused))] == [
        "supervisor sue asks in vain: listen, ann",
        "supervisor sue was not let in: may not",
    ]
    assert len([*supervised(monitor_row(replace(MONITOR, ended_at=None)))]) == 3


def test_given_a_dialled_call_without_an_agent_when_told_then_the_message_and_its_outcome() -> None:
    gone = replace(DIALLED, outcome=DialOutcome.DIALER_ABANDON, abandoned_at=T0 + 1, cause="", campaign="")
    told = [m.text for m in dialled(dialled_row(gone))]
    assert told[0].startswith("dialled for a campaign") and told[-2:] == [
        "no agent was there in time: the message is played",
        "the dialled call is over: answered, and no agent was there in time",
    ]


def test_row_94_given_a_campaign_without_agents_when_told_then_for_no_agent_and_that_they_want_no_more_calls() -> None:
    told = replace(DIALLED, queue=None, outcome=DialOutcome.DONE, opted_out_at=T0 + 5, cause="")
    assert [moment.text for moment in dialled(dialled_row(told)) if moment.at in (T0 - 9, T0 + 5, T0 + 90)] == [
        "dialled for campaign winter, for no agent (attempt t1)",
        "they want to be called no more: kept on the do-not-call list",
        "the dialled call is over: answered, and heard all of it",
    ]


def test_given_the_words_of_the_core_when_compared_then_each_has_some() -> None:
    assert {outcome.value for outcome in DialOutcome} == DIALLED_ENDED.keys()
    assert {wish.value for wish in Supervise} == SUPERVISED.keys()


@pytest.mark.parametrize("reason", ["desk_lost", "lunch"])
def test_row_24_given_a_desk_that_was_lost_in_a_talk_when_read_and_told_then_only_that_is_part_of_the_story(
    tmp_path: Path, reason: str
) -> None:
    url = f"sqlite:///{tmp_path}/acd.db"
    changes = [
        agent(AgentState.TALKING, 20, offer="o1"), agent(AgentState.NOT_READY, 60, reason=reason), agent(AgentState.READY, 70),
        agent(AgentState.NOT_READY, 99, reason="desk_lost"), offer("o1"), entry("e1"), call("c1"), DIALLED,
    ]  # fmt: skip
    store = Store(url)
    store.write(batch_of(0, [FakeLine(n=i, changes=(one,)) for i, one in enumerate(changes, start=1)], {}))  # type: ignore[arg-type]
    store.close()
    reader = Reader(url)
    rows = reader.story("c1")
    reader.close()
    assert rows is not None and [row["id"] for row in rows["dialled"]] == ["t1"]
    said = [(m.at, m.text) for m in tell(rows) if "desk" in m.text]
    assert said == ([(T0 + 60, "ann's desk was lost meanwhile: not ready")] if reason == "desk_lost" else [])
