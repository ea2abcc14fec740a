"""The gate: every call that leaves the house passes one place, and what does not pass is refused with its rule (FAULTS.md S01, S06)."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from acd.core import commands as cm
from acd.core import events as ev
from acd.core.draft import Draft
from acd.core.outside import outbound
from acd.core.outside.gate import Allowed, Nothing, NotOut, Refused, Wanted, callable_form, judge
from acd.core.outside.numbers import NumberKind, one_form, read
from acd.core.outside.outbound_policy import OutboundPolicy, Way
from acd.core.outside.outgoing import MOVES, Outgoing, OutgoingState
from acd.core.state import State
from acd.words import AgentId, CallId, LegId, PlayId
from tests.core.world import FS, World, leg, policy

ROOT = Path(__file__).parent.parent.parent
DAY_S = 86400.0
GERMANY = Way(trunk="de", prefixes=("+49",))
ANY = Way(trunk="any", prefixes=("+", "0", "1"), caller_id="+493099")
RULES = OutboundPolicy(ways=(GERMANY, ANY), region="DE")
MINE = "+493012345678"


class Always:
    """A calendar that says one thing; it changes at ``until``."""

    def __init__(self, state: str, until: float | None = None) -> None:
        self.said, self.until = state, until

    def state(self, at: float) -> str:
        return self.said

    def next_change(self, at: float) -> tuple[float, str] | None:
        return (self.until, "closed" if self.said == "open" else "open") if self.until else None


def wanted(number: str = MINE, **more: object) -> Wanted:
    return Wanted(**({"id": "w1", "number": number, "reason": "transfer"} | more))  # type: ignore[arg-type]


def asked(number: str = MINE, rules: OutboundPolicy = RULES, **more: object) -> Allowed | Refused:
    return judge(rules, Nothing(), wanted(number, **more), 1000.0)


def word(found: Allowed | Refused) -> str:
    return found.rule.value if isinstance(found, Refused) else found.trunk


@pytest.mark.parametrize(
    ("text", "region", "one", "kind"),
    [
        ("+493012345678", "", "+493012345678", NumberKind.FIXED),
        ("03012345678", "DE", "+493012345678", NumberKind.FIXED),
        ("004930 12345678", "DE", None, None),
        ("00493012345678", "", "+493012345678", NumberKind.FIXED),
        ("00493012345678", "DE", "+493012345678", NumberKind.FIXED),
        ("015112345678", "DE", "+4915112345678", NumberKind.MOBILE),
        ("09001234567", "DE", "+499001234567", NumberKind.PREMIUM),
        ("01805123456", "DE", "+491805123456", NumberKind.SHARED_COST),
        ("08001234567", "DE", "+498001234567", NumberKind.TOLL_FREE),
        ("+881612345678", "", "+881612345678", NumberKind.SATELLITE),
        ("200", "", "200", NumberKind.UNKNOWN),
        ("+49", "", None, None),
        ("+999123456789", "", None, None),
        ("", "DE", None, None),
        ("٣٠١٢٣٤٥", "DE", None, None),
        ("0301\n", "DE", None, None),
        ("1" * 21, "", None, None),
    ],
)
def test_given_a_number_when_read_then_it_has_one_form_and_a_kind(
    text: str, region: str, one: str | None, kind: NumberKind | None
) -> None:
    found = read(text, region)
    assert (found.one if found else None, found.kind if found else None) == (one, kind)


def test_given_two_ways_to_write_a_number_when_compared_then_they_are_one() -> None:
    assert one_form("03012345678", "DE") == one_form("+493012345678", "DE") == one_form("00493012345678", "DE")
    assert one_form("anonymous", "DE") == "anonymous"


@pytest.mark.parametrize(
    ("number", "more", "rule"),
    [
        (MINE, {}, "de"),
        ("+431234567", {}, "any"),
        (MINE, {"trunks": ("any", "de")}, "any"),
        (MINE, {"skip": 1}, "any"),
        (MINE, {"skip": 2}, "no_trunk"),
        ("+431234567", {"trunks": ("de",)}, "no_trunk"),
        (MINE, {"trunks": ("gone",)}, "no_trunk"),
        ("1", {}, "not_a_number"),
        ("+49 30", {}, "not_a_number"),
        ("09001234567", {}, "kind"),
        ("+499001234567", {}, "kind"),
        ("110", {}, "emergency"),
        ("112", {}, "emergency"),
        (MINE, {"shown": "+493099"}, "de"),
        (MINE, {"shown": "+493098"}, "caller_id"),
        (MINE, {"shown": "Bank"}, "caller_id"),
    ],
)
def test_given_row_s01_a_call_that_wants_out_when_judged_then_a_trunk_or_the_rule_that_said_no(
    number: str, more: dict[str, object], rule: str
) -> None:
    assert word(asked(number, **more)) == rule


@pytest.mark.parametrize(
    ("rules", "number", "rule"),
    [
        ({"blocked": ("+4930",)}, MINE, "blocked"),
        ({"blocked": ("030",)}, "03012345678", "blocked"),
        ({"blocked": ("+4931",)}, MINE, "de"),
        ({"refused_kinds": frozenset({"fixed"})}, MINE, "kind"),
        ({"refused_kinds": frozenset({"unknown"}), "region": ""}, "100200", "kind"),
        ({"refused_kinds": frozenset({"satellite"})}, "+881612345678", "kind"),
        ({"refused_kinds": frozenset()}, "09001234567", "de"),
        ({"ways": ()}, MINE, "no_trunk"),
        ({"ways": (replace(GERMANY, prefixes=()),)}, MINE, "no_trunk"),
        ({"emergency": ("19222",)}, "19222", "emergency"),
        ({"emergency_trunk": "de"}, "112", "emergency"),
        ({"emergency_trunk": "de", "emergency_from_flows": True}, "112", "de"),
        ({"caller_ids": frozenset({"+493055"})}, MINE, "de"),
    ],
)
def test_given_a_house_when_it_says_what_may_leave_then_that_holds(rules: dict[str, object], number: str, rule: str) -> None:
    assert word(asked(number, replace(RULES, **rules))) == rule  # type: ignore[arg-type]


def test_given_a_form_that_a_trunk_wants_when_allowed_then_it_is_dialled_so_and_counted_as_one() -> None:
    rules = OutboundPolicy(ways=(Way(trunk="pbx", prefixes=("0",)),), region="DE")
    found = asked("03012345678", rules)
    assert isinstance(found, Allowed) and (found.number, found.one) == ("03012345678", MINE)
    assert callable_form(rules, "03012345678") == "03012345678"
    assert callable_form(rules, "+493012345678") == ""
    assert callable_form(RULES, "03012345678") == MINE
    assert callable_form(RULES, "112") == callable_form(RULES, "09001234567") == callable_form(RULES, "x") == ""


@pytest.mark.parametrize(
    ("way", "more", "shown"),
    [
        (GERMANY, {"caller": "+4366"}, ("+4366", "Ada")),
        (GERMANY, {"caller": ""}, ("anonymous", "Ada")),
        (replace(GERMANY, caller_id="+493099"), {"caller": "+4366"}, ("+493099", "")),
        (replace(GERMANY, caller_id="+493099"), {"shown": "+493055"}, ("+493055", "")),
    ],
)
def test_given_a_trunk_when_called_through_then_its_own_number_or_one_of_the_list_or_the_caller_is_shown(
    way: Way, more: dict[str, object], shown: tuple[str, str]
) -> None:
    rules = replace(RULES, ways=(way,), caller_ids=frozenset({"+493055"}))
    found = asked(MINE, rules, caller_name="Ada", **more)
    assert isinstance(found, Allowed) and (found.shown, found.name) == shown


# -- limits: they need somebody who counts ---


class House:
    """A core in which somebody calls out, again and again."""

    def __init__(self, **rules: object) -> None:
        ways, calendars = rules.pop("ways", (GERMANY,)), rules.pop("calendars", {})
        gate = OutboundPolicy(region="DE", **({"ways": ways} | rules))  # type: ignore[arg-type]
        self.world = World(replace(policy(), outbound=gate, calendars=calendars))  # type: ignore[arg-type]
        self.n = 0
        self.left: list[Outgoing] = []
        self.refusals: list[Refused] = []
        self.commands: list[cm.Command] = []

    def calls(self, number: str = MINE, *, times: int = 1, play: bool = False, **more: object) -> "House":
        for _ in range(times):
            self.n += 1
            draft = Draft(self.world.state, ev.TimePassed(at=self.world.at), self.world.at)
            asks = wanted(number, id=f"w{self.n}", **more)
            found = (
                outbound.connect(draft, asks, leg("c1"), PlayId(f"p{self.n}"), ring_s=30)
                if play
                else outbound.call(draft, asks, leg(f"o{self.n}"), ring_s=30)
            )
            (self.left if isinstance(found, Outgoing) else self.refusals).append(found)  # type: ignore[attr-defined]
            self.take(draft)
        return self

    def take(self, draft: Draft) -> None:
        decision = draft.decision()
        self.commands += decision.commands
        for record in decision.changes:
            self.world.state.put(record)
        self.world.ledger.note([decision])

    def hears(self, event: ev.Event) -> "House":
        draft = Draft(self.world.state, event, self.world.at)
        outbound.follow(draft, event)
        self.take(draft)
        return self

    def later(self, seconds: float) -> "House":
        self.world.after(seconds)
        return self

    def restarts(self) -> "House":
        fresh = State(self.world.state.policy, self.world.state.flows)
        for record in self.world.state.records():
            fresh.put(record)
        self.world.state = fresh
        return self

    @property
    def counts(self) -> tuple[int, list[str]]:
        return len(self.left), [each.rule.value for each in self.refusals]


LIMITS = [
    ("per_agent", {"agent": AgentId("a0")}, {"agent": AgentId("a1")}, NotOut.AGENT_LIMIT),
    ("per_call", {"call": CallId("c")}, {"call": CallId("d")}, NotOut.CALL_LIMIT),
    ("per_caller", {"caller": "03055"}, {"caller": "03056"}, NotOut.CALLER_LIMIT),
    ("per_number", {}, {"number": "+493087654321"}, NotOut.NUMBER_LIMIT),
]


@pytest.mark.parametrize(("limit", "mine", "others", "rule"), LIMITS)
def test_given_a_limit_when_it_is_reached_then_nothing_more_leaves_on_that_account_and_others_are_free(
    limit: str, mine: dict[str, object], others: dict[str, object], rule: NotOut
) -> None:
    house = House(**{limit: 2}).calls(times=3, **mine).restarts().calls(**mine)
    assert house.counts == (2, [rule, rule])
    assert house.calls(**others).counts[0] == 3
    assert house.later(DAY_S).calls(**mine).counts[0] == 4 or limit == "per_call"


def test_given_a_limit_of_the_day_when_midnight_comes_then_it_begins_anew_and_not_before() -> None:
    house = House(per_day=1).calls(times=2)
    assert house.refusals[0].until == DAY_S
    house.later(DAY_S - 1000 - 1).calls()
    assert house.counts == (1, ["day_limit"] * 2)
    assert house.later(1).calls().counts[0] == 2
    assert not [each for each in house.world.state.tallies.values() if each.until <= house.world.at]


def test_given_a_trunk_that_takes_two_at_once_when_one_is_over_then_another_may_leave() -> None:
    house = House(ways=(replace(GERMANY, at_once=2),)).calls(times=3)
    assert house.counts == (2, ["trunk_busy"])
    house.restarts().hears(ev.LegEnded(at=house.world.at, leg=leg("o1"), cause="USER_BUSY"))
    assert house.calls(times=2).counts == (3, ["trunk_busy", "trunk_busy"])


def test_given_a_full_trunk_when_another_takes_the_number_then_it_goes_there() -> None:
    house = House(ways=(replace(GERMANY, at_once=1), ANY)).calls(times=2)
    assert [each.trunk for each in house.left] == ["de", "any"]


def test_given_a_trunk_that_takes_two_a_second_when_a_second_has_passed_then_two_more_may_leave() -> None:
    house = House(ways=(replace(GERMANY, per_second=2),)).calls().later(0.5).calls(times=2)
    assert house.counts == (2, ["trunk_rate"])
    assert house.restarts().later(0.5).calls(times=2).counts == (3, ["trunk_rate"] * 2)


def test_given_a_dial_on_the_callers_own_leg_when_it_ends_or_the_caller_does_then_it_is_over_once() -> None:
    house = House().calls(times=2, play=True)
    here = leg("c1")
    house.hears(ev.LegAnswered(at=house.world.at, leg=here))
    assert all(each.answered_at is None for each in house.world.state.outgoing.values())
    house.hears(ev.PlayEnded(at=house.world.at, leg=here, play=PlayId("p1"), cause="USER_BUSY"))
    assert list(house.world.state.outgoing) == ["w2"]
    house.hears(ev.LegEnded(at=house.world.at, leg=here, cause="NORMAL_CLEARING"))
    house.hears(ev.LegEnded(at=house.world.at, leg=here, cause="NORMAL_CLEARING"))
    assert not house.world.state.outgoing and not house.world.state.out_of_leg


def test_given_hours_when_closed_then_nothing_leaves_until_they_open_and_a_supervisor_may_say_otherwise() -> None:
    house = House(hours="office", calendars={"office": Always("closed", until=5000.0)}).calls()
    assert house.counts == (0, ["closed"]) and house.refusals[0].until == 5000.0
    house.world.feed(ev.CalendarForced(at=house.world.at, calendar="office", state="open"))
    assert house.calls().counts[0] == 1
    house = House(ways=(replace(GERMANY, hours="night"), ANY), calendars={"night": Always("closed")}).calls()
    assert house.left[0].trunk == "any"


def test_given_an_emergency_when_every_limit_is_reached_then_it_leaves_all_the_same_from_a_phone_of_ours() -> None:
    rules: dict[str, object] = {"per_day": 0, "per_agent": 0, "hours": "never", "emergency_trunk": "de"}
    house = House(**rules).calls("112", from_phone=True, agent=AgentId("a0")).calls(from_phone=True)
    assert house.counts == (1, ["closed"])
    assert house.left[0].number == "112" and house.left[0].trunk == "de"


def test_given_what_leaves_and_what_does_not_when_decided_then_both_are_remembered_with_who_what_and_why() -> None:
    house = House(per_number=1).calls(agent=AgentId("a0"), caller="+4366").calls(call=CallId("c"))
    out = house.world.state.outgoing["w1"]
    assert (out.reason, out.agent, out.number, out.trunk, out.shown) == ("transfer", "a0", MINE, "de", "+4366")
    command = house.commands[0]
    assert isinstance(command, cm.CallOut) and command.marks == {"out": "w1"} and len(house.commands) == 1
    assert house.refusals[0].why == f"number/{MINE} has had its 1 calls"
    assert ("Outgoing", "w2") in house.world.ledger.ended


def test_given_a_leg_outside_that_nobody_knows_any_more_when_seen_then_it_is_let_go() -> None:
    world = World()
    seen = ev.ChannelSeen(leg=leg("x"), inbound=False, answered=True, marks={"out": "w9"})
    commands = world.feed(ev.SnapshotTaken(at=world.at, node=FS, asked_at=world.at, channels=(seen,)))
    assert commands == [cm.Dismiss(leg=LegId("fs/x"))]


def test_given_row_s01_the_sources_when_read_then_only_one_function_makes_commands_that_leave_the_house() -> None:
    makers = []
    for path in (ROOT / "acd").rglob("*.py"):
        for function in [n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.FunctionDef)]:
            names = {n.func.attr if isinstance(n.func, ast.Attribute) else getattr(n.func, "id", "") for n in _calls(function)}
            if names & {"Dial", "CallOut"}:
                makers.append((str(path.relative_to(ROOT)), function.name))
    assert makers == [("acd/core/outside/outbound.py", "_leave")]


def test_given_row_s01_the_encoder_when_read_then_only_those_two_commands_name_a_gateway() -> None:
    tree = ast.parse((ROOT / "acd/switch/commands_to.py").read_text())
    functions = [n for n in tree.body if isinstance(n, ast.FunctionDef)]
    gateways = {f.name for f in functions if any(isinstance(n, ast.Constant) and "gateway" in str(n.value) for n in ast.walk(f))}
    assert gateways == {"_dial", "_call_out"}


def _calls(function: ast.FunctionDef) -> list[ast.Call]:
    return [node for node in ast.walk(function) if isinstance(node, ast.Call)]


@pytest.mark.parametrize("state", OutgoingState)
def test_given_a_call_outside_when_it_is_over_then_for_good(state: OutgoingState) -> None:
    out = Outgoing(id="x", reason="transfer", number="1", at=0.0, state=state)
    for to in OutgoingState:
        if to in MOVES[state]:
            assert out.move(to).state is to
        else:
            with pytest.raises(Exception, match="outgoing x"):
                out.move(to)
