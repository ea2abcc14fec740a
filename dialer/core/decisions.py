"""What the dialer decides, for others to do. Nothing is dialled but by ``Dial``, and every attempt comes to one ``Finish``."""

from dataclasses import dataclass

from acd.campaign import Campaign
from acd.words import AgentId, QueueId
from dialer.core.attempt import Attempt
from dialer.core.called import Called
from dialer.core.news import News
from dialer.core.run import Run
from dialer.core.said import Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Lease so many leads of a campaign, now; answered by ``LeadsClaimed`` or ``ClaimFailed``."""

    rules: Campaign
    n: int
    at: float
    agents: tuple[str, ...] = ()  # free ones: what they promised to call goes first


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimNumber:
    """Lease this number, whatever lead has it; answered by ``NumberClaimed`` or ``NumberRefused``."""

    rules: Campaign
    attempt: Attempt


@dataclass(frozen=True, slots=True, kw_only=True)
class Dial:
    attempt: Attempt
    rules: Campaign


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserve:
    """Keep ``attempt.reserved`` for it, ``for_s`` from now; answered by ``ReserveAnswered``. Safe to repeat."""

    attempt: Attempt
    queue: QueueId
    for_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LetGo:
    """It needs its agent no more. Safe to repeat."""

    attempt: str
    agent: AgentId


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """Wanted no more; the core lets a phone ring its least."""

    attempt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finish:
    """Store the end of an attempt and what becomes of its lead; answered by ``EndStored``. Safe to repeat."""

    attempt: Attempt
    rules: Campaign


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """Store that a person answered: it counts for the law whatever becomes of us. Safe to repeat."""

    attempt: Attempt


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepOptOut:
    """Store at once that this number is called no more. Safe to repeat; the end of the attempt says it again."""

    attempt: Attempt


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispose:
    """Store what came of a talk, and what becomes of the lead by it; answered by ``DispositionStored``. Safe to repeat."""

    said: Said
    rules: Campaign


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepCalled:
    """A lead of the campaign may have called us: what becomes of it; answered by ``CalledStored``. Safe to repeat."""

    called: Called
    rules: Campaign


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell:
    """To programs that listen: what became of a lead before an agent. Nobody waits for it, and it may be told again after a start."""

    news: News


@dataclass(frozen=True, slots=True, kw_only=True)
class RunChanged:
    run: Run


Decision = (
    Claim | ClaimNumber | Dial | Reserve | LetGo | Drop | Finish | Answered | KeepOptOut | Dispose | KeepCalled | Tell | RunChanged
)
