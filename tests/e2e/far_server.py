"""Somebody else's system, asked by flows over HTTP: it answers what the test says, and remembers what it was asked."""

import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from .processes import Stage
from .waiting import until


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    method: str
    path: str
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class FarServer:
    """``answers`` by status and JSON; while ``hold`` is clear nobody gets one."""

    def __init__(self, stage: Stage) -> None:
        self.requests: list[Request] = []
        self.status, self.answer = 200, {}  # type: int, Any
        self.free = threading.Event()
        self.free.set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._answering())
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, name="far-server", daemon=True).start()
        stage.keep(self)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def must_be_asked(self, *, count: int = 1, within_s: float = 10.0) -> Request:
        until(f"the server is asked (time {count})", lambda: len(self.requests) >= count, within_s=within_s)
        return self.requests[count - 1]

    def close(self) -> None:
        self.free.set()
        self._server.shutdown()
        self._server.server_close()

    def _answering(self) -> type[BaseHTTPRequestHandler]:
        far = self

        class Answering(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                far.requests.append(Request(method=self.command, path=self.path, body=body))
                far.free.wait(60)
                text = json.dumps(far.answer).encode()
                try:
                    self.send_response(far.status)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(text)))
                    self.end_headers()
                    self.wfile.write(text)
                except OSError:  # whoever asked is dead
                    return

            do_POST = do_GET

            def log_message(self, format: str, *args: object) -> None:
                """Nothing: what it was asked stands in ``requests``."""

        return Answering
