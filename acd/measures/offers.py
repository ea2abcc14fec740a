"""Ended offers, counted by outcome; what is made of them: handling time, missed offers, transfers. PURE."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from acd.measures.definition import Definition, Glossary, Unit, share
from acd.words import OfferOutcome

O = OfferOutcome

CALLER_LEFT = (O.CALLER_GONE, O.CALLER_GONE_AT_ANSWER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """Offers with one outcome. ``talk_s`` is two-way media, hold in it; ``wrap_up_s`` is the wrap-up that belongs to these offers."""

    n: int = 0
    ring_s: float = 0.0
    talk_s: float = 0.0
    hold_s: float = 0.0
    wrap_up_s: float = 0.0
    transferred: int = 0

    def __add__(self, other: "Handled") -> "Handled":
        return Handled(
            n=self.n + other.n,
            ring_s=self.ring_s + other.ring_s,
            talk_s=self.talk_s + other.talk_s,
            hold_s=self.hold_s + other.hold_s,
            wrap_up_s=self.wrap_up_s + other.wrap_up_s,
            transferred=self.transferred + other.transferred,
        )


NOTHING = Handled()


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """The raw counters: ended offers by their one outcome."""

    by: Mapping[str, Handled] = field(default_factory=dict)

    def __add__(self, other: "Offers") -> "Offers":
        both = [*self.by, *(other.by.keys() - self.by.keys())]
        return Offers(by={o: self.by.get(o, NOTHING) + other.by.get(o, NOTHING) for o in both})

    def of(self, *outcomes: str) -> Handled:
        return sum((self.by[outcome] for outcome in outcomes if outcome in self.by), NOTHING)

    @property
    def offered(self) -> int:
        return sum(each.n for each in self.by.values())

    @property
    def answered(self) -> Handled:
        return self.of(O.ANSWERED)


def _mean(id: str, name: str, formula: str, part: str, source: str = "") -> Definition[Offers]:
    def of(o: Offers) -> float | None:
        return share(sum(getattr(o.answered, each) for each in part.split()), o.answered.n)

    return Definition(id=id, name=name, formula=formula, unit=Unit.SECONDS, of=of, source=source)


OFFERS: Glossary[Offers] = Glossary(
    Definition(id="offers/acd-1", name="offers", formula="agents reserved for a caller", unit=Unit.COUNT, of=lambda o: o.offered),
    Definition(
        id="handled/acd-1",
        name="handled",
        formula="offers that ended in two-way media",
        unit=Unit.COUNT,
        of=lambda o: o.answered.n,
    ),
    Definition(
        id="not_answered/acd-1",
        name="missed",
        formula="offers that ended in no_answer: the phone rang, the agent let it",
        unit=Unit.COUNT,
        of=lambda o: o.of(O.NO_ANSWER).n,
    ),
    Definition(
        id="caller_left/acd-1",
        name="caller left",
        formula="offers that ended because the customer hung up: caller_gone + caller_gone_at_answer",
        unit=Unit.COUNT,
        of=lambda o: o.of(*CALLER_LEFT).n,
    ),
    _mean(
        "average_handling_time/acd-1",
        "handling time",
        "Σ(talk + hold + wrap-up) ÷ handled",
        "talk_s wrap_up_s",
        "SWPP; Amazon Connect's AHT, too",
    ),
    _mean("average_talk_time/acd-1", "talk", "Σ two-way media, hold in it ÷ handled", "talk_s"),
    _mean("average_hold_time/acd-1", "hold", "Σ hold ÷ handled", "hold_s"),
    _mean(
        "average_wrap_up/acd-1",
        "wrap-up",
        "Σ(end of the talk -> the agent is ready, not ready, or the time is over) ÷ handled",
        "wrap_up_s",
        "after-call work (ACW) elsewhere",
    ),
    Definition(
        id="rna_rate/acd-1",
        name="RNA rate",
        formula="no_answer ÷ offers; a customer who hung up while it rang is an outcome of its own",
        unit=Unit.SHARE,
        of=lambda o: share(o.of(O.NO_ANSWER).n, o.offered),
    ),
    Definition(
        id="rna_rate/connect",
        name="RNA rate as Amazon Connect",
        formula="(no_answer + declined + caller_gone) ÷ offers",
        unit=Unit.SHARE,
        of=lambda o: share(o.of(O.NO_ANSWER, O.DECLINED, O.CALLER_GONE).n, o.offered),
        source="Amazon Connect's agent non-response counts customers who hung up against the agent",
    ),
    Definition(
        id="transfer_rate/acd-1",
        name="transfer rate",
        formula="talks that ended with a transfer ÷ handled",
        unit=Unit.SHARE,
        of=lambda o: share(o.answered.transferred, o.answered.n),
    ),
)


ENDS: Glossary[tuple[Handled, Offers]] = Glossary(
    Definition(id="offers_ended_so/acd-1", name="offers", formula="offers with this outcome", unit=Unit.COUNT, of=lambda of: of[0].n),
    Definition(
        id="offer_outcome_share/acd-1",
        name="share",
        formula="offers with this outcome ÷ offers",
        unit=Unit.SHARE,
        of=lambda of: share(of[0].n, of[1].offered),
    ),
    Definition(
        id="average_ring_time/acd-1",
        name="rang",
        formula="Σ(reserved -> picked up, or over) ÷ offers, of this outcome",
        unit=Unit.SECONDS,
        of=lambda of: share(of[0].ring_s, of[0].n),
    ),
)
