"""Calls between two user agents over a network without sockets: every phase, every failure, every cancel."""

import pytest

from softswitch.sip import CallState, sdp
from softswitch.sip import message as messages
from tests.softswitch.net import ANSWER, OFFER, Net, Pair, lose_first


def test_given_two_agents_when_a_call_is_answered_and_hung_up_then_both_hear_each_phase_once() -> None:
    pair = Pair()
    ours = pair.dial(from_name='Ann "A" Ü')
    pair.net.settle()
    call = pair.incoming[0]
    call.ring()
    call.progress(ANSWER)
    call.answer(ANSWER)
    pair.net.settle()
    ours.call.bye(cause=31, text="enough")
    pair.net.settle()

    assert ours.told == ["ringing", "early media", "answered", "ended bye us 31"]
    assert pair.stories[0].told == ["answered", "ended bye them 31"]
    assert (call.caller_user, call.caller_name, call.called_user) == ("5551", 'Ann "A" Ü', "88")
    assert pair.caller.calls() == pair.callee.calls() == []


def test_given_a_callee_when_it_hangs_up_then_the_caller_hears_it() -> None:
    pair = Pair()
    ours, theirs = pair.talking()
    theirs.call.bye()
    pair.net.settle()
    assert ours.told[-1] == "ended bye them 16"


@pytest.mark.parametrize("status", [400, 403, 404, 408, 410, 480, 484, 486, 488, 500, 503, 600, 603, 604])
def test_given_a_ringing_phone_when_it_refuses_then_the_caller_hears_the_status(status: int) -> None:
    pair = Pair()
    ours = pair.dial()
    pair.net.settle()
    pair.incoming[0].ring()
    pair.incoming[0].reject(status)
    pair.net.pass_time(1)
    assert ours.told == ["ringing", f"failed {status}"]
    assert pair.stories[0].told == ["ended rejected us None"]
    assert pair.net.count("ACK") == 1
    assert pair.caller.calls() == pair.callee.calls() == []


def test_given_row_14_when_a_phone_redirects_then_the_contacts_are_told_and_not_followed() -> None:
    pair = Pair()
    ours = pair.dial()
    pair.net.settle()
    pair.incoming[0].reject(302)
    pair.net.settle()
    assert ours.told == ["failed 302"]
    assert ours.contacts == ["sip:someone@10.0.0.2:5060"]
    assert pair.net.count("INVITE") == 1


def test_given_nobody_there_when_dialled_then_it_fails_with_408_after_64_t1() -> None:
    net = Net()
    pair = Pair(net=net)
    ours = pair.dial(target="sip:88@10.0.0.9:5060")
    net.pass_time(31.9)
    assert ours.told == []
    net.pass_time(0.2)
    assert ours.told == ["failed 408"]
    assert net.count("INVITE") == 7  # 0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5


def test_given_row_1_when_cancelled_before_anything_came_then_the_cancel_waits_for_the_first_provisional() -> None:
    pair = Pair()
    ours = pair.dial()
    flying = pair.net.hold()
    ours.call.hang_up()
    assert ours.told == ["failed 487"]
    assert pair.net.count("CANCEL") == 0
    pair.net.release(flying)
    pair.net.settle()
    assert pair.net.count("CANCEL") == 1
    assert pair.stories[0].told == ["ended cancel them 16"]
    assert ours.told == ["failed 487"]
    assert pair.caller.calls() == pair.callee.calls() == []


def test_given_row_2_when_cancelled_while_the_leg_is_in_flight_then_it_never_ends_in_an_answer() -> None:
    pair = Pair()
    ours = pair.dial()
    flying = pair.net.hold()
    ours.call.hang_up()
    pair.callee.on_invite = lambda call: call.answer(ANSWER)  # type: ignore[attr-defined]
    pair.net.release(flying)
    pair.net.pass_time(1)
    assert ours.told == ["failed 487"]
    assert pair.net.count("BYE") == 1
    assert pair.callee.calls() == []


def test_given_a_ringing_phone_when_cancelled_then_it_stops_and_hears_the_cause() -> None:
    pair = Pair()
    ours = pair.dial()
    pair.net.settle()
    pair.incoming[0].ring()
    pair.net.settle()
    ours.call.hang_up(cause=26)
    pair.net.pass_time(1)
    assert ours.told == ["ringing", "failed 487"]
    assert pair.stories[0].told == ["ended cancel them 26"]
    assert pair.net.count("SIP/2.0 487") == pair.net.count("ACK") == 1


def test_given_row_f34_when_cancel_crosses_the_answer_then_it_is_acknowledged_and_hung_up() -> None:
    pair = Pair()
    ours = pair.dial()
    pair.net.settle()
    pair.incoming[0].ring()
    pair.net.settle()
    pair.incoming[0].answer(ANSWER)
    ours.call.hang_up()
    pair.net.pass_time(1)
    assert ours.told == ["ringing", "failed 487"]
    assert pair.net.count("ACK") == 1
    assert pair.net.count("BYE") == 1
    assert pair.stories[0].told == ["answered", "ended bye them 16"]
    assert pair.caller.calls() == pair.callee.calls() == []


def test_given_a_caller_that_is_gone_when_answered_then_nothing_is_sent() -> None:
    pair = Pair()
    ours = pair.dial()
    pair.net.settle()
    ours.call.hang_up()
    pair.net.settle()
    pair.incoming[0].answer(ANSWER)
    pair.net.settle()
    assert pair.net.count("SIP/2.0 200 OK") == 1  # that of the CANCEL
    assert pair.incoming[0].state is CallState.ENDED


def test_given_a_caller_that_died_when_the_ack_never_comes_then_the_callee_lets_go() -> None:
    pair = Pair()
    pair.dial()
    pair.net.settle()
    pair.net.lose = lambda datagram: datagram.startswith(b"ACK")
    pair.incoming[0].answer(ANSWER)
    pair.net.pass_time(33)
    assert pair.stories[0].told == ["ended no_ack us 102"]
    assert pair.net.count("BYE") == 1


def test_given_no_description_in_the_invite_when_answered_then_the_ack_brings_it() -> None:
    pair = Pair()
    ours = pair.dial(sdp=b"")
    offers: list[bytes] = []
    pair.net.settle()
    pair.incoming[0].answer(OFFER)
    pair.net.settle()
    offers.append(ours.call.remote_sdp)
    assert sdp.read(offers[0]).port == 40000


def test_given_a_talk_when_one_side_holds_and_resumes_then_the_other_hears_both_and_answers_mirrored() -> None:
    pair = Pair()
    ours, theirs = pair.talking()
    ours.call.hold()
    pair.net.settle()
    ours.call.resume()
    pair.net.settle()
    assert theirs.told[1:] == ["media sendonly", "hold", "media sendrecv", "resume"]
    assert ours.told[1:] == ["media recvonly", "media sendrecv"]


def test_given_a_talk_when_the_other_side_is_gone_at_a_reinvite_then_the_call_ends() -> None:
    pair = Pair()
    ours, _ = pair.talking()
    pair.net.lose = lambda datagram: True
    ours.call.hold()
    pair.net.pass_time(40)
    assert ours.told[-1] == "ended timeout them 102"


def test_given_two_reinvites_that_cross_when_both_arrive_then_each_gets_491_and_the_call_goes_on() -> None:
    pair = Pair()
    ours, theirs = pair.talking()
    ours.call.hold()
    theirs.call.hold()
    pair.net.settle()
    assert pair.net.count("SIP/2.0 491") == 2
    assert ours.call.state is theirs.call.state is CallState.ANSWERED


def test_given_a_hold_under_way_when_resumed_at_once_then_the_resume_waits_for_its_turn() -> None:
    pair = Pair()
    ours, theirs = pair.talking()
    ours.call.hold()
    ours.call.resume()
    pair.net.settle()
    assert theirs.told[1:] == ["media sendonly", "hold", "media sendrecv", "resume"]


def test_given_reinvites_that_crossed_when_time_passes_then_each_is_tried_again_and_comes_true() -> None:
    pair = Pair()
    ours, theirs = pair.talking()
    ours.call.reinvite(OFFER)
    theirs.call.reinvite(OFFER)
    pair.net.settle()
    assert pair.net.count("SIP/2.0 491") == 2
    pair.net.pass_time(5)
    assert ours.told[1:] == theirs.told[1:] == ["media sendrecv", "media sendrecv"]


def test_given_a_talk_when_digits_come_by_info_then_each_is_told() -> None:
    pair = Pair()
    ours, theirs = pair.talking()
    for digit in "1*#D":
        ours.call.send_digit(digit)
    pair.net.settle()
    assert theirs.told[1:] == ["digit 1", "digit *", "digit #", "digit D"]
    with pytest.raises(ValueError, match="allowed"):
        ours.call.send_digit("x")


def test_given_a_route_set_when_a_call_is_answered_then_later_requests_take_that_route() -> None:
    pair = Pair()
    pair.net.agent("10.0.0.7")
    route = b"Record-Route: <sip:10.0.0.7;lr>, <sip:10.0.0.8;lr>\r\nRecord-Route: <sip:10.0.0.1;lr>\r\n"
    ours = pair.dial()
    ((invite, source, to),) = pair.net.hold()
    pair.net.inject(invite.replace(b"Max-Forwards", route + b"Max-Forwards"), source=source, to=to)
    pair.net.settle()
    pair.incoming[0].answer(ANSWER)
    pair.net.settle()
    assert pair.incoming[0].dialog.destination() == ("10.0.0.7", 5060)
    assert ours.call.dialog.routes == tuple(reversed(pair.incoming[0].dialog.routes))
    assert ours.call.dialog.routes == ("<sip:10.0.0.1;lr>", "<sip:10.0.0.8;lr>", "<sip:10.0.0.7;lr>")
    assert b"Route: <sip:10.0.0.8;lr>" in next(one for one in pair.net.sent if one.startswith(b"ACK"))


@pytest.mark.parametrize("lost", ["INVITE", "SIP/2.0 100", "SIP/2.0 180", "SIP/2.0 200", "ACK", "BYE", "SIP/2.0 200 OK"])
@pytest.mark.parametrize("times", [1, 3])
def test_given_a_lossy_network_when_called_and_hung_up_then_it_still_comes_true(lost: str, times: int) -> None:
    pair = Pair()
    pair.net.lose = lose_first(lost, times)
    ours = pair.dial()
    pair.net.pass_time(5)
    pair.incoming[0].ring()
    pair.net.pass_time(1)
    pair.incoming[0].answer(ANSWER)
    pair.net.pass_time(10)
    assert ours.told[-1] == "answered"
    ours.call.bye()
    pair.net.pass_time(20)
    assert pair.stories[0].told == ["answered", "ended bye them 16"]
    assert len(pair.incoming) == 1


@pytest.mark.parametrize("lost", ["CANCEL", "SIP/2.0 487", "ACK", "SIP/2.0 200"])
def test_given_a_lossy_network_when_cancelled_then_it_still_comes_true(lost: str) -> None:
    pair = Pair()
    pair.net.lose = lose_first(lost, 2)
    ours = pair.dial()
    pair.net.settle()
    pair.incoming[0].ring()
    pair.net.settle()
    ours.call.hang_up()
    pair.net.pass_time(70)
    assert ours.told == ["ringing", "failed 487"]
    assert pair.stories[0].told == ["ended cancel them 16"]
    assert pair.caller.calls() == pair.callee.calls() == []


def test_given_every_datagram_twice_when_a_call_goes_through_then_nothing_happens_twice() -> None:
    pair = Pair()
    carry = pair.net.carry

    def twice(datagram: bytes, source: tuple[str, int], to: tuple[str, int]) -> None:
        carry(datagram, source, to)
        carry(datagram, source, to)

    pair.net.carry = twice  # type: ignore[method-assign]
    ours, theirs = pair.talking()
    ours.call.send_digit("5")
    pair.net.settle()
    ours.call.bye()
    pair.net.settle()
    assert ours.told == ["answered", "ended bye us 16"]
    assert theirs.told == ["answered", "digit 5", "ended bye them 16"]


def test_given_row_28_when_two_phones_behind_a_proxy_answer_then_the_second_is_let_go() -> None:
    pair = Pair()
    ours, _ = pair.talking()
    answer = next(one for one in pair.net.sent if one.startswith(b"SIP/2.0 200") and b"INVITE" in one)
    tag = pair.incoming[0].dialog.local_tag.encode()
    pair.net.inject(answer.replace(tag, b"another"), source=("10.0.0.2", 5060), to=("10.0.0.1", 5060))
    pair.net.settle()
    assert pair.net.count("ACK") == 2
    assert pair.net.count("BYE") == 1
    assert ours.told == ["answered"]


def test_given_a_finished_call_when_time_passes_then_nothing_of_it_is_kept() -> None:
    pair = Pair()
    ours, _ = pair.talking()
    ours.call.bye()
    pair.net.pass_time(70)
    for agent in (pair.caller, pair.callee):
        assert agent.timers.next_at() is None
        assert not (agent.exchanges.count or agent._calls or agent._ringing_in)


def test_given_a_callback_that_raises_when_a_call_comes_then_the_caller_gets_500_and_the_agent_lives() -> None:
    pair = Pair()
    take = pair.callee.on_invite

    def broken(call: object) -> None:
        raise RuntimeError("a bug of ours")

    pair.callee.on_invite = broken
    ours = pair.dial()
    with pytest.raises(RuntimeError):
        pair.net.settle()
    pair.net.settle()
    assert ours.told == ["failed 500"]
    pair.callee.on_invite = take
    again = pair.dial()
    pair.net.settle()
    pair.incoming[0].answer(ANSWER)
    pair.net.settle()
    assert again.told == ["answered"]


def test_given_unknown_things_when_asked_then_each_gets_its_refusal() -> None:
    pair = Pair()
    ours, _ = pair.talking()
    pair.caller.forget_call(ours.call)
    pair.stories[0].call.send_digit("1")
    pair.net.settle()
    assert pair.net.log[-1].startswith("SIP/2.0 481")
    invite = pair.net.sent[0]
    for method, status in ((b"SUBSCRIBE", "405"), (b"OPTIONS", "200")):
        message = invite.replace(b"INVITE", method).replace(b"branch=z9hG4bK", b"branch=z9hG4bK" + method)
        pair.net.inject(message, source=("10.0.0.1", 5060), to=("10.0.0.2", 5060))
        pair.net.settle()
        assert pair.net.log[-1].startswith(f"SIP/2.0 {status}")
    demanding = invite.replace(b"Max-Forwards", b"Require: 100rel\r\nMax-Forwards").replace(b"branch=z9hG4bK", b"branch=z9hG4bKr")
    demanding = demanding.replace(b"Call-ID: ", b"Call-ID: other")
    pair.net.inject(demanding, source=("10.0.0.1", 5060), to=("10.0.0.2", 5060))
    pair.net.settle()
    assert pair.net.log[-1].startswith("SIP/2.0 420")


def test_given_the_ack_of_a_refusal_is_lost_when_it_is_repeated_then_it_is_acknowledged_again_and_ends() -> None:
    pair = Pair()
    pair.net.lose = lose_first("ACK")
    pair.dial()
    pair.net.settle()
    pair.incoming[0].reject(486)
    pair.net.pass_time(40)
    assert pair.net.count("SIP/2.0 486") == pair.net.count("ACK") == 2


def test_given_the_answer_to_a_bye_is_lost_when_it_is_repeated_then_it_is_answered_the_same() -> None:
    pair = Pair()
    ours, _ = pair.talking()
    pair.net.lose = lose_first("SIP/2.0 200")
    ours.call.bye()
    pair.net.pass_time(40)
    assert pair.net.count("BYE") == 2
    assert pair.net.count("SIP/2.0 481") == 0


def test_given_a_final_answer_when_another_one_follows_then_the_first_stands() -> None:
    pair = Pair()
    ours = pair.dial()
    pair.net.settle()
    pair.incoming[0].reject(486)
    transaction = pair.callee.exchanges.servers[0]
    transaction.answer(200)
    pair.net.settle()
    assert ours.told == ["failed 486"]
    assert pair.net.count("SIP/2.0 200") == 0


def a_bye(pair: Pair, *, changes: dict[bytes, bytes]) -> str:
    """Injects the caller's BYE, changed, into a talk; the first line of the answer."""
    pair.stories[0].call.dialog.remote_sequence += 10
    ours = pair.caller.calls()[0]
    bye = messages.render(ours.dialog.request("BYE", sequence=pair.stories[0].call.dialog.remote_sequence + 1))
    for old, new in changes.items():
        assert old in bye
        bye = bye.replace(old, new)
    pair.net.inject(bye, source=("10.0.0.1", 5060), to=("10.0.0.2", 5060))
    pair.net.settle()
    return pair.net.log[-1]


def test_given_a_talk_when_a_stranger_sends_a_bye_with_another_tag_then_the_talk_goes_on() -> None:
    pair = Pair()
    ours, theirs = pair.talking()
    assert a_bye(pair, changes={ours.call.dialog.local_tag.encode(): b"guessed"}).startswith("SIP/2.0 481")
    assert theirs.call.state is CallState.ANSWERED
    assert a_bye(pair, changes={}).startswith("SIP/2.0 200")
    assert theirs.told[-1] == "ended bye them None"


def test_given_a_talk_when_an_old_bye_comes_late_then_it_is_out_of_order_and_the_talk_goes_on() -> None:
    pair = Pair()
    _, theirs = pair.talking()
    number = theirs.call.dialog.remote_sequence + 11
    assert a_bye(pair, changes={b"CSeq: %d" % number: b"CSeq: %d" % (number - 1)}).startswith("SIP/2.0 500")
    assert theirs.call.state is CallState.ANSWERED
