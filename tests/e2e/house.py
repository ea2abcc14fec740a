"""A whole house for one test: a switch, the contact centre, its agents' phones, and people who call."""

import itertools
import time

from .centre import Centre, Plan
from .phones import Phone
from .ports import free_port
from .processes import Stage
from .sipp import Caller, Carrier, ScriptedPhone
from .switches import DOMAIN, KINDS, Switch
from .tcp_proxy import EventSocketProxy
from .waiting import until

CALLER_TONE = 1000
TONES = {"anna": 700, "ben": 850, "cleo": 930}
_numbers = itertools.count(301000)


class House:
    def __init__(
        self,
        stage: Stage,
        kind: str,
        plan: Plan | None = None,
        *,
        through_proxy: bool = False,
        failsafe_s: int = 30,
        silence_s: int = 60,
    ) -> None:
        self.stage, self.plan = stage, plan or Plan()
        self.trunks = {name: free_port() for name in self.plan.trunks}
        self.switch: Switch = KINDS[kind](stage, failsafe_s=failsafe_s, trunks=self.trunks, silence_s=silence_s)
        self.proxy: EventSocketProxy | None = None
        if through_proxy:
            self.proxy = EventSocketProxy(self.switch.ports.event_socket)
            stage.keep(self.proxy)
        self.centre = Centre(stage, self.switch, self.plan, event_socket=self.proxy.port if self.proxy else None)
        self.opened_at = time.monotonic()

    def open(self) -> "House":
        self.switch.start()
        self.centre.start()
        return self

    def staffed(self) -> None:
        """Somebody is at work, if not ready: callers wait, they are not turned away."""
        self.centre.wish("anna", "log-in")

    def phone(self, agent: str, user: str = "") -> Phone:
        """The agent's baresip, registered; the house knows it. ``user``: another one of several phones."""
        user = user or self.plan.agents[agent]
        phone = Phone(
            self.stage,
            user=user,
            secret=self.centre.secret(user),
            domain=DOMAIN,
            registrar=self.switch.phones,
            tone=TONES[agent],
        )
        phone.must_be_registered()
        self._must_know(agent, user)
        return phone

    def scripted_phone(self, agent: str) -> ScriptedPhone:
        user = self.plan.agents[agent]
        phone = ScriptedPhone(self.stage, user=user, secret=self.centre.secret(user), domain=DOMAIN, registrar=self.switch.phones)
        self._must_know(agent)
        return phone

    def carrier(self, trunk: str, *, tone: int) -> Carrier:
        """Whoever is behind a trunk, humming."""
        carrier = Carrier(self.stage, port=self.trunks[trunk], switch=self.switch.callers)
        carrier.ear.hum(tone)
        return carrier

    def ready(self, *agents: str) -> None:
        for agent in agents:
            self.centre.wish(agent, "ready")
            taken = ("ready", "offered", "talking")  # who waits may be there at once
            until(f"{agent} is ready", lambda: self.centre.agent_state(agent) in taken, within_s=10)  # noqa: B023

    def ready_phone(self, agent: str) -> Phone:
        phone = self.phone(agent)
        self.ready(agent)
        return phone

    def caller(self, dialled: str = "200", *, tells_of_ringing: bool = False) -> Caller:
        """Somebody who has dialled; a number of their own, a tone of their own."""
        number = f"+4930{next(_numbers)}"
        caller = Caller(self.stage, to=self.switch.callers, dialled=dialled, number=number, tells_of_ringing=tells_of_ringing)
        caller.ear.hum(CALLER_TONE)
        return caller

    def _must_know(self, agent: str, user: str = "") -> None:
        def known() -> bool:
            phones = self.centre.agent(agent)["phones"]
            return any(each["registered"] for each in phones if user in ("", each["phone"]))

        until(f"the house knows {agent}'s phone", known, within_s=10)
