"""Caller and agent joined by uuid_bridge, and what becomes of each when the other goes; the bridge application."""

import pytest

from softswitch.party.line import Line
from softswitch.party.script import Manner
from softswitch.settings import Address
from tests.softswitch.house import DOMAIN, House, house

AGENT = "aaaaaaaa-2222-3333-4444-555555555555"


class Pair:
    """A caller on music and an agent's leg, both parked, not joined yet."""

    def __init__(self, switch: House, variables: str = "x=1") -> None:
        self.switch = switch
        self.client = switch.client()
        self.caller, self.line = switch.parked(self.client)
        self.client.api(f"uuid_setvar_multi {self.caller} {variables}")
        self.client.execute(self.caller, "playback", "local_stream://moh", event_uuid="music", lock=True)
        self.client.wait("PLAYBACK_START")
        phone = switch.agent("1001", Manner(answer_after_s=0.02))
        options = f"{{origination_uuid={AGENT},ignore_early_media=true}}"
        self.client.api(f"originate {options}sofia/agents/1001%{DOMAIN} &park()")
        self.client.wait("CHANNEL_PARK", Unique_ID=AGENT)
        self.agent_line: Line = phone.lines[0]

    def join(self) -> dict[str, str]:
        assert self.client.api(f"uuid_bridge {self.caller} {AGENT}") == f"+OK {AGENT}\n"
        return self.client.wait("CHANNEL_BRIDGE")

    def steps(self, since: str) -> list[tuple[str, str]]:
        """(whose, what) from the first event of that name on."""
        who = {self.caller: "caller", AGENT: "agent"}
        told = [(who[one["Unique-ID"]], one["Event-Name"]) for one in self.client.seen if one.get("Unique-ID") in who]
        names = [name for _, name in told]
        return told[names.index(since) :]


def test_given_both_parked_when_joined_then_music_is_cut_and_one_bridge_event_names_both(switch: House) -> None:
    pair = Pair(switch)
    event = pair.join()
    assert event["Unique-ID"] == event["Bridge-A-Unique-ID"] == pair.caller
    assert event["Bridge-B-Unique-ID"] == event["Other-Leg-Unique-ID"] == AGENT
    music = pair.client.wait("CHANNEL_EXECUTE_COMPLETE", Application_UUID="music")
    assert music["Application-Response"] == "PLAYBACK ERROR"
    steps = pair.steps("PLAYBACK_STOP")
    assert [step for step in steps if step[0] == "caller"] == [
        ("caller", name)
        for name in (
            "PLAYBACK_STOP", "CHANNEL_EXECUTE_COMPLETE", "CHANNEL_UNPARK", "CHANNEL_EXECUTE_COMPLETE",
            "CHANNEL_EXECUTE", "CHANNEL_BRIDGE",
        )
    ]  # fmt: skip
    assert [name for who, name in steps if who == "agent"] == [
        "CHANNEL_UNPARK", "CHANNEL_EXECUTE_COMPLETE", "CHANNEL_EXECUTE",
    ]  # fmt: skip


def test_given_two_joined_when_both_speak_then_each_hears_the_other_and_digits_pass(switch: House) -> None:
    pair = Pair(switch)
    pair.join()
    pair.line.speak_tone("%(4000,0,440)")
    pair.agent_line.speak_tone("%(4000,0,1000)")
    assert pair.agent_line.heard.wait_tone(440, timeout_s=5)
    assert pair.line.heard.wait_tone(1000, timeout_s=5)
    pair.line.press("7")
    assert pair.client.wait("DTMF")["Unique-ID"] == pair.caller
    assert pair.agent_line.wait_digits("7", timeout_s=5)


def test_given_two_joined_when_the_agent_hangs_up_then_the_caller_is_parked_again(switch: House) -> None:
    """ACD: an agent's phone that dies gives the caller back."""
    pair = Pair(switch)
    pair.join()
    pair.agent_line.hang_up()
    park = pair.client.wait("CHANNEL_PARK", Unique_ID=pair.caller)
    assert park["Answer-State"] == "answered" and park["variable_bridge_hangup_cause"] == "NORMAL_CLEARING"
    pair.client.wait("CHANNEL_DESTROY")
    steps = [step for step in pair.steps("CHANNEL_HANGUP") if step[1] != "CHANNEL_DESTROY"]
    assert steps == [
        ("agent", "CHANNEL_HANGUP"), ("agent", "CHANNEL_HANGUP_COMPLETE"), ("caller", "CHANNEL_UNBRIDGE"),
        ("caller", "CHANNEL_PARK"),
    ]  # fmt: skip
    assert not pair.line.ended.is_set()


def test_given_two_joined_when_the_caller_hangs_up_then_the_agents_leg_ends_too(switch: House) -> None:
    pair = Pair(switch)
    pair.join()
    pair.line.hang_up()
    pair.client.wait("CHANNEL_HANGUP_COMPLETE", Unique_ID=AGENT)
    pair.client.wait("CHANNEL_HANGUP_COMPLETE", Unique_ID=pair.caller)
    steps = [step for step in pair.steps("CHANNEL_HANGUP") if step[1] != "CHANNEL_DESTROY"]
    assert steps == [
        ("caller", "CHANNEL_HANGUP"), ("agent", "CHANNEL_HANGUP"), ("caller", "CHANNEL_UNBRIDGE"),
        ("caller", "CHANNEL_HANGUP_COMPLETE"), ("agent", "CHANNEL_HANGUP_COMPLETE"),
    ]  # fmt: skip
    assert pair.agent_line.ended.wait(5)


@pytest.mark.parametrize("variables", ["park_after_bridge=", "park_after_bridge=;hangup_after_bridge=true"])
def test_given_no_wish_to_park_when_the_agent_hangs_up_then_the_caller_is_hung_up(switch: House, variables: str) -> None:
    pair = Pair(switch, variables)
    pair.join()
    pair.agent_line.hang_up()
    assert pair.client.wait("CHANNEL_HANGUP", Unique_ID=pair.caller)["Hangup-Cause"] == "NORMAL_CLEARING"


def test_given_two_joined_when_the_caller_is_parked_by_command_then_the_agents_leg_ends(switch: House) -> None:
    pair = Pair(switch)
    pair.join()
    assert pair.client.api(f"uuid_park {pair.caller}") == "+OK\n"
    assert pair.client.wait("CHANNEL_HANGUP", Unique_ID=AGENT)["Hangup-Cause"] == "NORMAL_CLEARING"
    assert pair.client.wait("CHANNEL_PARK", Unique_ID=pair.caller)


def test_given_two_joined_when_something_is_played_to_the_caller_then_the_bridge_stays(switch: House) -> None:
    pair = Pair(switch)
    pair.join()
    pair.client.execute(pair.caller, "playback", "silence_stream://50", event_uuid="inside")
    pair.client.wait("CHANNEL_EXECUTE_COMPLETE", Application_UUID="inside")
    assert "CHANNEL_UNBRIDGE" not in pair.client.names()
    assert pair.client.api(f"uuid_break {pair.caller} all") == "+OK\n"
    pair.agent_line.speak_tone("%(4000,0,1000)")
    assert pair.line.heard.wait_tone(1000, timeout_s=5)


def test_given_a_bridge_asked_for_twice_when_carried_out_then_there_is_one_that_lives(switch: House) -> None:
    pair = Pair(switch)
    pair.client.send(f"api uuid_bridge {pair.caller} {AGENT}\n\napi uuid_bridge {pair.caller} {AGENT}")
    pair.client.answer()
    pair.client.answer()
    pair.client.wait("CHANNEL_BRIDGE")
    pair.agent_line.speak_tone("%(4000,0,1000)")
    assert pair.line.heard.wait_tone(1000, timeout_s=5)
    assert "CHANNEL_HANGUP" not in pair.client.names()


def test_given_an_unknown_leg_when_joined_then_it_is_refused_and_the_caller_hears_on(switch: House) -> None:
    pair = Pair(switch)
    assert pair.client.api(f"uuid_bridge {pair.caller} nobody") == "-ERR Invalid uuid\n"
    assert "PLAYBACK_STOP" not in pair.client.names()


def test_given_the_agent_dies_at_the_command_when_parking_is_wished_then_the_caller_is_parked_without_a_bridge(
    switch: House,
) -> None:
    pair = Pair(switch)
    pair.client.send(f"api uuid_bridge {pair.caller} {AGENT}\n\napi uuid_kill {AGENT}")
    pair.client.answer()
    pair.client.answer()
    assert pair.client.wait("CHANNEL_PARK", Unique_ID=pair.caller)
    assert "CHANNEL_HANGUP" not in pair.client.names(pair.caller)


def test_given_a_held_agent_when_the_caller_waits_then_he_hears_music(switch: House) -> None:
    pair = Pair(switch)
    pair.join()
    assert pair.client.api(f"uuid_hold {AGENT}") == "+OK Success\n"
    assert pair.agent_line.held.wait(5)
    assert pair.line.heard.wait_loud(timeout_s=5)
    assert pair.client.api(f"uuid_hold off {AGENT}") == "+OK Success\n"


def test_given_the_bridge_application_when_the_other_answers_then_joined_and_parked_after(switch: House) -> None:
    client = switch.client()
    uuid, line = switch.parked(client)
    client.api(f"uuid_setvar {uuid} park_after_bridge true")
    phone = switch.agent("1001", Manner(answer_after_s=0.02))
    client.execute(uuid, "bridge", f"{{acd_x=1}}sofia/agents/1001%{DOMAIN}", event_uuid="dial")
    bridge = client.wait("CHANNEL_BRIDGE")
    assert bridge["Bridge-A-Unique-ID"] == uuid
    phone.lines[0].hang_up()
    done = client.wait("CHANNEL_EXECUTE_COMPLETE", Application_UUID="dial")
    assert done["variable_originate_disposition"] == "SUCCESS"
    assert client.wait("CHANNEL_PARK", Unique_ID=uuid)["variable_bridge_hangup_cause"] == "NORMAL_CLEARING"
    assert not line.ended.is_set()


@pytest.mark.parametrize("goes_on", [True, False])
def test_given_the_bridge_application_when_the_other_is_busy_then_continue_on_fail_decides(switch: House, goes_on: bool) -> None:
    client = switch.client()
    uuid, _ = switch.parked(client)
    if goes_on:
        client.api(f"uuid_setvar {uuid} continue_on_fail true")
    switch.agent("1001", Manner(answer_after_s=0.02, decline=486))
    client.execute(uuid, "bridge", f"sofia/agents/1001%{DOMAIN}", event_uuid="dial")
    done = client.wait("CHANNEL_EXECUTE_COMPLETE", Application_UUID="dial")
    assert done["variable_originate_disposition"] == "USER_BUSY"
    assert client.api(f"uuid_getvar {uuid} originate_failed_cause") == ("USER_BUSY" if goes_on else "-ERR No such channel!\n")


def test_given_the_bridge_application_when_the_caller_gives_up_then_the_other_is_cancelled(switch: House) -> None:
    client = switch.client()
    uuid, line = switch.parked(client)
    phone = switch.agent("1001", Manner(answer_after_s=None))
    client.execute(uuid, "bridge", f"sofia/agents/1001%{DOMAIN}")
    assert phone.wait_call(timeout_s=5).ringing.wait(5)
    line.hang_up()
    assert phone.lines[0].ended.wait(5)
    assert client.wait("CHANNEL_HANGUP_COMPLETE", Call_Direction="outbound")["Hangup-Cause"] == "ORIGINATOR_CANCEL"


def test_given_a_gateway_when_bridged_to_then_the_number_is_called_there(switch: House) -> None:
    outside = switch.phone("outside", Manner(answer_after_s=0.02))
    gateway = Address(host="127.0.0.1", port=outside.agent.port)
    with house(switch.base, gateways={"carrier": gateway}) as ours:
        client = ours.client()
        uuid, _ = ours.parked(client)
        client.execute(uuid, "bridge", "{origination_caller_id_number=030}sofia/gateway/carrier/+49891234")
        assert client.wait("CHANNEL_BRIDGE")["Bridge-A-Unique-ID"] == uuid
        assert outside.lines[0].call.called_user == "+49891234"
        assert outside.lines[0].call.caller_user == "030"
