"""REGISTER with digest: good, bad, stale, replayed, unknown; expiry on a clock that the test moves."""

import pytest

from softswitch.sip import ByAddress, ByDigest, Credentials, Registration, UserAgent, digest, ha1
from softswitch.sip.registering import Registering
from softswitch.sip.registrar import RegistrarLimits
from tests.softswitch.net import ANSWER, OFFER, Net, Pair, first_line

KNOWN = {"1001": ha1("1001", "acd", "secret"), "1002": ha1("1002", "acd", "other")}
DIGEST = ByDigest(realm="acd", ha1_of=KNOWN.get, nonce_s=300)


class Registered:
    """A registrar at 10.0.0.2 and one phone at 10.0.0.1."""

    def __init__(self, *, user: str = "1001", password: str = "secret", expires_s: int = 60) -> None:
        self.net = Net()
        self.server = self.net.agent("10.0.0.2", access=DIGEST, limits=RegistrarLimits(min_s=10, max_s=120))
        self.phone_agent = self.net.agent("10.0.0.1", user=user)
        self.phone = self.make_phone(self.phone_agent, user, password, expires_s)
        self.statuses: list[int] = []
        self.events: list[str] = []
        self.phone.on_registered = lambda: self.statuses.append(200)
        self.phone.on_refused = self.statuses.append
        self.server.on_register = lambda one, first: self.events.append(f"{one.user} {'first' if first else 'again'}")
        self.server.on_unregister = lambda one, why: self.events.append(f"{one.user} {why}")
        self.server.on_register_failure = lambda user, source: self.events.append(f"{user} failed from {source[0]}")

    def make_phone(self, agent: UserAgent, user: str, password: str, expires_s: int) -> Registering:
        credentials = Credentials(user=user, password=password)
        return Registering(agent, server=("10.0.0.2", 5060), credentials=credentials, expires_s=expires_s)

    def register(self) -> "Registered":
        self.phone.register()
        self.net.settle()
        return self

    def known(self) -> list[Registration]:
        return list(self.server.registrations("1001"))


def test_given_the_right_password_when_registered_then_the_phone_is_known_with_its_source() -> None:
    house = Registered().register()
    assert house.statuses == [200]
    assert house.events == ["1001 first"]
    (one,) = house.known()
    assert (one.contact, one.source) == ("sip:1001@10.0.0.1:5060", ("10.0.0.1", 5060))


def test_given_row_s02_when_the_password_is_wrong_or_the_user_unknown_then_the_answers_are_the_same() -> None:
    answers = []
    for user, password in (("1001", "wrong"), ("nobody", "secret")):
        house = Registered(user=user, password=password).register()
        assert house.statuses == [401]
        assert house.events == [f"{user} failed from 10.0.0.1"]
        last = house.net.sent[-1].decode().split("\r\n")
        answers.append([line.partition(":")[0] for line in last])
        assert "stale" not in house.net.sent[-1].decode()
    assert answers[0] == answers[1]


def test_given_a_registration_when_it_is_refreshed_in_time_then_it_stays_and_is_not_new() -> None:
    house = Registered(expires_s=60).register()
    house.net.pass_time(100)
    assert house.events[:2] == ["1001 first", "1001 again"]
    assert "1001 expired" not in house.events
    assert len(house.known()) == 1


def test_given_row_12_when_the_phone_vanishes_then_its_registration_expires() -> None:
    house = Registered(expires_s=60).register()
    house.phone.stop()
    house.net.pass_time(59)
    assert len(house.known()) == 1
    house.net.pass_time(2)
    assert house.known() == []
    assert house.events == ["1001 first", "1001 expired"]


def test_given_a_registration_when_unregistered_then_it_is_gone_at_once_and_stays_gone() -> None:
    house = Registered().register()
    house.phone.unregister()
    house.net.settle()
    assert house.known() == []
    house.net.pass_time(300)
    assert house.events == ["1001 first", "1001 unregistered"]


def test_given_an_old_nonce_when_used_then_it_is_called_stale_and_nobody_is_accused() -> None:
    house = Registered().register()
    authorized = [one for one in house.net.sent if b"\r\nAuthorization" in one][-1]
    house.net.pass_time(400)
    house.phone.stop()
    house.events.clear()
    house.net.inject(_as_new(authorized), source=("10.0.0.1", 5060), to=("10.0.0.2", 5060))
    house.net.settle()
    assert "stale=true" in house.net.sent[-1].decode()
    assert house.events == []


@pytest.mark.parametrize(("after_s", "ok"), [(299.0, True), (301.0, False)])
def test_given_a_nonce_when_it_is_answered_late_then_it_counts_only_as_long_as_it_lives(after_s: float, ok: bool) -> None:
    guard = digest.Guard(realm="acd", ha1_of=KNOWN.get, nonce_s=300)
    challenge = guard.challenge(now=1000.0)
    header = digest.authorization(challenge, user="1001", password="secret", method="REGISTER", uri="sip:acd")
    verdict = guard.check(header, method="REGISTER", now=1000.0 + after_s)
    assert (verdict.ok, verdict.stale) == (ok, not ok)


def test_given_a_restarted_switch_when_a_phone_uses_its_old_nonce_then_it_is_stale_and_no_failure() -> None:
    before, after = (digest.Guard(realm="acd", ha1_of=KNOWN.get, nonce_s=300) for _ in range(2))
    challenge = before.challenge(now=1000.0)
    header = digest.authorization(challenge, user="1001", password="secret", method="REGISTER", uri="sip:acd")
    assert after.check(header, method="REGISTER", now=1001.0) == digest.Verdict(ok=False, user="1001", stale=True)


def test_given_a_recorded_register_when_somebody_replays_it_with_another_contact_then_it_is_refused() -> None:
    house = Registered().register()
    authorized = [one for one in house.net.sent if b"\r\nAuthorization" in one][-1]
    stolen = _as_new(authorized).replace(b"<sip:1001@10.0.0.1:5060>", b"<sip:1001@10.6.6.60:5060>")
    house.net.inject(stolen, source=("10.6.6.6", 5060), to=("10.0.0.2", 5060))
    house.net.settle()
    assert first_line(house.net.sent[-1]).startswith("SIP/2.0 401")
    assert [one.contact for one in house.known()] == ["sip:1001@10.0.0.1:5060"]


def _as_new(message: bytes) -> bytes:
    return message.replace(b"branch=z9hG4bK", b"branch=z9hG4bKx")


def test_given_a_phone_when_it_registers_somebody_else_then_403() -> None:
    house = Registered(user="1002", password="other")
    carry = house.net.carry
    house.net.carry = lambda datagram, source, to: carry(  # type: ignore[method-assign]
        datagram.replace(b"To: <sip:1002@", b"To: <sip:1001@"), source, to
    )
    house.register()
    assert house.statuses == [403]
    assert house.known() == []


def test_given_too_short_an_expiry_when_registered_then_423_says_what_is_allowed() -> None:
    house = Registered(expires_s=3).register()
    assert house.statuses == [423]
    assert "Min-Expires: 10" in house.net.sent[-1].decode()


def test_given_too_long_an_expiry_when_registered_then_the_maximum_is_granted() -> None:
    house = Registered(expires_s=99999).register()
    assert house.known()[0].expires_at == house.net.now + 120


def test_given_row_f32_when_a_phone_registers_from_another_address_then_the_newest_is_called() -> None:
    house = Registered().register()
    moved = house.net.agent("10.0.0.3", user="1001")
    house.net.now += 5
    house.make_phone(moved, "1001", "secret", 60).register()
    house.net.settle()
    assert [one.source[0] for one in house.known()] == ["10.0.0.3", "10.0.0.1"]
    house.server.invite_user("1001", sdp=OFFER, from_user="5551")
    assert first_line(house.net.sent[-1]) == "INVITE sip:1001@10.0.0.3:5060 SIP/2.0"


def test_given_nobody_registered_when_a_user_is_called_then_there_is_no_call() -> None:
    house = Registered()
    assert house.server.invite_user("1001", sdp=OFFER, from_user="5551") is None


def test_given_digest_when_a_phone_calls_with_its_password_then_the_call_knows_who_it_is() -> None:
    pair = Pair(access=DIGEST)
    ours = pair.dial(credentials=Credentials(user="1001", password="secret"), from_user="1001")
    pair.net.settle()
    assert pair.incoming[0].auth_user == "1001"
    pair.incoming[0].answer(ANSWER)
    pair.net.settle()
    assert ours.told == ["answered"]
    ours.call.bye()
    pair.net.settle()
    assert pair.stories[0].told == ["answered", "ended bye them 16"]


def test_given_digest_when_a_stranger_calls_then_no_call_comes_in() -> None:
    pair = Pair(access=DIGEST)
    without, wrong = pair.dial(), pair.dial(credentials=Credentials(user="1001", password="wrong"))
    pair.net.settle()
    assert pair.incoming == []
    assert without.told == wrong.told == ["failed 407"]


def test_given_row_s01_when_a_trunk_calls_then_only_listed_addresses_come_in() -> None:
    for networks, told in ((["10.0.0.1/32"], "answered"), (["10.9.0.0/16"], "failed 403")):
        pair = Pair(access=ByAddress(networks=networks))
        ours = pair.dial()
        pair.net.settle()
        for call in pair.incoming:
            call.answer(ANSWER)
        pair.net.settle()
        assert ours.told == [told]


def test_given_a_trunk_profile_when_somebody_registers_then_403() -> None:
    house = Registered()
    trunk = house.net.agent("10.0.0.2", access=ByAddress(networks=["0.0.0.0/0"]))
    house.register()
    assert house.statuses == [403]
    assert trunk.registrations() == []


def test_given_a_silent_registrar_when_it_comes_back_then_the_phone_registers_by_itself() -> None:
    house = Registered()
    house.net.lose = lambda datagram: True
    house.phone.register()
    house.net.pass_time(33)
    assert house.statuses == [408]
    house.net.lose = lambda datagram: False
    house.net.pass_time(11)
    assert house.statuses == [408, 200]


def test_given_a_registered_phone_when_its_refresh_is_refused_then_it_asks_again_until_it_is_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    house = Registered().register()
    monkeypatch.delitem(KNOWN, "1001")
    house.net.pass_time(49)
    assert house.statuses == [200, 401]
    monkeypatch.undo()
    house.net.pass_time(11)
    assert house.statuses == [200, 401, 200] and len(house.known()) == 1


def test_given_a_registrar_in_trouble_when_refused_again_and_again_then_each_wait_is_longer_up_to_a_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    house = Registered().register()
    monkeypatch.delitem(KNOWN, "1001")
    refused_at: list[float] = []
    house.phone.on_refused = lambda status: refused_at.append(house.net.now)
    house.net.pass_time(900)
    waits = [later - earlier for earlier, later in zip(refused_at, refused_at[1:], strict=False)]
    for wait_s, upper_s in zip(waits, (10, 20, 40, 80, 160, 160), strict=False):
        assert upper_s / 2 <= wait_s <= upper_s + 1
    assert len(waits) >= 6
    monkeypatch.undo()
    house.net.pass_time(161)
    house.net.pass_time(49)
    assert house.statuses.count(200) >= 3  # and refreshes in time again


def test_given_a_phone_never_accepted_when_its_password_is_wrong_then_it_does_not_ask_again() -> None:
    house = Registered(password="wrong").register()
    house.net.pass_time(400)
    assert house.statuses == [401]
