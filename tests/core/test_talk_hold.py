"""Hold and resume, by wish and by the phone itself (ACD.md 63)."""

from dataclasses import replace

from acd.core import events as ev
from acd.core.call import Call
from acd.core.commands import Signal
from acd.core.talking import holding
from acd.core.talking.hold_policy import HoldPolicy
from tests.core.talking import Floor
from tests.core.world import policy


def test_given_a_talk_when_held_then_the_customer_hears_music_and_the_agent_nothing() -> None:
    floor = Floor().talk()
    assert floor.asks("a0", "hold") == ""
    assert (floor.hears("c"), floor.hears("a0"), floor.state("a0")) == ("music", "nothing", "talking")
    assert floor.asks("a0", "hold") == "the customer holds already"


def test_given_a_customer_who_holds_when_resumed_then_both_talk_and_the_hold_is_counted_apart() -> None:
    floor = Floor().talk()
    floor.asks("a0", "hold")
    floor.after(20)
    assert floor.asks("a0", "resume") == ""
    assert (floor.hears("c"), floor.hears("a0")) == ("a0", "c")
    floor.after(5).asks("a0", "hold")
    floor.after(7).asks("a0", "resume")
    floor.after(3).hangs_up("a0")
    (offer,) = floor.ended_offers("a0")
    assert (offer.holds, round(offer.hold_s), offer.hold_abandoned) == (2, 27, False)


def test_given_a_hold_when_its_music_ends_then_it_begins_again() -> None:
    floor = Floor().talk()
    floor.asks("a0", "hold")
    floor.after(60)
    floor.switch.play_ends(floor.world.at, floor.call().leg)
    assert floor.goes_on().hears("c") == "music"


def test_given_a_hold_whose_music_is_not_there_then_it_is_not_asked_for_in_a_loop() -> None:
    floor = Floor().talk()
    floor.asks("a0", "hold")
    floor.switch.play_ends(floor.world.at, floor.call().leg)
    assert floor.goes_on().hears("c") == "nothing"
    assert floor.after(5).hears("c") == "music"


def test_row_63_given_a_customer_who_holds_when_they_hang_up_then_it_is_counted_and_wrap_up_starts() -> None:
    floor = Floor().talk()
    floor.asks("a0", "hold")
    floor.after(30).hangs_up("c")
    (offer,) = floor.ended_offers("a0")
    assert offer.hold_abandoned and round(offer.hold_s) == 30 and offer.ended_by == "customer"
    assert floor.state("a0") == "wrap_up" and not floor.switch.legs


def test_given_a_customer_who_holds_when_the_agent_hangs_up_then_the_flow_goes_on_as_after_any_talk() -> None:
    floor = Floor().talk()
    floor.asks("a0", "hold")
    floor.hangs_up("a0")
    assert floor.world.ended(Call)[0].ended_by == "agent" and floor.state("a0") == "wrap_up"


def test_given_a_customer_who_holds_when_the_agents_phone_dies_then_they_are_in_line_again() -> None:
    """FAULTS.md F31."""
    floor = Floor().talk("a1")
    floor.asks("a0", "hold")
    floor.hangs_up("a0", "MEDIA_TIMEOUT")
    assert floor.world.rung()[-1] == "1001" and floor.hears("c") == "music"


def test_given_a_phone_that_holds_by_itself_then_the_time_counts_and_nobody_is_moved() -> None:
    floor = Floor().talk()
    floor.feed(ev.LegHeld(at=floor.world.at, leg=floor.offer("a0").leg))
    floor.after(12)
    assert floor.hears("c") == "a0"
    floor.feed(ev.LegResumed(at=floor.world.at, leg=floor.offer("a0").leg))
    floor.feed(ev.LegResumed(at=floor.world.at, leg=floor.offer("a0").leg))
    floor.after(4).hangs_up("a0")
    assert [(o.holds, o.hold_s) for o in floor.ended_offers("a0")] == [(1, 12.0)]


def test_given_a_phone_that_holds_when_the_customer_hangs_up_then_it_is_a_hold_abandon() -> None:
    floor = Floor().talk()
    floor.feed(ev.LegHeld(at=floor.world.at, leg=floor.offer("a0").leg))
    floor.after(12).hangs_up("c")
    assert floor.ended_offers("a0")[0].hold_abandoned


def test_given_a_hold_decided_and_not_sent_when_the_controller_comes_back_then_it_is_brought_about() -> None:
    """FAULTS.md F09."""
    floor = Floor().talk()
    floor.world.feed(ev.TalkAsked(at=floor.world.at, agent="a0", what="hold"))  # type: ignore[arg-type]
    floor.dies()
    assert (floor.hears("c"), floor.hears("a0")) == ("music", "nothing")


def test_given_a_resume_decided_and_not_sent_when_the_controller_comes_back_then_nobody_holds_for_ten_seconds() -> None:
    """FAULTS.md F09."""
    floor = Floor().talk()
    floor.asks("a0", "hold")
    floor.world.feed(ev.TalkAsked(at=floor.world.at, agent="a0", what="resume"))  # type: ignore[arg-type]
    floor.dies().after(3)
    assert (floor.hears("c"), floor.hears("a0")) == ("a0", "c")


def test_given_a_talk_then_nothing_can_pull_the_customer_away_and_who_holds_is_taken_to_the_failsafe_without_us() -> None:
    floor = Floor().talk()
    armed = []
    for wish in ("hold", "resume"):
        floor.asks("a0", wish)
        armed.append((floor.switch.legs[floor.call().leg].armed, floor.call().arm_at is not None))
    assert armed == [(True, True), (False, False)]


def test_given_a_bridge_that_was_refused_once_then_it_is_asked_for_again_at_once() -> None:
    floor = Floor().talk()
    floor.asks("a0", "hold")
    bridge = floor.switch._bridge
    floor.switch._bridge = lambda at, a, b: floor.switch.outbox.append(ev.BridgeFailed(at=at, leg=a, other=b))  # type: ignore[method-assign]
    floor.asks("a0", "resume")
    floor.switch._bridge = bridge  # type: ignore[method-assign]
    assert floor.after(0.5).hears("c") == "a0"


def test_given_a_bridge_that_is_refused_again_and_again_then_the_customer_is_in_line_again() -> None:
    """Nobody is left holding (ACD.md I6, I7)."""
    floor = Floor().talk("a1")
    floor.asks("a0", "hold")
    floor.switch._bridge = lambda at, a, b: floor.switch.outbox.append(ev.BridgeFailed(at=at, leg=a, other=b))  # type: ignore[method-assign]
    floor.asks("a0", "resume")
    floor.after(12)
    assert floor.call().owner == "queue" and floor.hears("c") == "music" and floor.state("a0") != "talking"


LIMITED = replace(policy(agents=2), hold=HoldPolicy(remind_s=60.0, limit_s=150.0))


def beeps(floor: Floor) -> int:
    return sum(isinstance(c, Signal) and c.tone == "beep" for d in floor.world.decisions for c in d.commands)


def test_row_63_given_a_longest_hold_when_it_lasts_then_the_agent_is_reminded_and_then_with_the_customer_again() -> None:
    floor = Floor(LIMITED).talk("a1")
    floor.asks("a0", "hold")
    assert [(beeps(floor.after(s)), floor.call().talk.reminded, floor.hears("c")) for s in (59, 2, 60)] == [
        (0, 0, "music"),
        (1, 1, "music"),
        (2, 2, "music"),
    ]
    floor.after(30)
    assert (floor.hears("c"), floor.hears("a0")) == ("a0", "c") and floor.call().talk.why == holding.LONGEST
    floor.after(400).hangs_up("a0")
    (offer,) = floor.ended_offers("a0")
    assert (beeps(floor), offer.holds, round(offer.hold_s)) == (2, 1, 150)


def test_row_63_given_a_hold_that_is_taken_back_or_becomes_a_consult_then_nobody_is_reminded_any_more() -> None:
    for wish, target in (("resume", ""), ("consult", "a1")):
        floor = Floor(LIMITED).talk("a1")
        floor.asks("a0", "hold")
        assert floor.after(50).asks("a0", wish, target) == ""
        assert beeps(floor.after(12)) == 0 and floor.call().talk.limit_at is None


def test_f09_given_a_hold_when_the_controller_dies_then_it_is_over_at_its_time_all_the_same() -> None:
    floor = Floor(LIMITED).talk("a1")
    floor.asks("a0", "hold")
    floor.after(100).dies().after(40)
    assert floor.hears("c") == "music"
    assert floor.after(10).hears("c") == "a0"


def test_f13_given_the_switch_is_away_when_the_longest_hold_is_over_then_they_are_joined_as_soon_as_it_is_there() -> None:
    floor = Floor(LIMITED).talk("a1")
    floor.asks("a0", "hold")
    floor.after(140).feed(ev.NodeLost(at=floor.world.at, node=floor.switch.node)).after(60)
    assert floor.hears("c") == "music" and floor.call().talk.state == "held"
    floor.feed(floor.switch.snapshot(floor.world.at)).after(3)
    assert floor.hears("c") == "a0"


def test_given_nobody_who_talks_when_something_is_asked_then_it_is_refused() -> None:
    floor = Floor().ready("a0")
    assert floor.asks("a0", "hold") == "a0 does not talk to anybody"
    assert floor.asks("zoe", "hold") == "no agent is called 'zoe'"
