"""``acd desk AGENT``: a small desk in the terminal. It keeps the desk's lease as long as it runs.

Ctrl-C and q say goodbye. A terminal that is closed, or a process that is killed, says nothing: then the lease runs out.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from acd.cli import control, show
from acd.cli.desk_drawn import in_words, panel
from acd.cli.desk_keys import Pressed, keys
from acd.cli.hours import whoever
from acd.cli.place import home_option

LOOK_S = 0.5
AGAIN_S = 1.0
"""A controller that does not answer is tried again so soon: it may be starting."""
KEPT_TIMES = 3
"""So often in a lease the desk says that it is there: one word may be lost."""

Found = dict[str, Any]
QUIT = "q"


class Desk:
    """One agent's desk: what it asks of the controller, and what it knows."""

    def __init__(self, home: Path, agent: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.home, self.agent, self._clock = home, agent, clock
        self._keep_at = 0.0
        self.found: Found = {}
        self.said = ""  # what came of the last wish, or why the controller cannot be reached
        self.choices: dict[str, tuple[str, dict[str, str]]] = {}  # a key -> (wish, what goes with it), while one is to be chosen
        self.asks = ""  # for what

    def look(self) -> Found:
        """What stands now; and that we are there, when it is time to say so. Raises Refused when there is no such agent."""
        try:
            if self._clock() >= self._keep_at:
                self._keep()
            else:
                self.found = control.get(self.home, "agents", self.agent, "desk")
            if self.found["desk"] != "open":  # lost while this machine slept, or closed by another window
                self._keep()
        except control.Refused as refused:
            if refused.status == 404:
                raise
            self._away(refused)
        except click.ClickException as error:
            self._away(error)
        return self.found

    def _keep(self) -> None:
        asked_at = self._clock()
        self.found = control.asked(self.home, "PUT", ("agents", self.agent, "desk"), None)
        self._keep_at = asked_at + self.found["lease_s"] / KEPT_TIMES
        self.said = "" if self.said.startswith("no word") else self.said

    def _away(self, error: click.ClickException) -> None:
        """Calls go on without a controller, and so does the desk: it says that it is there as soon as it can."""
        if not self.found:
            raise error
        self._keep_at = 0.0
        self.said = f"no word from the controller ({error.message}); trying again"

    def press(self, key: str) -> bool:
        """Do what a key stands for; False when the desk is to be left."""
        choices, self.choices, self.asks = self.choices, {}, ""
        if key in choices:
            self._ask(choices[key][0], **choices[key][1])
        elif key == QUIT:
            return False
        elif key == "r":
            self._ask("ready")
        elif key == "n":
            self._choose("not ready, why", "not-ready", "reason", {str(n): r for n, r in enumerate(self.found["reasons"][:9], start=1)})
        elif key == "d":
            digits = {digits: name for name, digits in self.found["dispositions"].items() if len(digits) == 1}
            self._choose("what came of it", "dispose", "reason", digits)
        elif key == "h":
            holds = self.found["talk"]["holds"]
            self._ask("talk", "resume" if holds else "hold")
        return True

    def _choose(self, asks: str, wish: str, key: str, names: dict[str, str]) -> None:
        if not names:
            return self._ask(wish) if wish == "not-ready" else None
        self.asks = f"{asks}: " + "  ".join(f"{one} {name}" for one, name in names.items())
        self.choices = {one: (wish, {key: name}) for one, name in names.items()}

    def _ask(self, *wish: str, **more: str) -> None:
        try:
            control.post(self.home, "agents", self.agent, *wish, by=whoever(), **more)
            self.said = ""
        except click.ClickException as error:
            self.said = error.message

    def leave(self) -> str:
        """Say goodbye; what its agent is now."""
        try:
            found = control.asked(self.home, "DELETE", ("agents", self.agent, "desk"), None)
        except click.ClickException as error:
            return f"the desk could not say goodbye: {error.message}"
        if found["state"] == "logged_out":
            return f"goodbye; {self.agent} is logged out"
        return (
            f"goodbye; {self.agent} is still logged in ({in_words(found)}) and calls ring at the phone as before. "
            f"To log out: acd agent log-out {self.agent}"
        )


@click.command()
@click.argument("agent")
@home_option
def desk(agent: str, home: Path) -> None:
    """What AGENT does, who rings and the talk, live; with keys for ready, not ready, hold and what came of a talk.

    While it runs the contact centre knows that the desk is there. Killed, or its terminal closed, the agent is not ready
    (desk_lost) when the lease is over, after the talk that they are in; started again, they are what they were. Ctrl-C says
    goodbye: the agent stays logged in and works by phone alone.
    """
    here = Desk(home, agent)
    here.look()
    try:
        if sys.stdout.isatty():
            _live(here)
        else:
            _lines(here)
    except KeyboardInterrupt:
        pass
    click.echo(show.printable(here.leave()))


def _live(here: Desk) -> None:
    from rich.live import Live

    with keys() as pressed, Live(auto_refresh=False, transient=True) as live:
        while True:
            live.update(panel(here.look(), here.said or here.asks), refresh=True)
            if not _pressed(here, pressed):
                return


def _lines(here: Desk) -> None:
    """A line for each change, for a pipe or a log."""
    last = ""
    with keys() as pressed:
        while True:
            now = in_words(here.look(), here.said)
            if now != last:
                click.echo(show.printable(now))
                last = now
            if not _pressed(here, pressed):
                return


def _pressed(here: Desk, pressed: Pressed) -> bool:
    key = pressed(AGAIN_S if here.said.startswith("no word") else LOOK_S)
    return here.press(key) if key else True
