import pytest

from dialer.core.pacing import events as ev
from dialer.core.pacing.floor import Floor, Rang, Stage, Stayed
from tests.dialer.pacing.made import agent, ready


def floor(*events: ev.Event) -> Floor:
    made = Floor()
    for event in events:
        made.feed(event)
    return made


def test_given_a_ringing_line_when_a_person_answers_then_they_wait_and_the_ring_is_told() -> None:
    made = floor(ev.LineDialled(at=1.0, line="l"))
    assert made.feed(ev.LineAnswered(at=9.0, line="l")) == Rang(8.0, True)
    assert not made.ringing and list(made.waiting) == ["l"]


def test_given_a_waiting_person_when_served_then_the_agent_talks_and_nobody_waits() -> None:
    made = floor(*ready(1), ev.LineDialled(at=1.0, line="l"), ev.LineAnswered(at=9.0, line="l"))
    assert made.feed(ev.PersonServed(at=9.5, line="l", agent=agent(0))) == Stayed(Stage.READY, 9.5, Stage.TALKING)
    assert not made.waiting and made.ready == 0 and made.busy == 1


@pytest.mark.parametrize("end", [ev.PersonAbandoned(at=11.0, line="l"), ev.LineEnded(at=11.0, line="l", outcome="hung_up")])
def test_given_a_waiting_person_when_they_are_lost_then_nobody_waits(end: ev.Event) -> None:
    made = floor(ev.LineDialled(at=1.0, line="l"), ev.LineAnswered(at=9.0, line="l"))
    assert made.feed(end) is None and not made.waiting


def test_given_ready_agents_when_lines_ring_and_persons_wait_then_one_to_one_counts_both() -> None:
    made = floor(*ready(5), *(ev.LineDialled(at=1.0, line=str(n)) for n in range(3)), ev.LineAnswered(at=2.0, line="0"))
    assert made.one_to_one() == 2
    made.feed(ev.AgentGone(at=3.0, agent=agent(0)))
    assert made.one_to_one() == 1


def test_given_an_agent_when_told_twice_that_they_are_ready_then_they_are_counted_once_since_the_first_time() -> None:
    made = floor(ev.AgentReady(at=1.0, agent=agent(0)))
    assert made.feed(ev.AgentReady(at=5.0, agent=agent(0))) is None
    assert made.stages[Stage.READY] == {agent(0): 1.0}


def test_given_strangers_when_they_end_then_nothing_is_seen() -> None:
    made = Floor()
    for event in (ev.LineAnswered(at=1.0, line="x"), ev.LineEnded(at=1.0, line="x"), ev.PersonAbandoned(at=1.0, line="x")):
        assert made.feed(event) is None
    assert made.feed(ev.AgentGone(at=1.0, agent=agent(9))) is None and made == Floor()
