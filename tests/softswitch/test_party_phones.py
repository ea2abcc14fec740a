"""Virtual phones against a small house of our own: real SIP and RTP over loopback, audio checked by Goertzel both ways."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from gevent.event import Event

from softswitch.media import MediaEngine, tone
from softswitch.party import CallerScript, Line, Manner, Phone, play, read_caller, tone_share
from softswitch.sip import ByDigest, Call, UserAgent, ha1, sdp
from softswitch.sip.incoming import IncomingCall

DEADLINE_S = 5.0
PASSWORD = "a long secret"
USERS = ("1001", "1002")
PROMPT_HZ, AGENT_HZ, CALLER_HZ = 600.0, 440.0, 900.0


class House:
    """Takes registrations, answers callers with a tone, and can bridge a caller to a phone."""

    def __init__(self) -> None:
        self.engine = MediaEngine()
        self.engine.start()
        known = {user: ha1(user, "house", PASSWORD) for user in USERS}
        self.agent = UserAgent(name="house", access=ByDigest(realm="house", ha1_of=known.get))
        self.agent.on_invite = self._take
        self.agent.start()
        self.phones: list[Phone] = []
        self.legs: list[Line] = []
        self.came = Event()
        self.answers = True
        self.prompt = f"%(1000,0,{PROMPT_HZ});loops=-1"

    @property
    def server(self) -> tuple[str, int]:
        return self.agent.host, self.agent.port

    def phone(self, user: str = "1001", *, password: str = PASSWORD, manner: Manner | None = None, seed: int = 1) -> Phone:
        phone = Phone(
            user=user,
            password=password,
            server=self.server,
            engine=self.engine,
            manner=manner or Manner(answer_after_s=0.0),
            rng=random.Random(seed),
        )
        phone.start()
        self.phones.append(phone)
        return phone

    def call(self, user: str = "1001") -> Line:
        """The house calls a registered phone."""
        leg = self._leg()
        call = self.agent.invite_user(user, sdp=leg.offer(), from_user="5551", from_name="Ann")
        assert call is not None, f"{user} is not registered"
        leg.take(call)
        return leg

    def _leg(self) -> Line:
        leg = Line(self.engine.session(), name="leg", tell=lambda who, what: None)
        self.legs.append(leg)
        return leg

    def _take(self, call: Call) -> None:
        assert isinstance(call, IncomingCall)
        leg = self._leg()
        leg.take(call)
        if self.answers:
            leg.answer()
            leg.media.play(tone(self.prompt))
        self.came.set()

    def stop(self) -> None:
        for phone in self.phones:
            phone.stop()
        self.agent.stop()
        self.engine.stop()


@pytest.fixture
def house() -> Iterator[House]:
    house = House()
    yield house
    house.stop()
    assert house.engine.sessions == 0


def test_given_a_phone_when_it_registers_and_unregisters_then_the_house_knows(house: House) -> None:
    phone = house.phone()
    assert phone.register() == 200
    assert len(house.agent.registrations("1001")) == 1
    assert phone.unregister() == 200
    assert house.agent.registrations("1001") == []


def test_given_a_wrong_password_when_it_registers_then_401(house: House) -> None:
    assert house.phone(password="wrong").register() == 401


def test_given_a_phone_when_called_then_it_answers_and_both_hear_each_other(house: House) -> None:
    phone = house.phone(manner=Manner(answer_after_s=0.05, says=f"%(1000,0,{AGENT_HZ});loops=-1"))
    phone.register()
    leg = house.call()
    line = phone.wait_call(timeout_s=DEADLINE_S)
    assert leg.wait_answered(timeout_s=DEADLINE_S)
    assert leg.ringing.is_set()
    leg.speak_tone(f"%(3000,0,{PROMPT_HZ})")
    assert line.heard.wait_tone(PROMPT_HZ, timeout_s=DEADLINE_S)
    assert leg.heard.wait_tone(AGENT_HZ, timeout_s=DEADLINE_S)
    assert tone_share(line.heard.samples()[-800:], PROMPT_HZ) > 0.9
    assert line.call.caller_user == "5551" and line.call.caller_name == "Ann"
    line.hang_up()
    assert leg.wait_ended(timeout_s=DEADLINE_S)
    assert leg.end is not None and not leg.end.by_us


@pytest.mark.parametrize("status", [486, 603, 480, 404, 500])
def test_given_rows_10_and_11_when_the_phone_declines_then_its_status_comes_through(house: House, status: int) -> None:
    house.phone(manner=Manner(decline=status, answer_after_s=0.0)).register()
    leg = house.call()
    assert leg.wait_ended(timeout_s=DEADLINE_S)
    assert leg.status == status


def test_given_row_9_when_the_phone_lets_it_ring_and_we_cancel_then_it_stops_ringing(house: House) -> None:
    phone = house.phone(manner=Manner(answer_after_s=None))
    phone.register()
    leg = house.call()
    line = phone.wait_call(timeout_s=DEADLINE_S)
    assert leg.ringing.wait(DEADLINE_S)
    leg.hang_up()
    assert line.wait_ended(timeout_s=DEADLINE_S)
    assert line.end is not None and line.end.what == "cancel"
    assert not line.answered.is_set() and leg.status == 487


def test_given_row_f32_when_the_phone_answers_and_drops_then_both_are_told_in_order(house: House) -> None:
    house.phone(manner=Manner(answer_after_s=0.0, talk_s=(0.0, 0.0))).register()
    leg = house.call()
    assert leg.wait_ended(timeout_s=DEADLINE_S)
    assert leg.answered.is_set()


def test_given_early_media_when_the_phone_rings_with_it_then_the_caller_can_hear(house: House) -> None:
    phone = house.phone(manner=Manner(answer_after_s=None, early_media=True))
    phone.register()
    leg = house.call()
    line = phone.wait_call(timeout_s=DEADLINE_S)
    line.speak_tone(f"%(2000,0,{AGENT_HZ})")
    assert leg.heard.wait_tone(AGENT_HZ, timeout_s=DEADLINE_S)
    assert not leg.answered.is_set()


def test_given_a_seed_when_talk_times_are_drawn_then_they_are_the_same_again() -> None:
    drawn = [random.Random(7).uniform(5, 20) for _ in range(2)]
    assert drawn[0] == drawn[1]


@pytest.mark.parametrize("by", ["rfc4733", "info"])
def test_given_a_call_when_digits_are_pressed_both_ways_then_both_hear_them(house: House, by: str) -> None:
    phone = house.phone()
    phone.register()
    leg = house.call()
    line = phone.wait_call(timeout_s=DEADLINE_S)
    assert leg.wait_answered(timeout_s=DEADLINE_S)
    line.press("12#", by=by)
    leg.press("9", by=by)
    assert leg.wait_digits("12#", timeout_s=DEADLINE_S)
    assert line.wait_digits("9", timeout_s=DEADLINE_S)
    assert leg.digits == "12#"


def test_given_a_call_when_the_phone_holds_then_it_hears_nothing_until_it_resumes(house: House) -> None:
    phone = house.phone()
    phone.register()
    leg = house.call()
    line = phone.wait_call(timeout_s=DEADLINE_S)
    assert leg.wait_answered(timeout_s=DEADLINE_S)
    leg.speak_tone(f"%(1000,0,{PROMPT_HZ});loops=-1")
    assert line.heard.wait_tone(PROMPT_HZ, timeout_s=DEADLINE_S)
    line.call.hold()
    assert leg.held.wait(DEADLINE_S)
    line.call.resume()
    assert line.heard.wait_tone(PROMPT_HZ, timeout_s=DEADLINE_S)
    assert not leg.held.is_set()


def test_given_a_caller_when_bridged_to_an_agent_then_they_hear_each_other(house: House) -> None:
    agent = house.phone("1001", manner=Manner(answer_after_s=0.0, says=f"%(1000,0,{AGENT_HZ});loops=-1"))
    agent.register()
    caller = house.phone("1002").dial("88")
    assert caller.wait_answered(timeout_s=DEADLINE_S)
    assert caller.heard.wait_tone(PROMPT_HZ, timeout_s=DEADLINE_S)
    leg = house.call("1001")
    assert leg.wait_answered(timeout_s=DEADLINE_S)
    house.legs[0].media.bridge_to(leg.media)
    caller.speak_tone(f"%(1000,0,{CALLER_HZ});loops=-1")
    assert caller.heard.wait_tone(AGENT_HZ, timeout_s=DEADLINE_S)
    assert agent.lines[0].heard.wait_tone(CALLER_HZ, timeout_s=DEADLINE_S)


SCRIPT = """
dial: "88"
steps:
  - wait_answered: 5
  - wait_hears: {timeout: 5, hz: 600}
  - press: "1"
  - press: {digits: "2", by: info}
  - speak: {tone: "%(200,0,900)"}
  - hang_up
"""


def test_given_a_callers_script_when_played_then_every_step_comes_true(house: House) -> None:
    import yaml

    script = read_caller(yaml.safe_load(SCRIPT), where="caller")
    told = play(house.phone("1002"), script)
    assert (told.answered, told.failed_step) == (True, None)
    leg = house.legs[0]
    assert leg.wait_ended(timeout_s=DEADLINE_S)
    assert sorted(leg.digits) == ["1", "2"]
    assert leg.end is not None and leg.end.what == "bye"


def test_given_a_step_that_does_not_come_true_when_played_then_it_is_named_and_the_call_ends(house: House) -> None:
    given = {"dial": "88", "steps": [{"wait_answered": 5}, {"wait_hears": {"timeout": 0.2, "hz": 2000}}, "hang_up"]}
    told = play(house.phone("1002"), read_caller(given, where="caller"))
    assert told.failed_step == 1
    assert house.legs[0].wait_ended(timeout_s=DEADLINE_S)


def test_given_a_caller_without_a_password_when_it_dials_then_the_script_ends_with_407(house: House) -> None:
    told = play(house.phone("1002", password="wrong"), CallerScript(dial="88", steps=read_caller_steps()))
    assert (told.status, told.answered) == (407, False)


def read_caller_steps() -> tuple[object, ...]:
    return read_caller({"dial": "1", "steps": ["wait_answered"]}, where="x").steps  # type: ignore[return-value]


def test_given_row_1_when_the_caller_hangs_up_while_it_rings_then_the_house_hears_a_cancel(house: House) -> None:
    house.answers = False
    line = house.phone("1002").dial("88")
    assert house.came.wait(DEADLINE_S)
    line.hang_up()
    assert house.legs[0].wait_ended(timeout_s=DEADLINE_S)
    assert house.legs[0].end is not None and house.legs[0].end.what == "cancel"


def test_given_an_offer_without_our_codecs_when_a_phone_is_called_then_488(house: House) -> None:
    phone = house.phone()
    phone.register()
    leg = house._leg()
    opus = sdp.offer(host="127.0.0.1", port=leg.media.local_port).replace(b"0 8 101", b"96")
    call = house.agent.invite_user("1001", sdp=opus, from_user="5551")
    assert call is not None
    leg.take(call)
    assert leg.wait_ended(timeout_s=DEADLINE_S)
    assert leg.status == 488


def test_given_a_busy_phone_when_its_lines_are_full_then_486(house: House) -> None:
    phone = house.phone(manner=Manner(answer_after_s=None))
    phone.register()
    legs = [house.call() for _ in range(5)]
    assert legs[4].wait_ended(timeout_s=DEADLINE_S)
    assert legs[4].status == 486
    assert not legs[0].ended.is_set()


def test_given_a_wav_when_a_caller_speaks_it_then_the_house_hears_it(house: House, tmp_path: Path) -> None:
    from tests.softswitch.test_media_pure import a_wav

    caller = house.phone("1002").dial("88")
    assert caller.wait_answered(timeout_s=DEADLINE_S)
    caller.speak_file(a_wav(tmp_path / "a.wav", hz=CALLER_HZ, rate=16000, seconds=0.3))
    assert house.legs[0].heard.wait_tone(CALLER_HZ, timeout_s=DEADLINE_S)
    assert caller.wait_spoken(timeout_s=DEADLINE_S)
