import os
import socket as native
import stat
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import gevent
import pytest

from acd.cli.control import UnixConnection
from acd.web.server import Server, SocketTaken, listen_tcp, listen_unix, serve


def hello(environ: Any, start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"hello " + environ["PATH_INFO"].encode()]


@pytest.fixture
def serving() -> Iterator[list[Server]]:
    started: list[Server] = []
    yield started
    for server in started:
        server.stop(timeout=1)


def ask(connection: HTTPConnection, path: str) -> bytes:
    """The client blocks, so it asks from a thread of its own."""

    def asking() -> bytes:
        connection.request("GET", path)
        body = connection.getresponse().read()
        connection.close()
        return body

    return gevent.get_hub().threadpool.spawn(asking).get(timeout=30)  # type: ignore[no-any-return]


def test_given_a_unix_socket_when_served_then_only_its_owner_may_open_it_and_it_answers(tmp_path: Path, serving: list[Server]) -> None:
    path = tmp_path / "run" / "acd.sock"
    serving.append(serve(hello, listen_unix(path)))
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert ask(UnixConnection(path), "/you") == b"hello /you"


def test_given_a_controller_that_serves_when_a_second_one_starts_then_it_is_refused(tmp_path: Path, serving: list[Server]) -> None:
    path = tmp_path / "acd.sock"
    serving.append(serve(hello, listen_unix(path)))
    with pytest.raises(SocketTaken, match="running there already"):
        listen_unix(path)
    assert ask(UnixConnection(path), "/still") == b"hello /still"


def test_given_a_socket_left_by_a_dead_controller_when_started_then_it_is_taken_over(tmp_path: Path, serving: list[Server]) -> None:
    path = tmp_path / "acd.sock"
    listen_unix(path).close()
    assert path.is_socket()
    serving.append(serve(hello, listen_unix(path)))
    assert ask(UnixConnection(path), "/again") == b"hello /again"


def test_given_a_file_where_the_socket_belongs_when_started_then_it_is_not_removed(tmp_path: Path) -> None:
    path = tmp_path / "acd.sock"
    path.write_text("precious")
    with pytest.raises(SocketTaken, match="not a socket"):
        listen_unix(path)
    assert path.read_text() == "precious"


def test_given_a_tcp_client_when_served_then_small_answers_are_not_held_back(serving: list[Server]) -> None:
    sockets: list[Any] = []

    class Watched(Server):
        def handle(self, sock: Any, address: Any) -> None:
            sockets.append(sock)
            super().handle(sock, address)

    def app(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return [str(sockets[-1].getsockopt(native.IPPROTO_TCP, native.TCP_NODELAY)).encode()]

    listener = listen_tcp("127.0.0.1", 0)
    server = Watched(listener, app, log=None)
    server.start()
    serving.append(server)
    assert ask(HTTPConnection("127.0.0.1", listener.getsockname()[1], timeout=10), "/") != b"0"


def test_given_a_port_that_is_taken_when_started_then_it_says_which(serving: list[Server]) -> None:
    listener = listen_tcp("127.0.0.1", 0)
    serving.append(serve(hello, listener))
    port = listener.getsockname()[1]
    with pytest.raises(SocketTaken, match=f"127.0.0.1:{port}"):
        listen_tcp("127.0.0.1", port)
