#!/usr/bin/env python3
"""Sends step reports to the daemon, on simulated GPUs, as fast as asked. See README.md beside this file."""

import argparse
import collections
import http.client
import json
import multiprocessing
import selectors
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import overhead


class Reporter:
    """One job on one connection of its own; a report is due every ``period`` seconds."""

    def __init__(self, path, job):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.socket.setblocking(False)
        self.head = f"POST /v1/jobs/{job}/steps HTTP/1.1\r\nHost: chase\r\nContent-Length: "
        self.steps = 0
        self.due = 0.0
        self.asked_at = None  # the time for which the unanswered report was due
        self.answer = b""

    def send(self):
        self.steps += 1
        body = f'{{"steps":{self.steps},"metrics":{{"loss":2.25}}}}'
        self.asked_at = self.due
        self.socket.send(f"{self.head}{len(body)}\r\n\r\n{body}".encode())

    def heard(self):
        """The whole answer's seconds since the report was due, or None while parts are missing."""
        self.answer += self.socket.recv(65536)
        if not self.answer.endswith(b"}\n"):
            return None
        if not self.answer.startswith(b"HTTP/1.1 200"):
            sys.exit("a report was refused: " + self.answer.decode())
        self.answer = b""
        return time.perf_counter() - self.asked_at


def flood(reporters, rate, seconds):
    """Reports ``rate`` times a second, spread over all; returns all latencies and the time."""
    start = time.perf_counter()
    period = len(reporters) / rate
    waiting = selectors.EpollSelector()
    for i, reporter in enumerate(reporters):
        reporter.due = start + i / rate
        waiting.register(reporter.socket, selectors.EVENT_READ, reporter)
    next_due = collections.deque(reporters)
    took = []
    end = start + seconds
    unanswered = 0
    while True:
        now = time.perf_counter()
        if now >= end:
            if not unanswered:
                return took, now - start
            next_due.clear()
        # Whoever is due and not yet answered reports as soon as he is: no report is left out.
        while next_due and next_due[0].due <= now:
            reporter = next_due.popleft()
            reporter.send()
            unanswered += 1
        pause = max(0.0, min(next_due[0].due - now, 0.05)) if next_due else 0.05
        for key, _ in waiting.select(pause):
            reporter = key.data
            latency = reporter.heard()
            if latency is not None:
                took.append(latency)
                unanswered -= 1
                reporter.due += period
                insert(next_due, reporter)


def insert(queue, reporter):
    """Keeps the queue in the order of what is due; nearly always at its end."""
    passed = []
    while queue and queue[-1].due > reporter.due:
        passed.append(queue.pop())
    queue.append(reporter)
    queue.extend(reversed(passed))


def register(daemon, count):
    connection = http.client.HTTPConnection("chase")
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.connect(str(daemon.socket))
    jobs = []
    for gpu in range(count):
        spec = {"name": f"bench-{gpu}", "gpus": [str(gpu)], "slowdown_bound": 0.03}
        connection.request("POST", "/v1/jobs", json.dumps(spec))
        answer = connection.getresponse()
        body = json.loads(answer.read())
        if answer.status != 201:
            sys.exit(f"a job was refused: {body}")
        jobs.append(body["id"])
    return jobs


def watch(daemon_socket, gpus, seconds, results):
    """In a process of its own: how often GPUs are read, and how long a question takes."""
    connection = http.client.HTTPConnection("chase", timeout=30)
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.connect(daemon_socket)
    seen = []
    asked = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        before = time.perf_counter()
        connection.request("GET", f"/v1/gpus/{gpus - 1}")
        at = json.loads(connection.getresponse().read()).get("reading", {}).get("at")
        asked.append((time.perf_counter() - before) * 1000)
        if at and (not seen or seen[-1] != at):
            seen.append(at)
        time.sleep(0.02)
    results.put((seen, asked))


def instant(text):
    return overhead.datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def observed(daemon, gpus, seconds, load):
    """What control does for so long, while ``load`` runs."""
    results = multiprocessing.Queue()
    watcher = multiprocessing.Process(
        target=watch, args=(str(daemon.socket), gpus, seconds, results), daemon=True
    )
    events = []
    listener = threading.Thread(target=lambda: events.extend(daemon.events(seconds)))
    cpu = overhead.cpu_seconds(daemon.process.pid)
    watcher.start()
    listener.start()
    reports = load(seconds)
    seen, asked = results.get(timeout=60)
    listener.join()
    watcher.join()
    gaps = [(instant(b) - instant(a)).total_seconds() for a, b in zip(seen, seen[1:])]
    return {
        "reports": reports,
        "cpu": (overhead.cpu_seconds(daemon.process.pid) - cpu) / seconds,
        "gaps": gaps,
        "asked": asked,
        "reaction": overhead.reaction_milliseconds(events),
    }


def row(name, quiet, loaded):
    print(f"{name:<38}  {quiet:>16}  {loaded:>16}")


def spread(values, digits=1):
    if not values:
        return "none"
    return f"{statistics.median(values):.{digits}f} / {max(values):.{digits}f}"


def report(quiet, loaded):
    took, seconds = loaded["reports"]
    milliseconds = [1000 * one for one in took]
    print(f"reports: {len(took)} in {seconds:.1f} s, {len(took) / seconds:.0f} a second")
    for share in (0.5, 0.99, 0.999):
        print(f"  answered, {100 * share:g} %: {overhead.percentile(milliseconds, share):.2f} ms")
    print(f"  answered, slowest: {max(milliseconds):.2f} ms, counted from when each was due\n")
    row("", "without reports", "with reports")
    row("daemon, share of one core", f"{quiet['cpu']:.0%}", f"{loaded['cpu']:.0%}")
    row("GPU read every, median / longest, s", spread(quiet["gaps"], 3), spread(loaded["gaps"], 3))
    row("grid to last limit, median / slowest, ms", spread(quiet["reaction"]), spread(loaded["reaction"]))
    row("question answered, median / slowest, ms", spread(quiet["asked"]), spread(loaded["asked"]))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connections", type=int, default=64, help="jobs, a GPU each")
    parser.add_argument("--rate", type=int, default=10_000, help="reports a second, of all together")
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--port", type=int, default=19481)
    return parser.parse_args()


def main():
    asked = arguments()
    if subprocess.run([overhead.ROOT / "chase", "version"], stdout=subprocess.DEVNULL).returncode != 0:
        sys.exit("./chase version failed")
    print(f"machine: {overhead.machine()}\n")
    with tempfile.TemporaryDirectory() as work:
        # An hour of the grid in five seconds flips the limits every five seconds.
        # The last GPU has no job, so that it follows the grid alone.
        gpus = asked.connections + 1
        with overhead.Daemon(work, gpus, asked.port, 720) as daemon:
            reporters = [
                Reporter(str(daemon.socket), job) for job in register(daemon, asked.connections)
            ]
            flood(reporters, asked.rate, 10)  # the compiler's warm-up
            time.sleep(2)
            quiet = observed(daemon, gpus, asked.seconds, time.sleep)
            loaded = observed(
                daemon,
                gpus,
                asked.seconds,
                lambda seconds: flood(reporters, asked.rate, seconds),
            )
            report(quiet, loaded)


if __name__ == "__main__":
    main()
