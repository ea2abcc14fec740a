"""``acd events``: what the house tells programs beside it, as it happens, a line of JSON each."""

import http.client
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import click

from acd.cli.control import NotRunning, UnixConnection
from acd.cli.place import control_socket, home_option

SILENT_S = 30.0
"""The house says something more often than that."""


@click.command()
@click.option("--agent", default="", help="Only what concerns this agent.")
@click.option("--since", type=click.IntRange(0), help="Begin after the event of this number; 0: with all that are kept.")
@home_option
def events(agent: str, since: int | None, home: Path) -> None:
    """What the house tells programs beside it, a line of JSON for each event, until it is interrupted."""
    for line in listened(control_socket(home), agent, since):
        if line.strip():
            click.echo(line, nl=False)


def listened(socket_path: Path, agent: str = "", since: int | None = None) -> Iterator[str]:
    """Lines as they come; empty ones say that the house is there. Raises NotRunning, ClickException."""
    asked = {name: str(value) for name, value in (("agent", agent or None), ("since", since)) if value is not None}
    connection = UnixConnection(socket_path, SILENT_S)
    try:
        connection.request("GET", f"/v1/events?{urlencode(asked)}")
        response = connection.getresponse()
        if response.status != 200:
            raise click.ClickException(response.read().decode(errors="replace").strip())
        while line := response.readline():
            yield line.decode()
        raise click.ClickException("the house has ended")
    except (FileNotFoundError, ConnectionRefusedError):
        raise NotRunning(f"no controller is running at {socket_path} (start one: acd run; or say where: --home)") from None
    except (OSError, http.client.HTTPException) as error:
        raise click.ClickException(f"{socket_path}: {error or type(error).__name__}") from None
    finally:
        connection.close()
