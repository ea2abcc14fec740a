"""What a campaign may not write, because the law that it names does not bear it, and what the law wants that it does not write."""

from collections.abc import Iterator, Mapping, Sequence

from acd.campaign import ABANDONING
from acd.config.calendars import DAYS, CalendarShape, weekdays
from acd.config.campaign_shapes import CampaignShape
from acd.config.document import Document, Problem
from acd.config.kinds import spoken
from acd.config.outbound import TrunkShape
from acd.law.profile import LawProfile, Ranges
from acd.law.profiles import PROFILES
from acd.law.ranges import DAY_END, both, within, written
from acd.law.told import percent

Path = tuple[str | int, ...]
ON = ("mondays", "tuesdays", "wednesdays", "thursdays", "fridays", "saturdays", "sundays")


def share(text: str) -> float:
    """``2.5%`` as a share of one."""
    return round(float(text.removesuffix("%")) / 100, 6)


def law_problems(
    id: str,
    shape: CampaignShape,
    *,
    calendars: Mapping[str, CalendarShape],
    trunks: Mapping[str, TrunkShape],
    document: Document,
) -> Iterator[Problem]:
    law, at = PROFILES[shape.law], ("campaigns", id)
    for path, what in (*_abandons(shape, law), *_rings(shape, law), *_calls(shape, law)):
        yield document.problem((*at, *path), what, value=True)
    for path, what in _told(shape, law):
        yield document.problem((*at, *path), what)
    if shape.hours is not None and shape.hours in calendars:
        for what in _calendar(shape.hours, calendars[shape.hours], law):
            yield document.problem((*at, "hours"), what, value=True)
    yield from _local_hours(id, shape, law, document)
    yield from _shown(id, shape, trunks, document)


Said = Iterator[tuple[Path, str]]


def _abandons(shape: CampaignShape, law: LawProfile) -> Said:
    rules = shape.abandon
    if rules.limit is not None and share(rules.limit) > law.abandon_limit:
        yield ("abandon", "limit"), f"found {rules.limit!r}; the law {law.id} allows at most {percent(law.abandon_limit)}"
    if rules.answer is not None and rules.answer > law.answer_s:
        what = f"found {spoken(rules.answer)!r}; the law {law.id} wants an agent there within {spoken(law.answer_s)}"
        yield ("abandon", "answer"), what
    if rules.start == "greeting" and not law.after_greeting:
        yield ("abandon", "start"), f"found 'greeting'; the law {law.id} counts from the answer, allowed: answer"
    if rules.lock is not None and rules.lock < law.redial_lock_s:
        what = f"found {spoken(rules.lock)!r}; the law {law.id} wants that a number is left in peace for {spoken(law.redial_lock_s)}"
        yield ("abandon", "lock"), f"{what} after an abandon"


def _rings(shape: CampaignShape, law: LawProfile) -> Said:
    least_s = law.ring_least_s if shape.ring_least is None else shape.ring_least
    if least_s < law.ring_least_s:
        what = f"found {spoken(least_s)!r}; the law {law.id} wants a phone to ring for at least {spoken(law.ring_least_s)}"
        yield ("ring_least",), what
    if shape.ring < law.ring_least_s:
        what = f"found {spoken(shape.ring)!r}; the law {law.id} wants a phone to ring for at least {spoken(law.ring_least_s)}"
        yield ("ring",), what
    elif shape.ring < least_s:
        yield ("ring",), f"found {spoken(shape.ring)!r}; that is less than ring_least, {spoken(least_s)}"


def _calls(shape: CampaignShape, law: LawProfile) -> Said:
    """How often, and whether it ever ends."""
    caps = shape.caps
    if law.per_day is not None and caps.number_per_day is not None and caps.number_per_day > law.per_day:
        what = f"found {caps.number_per_day}; the law {law.id} allows a number to be dialled {law.per_day} times a day"
        yield ("caps", "number_per_day"), what
    again = [name for name, one in shape.dispositions.items() if one.after_s is not None]
    if again and caps.lead_total is None:
        what = f"after {again[0]!r} a lead would be called again and again without end; give 'caps: {{lead_total: …}}'"
        yield ("dispositions", again[0]), what
    for outcome in shape.retries.model_fields_set:
        retry = getattr(shape.retries, outcome)
        if retry is None:
            continue
        if retry.at_most is not None and not retry.after:
            yield ("retries", outcome, "at_most"), f"{retry.at_most} retries, and no time after which; give 'after', such as [1h]"
        elif retry.at_most is not None and retry.at_most < len(retry.after):
            yield ("retries", outcome, "at_most"), f"found {retry.at_most}; 'after' has {len(retry.after)} times already"
        if retry.between and not any(both(retry.between, day) for day in law.hours.weekly):
            yield ("retries", outcome, "between"), f"nobody may be called then: the law {law.id} allows no such time on any day"


def _told(shape: CampaignShape, law: LawProfile) -> Said:
    """Who is abandoned hears who it was."""
    if shape.mode not in ABANDONING or not law.message_needs:
        return
    needs = [word for word in ("name", "number") if word in law.message_needs]
    if shape.abandon.message is None:
        what = f"the law {law.id} wants that who is abandoned hears {' and '.join(needs)} of who called"
        yield ("abandon", "message"), f"{what}; give 'message' in 'abandon', a flow"
    if "opt_out" in law.message_needs and shape.opt_out is None:
        what = f"the law {law.id} wants that who is abandoned can say by a key that they are not called again"
        yield ("opt_out",), f"{what}; give 'opt_out', such as 9"


def _calendar(name: str, calendar: CalendarShape, law: LawProfile) -> Iterator[str]:
    """A line for the days on which it would be open and nobody may be called."""
    plain = calendar.calendar()
    looser = {day for day in range(7) if not within(plain.weekly[day], law.hours.weekly[day]) or _over_midnight(plain.weekly[day])}
    for day in sorted(looser):
        is_first = not any(_same(plain.weekly, law, day, earlier) for earlier in looser if earlier < day)
        if is_first:
            yield _looser(f"the calendar {name} is open", plain.weekly[day], day, law)
    for when, ranges in plain.exceptions.items():
        day = when.weekday()
        if not within(ranges, law.hours.weekly[day]) or _over_midnight(ranges):
            yield _looser(f"the calendar {name} is open", ranges, day, law, f" ({when})")


def _same(weekly: Sequence[Ranges], law: LawProfile, one: int, other: int) -> bool:
    return weekly[one] == weekly[other] and law.hours.weekly[one] == law.hours.weekly[other]


def _looser(what: str, ranges: Ranges, day: int, law: LawProfile, more: str = "") -> str:
    own = ", ".join(written((each,)) if each[0] < each[1] else "over midnight" for each in ranges)
    return f"{what} {own} on {ON[day]}{more}; the law {law.id} lets people be called {written(law.hours.weekly[day])} then"


def _over_midnight(ranges: Ranges) -> bool:
    return any(end <= start or end > DAY_END for start, end in ranges)


def _local_hours(id: str, shape: CampaignShape, law: LawProfile, document: Document) -> Iterator[Problem]:
    at: Path = ("campaigns", id, "local_hours")
    if shape.local_hours is None:
        return
    seen: set[int] = set()
    for line in document.at(at) or {}:
        days = weekdays(line)
        ranges = shape.local_hours[days]
        looser = next((day for day in days if not within(ranges, law.hours.weekly[day]) or _over_midnight(ranges)), None)
        if looser is not None:
            yield document.problem((*at, line), _looser("people would be called", ranges, looser, law), value=True)
        if twice := [DAYS[day] for day in days if day in seen]:
            yield document.problem((*at, line), f"{', '.join(twice)} is in more than one line; give each day's times in one")
        seen |= set(days)
    if not any(shape.local_hours.values()):
        yield document.problem(at, "nobody could ever be called: no day has any hours")


def _shown(id: str, shape: CampaignShape, trunks: Mapping[str, TrunkShape], document: Document) -> Iterator[Problem]:
    """Somebody who is called sees a number, whatever trunk it goes through."""
    used = [name for name in shape.trunks or trunks if name in trunks]
    bare = next((name for name in used if not trunks[name].caller_id), None)
    if shape.caller_id is None and bare is not None:
        what = f"who is called through the trunk {bare} would see no number of ours; give 'caller_id', here or there"
        yield document.problem(("campaigns", id, "caller_id"), what)
