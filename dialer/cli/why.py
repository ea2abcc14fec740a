"""``dialer why CAMPAIGN``: what keeps it from dialling more, by what numbers, and what holds each of its leads."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from acd.cli import control, show
from acd.cli.place import home_option, json_option
from dialer.core.held import LEADS

PERIODS = {86400.0: "24 hours", 30 * 86400.0: "30 days"}


@click.command()
@click.argument("campaign")
@json_option
@home_option
def why(campaign: str, home: Path, json_: bool) -> None:
    """What binds CAMPAIGN now, the forecast behind its last decision, what the law leaves, and its leads by what holds them."""
    found = control.get(home, "campaigns", campaign, "why")
    if json_:
        show.as_json(found)
        return
    for line in lines_of(found):
        click.echo(line)


def lines_of(found: dict[str, Any]) -> Iterator[str]:
    by = f", by {found['by']}" if found["by"] else ""
    yield f"{found['campaign']} is {found['state']} ({found['mode']}, law {found['law']}){by}"
    yield f"what binds it: {found['all_held'] or found['binds']}"
    if found["callers"]:
        yield f"callers who wait for its agents: {', '.join(f'{n} in {queue}' for queue, n in found['callers'].items())}"
    yield from _forecast(found["forecast"])
    for count in found["ledger"]:
        period = PERIODS.get(count["period_s"], f"{count['period_s']:g} s")
        yield (
            f"the last {period}: {count['abandoned']} of {count['answered']} who answered were abandoned ({count['rate']:.2%}, "
            f"at most {count['limit']:.2%}); {max(0, count['room'])} more may be"
        )
    for each in found["leads"]:
        until = f", the first until {show.local_time(each['until'])}" if each["until"] else ""
        yield f"{each['leads']:>7}{'+' if each['more'] else ' '} leads {LEADS.get(each['by'], each['by'])}{until}"
    if not found["leads"]:
        yield "no leads in its lists (dialer leads import)"


def _forecast(forecast: dict[str, Any]) -> Iterator[str]:
    if not forecast:
        return
    yield f"agents: {forecast['ready']} ready, {forecast['busy']} busy; lines: {forecast['ringing']} ring, {forecast['waiting']} wait"
    if "expected_answers" in forecast:
        yield (
            f"in the next {forecast['horizon_s']:.0f} s: {forecast['expected_answers']:.1f} answers and "
            f"{forecast['expected_free']:.1f} free agents expected; one more line would find nobody with a chance of "
            f"{forecast['risk']:.1%}, and {forecast['theta']:.1%} is borne now; "
            f"of a hundred dialled {100 * forecast['hit_ratio']:.0f} answer"
        )
