"""``acd run``: the contact centre, until it is told to end."""

import signal
from pathlib import Path

import click
import gevent

from acd.app import App
from acd.banner import banner
from acd.cli.files import config_option, problems_shown
from acd.cli.place import home_option
from acd.embedded import Embedded, SwitchNotStarted, embedded_switches
from acd.live.disk import AlreadyRunning
from acd.live.greenlets import spawn
from acd.live.segments import DamagedJournal
from acd.logs import log_to_stderr
from acd.places import Places
from acd.records.upgrade import DatabaseRefused
from acd.sounds import failsafe_announcement
from acd.web.server import SocketTaken

WRONG = (AlreadyRunning, DamagedJournal, DatabaseRefused, SocketTaken, SwitchNotStarted)


@click.command()
@config_option
@home_option
@click.option("--embedded", is_flag=True, help="Start the small switch that comes along where no other answers.")
@click.option("--salvage", is_flag=True, help="Go on with a damaged journal, without the lines that cannot be read.")
@click.option("--log-level", type=click.Choice(["DEBUG", "INFO", "WARNING", "ERROR"]), default="INFO", show_default=True)
def run(config: Path, home: Path, embedded: bool, salvage: bool, log_level: str) -> None:
    """Start the contact centre. SIGTERM ends the controller and leaves calls up; SIGHUP applies what is in the folder."""
    log_to_stderr(log_level)
    places = Places(config=config, home=home.absolute())
    try:
        with problems_shown():
            app = App(places, salvage=salvage)
        code = _lived(app, embedded)
    except WRONG as wrong:
        raise click.ClickException(str(wrong)) from None
    raise click.exceptions.Exit(code)


def _lived(app: App, embedded: bool) -> int:
    switches: list[Embedded] = []
    interrupted: list[int] = []
    try:
        _listen(app, interrupted)
        app.nodes.write_directory(app.loaded, app.secrets)
        if embedded:
            announcement = failsafe_announcement(app.prompts, app.loaded, app.places.failsafe)
            switches = embedded_switches(app.loaded.configuration, app.secrets, app.places, announcement)
            for switch in switches:
                switch.start()
        app.start()
        click.echo(banner(app.loaded, app.places))
        return app.wait()
    finally:
        app.stop()
        if interrupted:  # Ctrl-C: whoever tries it out wants all of it gone
            for switch in switches:
                switch.stop()


def _listen(app: App, interrupted: list[int]) -> None:
    def interrupt() -> None:
        interrupted.append(1)
        app.end()

    gevent.signal_handler(signal.SIGTERM, app.end)
    gevent.signal_handler(signal.SIGINT, interrupt)
    gevent.signal_handler(signal.SIGHUP, lambda: spawn("apply", app.apply, "SIGHUP", on_died=lambda name, error: None))
