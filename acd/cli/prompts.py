"""``acd prompts``: what callers hear in each language, and whether it is recorded. Writes nothing but the file of ``export``."""

import csv
from pathlib import Path

import click
from click.exceptions import Exit

from acd.cli.files import config_option, problems_shown
from acd.cli.place import home_option, json_option
from acd.cli.show import as_json, table
from acd.loading import load_all
from acd.places import Places
from acd.prompting import MISSING, Found, found_in
from acd.sounds import prompts_of

CSV = "prompts.csv"
SHOWN = 60


@click.group(invoke_without_command=True)
@config_option
@home_option
@json_option
@click.option("--missing", is_flag=True, help="Only what is missing; exit code 1 when something is.")
@click.pass_context
def prompts(context: click.Context, config: Path, home: Path, json_: bool, missing: bool) -> None:
    """Every prompt of the flows with its language and text: recorded, rendered by the speech engine, or missing."""
    if context.invoked_subcommand:
        return
    wanted = [one for one in _all(config, home) if not missing or one.state == MISSING]
    if json_:
        as_json([_row(one) for one in wanted])
    else:
        rows = [_shown(one) for one in wanted]
        table(("flow", "step", "language", "file", "text", "state"), rows, empty="nothing is missing" if missing else "no prompts")
    if missing and wanted:
        raise Exit(1)


@prompts.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.pass_context
def export(context: click.Context, folder: Path) -> None:
    """Write prompts.csv into FOLDER: file name, language and text of all that can be recorded, for whoever speaks them."""
    given = context.parent.params if context.parent else {}
    lines = list(dict.fromkeys(_line(one) for one in _all(given["config"], given["home"]) if one.written.file and one.text))
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / CSV).open("w", encoding="utf-8-sig", newline="") as file:  # the mark lets spreadsheets read umlauts
        writer = csv.writer(file)
        writer.writerow(("file", "language", "text"))
        writer.writerows(sorted(lines))
    click.echo(f"{folder / CSV}: {len(lines)} text{'s' if len(lines) != 1 else ''} with a name for the recording")


def _all(config: Path, home: Path) -> list[Found]:
    with problems_shown():
        loaded = load_all(config)
        return found_in(loaded, prompts_of(loaded.configuration, Places(config=config, home=home)))


def _line(one: Found) -> tuple[str, str, str]:
    """The file's name with its language's folder: put back as it is, the house finds it."""
    written = one.written
    return f"{written.language}/{written.file}.wav", written.language, _as_text(one.text)


def _as_text(text: str) -> str:
    """A spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def _row(one: Found) -> dict[str, str]:
    written = one.written
    return {
        "flow": written.flow.id,
        "step": written.step,
        "language": written.language,
        "file": written.file,
        "text": one.text,
        "state": one.state,
        "why": one.why,
    }


def _shown(one: Found) -> tuple[str, ...]:
    row = _row(one)
    text = row["text"] if len(row["text"]) <= SHOWN else row["text"][: SHOWN - 1] + "…"
    state = f"{row['state']} ({row['why']})" if row["why"] else row["state"]
    return row["flow"], row["step"], row["language"], row["file"], text, state
