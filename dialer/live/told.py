"""PURE: news of a lead as an event of the stream (docs/CAMPAIGNS.md). Text of strangers stays what it is: the value of a key."""

from collections.abc import Mapping
from typing import Any

from acd.config.configuration import Configuration
from dialer.core.news import News, What

OWN = "lead_"
FIXED = ("lead_key", "lead_name")


def told_of(news: News, house: Configuration) -> tuple[str, Mapping[str, Any]]:
    """Its name, and what it says. A key that does not apply is null."""
    found: dict[str, Any] = {
        "agent": news.agent,
        "campaign": news.campaign,
        "attempt": news.attempt,
        "call": news.call,
        "number": news.number or None,
        "lead": lead_of(news.tags),
    }
    if news.what in (What.SHOWN, What.OFFERED):
        found |= {"guide": news.guide, "dispositions": _dispositions(news, house)}
    if news.said is not None:
        found |= {"disposition": news.said.disposition, "by": news.said.by or None, "call_at": news.said.call_at}
    return news.what.value, found


def lead_of(tags: Mapping[str, str]) -> dict[str, Any] | None:
    if "lead" not in tags:
        return None
    fields = {name.removeprefix(OWN): value for name, value in tags.items() if name.startswith(OWN) and name not in FIXED}
    return {"id": tags["lead"], "key": tags.get("lead_key", ""), "name": tags.get("lead_name", ""), "fields": fields}


def _dispositions(news: News, house: Configuration) -> dict[str, Any]:
    """What the agent may say came of it: by phone, and what the campaign makes of the lead by it."""
    queue, rules = house.policy.queues.get(news.queue) if news.queue is not None else None, house.campaigns.get(news.campaign)
    if queue is None:
        return {}
    return {
        name: {"code": code, "then": rules.after(name).then.value if rules is not None else None}
        for name, code in queue.dispositions.items()
    }
