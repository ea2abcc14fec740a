"""Speaks to a running controller through its unix socket; every failure becomes one clear line for whoever typed the command."""

import http.client
import json
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from acd.cli.place import control_socket

TIMEOUT_S = 10.0


class NotRunning(click.ClickException):
    """No controller serves there."""


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path, timeout_s: float = TIMEOUT_S) -> None:
        super().__init__("acd", timeout=timeout_s)
        self.path, self.timeout_s = path, timeout_s

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout_s)
        self.sock.connect(str(self.path))


def get(home: Path, *path: str) -> Any:
    return asked(home, "GET", path, None)


def post(home: Path, *path: str, **body: str) -> Any:
    return asked(home, "POST", path, body)


def asked(home: Path, method: str, path: tuple[str, ...], body: dict[str, str] | None, timeout_s: float = TIMEOUT_S) -> Any:
    """The answer's JSON. Raises NotRunning, or ClickException with what the controller said."""
    address = "/v1/" + "/".join(quote(part, safe="") for part in path)
    status, text = answer(control_socket(home), method, address, body, timeout_s)
    try:
        found = json.loads(text)
    except ValueError:
        raise click.ClickException(f"the controller answered {status} with something that is not JSON") from None
    if status >= 400:
        raise Refused(status, str(found.get("error", f"the controller answered {status}")), found)
    return found


class Refused(click.ClickException):
    """The controller said no."""

    def __init__(self, status: int, message: str, found: Mapping[str, Any]) -> None:
        super().__init__(message)
        self.status, self.found = status, found


def answer(socket_path: Path, method: str, path: str, body: dict[str, str] | None, timeout_s: float = TIMEOUT_S) -> tuple[int, bytes]:
    connection = UnixConnection(socket_path, timeout_s)
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
        raise click.ClickException(f"the controller at {socket_path} did not answer within {timeout_s:.0f} s") from None
    except (OSError, http.client.HTTPException) as error:
        raise click.ClickException(f"{socket_path}: {error or type(error).__name__}") from None
    finally:
        connection.close()
