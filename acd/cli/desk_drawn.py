"""A desk as it is shown: a panel in a terminal, one line elsewhere. Draws what the control socket answers; asks nothing."""

from typing import Any

from rich.console import Group
from rich.panel import Panel
from rich.text import Text

from acd.cli import show
from acd.cli.agents import doing, next_of

Found = dict[str, Any]
KEYS = "r ready   n not ready   d what came of the talk   h hold or resume   q goodbye"


def in_words(found: Found, said: str = "") -> str:
    """``ready``, ``offered: +4930… (sales, waited 0:31) rings``, ``talking: …; next not_ready (lunch)``."""
    parts = [f"{found['state']} ({found['reason']})" if found["reason"] else str(found["state"])]
    if (customer := customer_words(found)) and not said:
        parts[0] += f": {customer}"
    if found["pending"]:
        parts.append(f"next {next_of(found)}")
    return "; ".join([*parts, *([said] if said else [])])


def customer_words(found: Found) -> str:
    """Who rings, or talks; without what changes every second."""
    customer = found["customer"]
    if customer is None:
        return ""
    if customer["kind"] == "consult":
        return f"a colleague asks ({customer['queue']}), for {_who(customer)}"
    return f"{_who(customer)} ({customer['queue']}, waited {show.span(customer['waited_s'])})"


def _who(customer: Found) -> str:
    name = f" {customer['name']}" if customer["name"] and customer["name"] != customer["number"] else ""
    return f"{customer['number'] or 'number withheld'}{name}"


def panel(found: Found, said: str) -> Panel:
    lines = [_state(found)]
    if customer := customer_words(found):
        lines += [Text(""), _customer(found, customer)]
    if found["customer"] and found["customer"]["tags"]:
        tags = "  ".join(f"{name}: {value}" for name, value in found["customer"]["tags"].items())
        lines.append(Text(show.printable(tags), style="dim"))
    if found["pending"]:
        lines += [Text(show.printable(f"when this is over: {next_of(found).replace('_', ' ')}"), style="yellow")]
    lines += [Text(""), Text(show.printable(_lines(found)), style="dim")]
    lines += [Text(show.printable(said), style="bold") if said else Text(KEYS, style="dim")]
    return Panel(Group(*lines), title=Text(show.printable(f"{found['name']} ({found['agent']})")), title_align="left")


def _state(found: Found) -> Text:
    word = Text(show.printable(doing(found)).replace("_", " ").upper(), style=show.COLOURS.get(found["state"], ""))
    why = f" {found['reason'].replace('_', ' ')}" if found["reason"] else ""
    since = f" for {show.span(found['for_s'])}" if found["for_s"] is not None else ""
    ends = f", {show.span(found['ends_in_s'])} left" if found["ends_in_s"] is not None and found["state"] == "wrap_up" else ""
    phone = "" if found["registered"] or not found["phones"] else "   the phone is not there"
    return word.append(show.printable(f"{why}{since}{ends}{phone}"), style="default")


def _customer(found: Found, words: str) -> Text:
    customer, talk = found["customer"], found["talk"]
    if customer["talks_s"] is None:
        return Text(show.printable(f"RINGS  {words}   for {show.span(customer['rings_s'])}"), style="bold yellow")
    more = f"   {talk['state']}" if talk["state"] not in ("", "talking") else ""
    more += f" with {talk['colleague']}" if talk["colleague"] else ""
    return Text(show.printable(f"TALK  {words}   {show.span(customer['talks_s'])}{more}"), style="bold cyan")


def _lines(found: Found) -> str:
    waiting = "   ".join(f"{line['queue']} {line['waiting']}" for line in found["lines"])
    return f"waiting: {waiting}" if waiting else "in no queue"
