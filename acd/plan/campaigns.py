"""What a change means for those whom campaigns call and those who talk to them, in sentences. PURE."""

from collections.abc import Iterator, Mapping

from acd.campaign import Campaign, Mode
from acd.ivr.calendar import Calendar
from acd.law.profile import Ranges
from acd.law.ranges import DAY_END, both, clock, written
from acd.law.told import percent
from acd.plan.house import House

ON = ("mondays", "tuesdays", "wednesdays", "thursdays", "fridays", "saturdays", "sundays")
ANY: Ranges = ((0, DAY_END),)
SHOWN = 8


def of_campaigns(old: House, new: House) -> Iterator[str]:
    moved = {name: id for id, campaign in new.campaigns.items() for name in campaign.replaces}
    for id, after in new.campaigns.items():
        gone = [name for name in after.replaces if name in old.campaigns]
        before = old.campaigns.get(id) or next((old.campaigns[name] for name in gone), None)
        if before is None:
            yield f"campaign {id} is new: it dials nobody until it is started"
            if after.requires:
                yield f"campaign {id} brings the queue {id} for who answers, {_for_whom(new, after)}"
            continue
        for name in gone:
            yield f"campaign {id} goes on in the place of {name}: what was counted for that one counts here, and its abandons stay"
        yield from (f"campaign {id}: {what}" for what in _changes(old, new, before, after))
    for id in old.campaigns:
        if id not in new.campaigns and id not in moved:
            yield f"campaign {id} is gone: it dials nobody any more, and who is on the line is served to the end"


def renamed(old: House, new: House) -> Iterator[str]:
    """A campaign under another name that does not say so would begin with an empty count of abandons."""
    moved = {name for campaign in new.campaigns.values() for name in campaign.replaces}
    gone = {id: campaign for id, campaign in old.campaigns.items() if id not in new.campaigns and id not in moved}
    for id, campaign in new.campaigns.items():
        like = next((name for name, one in gone.items() if id not in old.campaigns and set(one.lists) & set(campaign.lists)), None)
        if like is not None:
            yield (
                f"campaign {id} calls lists of {like}, which is gone, and does not replace it: "
                f"abandons of {like} do not count for it; if it is the same one under another name give 'replaces: [{like}]'"
            )
        for name in campaign.replaces:
            if old.campaigns and name not in old.campaigns and not any(name in one.replaces for one in old.campaigns.values()):
                yield f"the campaign {id} replaces {name}, and there is no campaign of that name"


def without_agents(old: House, new: House) -> Iterator[str]:
    served = {queue for agent in new.policy.agents.values() for queue in agent.queues}
    was = {queue for agent in old.policy.agents.values() for queue in agent.queues}
    for id, campaign in new.campaigns.items():
        before = old.campaigns.get(id)
        is_known = before is not None and before.queue == campaign.queue and campaign.queue not in was
        if campaign.queue is not None and campaign.queue not in served and not is_known:
            what = "has the skills that it requires" if campaign.requires else f"serves the queue {campaign.queue}"
            yield f"no agent {what}: the campaign {id} has nobody to talk to those who answer"


def _for_whom(house: House, campaign: Campaign) -> str:
    skills = ", ".join(f"{skill} {level}" for skill, level in campaign.requires.items())
    agents = [id for id, agent in house.policy.agents.items() if campaign.queue in agent.queues]
    some = ", ".join(agents[:SHOWN]) + (f" and {len(agents) - SHOWN} more" if len(agents) > SHOWN else "")
    return f"for agents who have {skills}: {some or 'nobody'}"


# -- what is otherwise in one --------------------------------------------------------------------------------------------


def _changes(old: House, new: House, before: Campaign, after: Campaign) -> Iterator[str]:
    for say in (_law, _mode, _abandons, _who, _pace, _again):
        yield from say(before, after)
    if before.requires != after.requires and after.requires:
        yield f"who answers is {_for_whom(new, after)}, from the next answer on"
    yield from _hours(_week(old, before), _week(new, after))


def _law(before: Campaign, after: Campaign) -> Iterator[str]:
    if before.law != after.law:
        yield f"is under the law {after.law} instead of {before.law}"


MODES: Mapping[Mode, str] = {
    Mode.MANUAL: "agents dial themselves",
    Mode.PREVIEW: "agents see a lead before it is dialled",
    Mode.PROGRESSIVE: "dials one number for each free agent",
    Mode.RATIO: "dials a fixed number of lines for each free agent",
    Mode.PREDICTIVE: "dials ahead, as the forecast bears",
    Mode.MESSAGE: "plays a message to who answers, without agents",
    Mode.SURVEY: "asks who answers by a flow, without agents",
}


def _mode(before: Campaign, after: Campaign) -> Iterator[str]:
    if before.mode != after.mode:
        yield f"{MODES[after.mode]} ({before.mode} -> {after.mode})"
    elif before.ratio != after.ratio:
        yield f"dials {_number(after.ratio)} numbers for each free agent instead of {_number(before.ratio)}"


def _abandons(before: Campaign, after: Campaign) -> Iterator[str]:
    if before.abandon_limit != after.abandon_limit:
        most, was = percent(after.abandon_limit), percent(before.abandon_limit)
        yield f"at most {most} of those who answer may find no agent, instead of {was}; what was abandoned already counts"
    if before.answer_s != after.answer_s:
        yield f"an agent must be there {after.answer_s:g} s after the {after.abandon_start} instead of {before.answer_s:g} s"
    elif before.abandon_start != after.abandon_start:
        yield f"the {after.answer_s:g} s to an agent are counted from the {after.abandon_start} instead of the {before.abandon_start}"
    if before.redial_lock_s != after.redial_lock_s:
        yield f"who was abandoned is left in peace for {_lasts(after.redial_lock_s)} instead of {_lasts(before.redial_lock_s)}"
    if before.message != after.message:
        yield f"who finds no agent hears {after.message or 'nothing'} instead of {before.message or 'nothing'}"


def _who(before: Campaign, after: Campaign) -> Iterator[str]:
    if before.queue != after.queue and before.queue and after.queue and not after.requires:
        yield f"who answers is given to agents of {after.queue} instead of {before.queue}, from the next answer on"
    if come := [name for name in after.lists if name not in before.lists]:
        yield f"calls the leads of {', '.join(come)} too"
    if gone := [name for name in before.lists if name not in after.lists]:
        yield f"calls the leads of {', '.join(gone)} no more"
    if before.caller_id != after.caller_id:
        yield f"shows {after.caller_id or 'the number of the trunk'} instead of {before.caller_id or 'the number of the trunk'}"


def _pace(before: Campaign, after: Campaign) -> Iterator[str]:
    yield from _most("calls at once", before.lines, after.lines)
    yield from _most("new calls a second", before.per_second, after.per_second)
    if before.ring_s != after.ring_s:
        yield f"lets a phone ring for {after.ring_s:g} s instead of {before.ring_s:g} s"
    if before.blend != after.blend:
        yield "stands back for callers of its queue by other thresholds"


def _again(before: Campaign, after: Campaign) -> Iterator[str]:
    yield from _most("attempts to a number in a day", before.caps.number_per_day, after.caps.number_per_day)
    yield from _most("attempts to a number in all", before.caps.number_total, after.caps.number_total)
    yield from _most("attempts to a lead in a day", before.caps.lead_per_day, after.caps.lead_per_day)
    yield from _most("attempts to a lead in all", before.caps.lead_total, after.caps.lead_total)
    other = [name for name in sorted({*before.retries, *after.retries}) if before.retry(name) != after.retry(name)]
    if other:
        names = ", ".join(name.replace("_", " ") for name in other)
        yield f"tries again otherwise after {names}; leads that wait already keep their time"


def _most(what: str, before: float | None, after: float | None) -> Iterator[str]:
    if before == after:
        return
    if after is None:
        yield f"no limit of {what} any more; it was {_number(before)}"
    else:
        yield f"at most {_number(after)} {what}" + (
            f" instead of {_number(before)}" if before is not None else ", where there was no limit"
        )


def _number(found: float | None) -> str:
    return "no" if found is None else f"{found:g}"


def _lasts(duration_s: float) -> str:
    return f"{duration_s / 3600:g} h" if duration_s else "no time"


# -- when it dials -------------------------------------------------------------------------------------------------------


def _week(house: House, campaign: Campaign) -> tuple[Ranges, ...]:
    """When it may dial on a day that is no holiday, as if all clocks were one."""
    calendar = house.calendars.get(campaign.hours)
    ours = _weekly(calendar) if calendar is not None else (ANY,) * 7
    theirs = campaign.local_hours or (ANY,) * 7
    law = campaign.profile.hours.weekly
    return tuple(both(both(law[day], theirs[day]), ours[day]) for day in range(7))


def _weekly(calendar: Calendar) -> tuple[Ranges, ...]:
    """Ranges over midnight, in the day in which each part lies."""
    days: list[list[tuple[int, int]]] = [[] for _ in range(7)]
    for day, ranges in enumerate(calendar.weekly):
        for start, end in ranges:
            days[day].append((start, end if start < end else DAY_END))
            if end <= start:
                days[(day + 1) % 7].append((0, end))
    return tuple(tuple(each) for each in days)


def _hours(before: tuple[Ranges, ...], after: tuple[Ranges, ...]) -> Iterator[str]:
    """Days that change alike are told together."""
    days: dict[str, list[int]] = {}
    for day in range(7):
        if before[day] != after[day]:
            days.setdefault(_otherwise(before[day], after[day]), []).append(day)
    opens = [day for day in range(7) if before[day] or after[day]]
    for what, which in days.items():
        yield what.replace(" {on}", "" if which == opens else f" on {', '.join(ON[day] for day in which)}")


def _otherwise(before: Ranges, after: Ranges) -> str:
    if not after:
        return "does not dial any more {on}"
    if not before:
        return f"dials {written(after)} {{on}}, where it did not"
    if before[0][0] == after[0][0] and before[:-1] == after[:-1]:
        return f"stops dialling at {clock(after[-1][1])} instead of {clock(before[-1][1])} {{on}}"
    if before[-1][1] == after[-1][1] and before[1:] == after[1:]:
        return f"begins to dial at {clock(after[0][0])} instead of {clock(before[0][0])} {{on}}"
    return f"dials {written(after)} instead of {written(before)} {{on}}"
