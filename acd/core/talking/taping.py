"""Talks on tape: begun with two-way media, masked and resumed, ended with the talk; what cannot be recorded costs no call.

``follow`` looks at what a decision has changed (an offer bridged, a talk ended), so that nobody who begins or ends a talk
has to think of it. A mask is remembered before it is asked for, and asked for again before anything else when a switch is
seen again: it fails closed (FAULTS.md, PCI).
"""

from dataclasses import replace

from acd.core.call import Call
from acd.core.commands import Answer, HangUp, Mark, MaskRecording, StartRecording, StopRecording, UnmaskRecording
from acd.core.draft import Draft
from acd.core.events import LOST, RecordingEnded, SnapshotTaken
from acd.core.offers.offer import Offer
from acd.core.talking.record_policy import RecordPolicy, WithoutRecording
from acd.core.talking.recording import Recording
from acd.words import AgentId, CallId, OfferState, Owner, RecordingId, RecordingOutcome, RecordingState, TapeWish, node_of

S, O, W = RecordingState, RecordingOutcome, TapeWish

STOPS_WITHIN_S = 5.0
"""An end that was asked for and not told by then is taken for granted."""
STOPS_MOST = 2
AGAIN_S = 30.0
"""What could not be recorded is tried again after so long: a disk may have room again (F28)."""
TRIES = 20
SOON_S = 2.0
"""It ended by itself: with its leg, whose end is told next, or because it is long enough."""
UNRECORDED = "NORMAL_TEMPORARY_FAILURE"
FLOW, TALK_ENDED, TIME_OUT = "flow", "talk ended", "time-out"


def follow(draft: Draft) -> None:
    """After each decision: what it means for tapes."""
    offers = [each for each in draft.changes.values() if isinstance(each, Offer)]
    for offer in offers:
        if not offer.is_live:
            _talk_ended(draft, offer)
    for offer in offers:
        if offer.state is OfferState.BRIDGED:
            _talk_begun(draft, offer)
    for call in [each for each in draft.changes.values() if isinstance(each, Call)]:
        gone = not call.is_here  # who was called back is gone, and may be called again
        if not call.is_live or call.talk.left_at is not None or gone:
            _call_ended(draft, call)
        elif draft.recordings_of(call.id):
            _in_confidence(draft, call)


# -- begins ------------------------------------------------------------------------------------------------------------


def _talk_begun(draft: Draft, offer: Offer) -> None:
    """Two-way media. A talk of two agents about a customer is nobody's to record."""
    call = draft.call(offer.call)
    if draft.entry(offer.entry).leg != call.leg or call.ending or call.talk.left_at is not None:
        return
    running = draft.recordings_of(call.id)
    if any(each.offer == offer.id for each in running):
        return
    for each in running:  # what the flow had begun, or the talk before
        _stop(draft, each)
    policy = draft.state.queue(offer.queue).record
    if is_to_be(call, policy):
        begin(draft, draft.call(call.id), policy, offer=offer)


def is_to_be(call: Call, policy: RecordPolicy) -> bool:
    """Who said no is not recorded, whatever any policy says; nor who has not heard that they are, where that is said (ACD.md 66)."""
    if call.tape in (W.STOP, W.DECLINE):
        return False
    if call.tape is W.START:
        return True
    return policy.chooses(call.id) and (call.told_of_tape or not policy.announce)


def begin(
    draft: Draft,
    call: Call,
    policy: RecordPolicy,
    *,
    offer: Offer | None = None,
    agent: AgentId | None = None,
    by: str = "",
    tries: int = 0,
) -> Recording:
    number = call.tapes + 1
    draft.put(replace(call, tapes=number))
    recording = Recording(
        id=RecordingId(f"{call.id}.r{number}"),
        call=call.id,
        leg=call.leg,
        started_at=draft.at,
        offer=offer.id if offer else None,
        queue=offer.queue if offer else None,
        agent=offer.agent if offer else agent,
        longest_s=policy.longest_s,
        mask_longest_s=policy.mask_longest_s,
        keep_s=policy.keep_s,
        refuses=policy.without is WithoutRecording.REFUSE,
        by=by,
        tries=tries,
    )
    if call.answered_at is None:
        draft.do(Answer(leg=call.leg))  # nothing can be recorded before
    draft.do(StartRecording(leg=call.leg, recording=recording.id, max_s=policy.longest_s))
    return draft.put(recording)


# -- ends --------------------------------------------------------------------------------------------------------------


def _talk_ended(draft: Draft, offer: Offer) -> None:
    for each in draft.recordings_of(offer.call):
        if each.offer == offer.id:
            _stop(draft, each)


def _call_ended(draft: Draft, call: Call) -> None:
    """The switch ends them with the leg; when it cannot say so any more they are over all the same."""
    for each in draft.recordings_of(call.id):
        _stop(draft, each, gone=True)


def stop(draft: Draft, call: CallId) -> None:
    """Whatever runs for this contact, ends."""
    for each in draft.recordings_of(call):
        _stop(draft, each)


def _stop(draft: Draft, recording: Recording, *, gone: bool = False) -> None:
    if recording.state is S.BROKEN:
        draft.put(recording.move(S.ENDED, deadline=None))
    elif recording.is_running:
        until = draft.at + STOPS_WITHIN_S
        if recording.state is S.MASKED:
            draft.put(recording.unmask(draft.at, TALK_ENDED, S.STOPPING, deadline=until))
        else:
            draft.put(recording.move(S.STOPPING, deadline=until))
        if not gone:
            draft.do(StopRecording(leg=recording.leg, recording=recording.id))


def ended(draft: Draft, event: RecordingEnded) -> None:
    """As the switch tells it: asked for, or by itself in the middle of a talk."""
    recording = draft.state.recordings.get(event.recording)
    if recording is None or recording.leg != event.leg or recording.state is S.BROKEN:
        return draft.late()
    outcome = O.FAILED if event.why else O.KEPT
    seconds = event.seconds or None
    if recording.state is S.STOPPING and event.why == LOST:
        _end(draft, recording, O.KEPT, None, "")  # it is over, as it was to be
    elif recording.state is S.STOPPING:
        _end(draft, recording, outcome, seconds, event.why)
    else:
        _broken(draft, recording, seconds, event.why)


def _end(draft: Draft, recording: Recording, outcome: RecordingOutcome, seconds: float | None, why: str) -> Recording:
    more = {"ended_at": draft.at, "seconds": seconds, "outcome": outcome, "why": why}
    if recording.state is S.MASKED:
        return draft.put(recording.unmask(draft.at, TALK_ENDED, S.ENDED, **more))
    return draft.put(recording.move(S.ENDED, deadline=None, **more))


def _broken(draft: Draft, recording: Recording, seconds: float | None, why: str) -> None:
    """It ended by itself. The talk goes on, unless the policy forbids that; later the next one is begun (ACD.md 67)."""
    outcome = O.FAILED if why else O.KEPT
    wait_s = AGAIN_S if why and why != LOST else SOON_S
    again = draft.at + wait_s if recording.tries < TRIES else None
    more = {"seconds": seconds, "why": why, "outcome": outcome, "deadline": again, "ended_at": draft.at}
    if recording.state is S.MASKED:
        draft.put(recording.unmask(draft.at, TALK_ENDED, S.BROKEN, **more))
    else:
        draft.put(recording.move(S.BROKEN, **more))
    call = draft.state.calls.get(recording.call)
    if recording.refuses and call is not None and why not in ("", LOST) and not draft.call(call.id).ending:
        draft.do(HangUp(leg=call.leg, cause=UNRECORDED))
        draft.put(replace(draft.call(call.id), ending=UNRECORDED, arm_at=draft.at + STOPS_WITHIN_S))


def _go_on(draft: Draft, recording: Recording, tries: int = 0) -> None:
    """The talk is longer than one recording may be, or could not be recorded for a while: the next one."""
    if recording.call not in draft.state.calls:
        return
    call = draft.call(recording.call)
    offer = draft.state.offers.get(recording.offer) if recording.offer else None
    is_over = recording.offer is not None and (offer is None or not draft.offer(offer.id).is_live)
    if is_over or call.ending or not call.is_live or call.talk.left_at is not None:
        return
    policy = replace(
        draft.state.queue(offer.queue).record if offer else RecordPolicy(),
        longest_s=recording.longest_s,
        mask_longest_s=recording.mask_longest_s,
        keep_s=recording.keep_s,
    )
    begin(draft, call, policy, offer=offer, agent=recording.agent, by=recording.by, tries=tries)


def woken(draft: Draft, id: RecordingId) -> None:
    """Its deadline has come: a mask was forgotten, an end was never told, another try is due."""
    recording = draft.state.recordings[id]
    if recording.state is S.MASKED:
        _unmask(draft, recording, TIME_OUT)
    elif recording.state is S.STOPPING:
        _stop_again(draft, recording)
    elif recording.state is S.BROKEN:
        draft.put(recording.move(S.ENDED, deadline=None))
        _go_on(draft, recording, recording.tries + 1 if recording.outcome is O.FAILED else 0)


def _stop_again(draft: Draft, recording: Recording) -> None:
    """Its end was not told: the command may have been lost, or what was told of it. With its leg it is over in any case."""
    if recording.call not in draft.state.calls or recording.stops >= STOPS_MOST:
        _end(draft, recording, O.KEPT, None, "")
        return
    draft.put(recording.move(S.STOPPING, stops=recording.stops + 1, deadline=draft.at + STOPS_WITHIN_S))
    draft.do(StopRecording(leg=recording.leg, recording=recording.id))


# -- masks -------------------------------------------------------------------------------------------------------------


def _in_confidence(draft: Draft, call: Call) -> None:
    """What a caller types or says in a sensitive step is on no tape, however they got there with one running."""
    private = call.owner is Owner.FLOW and call.frame is not None and draft.state.flows.is_sensitive(call.frame)
    for each in draft.recordings_of(call.id):
        if private and each.state is S.ON:
            _mask(draft, each, FLOW, None)
        elif not private and each.state is S.MASKED and each.masks[-1].by == FLOW:
            _unmask(draft, each, FLOW)


def _mask(draft: Draft, recording: Recording, by: str, until: float | None) -> None:
    draft.put(recording.mask(draft.at, by, until))
    draft.first(MaskRecording(leg=recording.leg, recording=recording.id))


def _unmask(draft: Draft, recording: Recording, by: str) -> None:
    draft.put(recording.unmask(draft.at, by))
    draft.do(UnmaskRecording(leg=recording.leg, recording=recording.id))


def seen_again(draft: Draft, snapshot: SnapshotTaken) -> None:
    """What was masked is masked before anything else; of the others it is found out whether they still run.

    A switch that came up anew records nothing any more, and what it had written must not be written over.
    """
    there = {channel.leg for channel in snapshot.channels}
    for each in list(draft.state.recordings.values()):
        if node_of(each.leg) != snapshot.node or (each.leg not in there and not snapshot.restarted):
            continue  # of a leg that is gone the end is told by that
        if each.state is S.STOPPING:
            draft.do(StopRecording(leg=each.leg, recording=each.id))
        if not each.is_running:
            continue
        if snapshot.restarted:
            _broken(draft, each, None, "SWITCH_CRASH")
            draft.put(replace(draft.recording(each.id), deadline=draft.at + STOPS_WITHIN_S))
        elif each.state is S.MASKED:
            draft.first(MaskRecording(leg=each.leg, recording=each.id))
        else:
            draft.do(UnmaskRecording(leg=each.leg, recording=each.id))


# -- wishes ------------------------------------------------------------------------------------------------------------


def ask(draft: Draft, call_id: CallId, wish: TapeWish, by: str) -> str:
    """Somebody asks for it: a flow, an agent by phone, a person at the command line. Why not, or ''."""
    known = draft.any_call(call_id)  # it may have come in this very decision
    if known is None or not known.is_live:
        return "there is no such call"
    running = [each for each in draft.recordings_of(call_id) if each.is_running]
    match wish:
        case W.PAUSE | W.RESUME if not running:
            return "nothing is being recorded"
        case W.PAUSE:
            for each in running:
                if each.state is S.ON:
                    _mask(draft, each, by, draft.at + each.mask_longest_s)
                else:
                    draft.put(replace(each, deadline=draft.at + each.mask_longest_s))  # asked for anew: it holds longer
        case W.RESUME:
            for each in running:
                if each.state is S.MASKED:
                    _unmask(draft, each, by)
        case W.START:
            return _start(draft, draft.call(call_id), running, by)
        case W.STOP | W.DECLINE:
            call = draft.put(replace(draft.call(call_id), tape=wish))
            draft.do(Mark(leg=call.leg, values={"tape": wish.value}))  # also when the journal is lost
            for each in draft.recordings_of(call_id):
                _stop(draft, each)
    return ""


def _start(draft: Draft, call: Call, running: list[Recording], by: str) -> str:
    if call.tape is W.DECLINE:
        return "the caller has declined to be recorded"
    call = draft.put(replace(call, tape=W.START))
    if running or call.ending:
        return ""
    talk = next((each for each in draft.state.offers.values() if each.call == call.id and each.state is OfferState.BRIDGED), None)
    if talk is not None or call.owner is Owner.FLOW:
        policy = draft.state.queue(talk.queue).record if talk else RecordPolicy()
        begin(draft, call, policy, offer=talk, by=by)
    return ""


def talk_of(draft: Draft, agent: AgentId) -> CallId | None:
    """The contact that an agent talks to now."""
    offer = draft.agent(agent).offer
    known = draft.state.offers.get(offer) if offer else None
    return known.call if known is not None and known.state is OfferState.BRIDGED else None
