"""Which addresses flows may reach (FAULTS.md S10)."""

import pytest

from acd.live.addresses import allowed

PRIVATE = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "100.127.255.255", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1",
    "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "fe80::1", "fe80::1%eth0",
    "fec0::1", "fc00::1", "fd12:3456::1", "ff02::1", "2001:db8::1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::",
    "2002:a00:1::1", "100::1",
]  # fmt: skip
PUBLIC = ["8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", PRIVATE)
def test_given_nothing_listed_when_an_address_is_not_public_then_it_is_refused_s10(address: str) -> None:
    assert not allowed([]).permits(address, "crm.example.com", 443)


@pytest.mark.parametrize("address", PUBLIC)
def test_given_nothing_listed_when_an_address_is_public_then_it_is_permitted(address: str) -> None:
    assert allowed([]).permits(address, "crm.example.com", 443)


def test_given_a_network_listed_when_an_address_is_in_it_then_it_is_permitted_and_its_neighbour_is_not() -> None:
    house = allowed(["10.1.2.0/24", "fd00:1::/64"])
    assert house.permits("10.1.2.9", "crm", 80) and house.permits("::ffff:10.1.2.9", "crm", 80) and house.permits("fd00:1::5", "x", 1)
    assert not house.permits("10.1.3.9", "crm", 80) and not house.permits("127.0.0.1", "crm", 80)


def test_given_a_host_listed_when_another_port_or_name_leads_to_the_same_address_then_it_is_refused() -> None:
    house = allowed(["crm.internal:8080"])
    assert house.permits("10.9.9.9", "CRM.internal", 8080) and house.permits("127.0.0.1", "crm.internal", 8080)
    assert not house.permits("10.9.9.9", "crm.internal", 8021) and not house.permits("10.9.9.9", "evil.example.com", 8080)
    assert not house.permits("169.254.169.254", "crm.internal", 8080)
