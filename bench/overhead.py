#!/usr/bin/env python3
"""Measures what the daemon costs its host, on simulated GPUs. See README.md beside this file."""

import argparse
import csv
import datetime
import http.client
import json
import os
import pathlib
import platform
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
HERTZ = os.sysconf("SC_CLK_TCK")


class Daemon:
    """A daemon with its own files, sockets and a replayed signal; gone when the block ends."""

    def __init__(self, work, gpus, port, speed):
        self.work = pathlib.Path(work)
        self.port = port
        self.socket = self.work / "chase.sock"
        self.config = self.work / "chase.yaml"
        self.log = open(self.work / "log", "w", encoding="utf-8")
        self._write_signal()
        self._write_config(gpus, speed)

    def _write_signal(self):
        """Alternates between clean and dirty hours, so that every new reading moves the limits."""
        start = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
        with open(self.work / "signal.csv", "w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow(["time", "grams_per_kwh"])
            for hour in range(48):
                at = start + datetime.timedelta(hours=hour)
                rows.writerow([at.strftime("%Y-%m-%dT%H:%M:%SZ"), 50 if hour % 2 else 600])

    def _write_config(self, gpus, speed):
        models = ", ".join(["h100-sxm"] * gpus)
        (self.work / "state").mkdir()
        self.config.write_text(
            f"""mode: control
policy: chase:0.5
gpu:
  backend: simulated
  simulated: [{models}]
  minimum-dwell: 0s
  telemetry-period: 1s
carbon:
  provider: trace
  region: BENCH
  poll-period: 1s
  trace:
    file: {self.work}/signal.csv
    speed: {speed}
    repeat: true
control:
  socket: {self.socket}
metrics:
  port: {self.port}
state-directory: {self.work}/state
""",
            encoding="utf-8",
        )

    def __enter__(self):
        self.started = time.monotonic()
        # The launcher ends in exec, so that the process we started is the JVM.
        self.process = subprocess.Popen(
            [ROOT / "chase", "daemon", "--config", self.config],
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        try:
            self._wait_until_it_answers()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _wait_until_it_answers(self):
        while True:
            if self.process.poll() is not None or time.monotonic() - self.started > 30:
                self.log.flush()
                sys.exit("the daemon did not start:\n" + (self.work / "log").read_text())
            try:
                scrape(http.client.HTTPConnection("127.0.0.1", self.port, timeout=1))
                self.ready_seconds = time.monotonic() - self.started
                return
            except (OSError, http.client.HTTPException):
                time.sleep(0.002)

    def __exit__(self, *unused):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()

    def events(self, seconds):
        """What /v1/events says in so many seconds, as (kind, instant, text)."""
        found = []
        try:
            self._read_events(found, seconds)
        except OSError as error:
            print(f"no events from {self.socket}: {error}", file=sys.stderr)
        return found

    def _read_events(self, found, seconds):
        stream = socket.socket(socket.AF_UNIX)
        stream.settimeout(1)
        stream.connect(str(self.socket))
        stream.sendall(b"GET /v1/events HTTP/1.1\r\nHost: chase\r\nAccept: text/event-stream\r\n\r\n")
        until = time.monotonic() + seconds
        pending = b""
        while time.monotonic() < until:
            try:
                chunk = stream.recv(65536)
            except TimeoutError:
                continue
            if not chunk:
                break
            pending += chunk
            *lines, pending = pending.split(b"\n")
            for line in lines:
                if line.startswith(b"data:"):
                    event = json.loads(line[5:])
                    if "kind" not in event:  # the greeting, which is the state
                        continue
                    at = datetime.datetime.fromisoformat(event["at"].replace("Z", "+00:00"))
                    found.append((event["kind"].lower(), at, event.get("text", "")))
        stream.close()


def memory_megabytes(pid, kind):
    """A line of smaps_rollup, such as Rss or Private_Dirty."""
    rollup = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    kilobytes = next(l.split()[1] for l in rollup.splitlines() if l.startswith(kind + ":"))
    return int(kilobytes) / 1024


def cpu_seconds(pid):
    stat = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    fields = stat.rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / HERTZ


class NodeExporter:
    """Debian's prometheus-node-exporter in the same run, to compare with; without a process where
    it is not installed."""

    def __init__(self, port):
        self.port = port
        self.path = shutil.which("prometheus-node-exporter")
        self.process = None

    def __enter__(self):
        if self.path:
            self.process = subprocess.Popen(
                [self.path, f"--web.listen-address=127.0.0.1:{self.port}"],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        return self

    def __exit__(self, *unused):
        if self.process:
            self.process.terminate()
            self.process.wait()


def scrape(connection):
    connection.request("GET", "/metrics")
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise http.client.HTTPException(f"/metrics answers {answer.status}")
    return body


def scrape_milliseconds(port, times):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    size = len(scrape(connection))
    took = []
    for _ in range(times):
        start = time.perf_counter()
        scrape(connection)
        took.append((time.perf_counter() - start) * 1000)
    connection.close()
    return took, size


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def reaction_milliseconds(events):
    """From each carbon reading to the last limit that it set, before the next reading."""
    took = []
    reading = last = None
    for kind, at, _ in events:
        if kind == "signal":
            if reading and last:
                took.append((last - reading).total_seconds() * 1000)
            reading, last = at, None
        elif kind == "limit" and reading:
            last = at
    return took


def start_milliseconds(starts, gpus, port):
    took = []
    for _ in range(starts):
        with tempfile.TemporaryDirectory() as work, Daemon(work, gpus, port, 1) as daemon:
            took.append(daemon.ready_seconds * 1000)
    return took


def at_rest(asked, daemon, exporter):
    """CPU time and memory of the daemon, and of the exporter in the same minute."""
    processes = {"": daemon}
    if exporter.process:
        processes["node_exporter: "] = exporter.process.pid
    time.sleep(max(0, asked.settle - asked.cpu_window))
    before = {name: cpu_seconds(pid) for name, pid in processes.items()}
    time.sleep(asked.cpu_window)
    rows = []
    for name, pid in processes.items():
        cpu = (cpu_seconds(pid) - before[name]) / asked.cpu_window
        rows += [
            (f"{name}CPU at rest", f"{cpu * 100:.2f} %",
             f"of one core, over {asked.cpu_window} s without requests"),
            (f"{name}RSS", f"{memory_megabytes(pid, 'Rss'):.0f} MB",
             f"smaps_rollup, {asked.settle} s after the start"),
            (f"{name}private dirty", f"{memory_megabytes(pid, 'Private_Dirty'):.0f} MB",
             "the same moment: what no other process shares and no file holds"),
        ]
    threads = len(list(pathlib.Path(f"/proc/{daemon}/task").iterdir()))
    rows.append(("threads", f"{threads}", f"{asked.gpus} GPUs, one each, and the JVM's own"))
    return rows


def scraped(asked, daemon, exporter):
    rows = []
    ports = {"": asked.port}
    if exporter.process:
        ports["node_exporter: "] = exporter.port
    for name, port in ports.items():
        took, size = scrape_milliseconds(port, asked.scrapes)
        rows += [
            (f"{name}scrape, median", f"{percentile(took, 0.5):.2f} ms",
             f"{asked.scrapes} scrapes on one connection, {size} bytes each"),
            (f"{name}scrape, 99 %", f"{percentile(took, 0.99):.2f} ms",
             f"slowest {max(took):.2f} ms"),
        ]
    rows.append(("RSS after the scrapes", f"{memory_megabytes(daemon, 'Rss'):.0f} MB", "smaps_rollup"))
    return rows


def machine():
    cpuinfo = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8")
    model = next((l.split(":")[1].strip() for l in cpuinfo.splitlines() if "model name" in l), "?")
    aot = "with" if (ROOT / "chase-daemon/target/chase.aot").exists() else "without"
    return (
        f"{os.cpu_count()} x {model}, {platform.system()} {platform.release()}, "
        f"load {os.getloadavg()[0]:.1f}, {aot} class cache"
    )


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gpus", type=int, default=8)
    parser.add_argument("--settle", type=int, default=600, help="seconds before memory is read")
    parser.add_argument("--cpu-window", type=int, default=60, help="seconds of idle CPU time")
    parser.add_argument("--scrapes", type=int, default=1000)
    parser.add_argument("--starts", type=int, default=7)
    parser.add_argument("--reactions", type=int, default=60, help="seconds of a changing signal")
    parser.add_argument("--port", type=int, default=19479)
    return parser.parse_args()


def main():
    asked = arguments()
    # Builds whatever is missing, so that no measurement contains a build.
    if subprocess.run([ROOT / "chase", "version"], stdout=subprocess.DEVNULL).returncode != 0:
        sys.exit("./chase version failed")
    print(f"machine: {machine()}\n")
    rows = []

    took = start_milliseconds(asked.starts, asked.gpus, asked.port)
    rows.append(
        ("start to first answer", f"{statistics.median(took):.0f} ms",
         f"median of {len(took)}, {min(took):.0f} to {max(took):.0f}; process spawn to a 200 on /metrics"))

    with tempfile.TemporaryDirectory() as work:
        with Daemon(work, asked.gpus, asked.port, 1) as daemon, NodeExporter(
            asked.port + 1
        ) as exporter:
            rows += at_rest(asked, daemon.process.pid, exporter)
            rows += scraped(asked, daemon.process.pid, exporter)

    # An hour of the trace in five seconds: a reading that flips the limits every five seconds.
    with tempfile.TemporaryDirectory() as work:
        with Daemon(work, asked.gpus, asked.port, 720) as daemon:
            took = reaction_milliseconds(daemon.events(asked.reactions))
    if took:
        rows.append(("reading to last limit", f"{statistics.median(took):.1f} ms",
                     f"median of {len(took)} readings, slowest {max(took):.1f}; instants of /v1/events"))
    else:
        rows.append(("reading to last limit", "none", "no reading changed a limit"))

    width = max(len(name) for name, _, _ in rows)
    for name, value, basis in rows:
        print(f"{name:<{width}}  {value:>10}  {basis}")


if __name__ == "__main__":
    main()
