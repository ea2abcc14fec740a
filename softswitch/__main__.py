"""``python -m softswitch --config FILE``: the embedded switch, until SIGTERM or SIGINT. It logs to stderr."""

import argparse
import logging
import signal
import sys
from pathlib import Path

import gevent
from gevent.event import Event as Signal

from softswitch.directory import BadDirectory
from softswitch.settings import load
from softswitch.switch import Switch
from softswitch.yaml_lines import Bad


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="softswitch", description="The embedded switch, for trying out and tests.")
    parser.add_argument("--config", required=True, type=Path, metavar="FILE")
    parser.add_argument("--verbose", action="store_true")
    given = parser.parse_args(arguments)
    level = logging.DEBUG if given.verbose else logging.INFO
    logging.basicConfig(level=level, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        switch = Switch(load(given.config))
        switch.start()
    except (Bad, BadDirectory, OSError) as error:
        print(f"softswitch: {error}", file=sys.stderr)
        return 2
    _announce(switch)
    _wait_for_the_end()
    switch.stop()
    return 0


def _announce(switch: Switch) -> None:
    agents, trunk = switch.endpoints.agents, switch.endpoints.trunk
    print(
        f"embedded switch: for trying out and tests, tens of calls. "
        f"event socket {switch.settings.event_socket.host}:{switch.event_socket.port}, "
        f"phones sip:{agents.host}:{agents.port}, trunk sip:{trunk.host}:{trunk.port}",
        flush=True,
    )


def _wait_for_the_end() -> None:
    asked = Signal()
    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, asked.set)
    asked.wait()


if __name__ == "__main__":
    sys.exit(main())
