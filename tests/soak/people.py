"""Callers, agents and phones of the soak. They live by what truly happens on the switch, not by what the core believes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from acd.core import commands as cm
from acd.core import events as ev
from acd.core.media import Music
from acd.words import AgentId, AgentState, LegId, PhoneId, Wish
from tests.core.world import FS, leg
from tests.soak import in_talk

if TYPE_CHECKING:
    from tests.soak.inside import Inside

A = AgentState
CALL_EVERY_S = 12.0
TALK_S, PATIENCE_S, ANSWER_S = 45.0, 60.0, 3.0
OUTSIDE = PhoneId("outside")
REFUSALS = ("USER_BUSY", "CALL_REJECTED", "USER_NOT_REGISTERED", "NORMAL_TEMPORARY_FAILURE")


class People:
    def __init__(self, world: Inside) -> None:
        self.world, self.dice, self.switch = world, world.dice, world.switch
        self.registered: set[PhoneId] = {phone for agent in world.rules.agents.values() for phone in agent.devices}
        self.registered |= {each.phone for each in world.rules.supervisors.values()}
        self.dead: set[PhoneId] = set()
        self.phone_of: dict[LegId, PhoneId] = {}
        self.full_until = self.hung_until = 0.0
        self.calls = self.wished = 0
        self.called: set[LegId] = set()
        self._moved: list[tuple[float, LegId]] = []

    @property
    def hung(self) -> bool:
        return self.world.at < self.hung_until

    def begin(self) -> None:
        for n, agent in enumerate(self.world.rules.agents):
            self.world.after(1.0 + n, lambda agent=agent: self.lives(agent))
        self._next_call()
        self.asks_to_be_called()

    def recent(self, seconds: float) -> set[LegId]:
        """Legs to which something happened just now: nobody can know of it yet."""
        self._moved = [(at, leg) for at, leg in self._moved if at > self.world.at - 60]
        return {leg for at, leg in self._moved if at > self.world.at - seconds}

    def act(self, do: Callable[[], None]) -> None:
        """Somebody does something; on a switch that hangs it comes to pass when it goes on."""
        if self.hung:
            return self.world.when(self.hung_until, lambda: self.act(do))
        do()
        self.world.said()

    # -- callers -------------------------------------------------------------------------------------------------------

    def _next_call(self) -> None:
        self.world.after(self.dice.expovariate(1 / CALL_EVERY_S), self._calls)

    def _calls(self) -> None:
        self._next_call()
        if self.world.at < self.full_until or self.hung:
            return
        self.calls += 1
        who = leg(f"c{self.calls}")
        self.switch.call(self.world.at, who, self.dice.choice(("1", "1", "1", "2", "2", "50", "60")))
        self.world.said()
        self.world.after(self.dice.expovariate(1 / PATIENCE_S), lambda: self._loses_patience(who))
        for _ in range(self.dice.choice((0, 0, 1, 2))):
            self.world.after(self.dice.uniform(0.5, 40), lambda: self._presses(who))

    def _loses_patience(self, who: LegId) -> None:
        truth = self.switch.legs.get(who)
        if truth is not None and truth.bridged_to is None:
            self.act(lambda: self.switch.end(self.world.at, who, by_far_end=True))

    def _presses(self, who: LegId) -> None:
        if who in self.switch.legs:
            self.act(lambda: who in self.switch.legs and self.switch.press(self.world.at, who, self.dice.choice("1590")))  # type: ignore[func-returns-value]

    def rush(self) -> None:
        for who, truth in list(self.switch.legs.items()):
            if self.dice.random() < 0.7 and truth.bridged_to is None:
                if truth.inbound:
                    self.world.after(self.dice.uniform(0, 0.06), lambda who=who: self._ends(who))
                else:
                    self.world.after(self.dice.uniform(0, 0.06), lambda who=who: self._picks_up(who))

    def _ends(self, who: LegId, cause: str = "NORMAL_CLEARING") -> None:
        self.act(lambda: self.switch.end(self.world.at, who, cause, by_far_end=True))

    # -- what happens --------------------------------------------------------------------------------------------------

    def commanded(self, command: cm.Command) -> None:
        """The switch is told something, and does it."""
        if self.hung:
            return self.world.when(self.hung_until, lambda: self.world._does(command))
        self._moved.append((self.world.at, command.leg))
        if isinstance(command, cm.Ring) and self._is_refused(command):
            return
        if isinstance(command, cm.CallOut) and self._is_called_in_vain(command):
            return
        self.switch.do(self.world.at, command)
        if isinstance(command, cm.Ring) and command.leg in self.switch.legs:
            self.phone_of[command.leg] = command.phone
            self._rings(command.leg, command.phone)
        elif isinstance(command, cm.CallOut) and command.leg in self.switch.legs:
            self._rings(command.leg, OUTSIDE)
        elif isinstance(command, cm.Play) and not any(isinstance(each, Music) for each in command.media):
            play = command.play
            self.world.after(self.dice.uniform(1, 8), lambda: self._heard_out(command.leg, play))

    def _is_refused(self, ring: cm.Ring) -> bool:
        cause = ""
        if self.world.at < self.full_until:
            cause = "NORMAL_TEMPORARY_FAILURE"
        elif ring.phone not in self.registered:
            cause = "USER_NOT_REGISTERED"
        if cause and ring.leg not in self.switch.killed:
            self.switch.outbox.append(ev.LegEnded(at=self.world.at, leg=ring.leg, cause=cause))
        return bool(cause)

    def _is_called_in_vain(self, out: cm.CallOut) -> bool:
        """Whoever is outside has a telephone that is not ours, and may be talking on it. Each attempt is dialled once (F10)."""
        assert out.leg not in self.called, f"dialled twice: {out}"
        self.called.add(out.leg)
        if out.leg not in self.switch.killed and (self.world.at < self.full_until or self.dice.random() < 0.2):
            self.switch.outbox.append(ev.LegEnded(at=self.world.at, leg=out.leg, cause="USER_BUSY"))
            return True
        return False

    def asks_to_be_called(self) -> None:
        """Somebody at the desk notes a number that is to be called back; now and then a wish is hurried, or withdrawn."""
        self.world.after(self.dice.expovariate(1 / 90.0), self.asks_to_be_called)
        if not self.world.alive:
            return
        queue, pending = self.dice.choice(list(self.world.rules.queues)), sorted(self.world.state.callbacks)
        if pending and self.dice.random() < 0.3:
            wish = self.dice.choice(("now", "cancel"))
            self.world.feed(ev.CallbackAsked(at=self.world.at, callback=self.dice.choice(pending), wish=wish, by="anna"))
            return
        self.wished += 1
        number = f"+4930{700000 + self.dice.randrange(500)}"
        self.world.feed(ev.CallbackWished(at=self.world.at, callback=f"b{self.wished}", queue=queue, number=number, by="anna"))

    def _heard_out(self, who: LegId, play: str) -> None:
        truth = self.switch.legs.get(who)
        if truth is not None and truth.playing == play:
            self.act(
                lambda: who in self.switch.legs and self.switch.legs[who].playing == play and self.switch.play_ends(self.world.at, who)
            )  # type: ignore[func-returns-value]

    def _rings(self, who: LegId, phone: PhoneId) -> None:
        if phone in self.dead:
            return
        self.world.after(0.1, lambda: self.act(lambda: who in self.switch.legs and self.switch.rings(self.world.at, who)))  # type: ignore[func-returns-value]
        fate = self.dice.random()
        if fate < 0.82:
            self.world.after(0.15 + self.dice.expovariate(1 / ANSWER_S), lambda: self._picks_up(who))
        elif fate < 0.92:
            self.world.after(0.2 + self.dice.uniform(0, 4), lambda: self._refuses(who))

    def _refuses(self, who: LegId) -> None:
        truth = self.switch.legs.get(who)
        if truth is not None and not truth.answered:
            self._ends(who, self.dice.choice(REFUSALS))

    def _picks_up(self, who: LegId) -> None:
        truth = self.switch.legs.get(who)
        if truth is None or truth.answered or self.phone_of.get(who) in self.dead:
            return
        if self.hung:
            return self.world.when(self.hung_until, lambda: self._picks_up(who))
        self.switch.picks_up(self.world.at, who)
        self.world.said()
        if self.dice.random() < 0.03:  # and puts it down again at once
            self.world.after(self.dice.uniform(0, 0.08), lambda: self._ends(who))

    def happened(self, event: ev.Event) -> None:
        for name in ("leg", "other"):
            if (who := getattr(event, name, None)) is not None:
                self._moved.append((self.world.at, who))
        if isinstance(event, ev.LegsBridged):
            caller, agent = event.leg, event.other
            self.world.after(self.dice.expovariate(1 / TALK_S), lambda: self._talk_ends(caller, agent))
        elif isinstance(event, ev.LegEnded):
            self.phone_of.pop(event.leg, None)

    def _talk_ends(self, caller: LegId, agent: LegId) -> None:
        truth = self.switch.legs.get(caller)
        if truth is None or truth.bridged_to != agent:
            return
        fate = self.dice.random()
        self._ends(caller if fate < 0.7 else agent, "NORMAL_CLEARING" if fate < 0.97 else "MEDIA_TIMEOUT")

    # -- phones --------------------------------------------------------------------------------------------------------

    def registers(self, phone: PhoneId) -> None:
        if phone not in self.registered and phone not in self.dead:
            self.registered.add(phone)
            self.world.hears.send(ev.PhoneRegistered(at=self.world.at, node=FS, phone=phone))

    def lose_phones(self, for_s: float) -> None:
        lost = self.dice.sample(sorted(self.registered), k=min(2, len(self.registered)))
        self.dead.update(lost)

        def back() -> None:
            self.dead.difference_update(lost)

        self.world.after(for_s, back)
        for who, phone in list(self.phone_of.items()):
            truth = self.switch.legs.get(who)
            if phone in self.dead and truth is not None and truth.answered:
                self.world.after(self.dice.uniform(1, 10), lambda who=who: self._ends(who, "MEDIA_TIMEOUT"))

    def switch_crashed(self, down_s: float) -> None:
        self.switch.crash()
        self.phone_of.clear()
        self.hung_until = self.world.at + down_s
        phones, self.registered = sorted(self.registered), set()
        for phone in phones:
            self.world.after(down_s + self.dice.uniform(0.5, 8), lambda phone=phone: self.registers(phone))

    def hang(self, for_s: float) -> None:
        self.hung_until = self.world.at + for_s

    # -- agents --------------------------------------------------------------------------------------------------------

    def lives(self, agent: str) -> None:
        """An agent looks at the desk now and then, and does what people do there."""
        talks = self.world.alive and self.world.state.agent(agent).state is A.TALKING  # type: ignore[arg-type]
        self.world.after(self.dice.expovariate(1 / (8.0 if talks else 30.0)), lambda: self.lives(agent))
        if not self.world.alive:
            return
        state, fate = self.world.state.agent(agent).state, self.dice.random()  # type: ignore[arg-type]
        if state is A.LOGGED_OUT or (state is A.NOT_READY and fate < 0.6):
            self.world.asks(agent, Wish.READY)
        elif fate < 0.06:
            self.world.asks(agent, Wish.NOT_READY, self.dice.choice(("lunch", "break", "")))
        elif fate < 0.08:
            self.world.asks(agent, Wish.LOG_OUT)
        elif state is A.WRAP_UP and fate < 0.5:
            self.world.asks(agent, Wish.READY)
        elif state is A.TALKING:
            in_talk.acts(self.world, AgentId(agent))
