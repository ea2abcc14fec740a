"""Who hears what."""

from softswitch.esl.subscription import Subscription
from softswitch.events import Event


def event(name: str, **headers: str) -> Event:
    return Event(name=name, headers=tuple((key.replace("_", "-"), value) for key, value in headers.items()))


def subscribed(*words: str) -> Subscription:
    found = Subscription()
    assert found.event(list(words)).startswith("+OK")
    return found


def test_given_nothing_asked_when_an_event_comes_then_it_is_not_wanted() -> None:
    assert not Subscription().wants(event("HEARTBEAT"))


def test_given_names_asked_when_events_come_then_only_those_are_wanted() -> None:
    ours = subscribed("plain", "CHANNEL_PARK", "dtmf")
    assert ours.wants(event("CHANNEL_PARK")) and ours.wants(event("DTMF"))
    assert not ours.wants(event("CHANNEL_ANSWER"))


def test_given_a_subclass_asked_when_custom_events_come_then_only_that_one_is_wanted() -> None:
    ours = subscribed("plain", "HEARTBEAT", "CUSTOM", "sofia::register")
    assert ours.wants(event("CUSTOM", Event_Subclass="sofia::register"))
    assert not ours.wants(event("CUSTOM", Event_Subclass="sofia::expire"))


def test_given_all_asked_when_one_is_nixed_then_all_others_are_still_wanted() -> None:
    ours = subscribed("json", "ALL")
    assert ours.form == "json"
    ours.nix(["DTMF"])
    assert not ours.wants(event("DTMF"))
    assert ours.wants(event("CHANNEL_PARK"))


def test_given_words_that_are_no_events_when_asked_then_it_is_refused() -> None:
    assert Subscription().event(["plain", "NO_SUCH_THING"]) == "-ERR no keywords supplied"
    assert Subscription().none() == "-ERR not listening for events"


def test_given_a_subscription_when_nothing_more_is_wanted_then_nothing_comes() -> None:
    ours = subscribed("plain", "ALL")
    assert ours.none() == "+OK no longer listening for events"
    assert not ours.wants(event("DTMF"))


def test_given_filters_when_events_come_then_any_match_lets_through_and_minus_holds_back() -> None:
    ours = subscribed("plain", "ALL")
    assert ours.filter("Unique-ID abc") == "+OK filter added. [Unique-ID]=[abc]"
    ours.filter("variable_acd /^c/")
    ours.filter("Event-Name -DTMF")
    assert ours.wants(event("X", Unique_ID="ABC"))
    assert ours.wants(Event(name="X", headers=(("variable_acd", "c1"),)))
    assert not ours.wants(event("X", Unique_ID="other"))
    assert not ours.wants(event("X", Unique_ID="abc", Event_Name="DTMF"))
    assert ours.filter("delete all") == "+OK filter deleted. [all][]"
    assert ours.wants(event("X", Unique_ID="other"))
    assert ours.filter("Lonely") == "-ERR invalid syntax"
