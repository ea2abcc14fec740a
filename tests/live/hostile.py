"""An HTTP server that does what servers should not, and counts who asked. In this process, on a port that is free."""

import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import gevent
from gevent.event import Event
from gevent.server import StreamServer

Answer = Callable[["Hostile", Any], None]
HEAD = b"HTTP/1.1 %s\r\nconnection: close\r\n%s\r\n"


def whole(body: bytes, status: bytes = b"200 OK", *headers: bytes) -> bytes:
    return HEAD % (status, b"".join(h + b"\r\n" for h in (*headers, b"content-length: %d" % len(body)))) + body


class Hostile:
    """``answers``: path -> bytes, or what to do with the socket. ``requests``: what came, head and body."""

    def __init__(self, **tls: Any) -> None:
        self.answers: dict[str, bytes | Answer] = {}
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        self.asked, self.gone = Event(), Event()
        self.server = StreamServer(("127.0.0.1", 0), self.serve, **tls)
        self.connections = 0

    @property
    def port(self) -> int:
        return int(self.server.server_port)

    def serve(self, connection: Any, _: object) -> None:
        self.connections += 1
        try:
            path = self.read(connection)
            answer = self.answers.get(path.partition("?")[0], whole(b"{}", b"404 Not Found"))
            if isinstance(answer, bytes):
                connection.sendall(answer)
            else:
                answer(self, connection)
        except OSError:
            pass
        finally:
            connection.close()
            self.gone.set()

    def read(self, connection: Any) -> str:
        data = b""
        while b"\r\n\r\n" not in data:
            data += connection.recv(65536) or b"\r\n\r\n"
        head, _, body = data.partition(b"\r\n\r\n")
        line, *rest = head.decode("latin-1").split("\r\n")
        headers = {k.lower(): v.strip() for k, _, v in (one.partition(":") for one in rest)}
        while len(body) < int(headers.get("content-length", "0")):
            body += connection.recv(65536)
        self.requests.append((line, headers, body))
        self.asked.set()
        return line.split(" ")[1] if " " in line else ""


def hangs(server: Hostile, connection: Any) -> None:
    connection.recv(1)  # until the other side gives up


def drips(server: Hostile, connection: Any) -> None:
    """A byte now and then, for ever: each keeps a time-out for reading from running out."""
    connection.sendall(HEAD % (b"200 OK", b"content-length: 100000\r\n"))
    while True:
        connection.sendall(b" ")
        gevent.sleep(0.01)


def floods(server: Hostile, connection: Any) -> None:
    """Ten gigabytes, if anybody takes them."""
    connection.sendall(HEAD % (b"200 OK", b"content-length: 10737418240\r\n"))
    for _ in range(10 * 1024):
        connection.sendall(b" " * 1024 * 1024)


def floods_of_promises(server: Hostile, connection: Any) -> None:
    """Answers before the answer, without end and without a pause."""
    while True:
        connection.sendall(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 1000)


def crumbs(server: Hostile, connection: Any) -> None:
    """Half a megabyte, a byte a chunk."""
    connection.sendall(HEAD % (b"200 OK", b"transfer-encoding: chunked\r\n") + b"1\r\n \r\n" * 500_000 + b"0\r\n\r\n")


def closes(server: Hostile, connection: Any) -> None:
    pass


def bomb() -> bytes:
    """Fifty megabytes of blanks in fifty kilobytes."""
    pack = zlib.compressobj(9, wbits=31)
    body = b"".join(pack.compress(b" " * 1024 * 1024) for _ in range(50)) + pack.flush()
    return whole(body, b"200 OK", b"content-encoding: gzip")


@contextmanager
def hostile(**tls: Any) -> Iterator[Hostile]:
    server = Hostile(**tls)
    server.server.start()
    try:
        yield server
    finally:
        server.server.stop(timeout=0)
