"""What is built in is what the shipped FreeSWITCH configuration does."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from softswitch.dialplan import Dialplan
from tests.softswitch.house import House

SHIPPED = Path(__file__).parents[2] / "freeswitch_conf" / "dialplan"
UUID = "11111111-2222-3333-4444-555555555555"
OURS = Dialplan(failsafe_after_s=60, announcement=Path("/sounds/sorry.wav"), messages=Path("/messages"))
SETTINGS = {"$${failsafe_s}": "60", "$${announcement}": "/sounds/sorry.wav", "$${message_dir}": "/messages", "$1": UUID}


def shipped(context: str, extension: str) -> list[tuple[str, str]]:
    root = ElementTree.parse(SHIPPED / f"{context}.xml")
    found = root.find(f".//extension[@name='{extension}']")
    assert found is not None
    return [(one.get("application", ""), _filled(one.get("data", ""))) for one in found.iter("action")]


def _filled(text: str) -> str:
    for name, value in SETTINGS.items():
        text = text.replace(name, value)
    return text


@pytest.mark.parametrize(
    ("context", "destination", "extension"),
    [
        ("public", "+4930555", "park"),
        ("agents", "*45", "park"),
        ("public", "<script>", "nothing_else"),
        ("agents", "9" * 65, "nothing_else"),
        ("failsafe", "unattended", "unattended"),
    ],
)
def test_given_a_destination_when_routed_then_the_actions_are_those_of_the_shipped_configuration(
    context: str, destination: str, extension: str
) -> None:
    ours = OURS.actions(context=context, destination=destination, uuid=UUID)
    assert list(ours or ()) == shipped(context, extension)


def test_given_a_context_that_nobody_has_when_routed_then_there_is_nothing() -> None:
    assert OURS.actions(context="default", destination="1", uuid=UUID) is None
    assert OURS.actions(context="failsafe", destination="1", uuid=UUID) is None


def test_given_a_number_that_is_none_when_dialled_then_404(switch: House) -> None:
    line = switch.caller().dial("9" * 65)
    assert line.ended.wait(5) and line.status == 404
