"""Serves a WSGI app on a TCP port or on a unix socket, on gevent. Knows nothing of what it serves."""

import errno
import logging
import os
import socket as native
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from gevent import pywsgi, socket

log = logging.getLogger("acd.web")

IDLE_S = 60.0
"""A client that says nothing for so long is let go."""


class SocketTaken(Exception):
    """Somebody else serves there already."""


class Server(pywsgi.WSGIServer):
    """Without TCP_NODELAY a keep-alive request takes 44 ms; gevent does not set it."""

    def handle(self, sock: Any, address: Any) -> None:
        if sock.family != native.AF_UNIX:
            sock.setsockopt(native.IPPROTO_TCP, native.TCP_NODELAY, 1)
        sock.settimeout(IDLE_S)
        super().handle(sock, address)


def serve(app: Callable[..., Iterable[bytes]], listener: Any, at_most: int = 64) -> Server:
    """Starts serving and returns; ``stop(timeout)`` of what is returned ends it."""
    server = Server(listener, app, log=None, error_log=log, spawn=at_most)
    server.start()
    return server


def listen_tcp(host: str, port: int) -> Any:
    listener = socket.socket(native.AF_INET6 if ":" in host else native.AF_INET, native.SOCK_STREAM)
    listener.setsockopt(native.SOL_SOCKET, native.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise SocketTaken(f"cannot serve on {host}:{port}: {error.strerror}") from None
    listener.listen(128)
    return listener


def listen_unix(path: Path) -> Any:
    """Only the owner can open it, from the first moment on. A socket left behind by a dead controller is taken over."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        take_over(path)
    listener = socket.socket(native.AF_UNIX, native.SOCK_STREAM)
    mask = os.umask(0o177)
    try:
        listener.bind(str(path))
    except OSError as error:
        listener.close()
        raise SocketTaken(f"cannot serve on {path}: {error}") from None
    finally:
        os.umask(mask)
    listener.listen(128)
    return listener


def take_over(path: Path) -> None:
    if not path.is_socket():
        raise SocketTaken(f"{path} is there and is not a socket; remove it")
    with native.socket(native.AF_UNIX, native.SOCK_STREAM) as probe:
        probe.settimeout(1.0)
        found = probe.connect_ex(str(path))
    if found not in (errno.ECONNREFUSED, errno.ENOENT):
        raise SocketTaken(f"{path}: a controller is running there already")
    path.unlink(missing_ok=True)
