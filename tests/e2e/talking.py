"""Anna, who talks to a caller, with Ben ready beside her: who hears whom, by tone. For the tests of what is done in a talk."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from . import audio
from .centre import Plan
from .house import CALLER_TONE, TONES, House
from .phones import Phone
from .sipp import Carrier
from .switches import MUSIC_TONE
from .waiting import until

OpenHouse = Callable[..., House]
RING_S = 6
CARRIER_TONE = 780
REFUSED_TONE = 300
RINGING_TONE = 425
WINDOW_S = 1.0
SHARE = 0.25
"""Two tones at once have half of what is heard, each."""
OUTSIDE = "+49305550"
FLOW = "start: two\nsteps:\n  two: {step: hang_up, prompt: {file: right}}\n"
PLAN = Plan(
    ring=f"{RING_S}s",
    flows={"elsewhere": FLOW},
    settings={
        "queues": {
            "sales": {"ring": f"{RING_S}s", "wrap_up": "1s", "short_abandon": "0s"},
            "support": {"ring": f"{RING_S}s", "wrap_up": "1s", "short_abandon": "0s"},
        },
        "agents": {
            "anna": {"name": "Anna", "phone": "1001", "queues": ["sales"], "may_transfer_outside": True},
            "ben": {"name": "Ben", "phone": "1002", "queues": ["support"]},
        },
    },
    trunks={"carrier": {"prefixes": ["+4930"]}},
)


def with_settings(**more: Any) -> Plan:
    return replace(PLAN, settings={**PLAN.settings, **more})


class Talk:
    """Anna talks to a caller, and Ben is ready."""

    def __init__(self, house: OpenHouse, plan: Plan = PLAN, *, outside: bool = False) -> None:
        self.here = house(plan)
        self.outside: Carrier | None = self.here.carrier("carrier", tone=CARRIER_TONE) if outside else None
        self.anna, self.ben = self.here.ready_phone("anna"), self.here.ready_phone("ben")
        self.caller = self.here.caller("200").must_be_answered()
        self.anna.must_ring()
        self.anna.accept()
        self.hear(c=TONES["anna"], anna=CALLER_TONE)

    def asks(self, what: str, target: str = "", agent: str = "anna") -> Any:
        return self.here.centre.ask("POST", f"/v1/agents/{agent}/talk/{what}", {"target": target})

    def consults(self) -> "Talk":
        self.asks("consult", "ben")
        self.ben.must_ring()
        self.ben.accept()
        self.hear(c=MUSIC_TONE, anna=TONES["ben"], ben=TONES["anna"])
        return self

    def hear(self, within_s: float = 8.0, **tones: int | tuple[int, ...]) -> None:
        """Each of them hears these tones and none of the others."""
        for who, tone in tones.items():
            wanted = {tone} if isinstance(tone, int) else set(tone)
            until(
                f"{who} hears {sorted(wanted)}",
                lambda: self._heard(who) == wanted,  # noqa: B023
                within_s=within_s,
                seen=lambda: f"{who} hears {sorted(self._heard(who))}",  # noqa: B023
            )

    def _heard(self, who: str) -> set[int]:
        known = (CALLER_TONE, MUSIC_TONE, CARRIER_TONE, RINGING_TONE, *TONES.values())
        return {tone for tone in known if self._hears(who, tone)}

    def _hears(self, who: str, tone: int) -> bool:
        ear = self.caller.ear if who == "c" else self.outside.ear if who == "out" and self.outside is not None else None
        if ear is not None:
            sound = ear.sound(since=time.monotonic() - WINDOW_S)
        else:
            phone: Phone = {"anna": self.anna, "ben": self.ben}[who]
            sound = phone.sound()[-int(WINDOW_S * audio.RATE) * 2 :]
        return audio.blocks_with_tone(sound, tone, share=SHARE) >= 6

    def dials(self, *, typed: bool = False) -> str:
        """Anna asks somebody outside, at whose place it rings; their call."""
        assert self.outside is not None
        if typed:
            self.anna.press("*40305550#")
        else:
            self.asks("consult", OUTSIDE)
        call = self.outside.must_be_invited().call
        self.outside.tell(call, "ring")
        self.hear(c=MUSIC_TONE, anna=RINGING_TONE)
        return call

    def story(self) -> dict[str, Any]:
        return self.here.centre.story(self.caller.number)

    def dies(self) -> None:
        """kill -9, and a new one."""
        self.here.centre.kill()
        self.here.centre.start()
