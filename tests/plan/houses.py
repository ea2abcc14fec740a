"""A small house in a folder, and what becomes of it when its texts change."""

from pathlib import Path

from acd.plan.change import Plan
from acd.plan.compare import compare
from acd.plan.house import House, People
from acd.plan.lines import lines
from acd.taking import take

ACD = """\
nodes: {a: {event_socket: '127.0.0.1:8021'}}
queues:
  sales: {ring: 15s}
  support: {}
agents:
  anna: {name: Anna, phone: '1001', queues: [sales]}
  ben: {name: Ben, phone: '1002', queues: [support]}
numbers: {'100': main, '*': main}
phone_numbers: {'*82': ready}
trunks: {provider: {address: 'sip.example.com:5060', prefixes: ['+49']}}
calendars:
  office: {zone: Europe/Berlin, weekly: {mon-fri: '09:00-17:00'}}
databases: {crm: {url: 'postgresql://crm:hidden@db/crm'}}
paths: {flows: flows, sounds: sounds, music: music}
speech: {engine: none}
"""
MAIN = """\
title: The main line
start: hello
steps:
  hello: {step: play, prompt: {file: welcome, say: Hello.}, next: menu}
  menu:
    step: menu
    prompt: Press 1 for sales.
    tries: 3
    options: {1: sale, 2: help}
    otherwise: bye
  sale: {step: queue, queue: sales, otherwise: bye}
  help: {step: queue, queue: support, otherwise: bye}
  find:
    step: lookup
    table: people
    where: {number: "{{ call.caller_number }}"}
    into: {name: name}
    next: bye
    exits: {not_found: bye}
  bye: {step: play, prompt: {name: farewell}, next: end}
  end: {step: hang_up}
"""
READY = "start: go\nsteps:\n  go: {step: agent, do: ready, next: end, otherwise: end}\n  end: {step: hang_up}\n"
FILES = {
    "acd.yaml": ACD,
    "flows/main.yaml": MAIN.replace("1: sale,", "1: sale, 3: find,"),
    "flows/ready.yaml": READY,
    "flows/prompts.yaml": "farewell: Good bye.\n",
    "flows/tables/people.csv": "number,name\n+491,Ada\n+492,Ben\n",
}


def write(folder: Path, files: dict[str, str | None]) -> None:
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            file.unlink()
        else:
            file.write_text(text)


def house(folder: Path) -> House:
    return take(folder).house


def planned(folder: Path, changes: dict[str, str | None], people: People | None = None) -> Plan:
    """The plan for a small house whose files are changed."""
    write(folder, FILES)  # type: ignore[arg-type]
    old = house(folder)
    write(folder, changes)
    return compare(old, house(folder), people)


def said(plan: Plan) -> list[str]:
    return [*lines(plan)]
