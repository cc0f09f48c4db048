"""The daemon's control API on its Unix socket."""

from __future__ import annotations

import os
import socket

try:
    import http.client
    import json
    import logging
except ModuleNotFoundError as missing:
    raise ImportError(
        "chase needs all of Python's standard library: Debian's python3-minimal has "
        f"only a part ({missing}); sudo apt-get install python3"
    ) from None

DEFAULT_SOCKET = "/run/chase/chase.sock"
LOG = logging.getLogger("chase")


class ChaseError(Exception):
    """The daemon could not be reached, or refused; ``code`` is its error code."""

    def __init__(self, code: str, detail: str, status: int = 0):
        super().__init__(detail)
        self.code = code
        self.status = status


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str, timeout: float):
        super().__init__("chase", timeout=timeout)
        self._path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


class Client:
    """Calls the daemon on its Unix socket: ``$CHASE_SOCKET``, or /run/chase/chase.sock."""

    def __init__(self, path: str | None = None, timeout_seconds: float = 10):
        self.path = path or os.environ.get("CHASE_SOCKET") or DEFAULT_SOCKET
        self._timeout = timeout_seconds

    def ask(self, method: str, path: str, body: dict | None = None) -> dict | list:
        """The daemon's answer; raises ChaseError for every other outcome."""
        connection = _UnixConnection(self.path, self._timeout)
        try:
            text = None if body is None else json.dumps(body, allow_nan=False)
            connection.request(method, path, body=text)
            response = connection.getresponse()
            return self._answer(response.status, response.read())
        except (OSError, http.client.HTTPException) as failure:
            raise ChaseError("unreachable", f"{self.path}: {failure}") from failure
        finally:
            connection.close()

    @staticmethod
    def _answer(status: int, content: bytes) -> dict | list:
        try:
            body = json.loads(content) if content else {}
        except ValueError:
            body = None
        if status >= 300:
            words = body if isinstance(body, dict) else {}
            code = str(words.get("error", status))
            raise ChaseError(code, str(words.get("detail", f"status {status}")), status)
        if not isinstance(body, (dict, list)):
            raise ChaseError("malformed", f"the daemon's answer ({status}) is no JSON", status)
        return body


class TroubleLog:
    """Logs each kind of trouble once, and again after a recovery."""

    def __init__(self):
        self._logged: str | None = None

    def failed(self, what: str, failure: ChaseError):
        if self._logged != failure.code:
            self._logged = failure.code
            LOG.warning("%s: %s", what, failure)

    def recovered(self):
        self._logged = None
