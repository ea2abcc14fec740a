"""ACD.md 61, 62 and FAULTS.md S13: supervisors at a talk, what they may, where they go; also when the controller comes back."""

from dataclasses import replace

import pytest

from acd.core import events as ev
from acd.core.commands import Bridge, HangUp, ListenIn, Notice, Ring, SpeakTo, StartRecording, StopListening
from acd.core.interpreter import EnterQueue
from acd.core.offers.offer import Offer
from acd.core.staff.agent import Agent
from acd.core.talking.handed_on import WAITS_S
from acd.core.talking.monitor import Monitor
from acd.core.talking.record_policy import RecordPolicy, When
from acd.core.talking.supervisor_policy import AgentDrops, SupervisorPolicy
from acd.words import AgentId, EndedBy, FlowId, Follows, HeardBy, LegId, MonitorState, PhoneId, PlayId, QueueId, Supervise, SupervisorId
from tests.core.world import FS, Flows, World, leg, policy

S, W = MonitorState, Supervise
ALL = frozenset({W.LISTEN, W.WHISPER, W.BARGE, W.TAKE_OVER})
SUE = SupervisorId("sue")


def sue(**changes: object) -> SupervisorPolicy:
    fields = {"name": "Sue", "phone": PhoneId("2001"), "queues": frozenset({QueueId("sales")}), "rights": ALL}
    return SupervisorPolicy(id=SUE, **(fields | changes))  # type: ignore[arg-type]


def talking(*supervisors: SupervisorPolicy, flows: Flows | None = None, **rules: object) -> World:
    there = supervisors or (sue(),)
    return World(policy(supervisors={each.id: each for each in there}, **rules), flows).talks("c", "a0")  # type: ignore[arg-type]


def asks(world: World, wish: Supervise, agent: str | None = "a0", *, who: SupervisorId = SUE, follows: Follows | None = None) -> str:
    known = AgentId(agent) if agent else None
    world.feed(ev.SuperviseAsked(at=world.at, supervisor=who, wish=wish, agent=known, follows=follows, by="sue"))
    return next((each.refused for each in world.decisions[-1:] if each.refused), "")


def monitor(world: World) -> Monitor:
    [one] = world.state.monitors.values()
    return one


def listening(mode: Supervise = W.LISTEN, *supervisors: SupervisorPolicy, **more: object) -> World:
    world = talking(*supervisors, **more)  # type: ignore[arg-type]
    assert asks(world, mode) == ""
    picks_up(world)
    return world


def picks_up(world: World) -> list[object]:
    found: list[object] = []
    at = monitor(world).leg
    found += world.feed(ev.LegAnswered(at=world.at, leg=at))
    return found + list(world.feed(ev.LegParked(at=world.at, leg=at, inbound=False)))


def over(world: World) -> Monitor:
    [one] = world.ended(Monitor)
    return one


def test_given_a_talk_when_a_supervisor_wants_to_listen_then_their_phone_rings_and_they_hear_it() -> None:
    world = talking()
    assert asks(world, W.LISTEN) == ""
    [ring] = [c for c in world.decisions[-1].commands if isinstance(c, Ring)]
    assert ring.phone == "2001" and ring.marks["monitor"] == monitor(world).id
    listen = ListenIn(leg=ring.leg, play=PlayId("c.m1.1"), to=leg("c"), heard_by=HeardBy.NOBODY, keys="1234")
    assert picks_up(world) == [listen]
    assert monitor(world).state is S.LISTENING and monitor(world).deadline is None


@pytest.mark.parametrize(
    ("follows", "mode", "heard_by"),
    [
        (Follows.CONTACT, W.WHISPER, HeardBy.OTHER),
        (Follows.CONTACT, W.BARGE, HeardBy.BOTH),
        (Follows.CONTACT, W.LISTEN, HeardBy.NOBODY),
        (Follows.AGENT, W.WHISPER, HeardBy.TARGET),
        (Follows.AGENT, W.BARGE, HeardBy.BOTH),
        (Follows.AGENT, W.LISTEN, HeardBy.NOBODY),
    ],
)
def test_given_a_listener_when_they_speak_then_only_who_should_hears_them(follows: Follows, mode: Supervise, heard_by: HeardBy) -> None:
    world = listening(W.LISTEN, sue(follows=follows))
    assert asks(world, mode, None) == ""
    assert world.decisions[-1].commands == (SpeakTo(leg=monitor(world).leg, heard_by=heard_by),)
    assert [turned.what for turned in monitor(world).turns] == ["listen", mode]


@pytest.mark.parametrize(("key", "mode"), [("1", W.LISTEN), ("2", W.WHISPER), ("3", W.BARGE)])
def test_given_a_listener_when_they_press_a_key_then_it_is_as_asked(key: str, mode: Supervise) -> None:
    world = listening()
    world.feed(ev.DigitPressed(at=world.at, leg=monitor(world).leg, digit=key))
    assert monitor(world).mode is mode and monitor(world).turns[-1].by == f"key {key}"


@pytest.mark.parametrize(
    ("supervisor", "wish", "agent", "why"),
    [
        (sue(rights=frozenset({W.LISTEN})), W.WHISPER, "a0", "sue may not whisper"),
        (sue(rights=frozenset()), W.LISTEN, "a0", "sue may not listen"),
        (sue(queues=frozenset({QueueId("help")})), W.LISTEN, "a0", "sue may not be at talks of a0 in sales"),
        (sue(), W.LISTEN, "a1", "a1 talks to nobody"),
        (sue(), W.STOP, "a0", "sue is at no talk"),
    ],
)
def test_S13_given_no_right_when_asked_then_it_is_refused_and_kept(
    supervisor: SupervisorPolicy, wish: Supervise, agent: str, why: str
) -> None:
    world = talking(supervisor)
    assert asks(world, wish, agent) == why
    assert not world.state.monitors and not world.decisions[-1].commands
    assert [one.why for one in world.ended(Monitor)] == ([why] if "may not" in why else [])


def test_S13_given_a_right_for_one_agent_when_asked_then_it_is_for_that_agent_whatever_the_queue() -> None:
    world = talking(sue(queues=frozenset(), agents=frozenset({AgentId("a0")})))
    assert asks(world, W.LISTEN) == ""


def test_S13_given_a_listener_who_may_not_barge_when_they_try_then_it_is_refused_kept_and_no_key_does_it() -> None:
    world = listening(W.LISTEN, sue(rights=frozenset({W.LISTEN, W.WHISPER})))
    listen = next(c for d in world.decisions for c in d.commands if isinstance(c, ListenIn))
    assert listen.keys == "12"
    assert asks(world, W.BARGE, None) == "sue may not barge"
    assert monitor(world).turns[-1].what == "refused: barge" and monitor(world).mode is W.LISTEN


def test_given_a_stranger_when_asked_then_it_is_refused() -> None:
    assert asks(talking(), W.LISTEN, who=SupervisorId("bob")) == "there is no such supervisor"


def test_given_one_who_listens_when_they_ask_for_another_talk_then_one_at_a_time() -> None:
    world = listening()
    assert asks(world, W.LISTEN, "a1") == "sue is at a talk of a0 already"


def test_given_two_supervisors_when_both_listen_then_each_has_a_leg_of_their_own() -> None:
    sam = replace(sue(), id=SupervisorId("sam"), phone=PhoneId("2002"))
    world = talking(sue(), sam)
    assert asks(world, W.LISTEN) == "" and asks(world, W.LISTEN, who=sam.id) == ""
    assert len({each.leg for each in world.state.monitors.values()}) == 2


def test_given_an_agent_who_is_to_be_told_when_somebody_listens_then_a_tone_is_heard() -> None:
    world = listening(W.LISTEN, sue(tell_agent=True))
    assert Notice(leg=world.offer("a0").leg) in world.decisions[-1].commands


def test_given_a_phone_that_nobody_picks_up_when_its_time_is_over_then_it_stops() -> None:
    world = talking()
    asks(world, W.LISTEN)
    at = monitor(world).leg
    world.after(20)
    assert HangUp(leg=at) in world.decisions[-1].commands and over(world).why == "no answer"


@pytest.mark.parametrize("who", ["caller", "agent", "supervisor", "asked"])
def test_row_61_given_a_listener_when_anybody_leaves_then_their_leg_ends_and_nobody_else_is_touched(who: str) -> None:
    world = listening()
    at, agent = monitor(world).leg, world.offer("a0").leg
    match who:
        case "caller":
            assert HangUp(leg=at) in world.hangs_up("c")
        case "agent":
            assert HangUp(leg=at) in world.feed(ev.LegEnded(at=world.at, leg=agent, cause="NORMAL_CLEARING"))
        case "supervisor":
            assert world.feed(ev.LegEnded(at=world.at, leg=at, cause="NORMAL_CLEARING")) == []
        case "asked":
            asks(world, W.STOP, None)
            assert world.decisions[-1].commands == (HangUp(leg=at),)
    assert not world.state.monitors
    if who in ("supervisor", "asked"):
        assert world.agent("a0").state == "talking"


def test_row_61_given_a_supervisor_who_barged_in_when_the_agent_drops_then_they_take_over_until_they_hang_up() -> None:
    world = listening(W.BARGE)
    at, agent = monitor(world).leg, world.offer("a0").leg
    commands = world.feed(ev.LegEnded(at=world.at, leg=agent, cause="NORMAL_CLEARING"))
    assert Bridge(leg=leg("c"), other=at) in commands
    assert world.agent("a0").state == "wrap_up"
    world.feed(ev.LegParked(at=world.at, leg=leg("c"), inbound=True))
    world.feed(ev.LegsBridged(at=world.at, leg=leg("c"), other=at))
    assert monitor(world).state is S.TALKING and monitor(world).deadline is None and world.call("c").taken_by
    world.feed(ev.LegEnded(at=world.at, leg=at, cause="NORMAL_CLEARING"))
    assert HangUp(leg=leg("c")) in world.decisions[-1].commands, "the flow goes on, and ends the call"
    assert world.call("c").taken_by is None


def test_row_61_given_a_policy_to_give_back_when_the_agent_drops_then_the_supervisor_goes_too() -> None:
    world = listening(W.BARGE, sue(agent_drops=AgentDrops.GIVE_BACK))
    at = monitor(world).leg
    commands = world.feed(ev.LegEnded(at=world.at, leg=world.offer("a0").leg, cause="NORMAL_CLEARING"))
    assert HangUp(leg=at) in commands and HangUp(leg=leg("c")) in commands


def test_row_61_given_one_who_only_whispers_when_the_agent_drops_then_nobody_keeps_the_customer() -> None:
    world = listening(W.WHISPER)
    world.feed(ev.LegEnded(at=world.at, leg=world.offer("a0").leg, cause="NORMAL_CLEARING"))
    assert not world.state.monitors and world.call("c").ending


def test_given_a_listener_when_they_take_over_then_the_agent_is_free_and_the_talk_is_theirs() -> None:
    world = listening()
    at, agent = monitor(world).leg, world.offer("a0").leg
    assert asks(world, W.TAKE_OVER, None) == ""
    commands = world.decisions[-1].commands
    assert Bridge(leg=leg("c"), other=at) in commands and HangUp(leg=agent) in commands
    [offer] = world.ended(Offer)
    assert (offer.ended_by, offer.cause) == (EndedBy.SUPERVISOR, "TAKEN_OVER")
    kept: Agent = world.agent("a0")
    assert kept.state == "wrap_up"


def test_given_a_take_over_when_the_customer_hangs_up_then_the_supervisor_is_released() -> None:
    world = listening()
    asks(world, W.TAKE_OVER, None)
    at = monitor(world).leg
    world.feed(ev.LegsBridged(at=world.at, leg=leg("c"), other=at))
    assert HangUp(leg=at) in world.hangs_up("c")
    assert not world.state.monitors and not world.state.calls


@pytest.mark.parametrize("how", ["refused", "never told"])
def test_given_a_take_over_that_fails_when_it_is_noticed_then_the_customer_goes_on_in_the_flow(how: str) -> None:
    world = listening()
    asks(world, W.TAKE_OVER, None)
    if how == "refused":
        world.feed(ev.BridgeFailed(at=world.at, leg=leg("c"), other=monitor(world).leg))
    else:
        world.after(5)
    assert not world.state.monitors and world.call("c").ending


def test_given_a_talk_on_tape_when_it_is_taken_over_then_there_is_a_tape_of_what_follows() -> None:
    world = listening(queue_record=RecordPolicy(when=When.ALWAYS))
    asks(world, W.TAKE_OVER, None)
    [start] = [c for c in world.decisions[-1].commands if isinstance(c, StartRecording)]
    assert start.recording == "c.r2" and world.state.recordings[start.recording].by == "sue"
    at = monitor(world).leg
    world.feed(ev.LegsBridged(at=world.at, leg=leg("c"), other=at))
    world.feed(ev.LegEnded(at=world.at, leg=at, cause="NORMAL_CLEARING"))
    assert not [each for each in world.state.recordings.values() if each.is_running]


BACK = Flows(after={"served": EnterQueue(queue=QueueId("sales"))})


def test_row_62_given_one_who_follows_the_agent_when_the_talk_ends_then_they_wait_for_the_next_one() -> None:
    world = listening(W.LISTEN, sue(follows=Follows.AGENT), queue_wrap_up_s=0.0)
    at = monitor(world).leg
    assert StopListening(leg=at) in world.hangs_up("c")
    assert monitor(world).state is S.WAITING
    world.arrives("d")
    world.rings("a0")
    world.picks_up("a0")
    [listen] = [c for c in world.is_bridged("a0") if isinstance(c, ListenIn)]
    assert listen.to == world.offer("a0").leg and listen.play == "c.m1.2"
    assert (monitor(world).call, monitor(world).turns[-1].what) == ("d", "followed to d")


def test_row_62_given_one_who_waits_for_the_next_talk_when_none_comes_then_they_are_released() -> None:
    world = listening(W.LISTEN, sue(follows=Follows.AGENT))
    world.hangs_up("c")
    world.after(WAITS_S)
    assert over(world).why == "no other talk"


def test_given_a_listening_that_ends_by_itself_when_the_talk_goes_on_then_it_begins_again() -> None:
    world = listening()
    commands = world.feed(ev.PlayEnded(at=world.at, leg=monitor(world).leg, play=PlayId("c.m1.1")))
    assert [c.play for c in commands if isinstance(c, ListenIn)] == ["c.m1.2"]


def seen(world: World, *, joined: bool = True, **monitors: object) -> list[object]:
    channels = []
    for at in (leg("c"), *([world.offer("a0").leg] if world.agent("a0").offer else [])):
        other = world.offer("a0").leg if at == leg("c") and world.agent("a0").offer else leg("c")
        channels.append(ev.ChannelSeen(leg=at, inbound=at == leg("c"), answered=True, bridged_to=other if joined else None))
    fields = {"inbound": False, "answered": True, "playing": True} | monitors
    channels.append(ev.ChannelSeen(leg=LegId(str(fields.pop("leg"))), **fields))  # type: ignore[arg-type]
    return list(world.feed(ev.SnapshotTaken(at=world.at, node=FS, asked_at=world.at, channels=tuple(channels))))


def test_given_a_ringing_supervisor_when_they_picked_up_while_we_were_away_then_they_hear_the_talk() -> None:
    world = talking()
    asks(world, W.LISTEN)
    world.at += 5
    commands = seen(world, leg=monitor(world).leg, playing=False)
    assert any(isinstance(each, ListenIn) for each in commands) and monitor(world).state is S.LISTENING


def test_given_a_listener_when_we_come_back_then_they_listen_on_and_are_no_orphan() -> None:
    world = listening()
    world.at += 5
    assert seen(world, leg=monitor(world).leg) == [] and monitor(world).state is S.LISTENING


def test_given_a_listener_who_hears_nothing_any_more_when_we_come_back_then_they_listen_again() -> None:
    world = listening()
    world.at += 5
    assert any(isinstance(each, ListenIn) for each in seen(world, leg=monitor(world).leg, playing=False))


def test_given_a_leg_of_a_monitor_that_nobody_knows_when_it_is_seen_then_it_is_dismissed() -> None:
    world = listening()
    at = monitor(world).leg
    asks(world, W.STOP, None)
    world.at += 5
    commands = seen(world, leg=at, marks={"monitor": "c.m1"})
    assert [type(each).__name__ for each in commands] == ["Dismiss"]


def test_given_a_take_over_that_was_joined_while_we_were_away_when_we_come_back_then_it_goes_on() -> None:
    world = listening()
    asks(world, W.TAKE_OVER, None)
    at = monitor(world).leg
    world.at += 4
    caller = ev.ChannelSeen(leg=leg("c"), inbound=True, answered=True, bridged_to=at)
    theirs = ev.ChannelSeen(leg=at, inbound=False, answered=True, bridged_to=leg("c"))
    world.feed(ev.SnapshotTaken(at=world.at, node=FS, asked_at=world.at, channels=(caller, theirs)))
    assert monitor(world).state is S.TALKING and monitor(world).deadline is None


def test_given_a_supervisor_who_left_a_taken_talk_while_we_were_away_when_we_come_back_then_the_caller_goes_on() -> None:
    world = listening()
    asks(world, W.TAKE_OVER, None)
    world.feed(ev.LegsBridged(at=world.at, leg=leg("c"), other=monitor(world).leg))
    world.at += 5
    caller = ev.ChannelSeen(leg=leg("c"), inbound=True, answered=True)
    world.feed(ev.SnapshotTaken(at=world.at, node=FS, asked_at=world.at, channels=(caller,)))
    assert not world.state.monitors and world.call("c").ending


@pytest.mark.parametrize(
    ("phone", "flow", "rings"),
    [("2001", "supervise.listen.1000", True), ("1001", "supervise.listen.1000", False), ("2001", "supervise.listen.77", False)],
)
def test_given_a_phone_that_dials_the_code_when_it_is_a_supervisors_then_it_rings_for_the_talk(
    phone: str, flow: str, rings: bool
) -> None:
    world = talking(phone_numbers={"*90": FlowId(flow)})
    world.arrives("s", "*90", phone)
    assert bool(world.state.monitors) is rings
    if rings:
        assert monitor(world).agent == "a0" and monitor(world).turns[0].by == "phone 2001"


@pytest.mark.parametrize(("taken_s_before", "healed"), [(0.1, 0), (-3.0, 1)])
def test_given_a_listening_that_has_just_begun_when_an_older_picture_of_the_switch_comes_then_it_is_not_begun_again(
    taken_s_before: float, healed: int
) -> None:
    """F17: of what is younger than a picture, the picture says nothing. A later one shows whether it was lost."""
    world = listening()
    at, began_at = monitor(world).leg, world.at
    theirs = ev.ChannelSeen(leg=at, inbound=False, answered=True, playing=False, marks={"monitor": monitor(world).id, "call": "c"})
    talk = [
        ev.ChannelSeen(leg=leg("c"), inbound=True, answered=True, bridged_to=world.offer("a0").leg),
        ev.ChannelSeen(leg=world.offer("a0").leg, inbound=False, answered=True, bridged_to=leg("c")),
    ]
    world.at = began_at + 5
    world.feed(ev.SnapshotTaken(at=world.at, node=FS, asked_at=began_at - taken_s_before, channels=(theirs, *talk)))
    assert monitor(world).plays == 1 + healed


def test_given_a_supervisor_who_was_asked_to_go_when_a_picture_of_that_second_still_shows_them_then_they_are_no_orphan() -> None:
    """F17: nothing is healed that goes its way; a later picture that still shows the leg has it dismissed."""
    world = listening()
    at, marks = monitor(world).leg, {"monitor": monitor(world).id, "call": "c"}
    asks(world, W.STOP, None)
    for asked_at, healed in ((world.at, 0), (world.at + 10, 1)):
        world.at = asked_at
        before = len(world.decisions)
        theirs = ev.ChannelSeen(leg=at, inbound=False, answered=True, playing=True, marks=marks)
        talk = [
            ev.ChannelSeen(leg=leg("c"), inbound=True, answered=True, bridged_to=world.offer("a0").leg),
            ev.ChannelSeen(leg=world.offer("a0").leg, inbound=False, answered=True, bridged_to=leg("c")),
        ]
        world.feed(ev.SnapshotTaken(at=world.at, node=FS, asked_at=asked_at, channels=(theirs, *talk)))
        found = [type(each.event).__name__ for each in world.decisions[before:] if isinstance(each.event, ev.OrphanSeen)]
        assert found == ["OrphanSeen"] * healed
