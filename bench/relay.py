#!/usr/bin/env python3
"""What a daemon pays for the hosts that read its outlook.

Starts a daemon that plays a recording back with a forecast of two days in steps of five minutes, and
lets clients read /v1/outlook: first nobody, then so many that poll as its max-age tells them, over
kept connections and with If-None-Match, then so many that follow the stream. What the daemon itself
uses is read from /proc; what the clients use does not count. Each client has an address of its own
out of 127.0.0.0/8, as hosts have. Needs Linux and Python 3.9.
"""

import argparse
import asyncio
import datetime
import http.client
import json
import math
import os
import pathlib
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
STEP_SECONDS = 300
DAYS = 40
TICKS = os.sysconf("SC_CLK_TCK")


class Daemon:
    """A daemon that serves its outlook, until the block ends."""

    def __init__(self, work, port, change):
        self.work = work
        self.port = port
        self.log = open(work / "log", "wb")
        self._write_recording()
        (work / "chase.yaml").write_text(
            f"""mode: observe
gpu:
  backend: simulated
  simulated: [h100-sxm]
carbon:
  provider: trace
  region: BENCH
  trace:
    file: {work}/grid.csv
    speed: {STEP_SECONDS / change}
    start: 2026-01-31T00:00:00Z
control:
  socket: {work}/chase.sock
metrics:
  port: {port}
  page: false
  outlook: true
ledger:
  enabled: false
state-directory: {work}/state
""",
            encoding="utf-8",
        )

    def _write_recording(self):
        start = datetime.datetime(2026, 1, 1)
        noise = random.Random(1)
        with open(self.work / "grid.csv", "w", encoding="ascii") as rows:
            rows.write("time,grams_per_kwh\n")
            for row in range(DAYS * 86400 // STEP_SECONDS):
                at = start + datetime.timedelta(seconds=row * STEP_SECONDS)
                day = 2 * math.pi * row * STEP_SECONDS / 86400
                grams = 350 + 120 * math.sin(day) + 10 * noise.random()
                rows.write(f"{at.isoformat()}Z,{grams:.1f}\n")

    def __enter__(self):
        # The launcher ends in exec, so that the process we started is the JVM.
        self.process = subprocess.Popen(
            [ROOT / "chase", "daemon", "--config", self.work / "chase.yaml"],
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        until = time.monotonic() + 120
        while not self._has_forecast():
            if self.process.poll() is not None or time.monotonic() > until:
                self.__exit__()
                sys.exit("the daemon serves no outlook:\n" + (self.work / "log").read_text())
            time.sleep(0.5)
        return self

    def _has_forecast(self):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            connection.request("GET", "/v1/outlook")
            answer = connection.getresponse()
            self.body = answer.read()
            return answer.status == 200 and len(json.loads(self.body)["forecast"]) > 0
        except (OSError, http.client.HTTPException):
            return False

    def __exit__(self, *unused):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()

    def cpu_seconds(self):
        stat = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii")
        fields = stat.rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def resident_megabytes(self):
        rollup = pathlib.Path(f"/proc/{self.process.pid}/smaps_rollup").read_text(encoding="ascii")
        line = next(line for line in rollup.splitlines() if line.startswith("Rss:"))
        return int(line.split()[1]) * 1024 / 1e6


class Tally:
    """What the clients got."""

    def __init__(self):
        self.counts = {}

    def add(self, what):
        self.counts[what] = self.counts.get(what, 0) + 1

    def text(self):
        return ", ".join(f"{count} {what}" for what, count in sorted(self.counts.items()))


def own_address(number):
    return f"127.1.{number // 250}.{number % 250 + 1}"


async def connect(port, number):
    return await asyncio.open_connection("127.0.0.1", port, local_addr=(own_address(number), 0))


async def read_answer(reader):
    """Status, headers and body of one answer."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii").split("\r\n")
    headers = {}
    for line in head[1:]:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    length = int(headers.get("content-length", 0))
    return int(head[0].split()[1]), headers, await reader.readexactly(length)


async def poll(port, number, spread, tally):
    """A host that polls, at the pace that it is told."""
    await asyncio.sleep(random.random() * spread)
    tag = ""
    link = None
    while True:
        try:
            if link is None:
                link = await connect(port, number)
                tally.add("connections")
            reader, writer = link
            known = f"If-None-Match: {tag}\r\n" if tag else ""
            request = (
                "GET /v1/outlook HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n"
                f"Accept-Encoding: gzip\r\n{known}\r\n"
            )
            writer.write(request.encode("ascii"))
            status, headers, _ = await read_answer(reader)
            tally.add(f"answers of {status}")
            tag = headers.get("etag", tag)
            pause = headers.get("cache-control", "").partition("max-age=")[2]
            await asyncio.sleep(max(1, int(pause or 5)))
        except (OSError, asyncio.IncompleteReadError):
            # An idle connection is closed after 75 s.
            link = None


async def follow(port, number, spread, tally):
    """A host that follows the stream."""
    await asyncio.sleep(random.random() * spread)
    while True:
        try:
            reader, writer = await connect(port, number)
            tally.add("connections")
            writer.write(
                b"GET /v1/outlook HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"
            )
            chunk = await reader.read(262144)
            while chunk:
                for _ in range(chunk.count(b"event: outlook")):
                    tally.add("events")
                chunk = await reader.read(262144)
        except OSError:
            tally.add("failures")
        await asyncio.sleep(1)


async def measured(daemon, asked, client, name):
    """One row of the table: what the daemon uses while clients read, once all are there."""
    tally = Tally()
    tasks = []
    if client is not None:
        tasks = [
            asyncio.ensure_future(client(daemon.port, number, asked.change, tally))
            for number in range(asked.clients)
        ]
    await asyncio.sleep(asked.warm if client is None else asked.change + 10)
    tally.counts.clear()
    began, before = time.monotonic(), daemon.cpu_seconds()
    resident = []
    while time.monotonic() - began < asked.seconds:
        await asyncio.sleep(2)
        resident.append(daemon.resident_megabytes())
    share = (daemon.cpu_seconds() - before) / (time.monotonic() - began)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    print(
        f"| {name} | {100 * share:.2f} % | {sum(resident) / len(resident):.1f} MB |"
        f" {max(resident):.1f} MB | {tally.text() or '-'} |",
        flush=True,
    )


async def rows(daemon, asked):
    await measured(daemon, asked, None, "nobody")
    await measured(daemon, asked, poll, f"{asked.clients} that poll")
    await measured(daemon, asked, follow, f"{asked.clients} that follow")
    asked.warm = 5
    await measured(daemon, asked, None, "nobody again")


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clients", type=int, default=1000, help="how many read at once")
    parser.add_argument("--change", type=int, default=30, help="seconds between two numbers")
    parser.add_argument("--warm", type=int, default=60, help="seconds before the first row")
    parser.add_argument("--seconds", type=int, default=90, help="how long each row is measured")
    parser.add_argument("--port", type=int, default=19478)
    return parser.parse_args()


def main():
    asked = arguments()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, a number every {asked.change} s")
    with tempfile.TemporaryDirectory(prefix="chase-relay-") as folder:
        with Daemon(pathlib.Path(folder), asked.port, asked.change) as daemon:
            print(f"the outlook has {len(daemon.body)} bytes\n")
            print("| clients | CPU of the daemon | RSS, mean | RSS, highest | what they got |")
            print("|---|---|---|---|---|")
            asyncio.run(rows(daemon, asked))
    print(f"\nload {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
