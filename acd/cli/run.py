"""``acd run``: the contact centre, until it is told to end."""

import signal
from pathlib import Path

import click
import gevent
from gevent.event import Event as Flag

from acd.app import App
from acd.banner import banner
from acd.beyond import opened_of
from acd.cli.files import config_option, problems_shown
from acd.cli.place import home_option
from acd.embedded import Embedded, SwitchNotStarted, embedded_switches
from acd.live.disk import AlreadyRunning
from acd.live.greenlets import spawn
from acd.live.segments import DamagedJournal
from acd.loading import secrets_of
from acd.logs import log_to_stderr
from acd.nodes import write_users
from acd.places import Places
from acd.records.upgrade import DatabaseRefused
from acd.sounds import failsafe_announcement, prompts_of
from acd.standby import Entrance
from acd.starting import Started, start_with
from acd.web.server import SocketTaken

WRONG = (AlreadyRunning, DamagedJournal, DatabaseRefused, SocketTaken, SwitchNotStarted)


class Told:
    """What signals said, also before there is a house to tell."""

    def __init__(self) -> None:
        self.ended = Flag()
        self.interrupted = False
        self.app: App | None = None

    def listen(self) -> None:
        gevent.signal_handler(signal.SIGTERM, self.end)
        gevent.signal_handler(signal.SIGINT, self.interrupt)
        gevent.signal_handler(signal.SIGHUP, self.apply)

    def end(self) -> None:
        self.ended.set()
        if self.app is not None:
            self.app.end()

    def interrupt(self) -> None:
        self.interrupted = True
        self.end()

    def apply(self) -> None:
        if self.app is not None:  # who stands by reads the folder when it takes over
            spawn("apply", self.app.apply, "SIGHUP", on_died=lambda name, error: None)


@click.command()
@config_option
@home_option
@click.option("--embedded", is_flag=True, help="Start the small switch that comes along where no other answers.")
@click.option("--standby", is_flag=True, help="Where another controller runs in this home, stand by for it.")
@click.option("--salvage", is_flag=True, help="Go on with a damaged journal, without the lines that cannot be read.")
@click.option("--log-level", type=click.Choice(["DEBUG", "INFO", "WARNING", "ERROR"]), default="INFO", show_default=True)
def run(config: Path, home: Path, embedded: bool, standby: bool, salvage: bool, log_level: str) -> None:
    """Start the contact centre. SIGTERM ends the controller and leaves calls up; SIGHUP applies what is in the folder.

    While the switches are another controller's it stands by.
    """
    log_to_stderr(log_level)
    places, told = Places(config=config, home=home.absolute()), Told()
    told.listen()
    try:
        with problems_shown():
            started = start_with(places, lambda loaded: (opened_of(loaded.configuration), secrets_of(loaded, places)))
            entrance = Entrance(places, started.loaded, secrets_of(started.loaded, places), wait_for_home=standby)
            code = _entered(places, started, entrance, told, embedded=embedded, salvage=salvage)
    except WRONG as wrong:
        raise click.ClickException(str(wrong)) from None
    raise click.exceptions.Exit(code)


def _entered(places: Places, started: Started, entrance: Entrance, told: Told, *, embedded: bool, salvage: bool) -> int:
    switches = _switches(places, started) if embedded else []
    try:
        if not entrance.enter(told.ended):
            return 0
        told.app = App(places, salvage=salvage, ownership=entrance.ownership, lock=entrance.lock)
        return _lived(told.app, told)
    finally:
        entrance.leave()
        if told.interrupted:  # Ctrl-C: whoever tries it out wants all of it gone
            for switch in switches:
                switch.stop()


def _switches(places: Places, started: Started) -> list[Embedded]:
    """Running. A switch must be there before it can be ours."""
    loaded = started.loaded
    secrets = secrets_of(loaded, places)
    write_users(places, loaded, secrets)
    announcement = failsafe_announcement(prompts_of(loaded.configuration, places), loaded, places.failsafe)
    switches = embedded_switches(loaded.configuration, secrets, places, announcement)
    for switch in switches:
        switch.start()
    return switches


def _lived(app: App, told: Told) -> int:
    try:
        if told.ended.is_set():
            return 0
        app.start()
        click.echo(banner(app.loaded, app.places))
        return app.wait()
    finally:
        app.stop()
