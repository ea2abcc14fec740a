"""What all reports have in common: which time, by whose clock, of whom, and in which form."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import click

from acd.cli import show
from acd.cli.place import database_option, home_option, json_option, moment, records
from acd.config.document import Refused
from acd.config.kinds import zone as known_zone
from acd.config.load import load
from acd.measures.definition import Unit
from acd.measures.intervals import Cut, Every, cut_of
from acd.places import DEFAULT_CONFIG
from acd.records.counting import Scope
from acd.records.reader import Reader
from acd.reports.table import Column, Kind, Report, as_csv, iso, plain
from acd.words import EntryKind

OPTIONS = ("home", "database", "config", "since", "until", "queue", "agent", "kind", "every", "zone", "json_", "csv_", "formulas")
KIND = "Who stood in the line: callers, colleagues who asked, callbacks."
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked for on the command line. ``zones`` by queue; None is the clock of the machine."""

    home: Path
    database: str | None
    scope: Scope
    every: Every | None
    zone: tzinfo | None
    zones: Mapping[str, tzinfo]
    form: str
    formulas: bool
    config: Path

    def zone_of(self, queue: str) -> tzinfo | None:
        return self.zones.get(queue, self.zone)

    @property
    def cut(self) -> Cut | None:
        """How the database cuts the time: as the one zone does; finer where queues are in several."""
        if self.every is None:
            return None
        if any(zone != self.zone for zone in self.zones.values()):
            return Cut()
        return cut_of(self.every, self.zone, self.scope.since, self.scope.until)

    @property
    def region(self) -> str:
        """Where numbers without a country are dialled; '' of a folder that cannot be read."""
        try:
            return load(self.config).policy.outbound.region
        except Refused:
            return ""

    @contextmanager
    def reader(self) -> Iterator[Reader]:
        with records(self.home, self.database) as reader:
            yield reader

    def show(self, name: str, report: Report) -> None:
        if self.form == "json":
            since, until = (iso(at, self.zone) for at in (self.scope.since, self.scope.until))
            whose = {"queue": self.scope.queue, "agent": self.scope.agent, "kind": self.scope.kind, "every": self.every}
            show.as_json({"report": name, "since": since, "until": until, **whose, **plain(report)})
        elif self.form == "csv":
            click.echo(as_csv(report), nl=False)
        else:
            printed(report, formulas=self.formulas)


def asking(*, intervals: bool = False) -> Callable[[F], Callable[..., Any]]:
    """Gives the command an ``Asked`` in place of all these options."""

    def wrapped(command: F) -> Callable[..., Any]:
        def run(**given: Any) -> Any:
            mine = {name: given.pop(name, None) for name in OPTIONS}
            return command(asked(**mine), **given)

        run.__doc__, run.__name__ = command.__doc__, command.__name__
        options = [
            click.option("--since", default="today", show_default=True, help="From when: 2h, 7d, today, yesterday, 2026-03-29 …"),
            click.option("--until", default="now", show_default=True, help="Until before when."),
            click.option("--queue", default="", help="Only of this queue."),
            click.option("--agent", default="", help="Only of this agent."),
            click.option("--kind", type=click.Choice([kind.value for kind in EntryKind]), default="call", show_default=True, help=KIND),
            click.option(
                "--zone", default="", help="By the clock of this zone, such as Europe/Berlin; else the house's and its queues'."
            ),
            click.option("--formula", "formulas", is_flag=True, help="The formula and the id of the definition of each number."),
            click.option("--csv", "csv_", is_flag=True, help="CSV; seconds and shares are plain numbers."),
            click.option(
                "--config",
                type=click.Path(path_type=Path, file_okay=False),
                envvar="ACD_CONFIG",
                default=DEFAULT_CONFIG,
                show_default=True,
                help="The folder with acd.yaml, where the zones stand (or $ACD_CONFIG).",
            ),
        ]
        if intervals:
            kinds = click.Choice([each.value for each in Every])
            options.append(click.option("--by", "every", type=kinds, help="By interval, as the clock of the queue cuts them."))
        for option in options:
            run = option(run)
        return json_option(database_option(home_option(run)))

    return wrapped


def asked(
    *, home: Path, database: str | None, config: Path, since: str, until: str, queue: str, agent: str, kind: str, every: str | None,
    zone: str, json_: bool, csv_: bool, formulas: bool,
) -> Asked:  # fmt: skip
    whole, zones = zones_of(config, zone)
    now = time.time()
    scope = Scope(since=moment(since, whole, now), until=moment(until, whole, now), queue=queue, agent=agent, kind=kind)
    if scope.until <= scope.since:
        raise click.ClickException(f"--until {until} is not after --since {since}")
    form = "json" if json_ else "csv" if csv_ else "table"
    return Asked(
        home=home,
        database=database,
        scope=scope,
        every=Every(every) if every else None,
        zone=whole,
        zones=zones,
        form=form,
        formulas=formulas,
        config=config,
    )


def zones_of(config: Path, wanted: str) -> tuple[tzinfo | None, Mapping[str, tzinfo]]:
    """The house's zone (else that of its calendars, where they agree), and those of the queues that have hours.

    A folder that cannot be read is no reason not to report: then the machine's clock is taken.
    """
    if wanted:
        try:
            return ZoneInfo(known_zone(wanted)), {}
        except ValueError as error:
            raise click.ClickException(f"--zone: {error}") from None
    try:
        configuration = load(config)
    except Refused:
        return None, {}
    calendars, queues = configuration.calendars, configuration.policy.queues
    zones = {str(id): ZoneInfo(calendars[queue.hours].zone) for id, queue in queues.items() if queue.hours in calendars}
    of_all = {calendar.zone for calendar in calendars.values()}
    whole = configuration.zone or (of_all.pop() if len(of_all) == 1 else None)
    return ZoneInfo(whole) if whole else None, zones


def printed(report: Report, *, formulas: bool) -> None:
    show.table(
        [column.name for column in report.columns],
        ([cell(column, value, report.zone) for column, value in zip(report.columns, row, strict=True)] for row in report.rows),
        empty="nothing is recorded of that time",
    )
    if report.about:
        click.echo()
    for definition, value in report.about:
        click.echo(f"{definition.name}: {_figure(definition.unit, value) or '-'}")
    for note in report.notes:
        click.echo(f"note: {note}")
    if formulas:
        click.echo()
    for definition in report.definitions if formulas else ():
        click.echo(f"{definition.name} [{definition.id}] = {definition.formula}")
        for more in (*definition.parameters, *([definition.source] if definition.source else [])):
            click.echo(f"    {more}")


def cell(column: Column, value: Any, zone: tzinfo | None) -> str | None:
    if value is None:
        return None
    if column.unit is Kind.INSTANT:
        return iso(value, zone)
    return _figure(column.unit, value)


def _figure(unit: Unit | Kind, value: Any) -> str | None:
    match unit:
        case Unit.SHARE:
            return show.percent(value)
        case Unit.SECONDS:
            return show.span(value)
        case Unit.NUMBER:
            return None if value is None else f"{value:.2f}"
    return str(value)
