"""How long somebody in line will wait, as far as that can be said honestly: P50 and P80 of their own wait.

With p answers still to come, the wait is a sum of p times. While j callers are ahead the line gets shorter by answers, at rate r,
and by those of them who give up, at rate j * theta; each of these times is exponential, so the sum has mean sum 1/(r + j theta)
and variance sum 1/(r + j theta)^2. This is the queue-length delay estimator for queues with abandonment: W. Whitt, "Predicting
Queueing Delays", Management Science 45 (1999); R. Ibrahim and W. Whitt, "Real-Time Delay Estimation in Overloaded Multiserver
Queues with Abandonments", Management Science 55 (2009). Here

    r = agents at work now / agent-seconds per answer, of the last answers while callers waited all along (``pace``)
    theta = callers who gave up / seconds that all callers have waited (the estimator for censored waits)

so that an agent who comes or goes counts at once. r is known from n answers only, which adds the variance (d mean / d log r)^2 / n.
Quantiles are those of a gamma distribution with this mean and variance, by E. B. Wilson and M. M. Hilferty (PNAS 17, 1931).

Nothing is said with fewer than ANSWERS_MIN answers, when nobody is at work, when the last answers came much faster or slower
than those before them, when none has come for far too long, and when the wait is so long that nobody should be told.
"""

from dataclasses import dataclass
from math import log, sqrt

from acd.core.lines.pace import MEMORY, QUICK, Pace
from acd.words import EntryState

UNSERVED = frozenset({EntryState.WAITING, EntryState.OFFERED, EntryState.CONNECTING})

ANSWERS_MIN = 5.0
STALLED = 5.0
"""No answer for so many times the time that one takes: something has changed."""
CHANGED = 2.3
"""So many standard errors between the last answers and those before: it has changed (1 time in 50 by chance)."""
LONGEST_S = 7200.0
EXACT = 100
"""So many places are summed one by one; the rest of a long line is an integral."""
P50, P80 = 0.0, 0.8416212
"""Quantiles of the normal distribution."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Half of all such waits are over by ``p50_s``, four in five by ``p80_s``."""

    p50_s: float
    p80_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A wait that was told to a caller, and what it was made of."""

    at: float
    p50_s: float
    p80_s: float
    position: int
    at_work: int
    cause: str = ""  # why it is longer than the one before, if it is


def expected(pace: Pace, *, position: int, at_work: int, at: float) -> Wait | None:
    """For the caller at this place, counted from 1; None while nothing honest can be said."""
    if position < 1 or at_work < 1 or pace.answers < ANSWERS_MIN or pace.agent_s <= 0:
        return None
    rate = at_work * pace.answers / pace.agent_s
    if _has_changed(pace) or (pace.busy_since is not None and (at - pace.busy_since) * rate > STALLED):
        return None
    theta = pace.gave_up / pace.waited_s if pace.waited_s > 0 else 0.0
    mean, variance = moments(rate, theta, position)
    variance += (rate * variance) ** 2 / _known(pace.answers, MEMORY)
    wait = Wait(p50_s=quantile(mean, variance, P50), p80_s=quantile(mean, variance, P80))
    return wait if wait.p80_s <= LONGEST_S else None


def moments(rate: float, theta: float, position: int) -> tuple[float, float]:
    """Mean and variance of the sum over j = 0 .. position-1 of exponential times at rate + j theta."""
    exact = min(position, EXACT)
    rates = [rate + j * theta for j in range(exact)]
    mean, variance = sum(1 / each for each in rates), sum(1 / each**2 for each in rates)
    if position > exact:
        first, last = rate + (exact - 0.5) * theta, rate + (position - 0.5) * theta
        many = theta * (position - exact) > 1e-9 * rate
        mean += log(last / first) / theta if many else (position - exact) / rate
        variance += (1 / first - 1 / last) / theta if many else (position - exact) / rate**2
    return mean, variance


def quantile(mean: float, variance: float, normal: float) -> float:
    """Of a gamma distribution, from the same quantile of the normal one."""
    shape = mean**2 / variance
    return float(mean * max(0.0, 1 - 1 / (9 * shape) + normal / (3 * sqrt(shape))) ** 3)


def told_next(wait: Wait | None, before: Promise | None, *, position: int, at_work: int, at: float) -> Promise | None:
    """What may be told after what was told: never more without a cause that is not the caller's bad luck (ACD.md 55).

    Fewer agents, or others who went first, are such causes. Without one, the old promise is said again; not at all when it is not
    believed any more.
    """
    if wait is None:
        return None
    if before is None or wait.p80_s <= before.p80_s:
        most = before.p50_s if before else wait.p50_s
        return Promise(at=at, p50_s=min(wait.p50_s, most), p80_s=wait.p80_s, position=position, at_work=at_work)
    cause = "fewer_agents" if at_work < before.at_work else "others_first" if position > before.position else ""
    if cause:
        return Promise(at=at, p50_s=wait.p50_s, p80_s=wait.p80_s, position=position, at_work=at_work, cause=cause)
    if wait.p50_s > before.p80_s:
        return None
    return Promise(at=at, p50_s=min(wait.p50_s, before.p50_s), p80_s=before.p80_s, position=position, at_work=at_work)


def _known(answers: float, memory: float) -> float:
    """How many answers of equal weight know as much as these faded ones: in the long run nearly twice the memory."""
    full = min(1.0, answers / memory)
    return answers * (1 + full * (1 - 1 / memory))


def _has_changed(pace: Pace) -> bool:
    """The last answers beside those before them: the logarithms of two means of exponential times, in their standard error."""
    before, before_s = pace.answers - pace.quick_answers, pace.agent_s - pace.quick_agent_s
    if before < QUICK or before_s <= 0 or pace.quick_agent_s <= 0:
        return False
    ratio = (pace.quick_agent_s / pace.quick_answers) / (before_s / before)
    error = sqrt(1 / _known(pace.quick_answers, QUICK) + 1 / _known(before, MEMORY - QUICK))
    return abs(log(ratio)) > CHANGED * error
