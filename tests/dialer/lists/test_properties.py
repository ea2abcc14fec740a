"""No order of claims, ends, opt-outs and locks dials what must not be dialled. A plain book-keeper beside it knows what that is."""

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from dialer.core.following import FOR_GOOD
from dialer.core.retrying import LeadState, Next
from dialer.lists import do_not_call, finishing
from dialer.lists.claimed import Claimed
from dialer.lists.store import LeadStore

from .making import T0, claim, finish, leads, number, taking

LEADS = 2
PER_DAY, TOTAL = 2, 4
who = st.integers(0, LEADS - 1)
CLAIMS = st.tuples(st.just("claim"), st.sampled_from(["l", "m"]), st.sampled_from([(1, False), (1, True), (3, False)]))
OUTCOMES = ["ready", "waiting", "done", "lock", "opt_out", "unrung", "abandon", "abandon_for_a_while", "talk"]
ENDS = st.tuples(st.just("finish"), st.integers(0, 9), st.sampled_from(OUTCOMES))
STEPS = st.lists(
    st.one_of(  # mostly claims and their ends: caps are reached by nothing else
        *[CLAIMS, ENDS] * 3,
        st.tuples(st.just("list"), who, st.just("internal")),
        st.tuples(st.just("unlist"), who, st.just("internal")),
        st.tuples(st.just("lock"), who, st.sampled_from([50.0, 500.0])),
        st.tuples(st.just("later"), st.sampled_from([1.0, 40.0, 400.0]), st.none()),
        st.tuples(st.just("restart"), st.none(), st.none()),
    ),
    min_size=10,
    max_size=30,
)


class Book:
    """What must not be, told without any database."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.at = url, T0
        self.store = LeadStore(url).open()
        for list_id in ("l", "m"):  # the same numbers in both: two campaigns
            leads(self.store, folder, LEADS, list=list_id)
        self.under_way: list[Claimed] = []
        self.reserved: dict[str, bool] = {}
        self.listed: set[str] = set()
        self.locked: dict[str, float] = {}
        self.needing: dict[str, float] = {}  # an agent who is reserved for it, until then
        self.dialled: Counter[str] = Counter()

    def claim(self, list_id: str, how: tuple[int, bool]) -> None:
        n, reserves = how
        caps = {"number_per_day": PER_DAY, "lead_total": TOTAL, "number_total": TOTAL}
        rules = taking(list_id, lists=(list_id,), chance=True, reserves=reserves, **caps)
        for each in claim(self.store, n, self.at, rules):
            assert each.number not in {other.number for other in self.under_way}, "dialled twice at once"
            assert each.number not in self.listed, "listed"
            assert self.locked.get(each.number, 0) <= self.at, "locked"
            assert self.dialled[each.number] < PER_DAY, "past the cap"
            needs = self.needing.get(each.number, 0) > self.at
            assert each.needs_agent == needs and (reserves or not needs), "with nobody reserved for it"
            self.reserved[each.attempt] = reserves
            self.under_way.append(each)
            self.dialled[each.number] += 1

    def finish(self, index: int, how: str) -> None:
        if not self.under_way:
            return
        one = self.under_way.pop(index % len(self.under_way))
        until = self.at + 300
        next = {
            "waiting": Next(state=LeadState.WAITING, why="retry", due_at=self.at + 20),
            "done": Next(state=LeadState.DONE, why="talked"),
            "lock": Next(state=LeadState.READY, lock_until=until),
            "opt_out": Next(state=LeadState.DO_NOT_CALL, do_not_call="internal"),
            "abandon": Next(state=LeadState.READY, reserved_until=FOR_GOOD),
            "abandon_for_a_while": Next(state=LeadState.READY, reserved_until=until),
        }.get(how, Next(state=LeadState.READY))
        told = {"outcome": "talked", "bridged_at": self.at, "answered_at": self.at} if how == "talk" else {"outcome": "no_answer"}
        for expected in (True, False):  # told twice
            assert finish(self.store, one, at=self.at, next=next, rang=how != "unrung", **told) is expected
        self.dialled[one.number] -= how == "unrung"
        if how == "lock":
            self.locked[one.number] = max(until, self.locked.get(one.number, 0))
        if next.reserved_until is not None:
            self.needing[one.number] = max(next.reserved_until, self.needing.get(one.number, 0))
        if how == "talk":
            self.needing.pop(one.number, None)
        if how == "opt_out":
            self.listed.add(one.number)

    def list(self, n: int, scope: str) -> None:
        with self.store.begin() as connection:
            do_not_call.add(connection, [number(n)], scope, source="test", at=self.at)
        self.listed.add(number(n))

    def unlist(self, n: int, scope: str) -> None:
        with self.store.begin() as connection:
            assert do_not_call.remove(connection, number(n), scope) == (number(n) in self.listed)
        self.listed.discard(number(n))

    def lock(self, n: int, seconds: float) -> None:
        with self.store.begin() as connection:
            finishing.lock(connection, number(n), self.at + seconds)
        self.locked[number(n)] = max(self.at + seconds, self.locked.get(number(n), 0))

    def later(self, seconds: float, _: None) -> None:
        self.at += seconds

    def restart(self, *_: None) -> None:
        self.store.close()
        self.store = LeadStore(self.url).open()
        with self.store.begin() as connection:
            assert {row["id"] for row in finishing.open_attempts(connection)} == {one.attempt for one in self.under_way}

    def check_at_dialling(self) -> None:
        with self.store.begin() as connection:
            for one in self.under_way:
                reserves = self.reserved[one.attempt]
                rules = taking(one.campaign, reserves=reserves)
                may = not finishing.may_still_be_dialled(connection, one.attempt, rules, self.at)
                is_held = self.locked.get(one.number, 0) > self.at or (not reserves and self.needing.get(one.number, 0) > self.at)
                assert may == (one.number not in self.listed and not is_held)


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_given_any_order_of_events_when_leads_are_taken_then_no_lease_cap_lock_or_list_is_passed(
    steps: list[tuple[str, object, object]],
) -> None:
    with TemporaryDirectory() as folder:
        book = Book(f"sqlite:///{folder}/acd.db", Path(folder))
        try:
            for name, *arguments in steps:
                getattr(book, name)(*arguments)
                book.check_at_dialling()
        finally:
            book.store.close()
