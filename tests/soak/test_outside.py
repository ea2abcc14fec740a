"""What the soak outside would notice: each check is shown something that is wrong."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest

from acd.core import events as ev
from acd.core.decision import Decision
from acd.core.offers.offer import Offer
from acd.live.codec import Line, encode_decision
from acd.metrics.decisions import DecisionCounters
from acd.records.batch import batch_of
from acd.records.store import Store
from acd.words import AgentState, Wish
from tests.core.dialled_out import DialledWorld, dialling_rules
from tests.core.world import World
from tests.soak.callers import Caller, account, hear
from tests.soak.memory import Memory
from tests.soak.outside import counters
from tests.soak.records import Records


def two_wait_and_one_is_asked_for() -> World:
    w = World()
    w.asks("a0", Wish.LOG_IN)
    w.arrives("c", "1")
    w.at += 5
    w.arrives("d", "1")
    w.ready("a0")
    return w


def remembered(folder: Path, w: World, decisions: Iterable[Decision]) -> Memory:
    (folder / "journal-000000000000001.jsonl").write_bytes(
        b"".join(encode_decision(n, each) for n, each in enumerate(decisions, start=1))
    )
    memory = Memory(folder, w.state.policy)
    memory.read()
    return memory


def test_given_an_offer_for_who_came_first_when_it_is_read_then_all_is_well(tmp_path: Path) -> None:
    w = two_wait_and_one_is_asked_for()
    memory = remembered(tmp_path, w, w.decisions)
    assert memory.check() == "" and memory.offers == 1
    assert memory.state.agents["a0"].state is AgentState.OFFERED  # type: ignore[index]


def test_w5_given_an_offer_for_who_came_later_when_it_is_read_then_it_is_told(tmp_path: Path) -> None:
    w = two_wait_and_one_is_asked_for()
    later = next(entry for entry in w.state.entries.values() if entry.call == "d")

    def forged(decision: Decision) -> Decision:
        changes = tuple(replace(r, entry=later.id, call=later.call) if isinstance(r, Offer) else r for r in decision.changes)
        return replace(decision, changes=changes)

    memory = remembered(tmp_path, w, map(forged, w.decisions))
    assert [wrong.partition(",")[0] for wrong in memory.wrong] == ["W5: a0 was asked for d.q1 before c.q1"]


def test_given_a_decision_that_is_missing_when_the_journal_is_read_then_it_is_told(tmp_path: Path) -> None:
    w = two_wait_and_one_is_asked_for()
    (tmp_path / "journal-000000000000001.jsonl").write_bytes(encode_decision(1, w.decisions[0]) + encode_decision(3, w.decisions[2]))
    memory = Memory(tmp_path, w.state.policy)
    memory.read()
    assert memory.wrong == ["decision 2 is not in the journal; 3 follows"]


def test_w8_given_a_wish_that_was_granted_and_one_refused_when_read_then_only_who_asked_the_first_is_known(
    tmp_path: Path,
) -> None:
    w = World()
    for wish, by in ((Wish.LOG_IN, "eva"), (Wish.MORE_TIME, "tom")):
        w.feed(ev.AgentAsked(at=w.at, agent="a0", wish=wish, by=by))  # type: ignore[arg-type]
    assert remembered(tmp_path, w, w.decisions).asked == {"eva"}


def test_w7_given_metrics_when_they_are_read_then_ends_are_counted_by_table_and_labels() -> None:
    found = counters(
        {
            'acd_queue_visits_ended_total{outcome="answered",queue="sales"}': 3.0,
            'acd_queue_visits_ended_total{outcome="full",queue="sales"}': 0.0,
            'acd_calls_ended_total{ended_by="customer"}': 2.0,
            "acd_calls_arrived_total": 9.0,
        }
    )
    assert found == {("visits", "sales", "answered"): 3, ("calls", "customer"): 2}


def counted_everywhere(folder: Path, w: World) -> tuple[Counter[tuple[str, ...]], Counter[tuple[str, ...]], Records]:
    """The ends of things as the journal has them, as /metrics says them, and the records."""
    memory, registry = remembered(folder, w, w.decisions), CollectorRegistry()
    seen = DecisionCounters(registry, lambda: w.state.policy)
    for decision in w.decisions:
        seen.observe(decision)
    said = (line.rpartition(" ") for line in generate_latest(registry).decode().splitlines() if not line.startswith("#"))
    store = Store(f"sqlite:///{folder}/acd.db")
    lines = [Line(n=n, at=each.event.at, event=each.event, changes=each.changes) for n, each in enumerate(w.decisions, start=1)]
    store.write(batch_of(0, lines, {}))
    store.close()
    return memory.ends, counters({name: float(value) for name, _, value in said}), Records(folder / "acd.db")


def test_w7_given_calls_that_a_campaign_dialled_when_they_ended_then_journal_metrics_and_records_count_the_same(tmp_path: Path) -> None:
    w = DialledWorld(dialling_rules(gate={"per_number": 1}))
    w.dials("t1")
    w.far_ends("t1", cause="USER_BUSY")
    w.dials("t2")
    w.answers("t2")
    w.far_ends("t2")
    w.dials("t102")  # the number of t2 once more
    journal, metrics, records = counted_everywhere(tmp_path, w)
    ended = {key[1:]: n for key, n in journal.items() if key[0] == "dialled_calls"}
    assert ended == {("sales", "busy"): 1, ("sales", "hung_up"): 1, ("sales", "refused"): 1}
    assert metrics == journal and records.differ_from(journal) == []
    less = journal - Counter({("dialled_calls", "sales", "busy"): 1})
    assert records.differ_from(less) == ["the records have 1 dialled_calls sales busy, the journal 0"]


def test_given_what_telephones_said_when_it_is_heard_then_each_caller_knows_what_became_of_them() -> None:
    callers = [Caller(number=f"+493030000{n}", dials_at=0.0) for n in range(5)]
    said = """\
+4930300000: dials
+4930300000: answered
+4930300000: over: answered 0
+4930300001: dials
+4930300001: over: not answered 503
+4930300002: dials
+4930300002: ringing
+4930300002: over: not answered 487
+4930300003: dials
+4930300003: over: not answered 0
"""
    hear(callers, [said])
    assert [caller.told for caller in callers] == [
        "answered",
        "refused with 503",
        "gave up unanswered",
        "gave up unanswered",
        "never dialled",
    ]


def test_w1_given_a_caller_without_a_record_when_nothing_was_broken_then_somebody_was_lost() -> None:
    caller = Caller(number="1", dials_at=100.0, dialled=True)
    assert account([caller], Counter(), 0, [(90.0, 97.0)])[1] == []
    assert account([caller], Counter(), 0, [(10.0, 20.0)])[1] == ["W1: 1 gave up unanswered in a quiet time, and is in no record"]
    assert account([caller], Counter({"1": 1}), 0, [])[1] == []


def test_w1_given_who_was_answered_without_a_record_when_the_fail_safe_took_nobody_then_somebody_was_lost() -> None:
    caller = Caller(number="1", dials_at=100.0, dialled=True, answered=True)
    assert account([caller], Counter(), 1, [])[1] == []
    assert account([caller], Counter(), 0, [])[1] == ["W1: 1 more were answered than the records and the fail-safe know of"]


def test_w1_given_two_records_of_one_caller_or_one_of_nobody_when_they_are_counted_then_both_are_told() -> None:
    caller = Caller(number="1", dials_at=0.0, dialled=True, answered=True)
    assert len(account([caller], Counter({"1": 2}), 0, [])[1]) == 1
    assert account([], Counter({"7": 1}), 0, [])[1] == ["W1: nobody called from 7"]
