"""Listening in, speaking in and three-way on the embedded switch: who hears whom, by the tones that they speak."""

import pytest

from softswitch.party.heard import tone_share
from softswitch.party.line import Line
from softswitch.party.script import Manner
from tests.softswitch.esl_client import EslClient
from tests.softswitch.house import House

TONES = {"cust": 1000, "anna": 700, "sue": 1300}
SETTLES_S = 0.3
LISTENS_S = 0.5


class Talk:
    """A customer and an agent who talk, and a supervisor whose leg stands parked; each speaks a tone of their own."""

    def __init__(self, switch: House) -> None:
        self.esl: EslClient = switch.client()
        self.uuid, self.lines = {}, {}
        self.uuid["cust"], self.lines["cust"] = switch.parked(self.esl)
        for name, user in (("anna", "1001"), ("sue", "1002")):
            phone = switch.agent(user, Manner(answer_after_s=0))
            answer = self.esl.api(f"originate {{ignore_early_media=true}}sofia/agents/{user}%cc.test &park()")
            self.uuid[name], self.lines[name] = answer.split()[1], phone.wait_call()
            self.esl.wait("CHANNEL_PARK", **{"Unique-ID": self.uuid[name]})
        for name, line in self.lines.items():
            line.speak_tone(f"%(60000,0,{TONES[name]});loops=-1")
        self.join("cust", "anna")

    def join(self, one: str, other: str) -> None:
        assert self.esl.api(f"uuid_bridge {self.uuid[one]} {self.uuid[other]}").startswith("+OK")
        self.esl.wait("CHANNEL_BRIDGE")

    def listen(self, *, target: str = "anna", by: str = "sue", app: str = "eavesdrop", **settings: str) -> None:
        for name, value in {"eavesdrop_enable_dtmf": "false", **settings}.items():
            self.esl.api(f"uuid_setvar {self.uuid[by]} {name} {value}")
        assert self.esl.execute(self.uuid[by], app, self.uuid[target], event_uuid="m1", lock=True) == "+OK"
        self.esl.wait("CHANNEL_EXECUTE", Application=app)

    def tell(self, command: str, of: str = "sue") -> None:
        answer = self.esl.ask(f"sendevent COMMAND\nUnique-ID: {self.uuid[of]}\neavesdrop-command: {command}")
        assert answer.reply.startswith("+OK")

    def who_hears_whom(self) -> dict[str, set[str]]:
        self.lines["cust"].ended.wait(SETTLES_S)
        for line in self.lines.values():
            line.heard.forget()
        self.lines["cust"].ended.wait(LISTENS_S)
        return {name: _heard(line) for name, line in self.lines.items() if not line.ended.is_set()}


def _heard(line: Line) -> set[str]:
    samples = line.heard.samples()
    return {name for name, hz in TONES.items() if tone_share(samples, hz) > 0.1}


@pytest.fixture
def talk(switch: House) -> Talk:
    return Talk(switch)


@pytest.mark.parametrize("target", ["anna", "cust"])
@pytest.mark.parametrize(
    ("word", "heard_by"),
    [("0", set()), ("1", {"other"}), ("2", {"target"}), ("3", {"other", "target"})],
)
def test_given_a_talk_when_listened_to_then_both_are_heard_and_only_who_should_hears_the_listener(
    talk: Talk, word: str, heard_by: set[str], target: str
) -> None:
    other = {"anna": "cust", "cust": "anna"}[target]
    talk.listen(target=target)
    talk.tell(word)
    heard = talk.who_hears_whom()
    assert heard["sue"] == {"cust", "anna"}
    assert heard[target] == {other} | ({"sue"} if "target" in heard_by else set())
    assert heard[other] == {target} | ({"sue"} if "other" in heard_by else set())


def test_given_variables_when_listening_begins_then_they_say_who_hears_it(talk: Talk) -> None:
    talk.listen(eavesdrop_whisper_bleg="true")
    heard = talk.who_hears_whom()
    assert heard["anna"] == {"cust", "sue"} and heard["cust"] == {"anna"}


def test_given_three_way_when_begun_then_all_hear_all_and_its_end_is_told(talk: Talk) -> None:
    talk.listen(app="three_way")
    heard = talk.who_hears_whom()
    assert heard == {"cust": {"anna", "sue"}, "anna": {"cust", "sue"}, "sue": {"cust", "anna"}}
    talk.tell("*")
    talk.esl.wait("CHANNEL_EXECUTE_COMPLETE", Application="three_way")
    assert talk.who_hears_whom() == {"cust": {"anna"}, "anna": {"cust"}, "sue": set()}


def test_given_a_listener_when_the_two_part_and_are_joined_again_then_it_listens_on(talk: Talk) -> None:
    talk.listen()
    assert talk.esl.api(f"uuid_transfer {talk.uuid['cust']} -both park inline") == "+OK\n"
    for name in ("cust", "anna"):
        talk.esl.wait("CHANNEL_PARK", **{"Unique-ID": talk.uuid[name]})
    heard = talk.who_hears_whom()
    assert heard["sue"] == {"anna"} and not heard["cust"] and not heard["anna"]
    talk.join("cust", "anna")
    assert talk.who_hears_whom()["sue"] == {"cust", "anna"}


def test_given_a_listener_when_its_target_is_gone_then_its_end_is_told_and_it_stands_parked(talk: Talk) -> None:
    talk.listen()
    talk.lines["anna"].hang_up()
    talk.esl.wait("CHANNEL_EXECUTE_COMPLETE", Application="eavesdrop")
    assert talk.esl.api(f"uuid_exists {talk.uuid['sue']}") == "true"


def test_given_a_listener_when_joined_to_the_customer_then_it_takes_over_and_the_agent_parks(talk: Talk) -> None:
    talk.esl.api(f"uuid_setvar {talk.uuid['anna']} park_after_bridge true")
    talk.listen()
    talk.join("cust", "sue")
    talk.esl.wait("CHANNEL_PARK", **{"Unique-ID": talk.uuid["anna"]})
    heard = talk.who_hears_whom()
    assert heard == {"cust": {"sue"}, "sue": {"cust"}, "anna": set()}


def test_given_bound_digits_when_a_listener_presses_them_then_a_variable_is_set_and_others_are_not_told(talk: Talk) -> None:
    talk.esl.execute(talk.uuid["sue"], "bind_digit_action", "acd,3,exec[i]:set,acd_key=3")
    talk.listen()
    talk.lines["sue"].press("73")
    talk.esl.wait("CHANNEL_EXECUTE", Application="set", **{"Application-Data": "acd_key=3"})
    assert talk.esl.api(f"uuid_getvar {talk.uuid['sue']} acd_key") == "3"
    assert talk.who_hears_whom()["cust"] == {"anna"}, "a digit is no command of the switch's own"
    talk.tell("*")
    talk.esl.wait("CHANNEL_EXECUTE_COMPLETE", Application="eavesdrop")
    assert not [one for one in talk.esl.seen if one.get("Event-Name") == "DTMF"], "what is not bound is nobody's"


def test_given_nobody_there_when_listened_to_then_it_is_over_at_once(talk: Talk) -> None:
    talk.listen(target="sue")
    talk.esl.wait("CHANNEL_EXECUTE_COMPLETE", Application="eavesdrop")


def test_given_two_apart_already_when_parted_again_then_they_stand_parked_and_can_be_played_to(talk: Talk) -> None:
    for _ in range(2):
        assert talk.esl.api(f"uuid_transfer {talk.uuid['cust']} -both park inline") == "+OK\n"
        talk.esl.wait("CHANNEL_PARK", **{"Unique-ID": talk.uuid["cust"]})
    talk.esl.execute(talk.uuid["cust"], "playback", "tone_stream://%(5000,0,520)", event_uuid="p")
    talk.esl.wait("PLAYBACK_START", **{"Unique-ID": talk.uuid["cust"]})


def test_given_a_hold_when_the_two_are_parted_then_the_hold_is_over(talk: Talk) -> None:
    talk.lines["anna"].call.hold()
    talk.esl.wait("CHANNEL_HOLD", **{"Unique-ID": talk.uuid["anna"]})
    talk.esl.api(f"uuid_transfer {talk.uuid['cust']} -both park inline")
    talk.esl.wait("CHANNEL_UNHOLD", **{"Unique-ID": talk.uuid["anna"]})
