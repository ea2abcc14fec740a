"""No order of claims, ends, opt-outs and locks dials what must not be dialled. A plain book-keeper beside it knows what that is."""

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from dialer.core.retrying import LeadState, Next
from dialer.lists import do_not_call, finishing
from dialer.lists.claimed import Claimed
from dialer.lists.store import LeadStore

from .making import T0, claim, finish, leads, number, taking

LEADS = 2
PER_DAY, TOTAL = 1, 3
who = st.integers(0, LEADS - 1)
CLAIMS = st.tuples(st.just("claim"), st.sampled_from(["l", "m"]), st.integers(1, 3))
ENDS = st.tuples(st.just("finish"), st.integers(0, 9), st.sampled_from(["ready", "waiting", "done", "lock", "opt_out", "unrung"]))
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
        self.listed: set[str] = set()
        self.locked: dict[str, float] = {}
        self.dialled: Counter[str] = Counter()

    def claim(self, list_id: str, n: int) -> None:
        rules = taking(list_id, lists=(list_id,), number_per_day=PER_DAY, lead_total=TOTAL, number_total=TOTAL, chance=True)
        for each in claim(self.store, n, self.at, rules):
            assert each.number not in {other.number for other in self.under_way}, "dialled twice at once"
            assert each.number not in self.listed, "listed"
            assert self.locked.get(each.number, 0) <= self.at, "locked"
            assert self.dialled[each.number] < PER_DAY, "past the cap"
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
        }.get(how, Next(state=LeadState.READY))
        for expected in (True, False):  # told twice
            assert finish(self.store, one, "no_answer", self.at, next=next, rang=how != "unrung") is expected
        self.dialled[one.number] -= how == "unrung"
        if how == "lock":
            self.locked[one.number] = max(until, self.locked.get(one.number, 0))
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
                may = not finishing.may_still_be_dialled(connection, one.attempt, taking(one.campaign), self.at)
                assert may == (one.number not in self.listed and self.locked.get(one.number, 0) <= self.at)


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
