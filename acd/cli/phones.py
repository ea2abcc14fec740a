"""``acd phones``: what to type into the agents' phones."""

from pathlib import Path

import click

from acd.cli import show
from acd.cli.files import config_option, problems_shown
from acd.cli.place import home_option, json_option
from acd.loading import load_all, secrets_of
from acd.places import Places


@click.command()
@json_option
@config_option
@home_option
def phones(config: Path, home: Path, json_: bool) -> None:
    """User, password and server of every agent's phone (passwords are made the first time they are asked for)."""
    with problems_shown():
        loaded = load_all(config)
        passwords = secrets_of(loaded, Places(config=config, home=home)).phones
    node = next(iter(loaded.configuration.nodes.values()))
    server = f"{node.phones[0]}:{node.phones[1]}"
    rows = [
        {"agent": a.id, "name": a.name, "user": phone, "password": passwords[phone], "domain": node.domain, "server": server}
        for a in loaded.policy.agents.values()
        for phone in a.devices
    ]
    rows += [
        {"agent": s.id, "name": s.name, "user": s.phone, "password": passwords[s.phone], "domain": node.domain, "server": server}
        for s in loaded.policy.supervisors.values()
        if s.phone not in loaded.policy.agent_of_phone
    ]
    if json_:
        show.as_json(rows)
        return
    columns = ["agent", "name", "user", "password", "domain", "server"]
    show.table(columns, ([row[column] for column in columns] for row in rows), empty="no agents are configured")
    click.echo("In the phone: the user as user and authentication name, the domain as SIP domain, the server as proxy (UDP).")
