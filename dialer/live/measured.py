"""What Prometheus sees of campaigns: gauges of what stands at a scrape, and counters since the start. Changes nothing.

Labels are ids of campaigns, periods of the law and words of closed sets; never a number, a lead or an agent. A house with more
campaigns than ``MOST`` has gauges of so many, and the ends of the others under ``other``.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from acd.campaign import AGENTLESS, AUTOMATIC
from acd.law.profile import DAY_S
from acd.law.profiles import DEFAULT
from dialer.core.attempt import UNDER_WAY, AttemptState, Outcome
from dialer.core.explaining import binds
from dialer.core.state import Dialler, Running
from dialer.live.leads import asked_lists, lists_of_countries

MOST = 200
OTHER = "other"
STATES = sorted({*UNDER_WAY, AttemptState.ENDED})
"""Who has ended is here until the database has said that the end is stored."""
FORECAST = {
    "theta": ("acd_campaign_theta", "The chance of finding no agent that the pacer lets a call more have"),
    "hit_ratio": ("acd_campaign_hit_ratio", "The share of calls that a person answers, as the pacer expects it"),
    "expected_answers": ("acd_campaign_expected_answers", "Persons who will answer within the pacer's horizon, as it expects"),
    "expected_free": ("acd_campaign_expected_free", "Agents who will be free within that horizon, as it expects"),
}
Row = tuple[str, ...]


def of_database(*, failed: int, waiting: int, is_well: bool) -> Iterator[Metric]:
    yield CounterMetricFamily("acd_leads_database_failures", "Times that the database of leads did not do what it was asked", failed)
    yield GaugeMetricFamily("acd_leads_database_jobs", "What the database of leads was asked for and has not done yet", waiting)
    yield GaugeMetricFamily("acd_leads_database_healthy", "1 while the database of leads does what it is asked", float(is_well))


def of_campaigns(state: Dialler, now: float, *, since: float, listed: Mapping[str, float] | None) -> Iterator[Metric]:
    """``since``: when we began. ``listed``: the date of each national do-not-call list; None while that is not known."""
    known = sorted(state.campaigns.values(), key=lambda each: (each.gone, each.id))
    shown = known[:MOST]
    yield _ended(known)
    yield _gauge("acd_campaign_calls", "Calls of a campaign now, by state (ended: not stored yet)", _calls(state, shown), "state")
    yield _gauge("acd_campaign_running", "1 while a campaign may dial", (((each.id,), each.dials) for each in shown))
    bound = (((each.id, binds(state, each)[0]), 1) for each in shown)
    yield _gauge("acd_campaign_binds", "What keeps a campaign from dialling more now: 1 for that one", bound, "by")
    asked = (((each.id,), each.claiming) for each in shown)
    yield _gauge("acd_campaign_leads_asked_for", "Leads that were asked for and have not come yet", asked)
    yield from _law(shown, now)
    yield from _pacing(state, shown)
    alone = [each for each in shown if each.dials and each.rules.mode in AUTOMATIC | AGENTLESS]
    idle = (((each.id,), now - max(each.dialled_at or 0.0, each.run.since, since)) for each in alone)
    yield _gauge("acd_campaign_idle_seconds", "How long a campaign that dials by itself, and runs, has dialled nobody", idle)
    left = [] if listed is None else [((each.id,), _left_s(each, listed, now)) for each in shown if each.rules.profile.dnc_needed]
    what = "Until a do-not-call list is too old for the law of a campaign; looked up at its start and every 5 minutes"
    yield _gauge("acd_campaign_do_not_call_left_seconds", what, left)


def _ended(known: Iterable[Running]) -> Metric:
    """Every outcome is there from the start, with 0: an increase from nothing is none to Prometheus."""
    metric = CounterMetricFamily("acd_campaign_attempts_ended", "Attempts that ended, by outcome", labels=["campaign", "outcome"])
    sums: Counter[Row] = Counter()
    for n, each in enumerate(known):
        for outcome in Outcome:
            sums[each.id if n < MOST else OTHER, outcome.value] += each.ended[outcome]
    for row, number in sums.items():
        metric.add_metric(row, number)
    return metric


def _calls(state: Dialler, shown: Iterable[Running]) -> Iterator[tuple[Row, float]]:
    found = Counter((each.campaign, each.state) for each in state.attempts.values())
    return (((each.id, word.value), found[each.id, word]) for each in shown for word in STATES)


def _law(shown: Sequence[Running], now: float) -> Iterator[Metric]:
    counts = [((each.id, period_word(c.period_s)), c, each.ledger.limit) for each in shown for c in each.ledger.counts(now)]
    answered = ((row, count.answered) for row, count, _ in counts)
    yield _gauge("acd_campaign_answered", "Persons who answered, in a period of the law", answered, "period")
    abandoned = ((row, count.abandoned) for row, count, _ in counts)
    yield _gauge("acd_campaign_abandoned", "Of them those for whom no agent was there in time", abandoned, "period")
    room = ((row, count.room(limit)) for row, count, limit in counts)
    yield _gauge("acd_campaign_abandon_room", "So many more may be abandoned; below 0 so many were too many", room, "period")
    rate = ((row, count.rate) for row, count, _ in counts)
    yield _gauge("acd_campaign_abandon_rate", "Abandoned of those who answered, 0 to 1", rate, "period")
    limits = (((each.id,), each.ledger.limit) for each in shown)
    yield _gauge("acd_campaign_abandon_limit", "What that rate may be, by the law or the campaign's own lower limit", limits)


def _pacing(state: Dialler, shown: Sequence[Running]) -> Iterator[Metric]:
    free = (((each.id,), state.floors[each.rules.queue].free) for each in shown if each.rules.queue in state.floors)
    yield _gauge("acd_campaign_agents_free", "Agents of a campaign's queue who could take a call now", free)
    decided = [(each.id, each.why) for each in shown if each.dials and each.why is not None]
    for field, (name, what) in FORECAST.items():
        said = [((id,), getattr(why, field)) for id, why in decided]
        yield _gauge(name, what, ((row, value) for row, value in said if value is not None))


def _left_s(running: Running, listed: Mapping[str, float], now: float) -> float:
    """Until nobody is dialled; 0 when a list was never imported. Lists of other countries hold their own numbers only; of the strictest
    law, which is no country's, one must be fresh.
    """
    rules = running.rules
    left = {name: listed[name] + rules.profile.dnc_fresh_s - now if name in listed else 0.0 for name in asked_lists(rules, listed)}
    others = lists_of_countries(rules, listed)
    for_all = [left_s for name, left_s in left.items() if name not in others]
    one_of = [max(left.values())] if rules.law == DEFAULT else []
    return min([*for_all, *one_of])


def period_word(period_s: float) -> str:
    """24h, 30d."""
    return f"{period_s / 3600:g}h" if period_s <= DAY_S else f"{period_s / DAY_S:g}d"


def _gauge(name: str, what: str, rows: Iterable[tuple[Row, float]], label: str = "") -> Metric:
    metric = GaugeMetricFamily(name, what, labels=["campaign", label] if label else ["campaign"])
    for row, value in rows:
        metric.add_metric(row, float(value))
    return metric
