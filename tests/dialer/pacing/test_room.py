"""The limit of the law, trunks and calls per second: held for every pacer, in every order of events."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialer.core.pacing import events as ev
from dialer.core.pacing.pacer import Binds, Ledger, Pacer, View
from dialer.core.pacing.predictive import Predictive
from dialer.core.pacing.ratio import Progressive, Ratio
from tests.dialer.pacing.made import FREE, PLENTY, SPENT, STOPPED, agent, fed, history, ready

MAKERS: dict[str, Callable[[], Pacer]] = {"progressive": Progressive, "ratio": lambda: Ratio(6.5), "predictive": Predictive}
every_pacer = pytest.mark.parametrize("made", MAKERS.values(), ids=list(MAKERS))


@pytest.mark.parametrize(
    ("answers", "abandons", "bears"),
    [
        (0, 0, False),  # one of one
        (32, 0, False),  # one of 33 is above 3 %
        (33, 0, True),
        (999, 29, True),  # 30 of 1,000
        (998, 29, False),
        (99, 3, False),
        (133, 3, True),
    ],
)
def test_given_a_ledger_when_one_more_would_be_abandoned_then_the_rate_is_within_the_limit_or_it_is_not_borne(
    answers: int, abandons: int, bears: bool
) -> None:
    ledger = Ledger(answers=answers, abandons=abandons, limit=0.03)
    assert ledger.bears_one_more is bears
    assert bears is ((abandons + 1) / (answers + 1) <= 0.03 + 1e-12)


@every_pacer
def test_given_a_spent_ledger_when_asked_then_one_to_one_and_it_says_why(made: Callable[[], Pacer]) -> None:
    pacer = fed(made(), [*history(1, 10), *ready(4, at=40_000.0)])
    assert pacer.lines(40_000.0, STOPPED) == 4
    assert pacer.lines(40_000.0, View(ledgers=(PLENTY, SPENT))) == 4
    if not isinstance(pacer, Progressive):
        assert pacer.why().binds is Binds.ABANDON_BUDGET


@every_pacer
def test_given_few_trunks_or_calls_when_asked_then_no_more_than_those_and_it_says_which(made: Callable[[], Pacer]) -> None:
    pacer = fed(made(), ready(4))
    assert pacer.lines(0.0, View(trunks=2)) == 2 and pacer.why().binds is Binds.TRUNKS
    assert pacer.lines(0.0, View(trunks=3, calls_per_second=1)) == 1 and pacer.why().binds is Binds.CALLS_PER_SECOND
    assert pacer.lines(0.0, View(trunks=-1)) == 0


LINES = st.sampled_from([str(n) for n in range(12)])
AGENTS = st.sampled_from([agent(n) for n in range(4)])
HAPPENINGS = st.one_of(
    *(st.tuples(st.just(kind), LINES) for kind in (ev.LineDialled, ev.LineAnswered, ev.LineEnded, ev.PersonAbandoned)),
    *(st.tuples(st.just(kind), AGENTS) for kind in (ev.AgentReady, ev.AgentTalking, ev.AgentWrapUp, ev.AgentElsewhere, ev.AgentGone)),
)


class Count:
    """Of those who are ready, ring and wait, kept in another way than the pacers do."""

    def __init__(self) -> None:
        self.lines: dict[str, str] = {}
        self.agents: set[str] = set()

    def take(self, kind: type, who: str) -> None:
        if kind is ev.LineDialled:
            self.lines[who] = "ringing"
        elif kind is ev.LineAnswered:
            if self.lines.get(who) == "ringing":
                self.lines[who] = "waiting"
        elif kind is ev.LineEnded or (kind is ev.PersonAbandoned and self.lines.get(who) == "waiting"):
            self.lines.pop(who, None)
        elif kind is ev.AgentReady:
            self.agents.add(who)
        elif kind is not ev.PersonAbandoned:
            self.agents.discard(who)

    @property
    def own(self) -> int:
        return max(0, len(self.agents) - len(self.lines))


def event(kind: type, who: str, at: float) -> ev.Event:
    named = "line" if kind in (ev.LineDialled, ev.LineAnswered, ev.LineEnded, ev.PersonAbandoned) else "agent"
    made: ev.Event = kind(at=at, **{named: who})
    return made


@every_pacer
@settings(max_examples=60, deadline=None)
@given(
    happenings=st.lists(st.tuples(HAPPENINGS, st.floats(0.0, 30.0)), max_size=40),
    ledger=st.tuples(st.integers(0, 300), st.integers(0, 9)),
)
def test_given_any_order_of_events_when_one_abandon_more_would_pass_the_limit_then_no_line_beyond_one_to_one(
    made: Callable[[], Pacer], happenings: list[tuple[tuple[type, str], float]], ledger: tuple[int, int]
) -> None:
    pacer, counted, at = made(), Count(), 0.0
    answers, abandons = ledger
    for (kind, who), later in happenings:
        if kind is ev.LineDialled and who in counted.lines:
            continue
        at += later
        pacer.feed(event(kind, who, at))
        abandons += kind is ev.PersonAbandoned and counted.lines.get(who) == "waiting"
        answers += kind is ev.LineAnswered and counted.lines.get(who) == "ringing"
        counted.take(kind, who)
        asked = pacer.lines(at, View(ledgers=(Ledger(answers=answers, abandons=abandons, limit=0.03),), trunks=50))
        assert 0 <= asked <= 50
        if abandons + 1 > 0.03 * (answers + 1):
            assert asked <= counted.own


@every_pacer
def test_given_no_agent_when_asked_then_no_line(made: Callable[[], Pacer]) -> None:
    assert made().lines(5.0, FREE) == 0
    gone = fed(made(), [*history(1, 10), *ready(2, at=40_000.0), *(ev.AgentGone(at=40_001.0, agent=agent(n)) for n in range(2))])
    assert gone.lines(40_002.0, FREE) == 0
