"""Speaks to a running controller through its unix socket; every failure becomes one clear line for whoever typed the command."""

import http.client
import json
import socket
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from acd.cli.place import control_socket

TIMEOUT_S = 10.0


class NotRunning(click.ClickException):
    """No controller serves there."""


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("acd", timeout=TIMEOUT_S)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(TIMEOUT_S)
        self.sock.connect(str(self.path))


def get(home: Path, *path: str) -> Any:
    return asked(home, "GET", path, None)


def post(home: Path, *path: str, **body: str) -> Any:
    return asked(home, "POST", path, body)


def asked(home: Path, method: str, path: tuple[str, ...], body: dict[str, str] | None) -> Any:
    """The answer's JSON. Raises NotRunning, or ClickException with what the controller said."""
    status, text = answer(control_socket(home), method, "/v1/" + "/".join(quote(part, safe="") for part in path), body)
    try:
        found = json.loads(text)
    except ValueError:
        raise click.ClickException(f"the controller answered {status} with something that is not JSON") from None
    if status >= 400:
        raise Refused(status, str(found.get("error", f"the controller answered {status}")))
    return found


class Refused(click.ClickException):
    """The controller said no."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def answer(socket_path: Path, method: str, path: str, body: dict[str, str] | None) -> tuple[int, bytes]:
    connection = UnixConnection(socket_path)
    try:
        if body is None:
            connection.request(method, path)
        else:
            connection.request(method, path, body=json.dumps(body), headers={"Content-Type": "application/json"})
        response = connection.getresponse()
        return response.status, response.read()
    except (FileNotFoundError, ConnectionRefusedError):
        raise NotRunning(f"no controller is running at {socket_path} (start one: acd run; or say where: --home)") from None
    except PermissionError:
        raise NotRunning(f"{socket_path} belongs to another user: only the controller's own user may ask it") from None
    except TimeoutError:
        raise click.ClickException(f"the controller at {socket_path} did not answer within {TIMEOUT_S:.0f} s") from None
    except (OSError, http.client.HTTPException) as error:
        raise click.ClickException(f"{socket_path}: {error or type(error).__name__}") from None
    finally:
        connection.close()
