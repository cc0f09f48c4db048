"""The real daemon on simulated GPUs, for tests."""

import os
import pathlib
import subprocess
import tempfile
import time

import chase

ROOT = pathlib.Path(__file__).resolve().parents[3]

CONFIG = """
mode: control
policy: {policy}
gpu: {{backend: simulated, simulated: [v100, v100], telemetry-period: {telemetry}, profile: {root}/docs/simulated-v100.csv}}
carbon: {{provider: trace, region: test, trace: {{file: {signal}}}}}
control: {{socket: {socket}}}
metrics: {{enabled: false}}
state-directory: {state}
"""


class Daemon:
    """Runs until it is closed; everything that it writes lies in one temporary directory.

    ``more`` stands below the usual configuration.
    """

    def __init__(self, policy: str = "budget:0.03", telemetry: str = "1s", more: str = ""):
        self._directory = tempfile.TemporaryDirectory(prefix="chase-test-")
        home = pathlib.Path(self._directory.name)
        self.socket = str(home / "chase.sock")
        signal = home / "grid.csv"
        signal.write_text("time,grams_per_kwh\n2021-01-01T00:00:00Z,300\n2021-01-01T01:00:00Z,400\n")
        self._config = home / "chase.yaml"
        self._config.write_text(
            CONFIG.format(
                root=ROOT,
                signal=signal,
                socket=self.socket,
                state=home / "state",
                policy=policy,
                telemetry=telemetry,
            )
            + more
        )
        self._log = (home / "log").open("w+")
        self._process = None

    def start(self) -> "Daemon":
        self._process = subprocess.Popen(
            [str(ROOT / "chase"), "daemon", "--config", str(self._config)],
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                chase.Client(self.socket).ask("GET", "/v1/status")
                return self
            except chase.ChaseError:
                time.sleep(0.05)
        self._log.seek(0)
        raise AssertionError("the daemon did not start:\n" + self._log.read())

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=30)

    def client(self) -> chase.Client:
        return chase.Client(self.socket)

    def close(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self.stop()
        self._log.close()
        self._directory.cleanup()


def eventually(condition, seconds: float = 20):
    """Waits until ``condition()`` is true, and returns what it gave."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = condition()
        if answer:
            return answer
        time.sleep(0.05)
    raise AssertionError(f"{condition} did not come true within {seconds} s")
