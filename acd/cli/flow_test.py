"""``acd flow test``: the tests that stand beside the flows, in milliseconds and without a switch."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from acd.cli.files import problems_shown
from acd.cli.flow_files import flows_options, library_of
from acd.cli.show import printable, table
from acd.config.document import Problem, Refused
from acd.ivr.flow import Flow
from acd.rehearsal.coverage import coverage_of
from acd.rehearsal.load import SUFFIX, FlowTest, files_of_tests, load_tests
from acd.rehearsal.run import Result, junit, run
from acd.words import FlowId


@click.command()
@flows_options
@click.option("--junit", "report", type=click.Path(path_type=Path, dir_okay=False), help="Write a JUnit report here.")
@click.option("--least", type=click.IntRange(0, 100), default=0, help="Fail below so many per cent of steps walked.")
@click.option("-v", "--verbose", is_flag=True, help="Tell of every test, also of what the caller heard where one fails.")
@click.argument("names", nargs=-1, metavar="[FLOW]...")
def flow_test(config: Path, folder: Path | None, report: Path | None, least: int, verbose: bool, names: Sequence[str]) -> None:
    """Run the tests of all flows, or of some. Exit code 1 when one is not true."""
    with problems_shown():
        library, place = library_of(config, folder)
        tests = _tests(place, names, library.flows)
    results = run(tests, library, time.perf_counter)
    for result in results:
        _tell(result, verbose)
    tested = {result.test.flow for result in results}
    covered = coverage_of(
        {id: flow for id, flow in library.flows.items() if not names or id in tested},
        [result.stage for result in results if result.stage is not None],
    )
    click.echo()
    table(
        ["flow", "steps", "exits", "never walked"],
        [(c.flow, f"{c.steps_walked}/{c.steps}", f"{c.exits_walked}/{c.exits}", _few(c.never)) for c in covered],
        empty="no flow",
    )
    if report is not None:
        report.write_text(junit(results), encoding="utf-8")
    wrong = sum(not result.is_true for result in results)
    took_s = sum(result.took_s for result in results)
    click.echo(f"\n{len(results)} tests, {wrong} untrue, {took_s:.3f} s")
    steps, walked = sum(c.steps for c in covered), sum(c.steps_walked for c in covered)
    if steps and walked * 100 < least * steps:
        click.echo(f"{walked} of {steps} steps were walked, {least} % are asked for", err=True)
        raise click.exceptions.Exit(1)
    if wrong:
        raise click.exceptions.Exit(1)


def _tests(place: Path, names: Sequence[str], flows: Mapping[FlowId, Flow]) -> list[FlowTest]:
    """Raises Refused with the problems of all files."""
    files = [file for file in files_of_tests(place) if not names or file.name.removesuffix(SUFFIX) in names]
    missing = sorted(place / f"{name}{SUFFIX}" for name in {*names} - {file.name.removesuffix(SUFFIX) for file in files})
    problems = [Problem(file=str(file), line=1, column=1, what="there is no such file") for file in missing]
    tests: list[FlowTest] = []
    for file in files:
        try:
            tests += load_tests(file, flows)
        except Refused as refused:
            problems += refused.problems
    if problems:
        raise Refused(problems)
    return tests


def _tell(result: Result, verbose: bool) -> None:
    if result.is_true:
        if verbose:
            click.echo(f"{click.style('true', fg='green')}    {result.test.flow}: {printable(result.test.name)}")
        return
    click.echo(f"{click.style('UNTRUE', fg='red')}  {result.test.flow}: {printable(result.test.name)}")
    click.echo(f"        {result.place}: {printable(result.wrong)}")
    for heard in result.stage.heard if verbose and result.stage else ():
        click.echo(f"          {heard.step}: {printable(heard.text)}")


def _few(never: tuple[str, ...]) -> str:
    return ", ".join(never[:6]) + (f" and {len(never) - 6} more" if len(never) > 6 else "")
