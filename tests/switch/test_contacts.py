"""A phone is gone when its last registration is gone, not before."""

from acd.switch.contacts import Contacts
from acd.words import PhoneId

ANNA = PhoneId("1001")


def test_given_a_phone_that_came_up_anew_when_its_old_registration_runs_out_then_it_is_still_there() -> None:
    contacts = Contacts()
    contacts.came(ANNA, "old")
    contacts.came(ANNA, "new")
    assert not contacts.went(ANNA, "old")
    assert contacts.went(ANNA, "new")


def test_given_a_refresh_when_it_ends_then_it_was_one_registration() -> None:
    contacts = Contacts()
    contacts.came(ANNA, "one")
    contacts.came(ANNA, "one")
    assert contacts.went(ANNA, "one")


def test_given_a_phone_of_which_nothing_was_known_when_it_goes_then_gone() -> None:
    assert Contacts().went(ANNA, "x")


def test_given_a_snapshot_when_taken_then_its_list_counts_and_what_is_newer_than_it() -> None:
    contacts, ben = Contacts(), PhoneId("1002")
    contacts.came(ANNA, "forgotten")
    contacts.came(ben, "fresh")
    contacts.rebase([{"reg_user": "1001", "token": "listed"}, {"realm": "x"}], newer=[ben])
    assert contacts.went(ANNA, "listed") and contacts.went(ben, "fresh")
    contacts.rebase([{"reg_user": "1002", "token": "a"}, {"reg_user": "1002", "token": "b"}], newer=[])
    assert not contacts.went(ben, "a") and contacts.went(ben, "b")
