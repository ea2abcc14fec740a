"""A world with a talk in it, and the make-believe switch that does what the core says: whoever hears whom is looked up there."""

from acd.core import events as ev
from acd.core.call import Call
from acd.core.commands import CallOut
from acd.core.interpreter import Ask
from acd.core.lines.entry import Entry
from acd.core.media import Tone
from acd.core.offers.offer import Offer
from acd.core.policy import Policy
from acd.sim.switch import FakeSwitch
from acd.words import AgentId, LegId, TalkWish, Wish
from tests.core.world import Flows, World, leg, policy

CUSTOMER = leg("c")


class Floor:
    """``Floor().talk()``: customer c talks to a0, and a1, a2 are ready. Everything the switch says is told at once."""

    def __init__(self, rules: Policy | None = None, after: dict[str, Ask] | None = None, agents: int = 3) -> None:
        self.world = World(rules or policy(agents=agents), Flows(exit_keys="9", after=after or {}))
        self.switch = FakeSwitch()
        self.done = len(self.world.decisions)

    # -- what happens ---

    def feed(self, event: ev.Event) -> "Floor":
        self.world.feed(event)
        return self.goes_on()

    def goes_on(self) -> "Floor":
        """Commands are done, and what the switch says of them is told, until it is quiet."""
        self.obey()
        while self.switch.outbox:
            self.world.feed(self.switch.outbox.pop(0))
            self.obey()
        return self

    def obey(self) -> None:
        decisions, self.done = self.world.decisions[self.done :], len(self.world.decisions)
        for decision in decisions:
            for command in decision.commands:
                self.switch.do(self.world.at, command)

    def after(self, seconds: float) -> "Floor":
        end = self.world.at + seconds
        while (due := self.world.state.next_deadline()) is not None and due <= end:
            self.world.at = max(due, self.world.at)
            self.feed(ev.TimePassed(at=self.world.at))
        self.world.at = end
        return self

    def ready(self, *agents: str) -> "Floor":
        for agent in agents:
            self.feed(ev.AgentAsked(at=self.world.at, agent=AgentId(agent), wish=Wish.READY))
            self.world.at += 0.5
        return self

    def talk(self, *ready: str) -> "Floor":
        self.ready("a0")
        self.switch.call(self.world.at, CUSTOMER)
        self.goes_on().picks_up("a0")
        return self.ready(*(ready or ("a1", "a2"))).after(10)

    def picks_up(self, agent: str) -> "Floor":
        target = self.leg_of(agent)
        self.switch.rings(self.world.at, target)
        self.switch.picks_up(self.world.at, target)
        return self.goes_on()

    def asks(self, agent: str, what: str, target: str = "") -> str:
        self.feed(ev.TalkAsked(at=self.world.at, agent=AgentId(agent), what=TalkWish(what), target=target))
        return next(d.refused for d in reversed(self.world.decisions) if isinstance(d.event, ev.TalkAsked))

    def types(self, agent: str, keys: str) -> "Floor":
        for digit in keys:
            self.feed(ev.DigitPressed(at=self.world.at, leg=self.offer(agent).leg, digit=digit))
        return self

    def hangs_up(self, who: str, cause: str = "NORMAL_CLEARING") -> "Floor":
        self.switch.end(self.world.at, CUSTOMER if who == "c" else self.leg_of(who), cause)
        return self.goes_on()

    def consults(self, target: str = "a1", answered_by: str = "a1") -> "Floor":
        assert self.asks("a0", "consult", target) == ""
        return self.picks_up(answered_by) if answered_by else self

    def dies(self) -> "Floor":
        """kill -9: what was decided last was remembered and not sent; then a new one looks at the switch."""
        self.done = len(self.world.decisions)
        return self.looks()

    def looks(self) -> "Floor":
        self.switch.outbox.clear()
        self.feed(ev.NodeLost(at=self.world.at, node=self.switch.node))
        self.world.at += 3
        return self.feed(self.switch.snapshot(self.world.at))

    # -- looking ---

    def offer(self, agent: str) -> Offer:
        return self.world.offer(agent)

    def call(self) -> Call:
        return self.world.call("c")

    def hears(self, who: str) -> str:
        """Who or what somebody hears: ``a0``, ``c``, ``out`` (a number outside), ``music``, ``ringing``, ``all``, ``nothing``;
        ``gone``.
        """
        id = CUSTOMER if who == "c" else self._leg(who)
        truth = self.switch.legs.get(id) if id else None
        if truth is None or id is None:
            return "gone"
        if truth.listens_to is not None or any(each.listens_to in (id, truth.bridged_to) for each in self.listening()):
            return "all"
        if truth.bridged_to is not None:
            return self._name(truth.bridged_to)
        heard = truth.media[0] if truth.playing and truth.media else None
        return heard.name if isinstance(heard, Tone) else "music" if heard else "nothing"

    def listening(self) -> list:  # type: ignore[type-arg]
        return [each for each in self.switch.legs.values() if each.listens_to is not None]

    def leg_of(self, who: str) -> LegId:
        """The leg of an agent; ``out``: that of the number outside that was called last."""
        return self.offer(who).leg if who != "out" else self.called()[-1].leg

    def called(self) -> list[CallOut]:
        """Calls to numbers outside so far."""
        return [c for d in self.world.decisions for c in d.commands if isinstance(c, CallOut)]

    def _leg(self, agent: str) -> LegId | None:
        if agent == "out":
            return self.leg_of(agent)
        id = self.world.agent(agent).offer
        return self.world.state.offers[id].leg if id in self.world.state.offers and id else None

    def _name(self, leg_id: LegId) -> str:
        if leg_id == CUSTOMER:
            return "c"
        if any(each.leg == leg_id for each in self.called()):
            return "out"
        offer = self.world.state.offers.get(self.world.state.offer_of_leg[leg_id])
        return str(offer.agent) if offer else "?"

    def state(self, agent: str) -> str:
        return self.world.agent(agent).state.value

    def ended_offers(self, agent: str) -> list[Offer]:
        return [each for each in self.world.ended(Offer) if each.agent == agent]

    def ended_visits(self) -> list[Entry]:
        return self.world.ended(Entry)
