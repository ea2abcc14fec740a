"""``acd flow try``: a flow in the terminal, with you as the caller, and with the clock and the answers of your choice."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from acd.cli.files import problems_shown
from acd.cli.flow_files import flows_options, library_of
from acd.cli.show import printable
from acd.config.document import Refused
from acd.config.sentences import one_of, perhaps
from acd.core.commands import ListMessages, MarkMessage
from acd.ivr.library import FlowLibrary
from acd.ivr.load import load_file
from acd.ivr.mailbox import Lying
from acd.ivr.mailbox import values as values_of
from acd.rehearsal.load import moment
from acd.rehearsal.scenery import Scenery
from acd.rehearsal.script import CAUSES
from acd.rehearsal.stage import Person, Stage
from acd.words import FlowId

DIGITS = set("0123456789*#")
HELP = """  digits      press them                      Enter    say and press nothing
  8s          speak for so long (recordings)  q        hang up
  =NAME       leave the queue by that exit    v        show variables and contact data"""


@click.command()
@flows_options
@click.option("--at", default="", help="'tuesday 10:05' or '2026-12-24 10:05'; left out: now.")
@click.option("--zone", default="", help="The time zone of --at, e.g. Europe/Berlin; left out: UTC.")
@click.option("--caller", default="+15550100", show_default=True, help="The caller's number; '' for an anonymous one.")
@click.option("--dialled", default="100", show_default=True)
@click.option("--agent", default="", help="The agent whose phone calls, for flows of feature codes.")
@click.option("--set", "variables", multiple=True, metavar="NAME=VALUE", help="A variable that an earlier flow has set.")
@click.option("--calendar", "calendars", multiple=True, metavar="NAME=open|closed", help="A calendar, opened or closed by hand.")
@click.option("--refuse", "refused", multiple=True, metavar="NAME", help="What is refused: a step, or a wish such as look.")
@click.argument("flow")
def flow_try(
    config: Path,
    folder: Path | None,
    at: str,
    zone: str,
    caller: str,
    dialled: str,
    agent: str,
    variables: tuple[str, ...],
    calendars: tuple[str, ...],
    refused: tuple[str, ...],
    flow: str,
) -> None:
    """Walk through FLOW (its name, or a file) as a caller."""
    with problems_shown():
        library, id = _found(config, folder, flow)
    person = Person(number=caller, dialled=dialled, agent=agent)
    scenery = Scenery(calendars=_pairs(calendars))
    refusals = dict.fromkeys(refused, "not here")
    stage = Stage(library=library, at=_at(at, zone), person=person, scenery=scenery, refusals=refusals)
    stage.begin(id, _pairs(variables))
    click.echo(HELP + "\n")
    Visit(stage).run()


def _found(config: Path, folder: Path | None, flow: str) -> tuple[FlowLibrary, FlowId]:
    """Raises Refused, and click's own for a flow that is not there."""
    file = Path(flow)
    if file.suffix == ".yaml" and file.is_file():
        try:
            library, place = library_of(config, folder)
            if place.resolve() == file.resolve().parent:
                return library, FlowId(file.stem)
        except Refused:
            if folder is not None:
                raise
        found = load_file(file)
        return FlowLibrary(flows={found.id: found}), found.id
    library, _ = library_of(config, folder)
    if flow not in library.flows:
        names = sorted(str(name) for name in library.flows)
        raise click.BadParameter(f"there is no flow {flow!r}{perhaps(flow, names)}; {one_of(names)}")
    return library, FlowId(flow)


def _at(at: str, zone: str) -> float:
    if not at:
        return datetime.now(UTC).timestamp()
    try:
        return moment(at).replace(tzinfo=ZoneInfo(zone or "UTC")).timestamp()
    except (ValueError, OSError, KeyError) as error:
        raise click.BadParameter(str(error)) from None


def _pairs(written: tuple[str, ...]) -> dict[str, str]:
    pairs = [one.partition("=") for one in written]
    if odd := [name for name, sign, _ in pairs if not sign or not name]:
        raise click.BadParameter(f"found {odd[0]!r}; NAME=VALUE is needed")
    return {name: value for name, _, value in pairs}


class Visit:
    """One walk through a flow: tells what happens, asks what the caller does."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.told = 0
        self.walked = 0

    def run(self) -> None:
        while not self.stage.is_over:
            self._tell()
            if not self._needs_nobody():
                self._ask()
        self._tell()
        how = self.stage.ended.cause if self.stage.ended else "you hung up"
        click.echo(click.style(f"-- the call is over: {how}", dim=True))
        for message in self.stage.messages:
            click.echo(f"   a message of {message.seconds:g} s is in mailbox {message.mailbox!r}")
        for wish in self.stage.callbacks:
            click.echo(f"   {printable(wish.number)} is to be called back, from queue {wish.queue!r}")

    def _tell(self) -> None:
        stage = self.stage
        for one in stage.passed[self.walked :]:
            click.echo(click.style(f"   {one.flow}.{one.step} -> {one.exit}", dim=True))
        self.walked = len(stage.passed)
        for heard in stage.heard[self.told :]:
            click.echo(f"{click.style(_clock(heard.at), dim=True)} {click.style('you hear', fg='cyan')}  {printable(heard.text)}")
        self.told = len(stage.heard)

    def _needs_nobody(self) -> bool:
        """Prompts that may not be interrupted, and pauses, pass by themselves."""
        stage = self.stage
        if stage.is_over or stage.is_asked or stage.errand is not None:
            return stage.is_over
        if stage.playing is not None and not stage.is_endless:
            return False
        stage.pass_time()
        return True

    def _ask(self) -> None:
        stage = self.stage
        if stage.errand is not None:
            return self._errand()
        if stage.dialling is not None:
            outcome = click.prompt(f"  {stage.dialling.number} is dialled; what becomes of it", type=click.Choice([*CAUSES]))
            return stage.dialled(CAUSES[outcome])
        try:
            typed = input(click.style(f"{self._where()}> ", fg="yellow")).strip()
        except EOFError:
            return stage.hang_up()
        self._do(typed)

    def _where(self) -> str:
        stage = self.stage
        if stage.entry is not None:
            return f"in queue {stage.entry.queue} "
        if stage.recording is not None:
            return "you are recorded "
        return f"{stage.step} " if stage.is_asked else ""

    def _do(self, typed: str) -> None:
        stage = self.stage
        if typed == "q":
            stage.hang_up()
        elif typed == "v":
            frame = stage.call.frame
            for name, value in {**(frame.variables if frame else {}), **stage.call.tags}.items():
                click.echo(f"   {name} = {printable(value)!r}")
        elif typed.startswith("=") and stage.entry is not None:
            stage.leave_queue(typed[1:])
        elif typed and set(typed) <= DIGITS:
            for digit in typed:
                if not stage.is_over:
                    stage.press(digit)
        elif not typed:
            self._nothing()
        elif stage.recording is not None and typed.rstrip("s").replace(".", "", 1).isdigit():
            stage.record(float(typed.rstrip("s")))
        else:
            click.echo(HELP)

    def _nothing(self) -> None:
        stage = self.stage
        if stage.playing is not None and not stage.is_endless:
            stage.hear_out()
        elif stage.recording is not None:
            stage.record(0.0)
        elif stage.frame.deadline is not None and (stage.entry is None or stage.waiting is not None):
            stage.pass_time()
        elif stage.entry is not None:
            click.echo("   you wait; '=served' when an agent has talked to you, '=timed_out', '=no_agents', or a digit")

    def _errand(self) -> None:
        """Another system is asked: you are that system."""
        stage, errand = self.stage, self.stage.errand
        assert errand is not None
        if isinstance(errand, MarkMessage):
            return stage.answer()
        if isinstance(errand, ListMessages):
            count = click.prompt(f"  how many messages lie in mailbox {errand.mailbox}", default=1)
            there = (Lying(id=f"m{n}", left_at=stage.at - 3600 * n, seconds=10.0) for n in range(1, count + 1))
            return stage.answer(values=values_of(there))
        click.echo(f"  {type(errand).__name__}: {printable(getattr(errand, 'url', getattr(errand, 'table', '')))}")
        status = click.prompt("  its status (or timeout, unreachable, not_found, failed)", default="200")
        take = getattr(errand, "take", {})
        if not status.isdigit():
            return stage.answer(why=status)
        values = {name: click.prompt(f"  {name} ({path})", default="", show_default=False) for name, path in take.items()}
        stage.answer(status=int(status), values=values)


def _clock(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%H:%M:%S")
