"""What does an event cost? Our reader and plain greenswitch on the same stream, in one run.

``python bench/event_socket.py [events]``. The stream is made up: 131 headers and 5.5 kB an event, as a parked channel of
FreeSWITCH sends. Each reader gets it over a TCP socket on loopback from another process, and a handler reads six headers of
every event. CPU is this process's own, over the time from the first byte to the last handler.
"""

import logging
import multiprocessing
import os
import socket as plain_socket
import sys
import time
from collections.abc import Callable
from typing import Any

import gevent
from greenswitch.esl import InboundESL

from acd.switch.esl import EventSocket

READ = (
    "Event-Name",
    "Unique-ID",
    "Call-Direction",
    "Caller-Destination-Number",
    "variable_sip_auth_username",
    "Event-Sequence",
)
ROUNDS = 3
BATCH = 100


def one_event(number: int) -> bytes:
    named = {
        "Event-Name": "CHANNEL_PARK",
        "Core-UUID": "0b1e1f4c-0000-4000-8000-000000000001",
        "Event-Date-Timestamp": "1790000000000000",
        "Event-Sequence": str(number),
        "Unique-ID": f"00000000-0000-4000-8000-{number:012d}",
        "Call-Direction": "inbound",
        "Caller-Caller-ID-Name": "J%C3%B6rg%20M%C3%BCller",
        "Caller-Destination-Number": "100",
        "Caller-Context": "public",
    }
    made_up = {f"variable_sip_h_{n:03d}": f"value%20{n}%3Bwith%3D{number % 97}" for n in range(121)}
    lines = "".join(f"{name}: {value}\n" for name, value in (named | made_up | {"variable_sip_auth_username": "1001"}).items())
    body = lines.encode() + b"\n"
    return b"Content-Length: %d\nContent-Type: text/event-plain\n\n" % len(body) + body


def play(listener: plain_socket.socket, events: int) -> None:
    """The other side: greet, accept any password, then write as fast as it is read. Made beforehand: CPUs may be few."""
    batch = b"".join(one_event(n) for n in range(BATCH))
    sock, _ = listener.accept()
    sock.sendall(b"Content-Type: auth/request\n\n")
    sock.recv(4096)
    sock.sendall(b"Content-Type: command/reply\nReply-Text: +OK accepted\n\n")
    sock.recv(4096)
    sock.sendall(b"Content-Type: command/reply\nReply-Text: +OK event listener enabled plain\n\n")
    for _ in range(events // BATCH):
        sock.sendall(batch)
    sock.recv(4096)
    os._exit(0)


def measured(make: Callable[[str, int], Any], events: int) -> tuple[float, float]:
    """Events a second of wall time, and microseconds of our CPU an event."""
    listener = plain_socket.create_server(("127.0.0.1", 0))
    player = multiprocessing.get_context("fork").Process(target=play, args=(listener, events), daemon=True)
    player.start()
    reader = make(*listener.getsockname())
    listener.close()
    done = gevent.event.Event()
    seen = 0

    def handle(event: Any) -> None:
        nonlocal seen
        for name in READ:
            event.headers.get(name) if plain else event.field(name)
        seen += 1
        if seen == events:
            done.set()

    plain = not isinstance(reader, EventSocket)
    reader.register_handle("CHANNEL_PARK", handle)
    reader.connect()
    wall, cpu = time.perf_counter(), time.process_time()
    reader.send("event plain CHANNEL_PARK")
    if not done.wait(300):
        raise SystemExit(f"only {seen} of {events} events after 300 s")
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    player.kill()
    player.join()
    return events / wall, cpu / events * 1e6


def greenswitch(host: str, port: int) -> InboundESL:
    return InboundESL(host, port, "secret")


def ours(host: str, port: int) -> EventSocket:
    return EventSocket(host, port, "secret", reply_s=60.0)


def main() -> None:
    logging.disable(logging.CRITICAL)
    events = (int(sys.argv[1]) if len(sys.argv) > 1 else 10_000) // BATCH * BATCH
    size = len(one_event(1))
    headers = one_event(1).count(b"\n") - 4
    print(f"{events} events of {size} bytes and {headers} headers, six of them read; best of {ROUNDS}")
    best = {}
    for name, make in (("greenswitch", greenswitch), ("ours", ours)):
        rounds = [measured(make, events) for _ in range(ROUNDS)]
        best[name] = min(cpu for _, cpu in rounds)
        print(f"{name:12} {max(rate for rate, _ in rounds):9.0f} events/s {best[name]:8.1f} us CPU an event")
    print(f"ours takes {best['ours'] / best['greenswitch']:.3f} of greenswitch's CPU")


if __name__ == "__main__":
    main()
