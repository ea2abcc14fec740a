"""Which flows may be heard while callers wait, and sentences about those that may not."""

from pathlib import Path

import pytest

from acd.config.document import Refused
from acd.core import events as ev
from acd.ivr.check import Known
from acd.ivr.library import FlowLibrary
from acd.ivr.load import load_folder
from acd.words import FlowId, Wish
from tests.core.world import World, leg, policy
from tests.ivr.in_line import MAIN, MEANWHILE, heard, play_ends, press, world


@pytest.mark.parametrize(
    ("main", "meanwhile", "place", "says"),
    [
        (MAIN.replace("callback: promised, timed_out: late", "timed_out: late").replace("    otherwise: late\n", "") + "",
         MEANWHILE, "main.yaml", "leaves the queue by 'callback'"),
        (MAIN.replace("callback:", "callbak:"), MEANWHILE, "main.yaml", "has no exit 'callbak'"),
        (MAIN, MEANWHILE.replace("again: {step: return}", "again: {step: hang_up}"), "meanwhile.yaml:9", "hang_up cannot stand in"),
        (MAIN, MEANWHILE.replace("again: {step: return}", "again: {step: transfer, to: {flow: main}}"), "meanwhile.yaml:9",
         "transfer cannot stand in"),
    ],
)  # fmt: skip
def test_given_files_that_do_not_fit_when_loaded_then_a_sentence(
    main: str, meanwhile: str, place: str, says: str, tmp_path: Path
) -> None:
    if "full" not in main and "otherwise" not in main.split("message:")[0]:
        main = main.replace("{timed_out: late}", "{timed_out: late, full: late, no_agents: late, failed: late}")
        main = main.replace('  promised: {step: say, text: "We call {{ number }}.", next: bye}\n', "")
    (tmp_path / "main.yaml").write_text(main)
    (tmp_path / "meanwhile.yaml").write_text(meanwhile)
    with pytest.raises(Refused) as refused:
        load_folder(tmp_path, Known())
    told = [str(one) for one in refused.value.problems]
    assert any(place in one and says in one for one in told), told


def test_given_files_that_fit_when_loaded_then_good(tmp_path: Path) -> None:
    (tmp_path / "main.yaml").write_text(MAIN)
    (tmp_path / "meanwhile.yaml").write_text(MEANWHILE)
    assert set(load_folder(tmp_path, Known())) == {"main", "meanwhile"}


def test_given_a_waiting_flow_when_reached_by_a_number_then_leave_queue_ends_the_call() -> None:
    w = world()
    assert heard(w.arrives("c", "2")) == ["You are number"]
    frame = w.call("c").frame
    assert frame is not None
    w.feed(ev.PlayEnded(at=w.at, leg=leg("c"), play=frame.play or ""))  # type: ignore[arg-type]
    press(w, "1")
    assert w.call("c").ending == "NORMAL_CLEARING"


DOCS = Path(__file__).parents[2] / "docs" / "flows"


def test_given_the_documented_flows_when_loaded_beside_each_other_then_they_fit_and_are_heard(tmp_path: Path) -> None:
    for verb in ("queue", "leave_queue", "transfer"):
        (block,) = (DOCS / f"{verb}.md").read_text(encoding="utf-8").split("```yaml\n")[1:]
        (tmp_path / f"{verb}.yaml").write_text(block.split("```")[0])
    house = Known(queues=frozenset({"support"}), agents=frozenset({"anna"}))
    flows = FlowLibrary(flows=load_folder(tmp_path, house))
    w = World(policy(1, ("support",), numbers={"1": FlowId("queue"), "2": FlowId("transfer")}), flows)  # type: ignore[arg-type]
    w.asks("a0", Wish.LOG_IN)
    assert heard(w.arrives("c")) == ["You are number 1 in the line."]
    assert heard(play_ends(w)) == ["Press 1 to be called back. You keep your place."]
    press(w, "1")
    assert w.call("c").frame.step == "message", "the house of this test calls no numbers outside"  # type: ignore[union-attr]
    w.arrives("d", "2")
    assert w.call("d").frame.step == "message", "an agent whom nobody knows"  # type: ignore[union-attr]
