"""A controller that dies while a flow waits for a server (FAULTS.md F03): the server counts how often it was asked."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gevent
import pytest

from acd.core.commands import Errand
from acd.core.events import CallArrived, ErrandDone, LegEnded
from acd.core.policy import Policy
from acd.core.state import State
from acd.core.step import step
from acd.ivr.library import FlowLibrary
from acd.ivr.load import load_text
from acd.live.controller import Controller
from acd.live.journal import Journal
from acd.live.poison import Poison
from acd.live.recovery import recover
from acd.words import CallId, FlowId, LegId, NodeId
from tests.live import hostile
from tests.live.hostile import Hostile, whole
from tests.live.house import Node, Time
from tests.live.test_errands import House

FLOW = """
start: ask
steps:
  ask: {{step: http, method: {method}, url: "http://crm.test:{port}/x", into: {{who: name}}, next: known, otherwise: down}}
  known: {{step: play, prompt: "Hello {{{{ who }}}}.", next: end}}
  down: {{step: play, prompt: Sorry., next: end}}
  end: {{step: hang_up}}
"""


class Centre:
    """Core, journal and errands; ``dies`` leaves nothing but the disk."""

    def __init__(self, folder: Path, server: Hostile, method: str) -> None:
        self.folder, self.time = folder, Time()
        flow = load_text(FLOW.format(method=method, port=server.port), "main")
        self.flows = FlowLibrary(flows={flow.id: flow})
        self.begins()

    def begins(self) -> None:
        journal = Journal(self.folder / "journal")
        self.state = State(Policy(numbers={"100": FlowId("main")}), self.flows)
        recover(self.state, journal.recovered())
        journal.start(on_died=lambda name, error: None)
        self.journal, self.house = journal, House()
        self.house.errands._clock = self.time
        self.controller = Controller(
            state=self.state,
            step=step,
            journal=journal,
            nodes={NodeId("a"): Node()},
            clock=self.time,
            poison=Poison(self.folder / "poison.jsonl"),
            errands=self.house.errands,
        )

    def dies(self) -> None:
        self.house.errands.stop()
        self.journal.close()

    def calls(self) -> None:
        self.controller.post(CallArrived(at=self.time.at, leg=LegId("a/u1"), dialled="100", caller_number="+491"))
        self.controller.turn()

    def later(self, seconds: float) -> None:
        self.time.at += seconds
        self.controller.turn()

    def hears(self) -> ErrandDone:
        """What an errand came to, told to the core."""
        done = self.house.hears()
        self.controller.post(done)
        self.controller.turn()
        return done

    @property
    def step(self) -> str:
        frame = self.state.calls[CallId("u1")].frame
        assert frame is not None
        return frame.step


@pytest.fixture
def server() -> Iterator[Hostile]:
    with hostile.hostile() as running:
        running.answers["/x"] = hostile.hangs
        yield running


def asked(server: Hostile) -> int:
    with gevent.Timeout(10):
        server.asked.wait()
    return len(server.requests)


def test_given_an_answer_when_it_comes_then_the_caller_goes_on(server: Hostile, tmp_path: Path) -> None:
    server.answers["/x"] = whole(b'{"name": "Ada"}')
    centre = Centre(tmp_path, server, "GET")
    centre.calls()
    assert centre.hears().values == {"who": "Ada"} and centre.step == "known"


def test_given_a_post_under_way_when_the_controller_dies_then_it_is_never_sent_again_f03(server: Hostile, tmp_path: Path) -> None:
    centre = Centre(tmp_path, server, "POST")
    centre.calls()
    assert asked(server) == 1
    centre.dies()
    server.answers["/x"] = whole(b'{"name": "Ada"}')
    centre.begins()
    centre.later(8)
    gevent.sleep(0)
    assert centre.step == "down" and len(server.requests) == 1 and centre.house.errands.under_way == 0


def test_given_a_get_under_way_when_the_controller_dies_then_it_is_sent_once_more_and_the_caller_goes_on_f03(
    server: Hostile, tmp_path: Path
) -> None:
    centre = Centre(tmp_path, server, "GET")
    centre.calls()
    assert asked(server) == 1
    centre.dies()
    server.answers["/x"] = whole(b'{"name": "Ada"}')
    centre.begins()
    assert centre.step == "ask"
    centre.later(8)
    assert centre.hears().status == 200 and centre.step == "known" and len(server.requests) == 2


def test_given_a_caller_who_is_gone_when_the_answer_comes_then_it_is_late_and_no_harm(server: Hostile, tmp_path: Path) -> None:
    server.answers["/x"] = whole(b"{}")
    centre = Centre(tmp_path, server, "GET")
    centre.calls()
    centre.controller.post(LegEnded(at=centre.time.at, leg=LegId("a/u1"), cause="NORMAL_CLEARING"))
    centre.controller.turn()
    centre.hears()
    assert centre.controller.late == 1 and CallId("u1") not in centre.state.calls


def test_given_a_house_without_errands_when_a_flow_wants_one_then_its_caller_leaves_at_the_deadline(
    server: Hostile, tmp_path: Path
) -> None:
    centre = Centre(tmp_path, server, "POST")
    dropped: list[Any] = []
    centre.house.errands.send = dropped.extend  # type: ignore[method-assign]
    centre.calls()
    assert isinstance(dropped[0], Errand)
    centre.later(1.5)
    assert centre.step == "ask"
    centre.later(6)
    assert centre.step == "down"
