from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from acd.core.staff.agent import Agent
from acd.records.activities import Activity, follow
from acd.words import AgentState, LegId

from .making import T0, agent

S = AgentState


def walk(*versions: Agent) -> dict[str, dict[str, object]]:
    rows: dict[str, dict[str, object]] = {}
    running: Activity | None = None
    for version in versions:
        running, turned = follow(running, version)
        rows |= {row["id"]: row for row in turned}
    return rows


def test_given_a_day_of_an_agent_when_followed_then_each_state_is_a_stretch_and_they_join_without_a_gap() -> None:
    rows = list(
        walk(
            agent(S.NOT_READY, 0, reason="lunch"),
            agent(S.READY, 10),
            agent(S.OFFERED, 20, offer="o1"),
            agent(S.TALKING, 25, offer="o1"),
            agent(S.WRAP_UP, 60),
            agent(S.READY, 70),
        ).values()
    )
    assert [(r["state"], r["duration_s"], r["offer"]) for r in rows] == [
        ("not_ready", 10.0, None),
        ("ready", 10.0, None),
        ("offered", 5.0, "o1"),
        ("talking", 35.0, "o1"),
        ("wrap_up", 10.0, "o1"),
        ("ready", None, None),
    ]
    assert rows[0]["reason"] == "lunch"
    assert all(a["until"] == b["since"] for a, b in zip(rows, rows[1:], strict=False))


def test_given_an_own_call_when_followed_then_it_is_a_stretch_between_two_of_ready_without_a_gap() -> None:
    ready = agent(S.READY, 10)
    rows = list(
        walk(
            ready,
            replace(ready, own_leg=LegId("fs/own"), own_since=T0 + 20),
            replace(ready, own_leg=LegId("fs/own"), own_since=T0 + 20, asked_at=T0 + 25),
            replace(ready, own_over=T0 + 50),
            agent(S.OFFERED, 60, offer="o1", own_over=T0 + 50),
        ).values()
    )
    assert [(r["state"], r["duration_s"]) for r in rows] == [("ready", 10.0), ("own_call", 30.0), ("ready", 10.0), ("offered", None)]
    assert all(a["until"] == b["since"] for a, b in zip(rows, rows[1:], strict=False))


def test_given_a_version_that_changes_no_state_when_followed_then_no_row_is_written() -> None:
    running, _ = follow(None, agent(S.READY, 0))
    assert follow(running, agent(S.READY, 0, failures={"no_answer": 1}))[1] == ()


def test_given_another_reason_when_followed_then_a_new_stretch_begins() -> None:
    rows = walk(agent(S.NOT_READY, 0, reason="lunch"), agent(S.NOT_READY, 30, reason="meeting"))
    assert [(r["reason"], r["duration_s"]) for r in rows.values()] == [("lunch", 30.0), ("meeting", None)]


def test_given_an_agent_whom_nobody_has_seen_when_followed_then_there_is_no_stretch_since_1970() -> None:
    assert follow(None, Agent(id="ann")) == (None, ())


def test_given_the_same_versions_twice_when_followed_then_the_rows_are_the_same() -> None:
    versions = (agent(S.READY, 0), agent(S.OFFERED, 5, offer="o1"), agent(S.READY, 9))
    assert walk(*versions) == walk(*versions)


@given(st.lists(st.tuples(st.sampled_from(list(S)), st.floats(1, 1e6)), max_size=12))
def test_given_times_in_any_order_when_followed_then_no_stretch_is_negative_and_at_most_one_runs(
    moves: list[tuple[S, float]],
) -> None:
    rows = walk(*(agent(state, at - T0 + 1) for state, at in moves)).values()
    assert all(r["duration_s"] is None or r["duration_s"] >= 0 for r in rows)  # type: ignore[operator]
    assert sum(r["until"] is None for r in rows) <= 1
