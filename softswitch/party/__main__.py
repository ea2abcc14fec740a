"""``python -m softswitch.party``: starts virtual agents' phones and callers against a SIP server and says what
happens to them."""

import functools
import os
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import click
import gevent
import yaml

from softswitch.media import MediaEngine
from softswitch.media.spawn import spawn
from softswitch.party.caller import play
from softswitch.party.phone import Phone
from softswitch.party.script import (
    BadScript,
    CallerScript,
    HangUp,
    Manner,
    Press,
    Wait,
    WaitAnswered,
    read_caller,
    read_manner,
)
from softswitch.sip.transactions import Address

LONGEST_S = 86400.0
MAX_USERS = 200


class Place:
    """Where all commands make their phones: a server, an address of this machine, one media engine."""

    def __init__(self, *, server: str, host: str, domain: str, seed: int, for_s: float) -> None:
        self._server, self._domain, self._for_s = address(server), domain, for_s
        self._rng = random.Random(seed)
        self._engine = MediaEngine(host=host)
        self._engine.start()

    def phone(self, *, user: str, password: str, manner: Manner | None = None) -> Phone:
        return Phone(
            user=user,
            password=password,
            server=self._server,
            domain=self._domain,
            engine=self._engine,
            manner=manner,
            rng=random.Random(self._rng.random()),
            tell=say,
        )

    def run(self, phones: Sequence[Phone], plans: Sequence["Plan"]) -> None:
        """Until the time is over, or without phones until the last plan is; exits with 1 when a phone was refused."""
        everyone = [*phones, *(phone for phone, _, _ in plans)]
        for phone in everyone:
            phone.start()
        refused = [phone.user for phone in phones if phone.register() != 200]
        if refused:
            click.echo(f"not registered: {', '.join(refused)}", err=True)
        playing = [spawn(f"caller {phone.user}", _play_later, phone, script, after) for phone, script, after in plans]
        try:
            if phones:
                gevent.sleep(self._for_s)
            else:
                gevent.joinall(playing, timeout=self._for_s)
        except KeyboardInterrupt:
            click.echo("stopped")
        finally:
            gevent.killall(playing, timeout=2)
            for phone in phones:
                phone.unregister(timeout_s=1.0)
            for phone in everyone:
                phone.stop()
            self._engine.stop()
        if refused:
            sys.exit(1)


Plan = tuple[Phone, CallerScript, float]
"""Who plays what, and after how many seconds."""


def address(text: str) -> Address:
    """``host:port``; raises click.BadParameter."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise click.BadParameter(f"{text!r}; host:port is allowed")
    return host, int(port)


def users(text: str) -> Iterator[str]:
    """``1001``, ``1001,1005`` or ``1001-1010``."""
    for part in text.split(","):
        first, dash, last = part.partition("-")
        if dash and first.isdigit() and last.isdigit() and 0 <= int(last) - int(first) < MAX_USERS:
            yield from (str(number).zfill(len(first)) for number in range(int(first), int(last) + 1))
        elif dash:
            raise click.BadParameter(f"{part!r}; FIRST-LAST with at most {MAX_USERS} users is allowed")
        else:
            yield part.strip()


def say(who: str, what: str) -> None:
    click.echo(f"{who}: {what}")


@click.group(help=__doc__)
def main() -> None:
    return


COMMON = (
    click.option("--server", required=True, metavar="HOST:PORT", help="The SIP server."),
    click.option("--host", default="127.0.0.1", help="The address of this machine to use."),
    click.option("--domain", default="", help="The SIP domain, when it is not the server's address."),
    click.option("--seed", default=0, help="Of the random talk times."),
    click.option("--for", "for_s", default=LONGEST_S, help="Seconds after which everything ends."),
)


def at_a_place(command: Callable[..., None]) -> Callable[..., None]:
    """With the options that all commands have in common, which become its first argument."""

    @functools.wraps(command)
    def placed(server: str, host: str, domain: str, seed: int, for_s: float, **own: Any) -> None:
        command(Place(server=server, host=host, domain=domain, seed=seed, for_s=for_s), **own)

    for option in reversed(COMMON):
        placed = option(placed)
    return placed


@main.command()
@at_a_place
@click.option("--user", required=True, help="1001, 1001,1002 or 1001-1010.")
@click.option("--password", envvar="SOFTSWITCH_PARTY_PASSWORD", required=True, help="Of all these users.")
@click.option("--answer-after", default=2.0, help="Seconds of ringing.")
@click.option("--let-ring", is_flag=True, help="Never answers.")
@click.option("--decline", type=click.IntRange(300, 699), help="Answers with this status instead.")
@click.option("--talk", nargs=2, type=float, help="Hangs up after LEAST to MOST seconds.")
@click.option("--says", default="%(200,1800,350)", help="A tone while it talks; '' for none.")
def agents(
    place: Place,
    user: str,
    password: str,
    answer_after: float,
    let_ring: bool,
    decline: int | None,
    talk: tuple[float, float] | None,
    says: str,
) -> None:
    """Phones that register and take calls."""
    manner = Manner(
        answer_after_s=None if let_ring else answer_after,
        decline=decline,
        talk_s=talk,
        says=f"{says};loops=-1" if says else "",
    )
    place.run([place.phone(user=one, password=password, manner=manner) for one in users(user)], [])


@main.command()
@at_a_place
@click.option("--from", "from_", default="5550001", help="The first caller's number; the next callers count on.")
@click.option("--password", envvar="SOFTSWITCH_PARTY_PASSWORD", default="", help="When the server asks for one.")
@click.option("--dial", required=True, help="The number that they call.")
@click.option("--count", default=1, help="How many callers.")
@click.option("--every", default=1.0, help="Seconds between two callers.")
@click.option("--press", default="", help="Digits, two seconds after the answer.")
@click.option("--talk", default=30.0, help="Seconds after which a caller hangs up.")
def callers(
    place: Place,
    from_: str,
    password: str,
    dial: str,
    count: int,
    every: float,
    press: str,
    talk: float,
) -> None:
    """Callers that dial, press digits and hang up."""
    pressing = (Wait(s=2.0), Press(digits=press)) if press else ()
    script = CallerScript(dial=dial, steps=(WaitAnswered(timeout_s=60), *pressing, HangUp(after_s=talk)))
    numbers = [str(int(from_) + one) if from_.isdigit() else f"{from_}{one}" for one in range(min(count, MAX_USERS))]
    phones = [place.phone(user=one, password=password) for one in numbers]
    place.run([], [(phone, script, every * index) for index, phone in enumerate(phones)])


@main.command()
@at_a_place
@click.argument("file", type=click.File("rb"))
def run(place: Place, file: Any) -> None:
    """Phones and callers from a YAML FILE: ``agents: [{user, password, answer_after…}]``, ``callers: [{user, dial,
    steps,
    after}]``."""
    try:
        phones, plans = _from_file(yaml.safe_load(file), place)
    except (BadScript, yaml.YAMLError, TypeError, AttributeError) as error:
        raise click.ClickException(f"{file.name}: {error}") from error
    place.run(phones, plans)


def _from_file(given: Any, place: Place) -> tuple[list[Phone], list[Plan]]:
    if not isinstance(given, dict) or set(given) - {"agents", "callers"}:
        raise BadScript("a mapping with agents and callers is allowed")
    phones = []
    for index, one in enumerate(given.get("agents") or []):
        rest = {key: value for key, value in one.items() if key not in ("user", "password")}
        manner = read_manner(rest, where=f"agents[{index}]")
        phones.append(place.phone(user=_user(one), password=_password(one), manner=manner))
    plans = []
    for index, one in enumerate(given.get("callers") or []):
        rest = {key: value for key, value in one.items() if key not in ("user", "password", "after")}
        script = read_caller(rest, where=f"callers[{index}]")
        phone = place.phone(user=_user(one), password=_password(one))
        plans.append((phone, script, float(one.get("after", 0))))
    return phones, plans


def _user(given: dict[str, Any]) -> str:
    return str(given.get("user") or "5550001")


def _password(given: dict[str, Any]) -> str:
    return str(given.get("password") or os.environ.get("SOFTSWITCH_PARTY_PASSWORD", ""))


def _play_later(phone: Phone, script: CallerScript, after_s: float) -> None:
    gevent.sleep(after_s)
    told = play(phone, script)
    failed = "all steps" if told.failed_step is None else f"step {told.failed_step} did not come true"
    say(phone.user, f"{'answered' if told.answered else f'not answered ({told.status})'}, {failed}")


if __name__ == "__main__":
    main()
