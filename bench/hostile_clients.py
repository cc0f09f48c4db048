#!/usr/bin/env python3
"""Hostile clients against a running daemon; says how the control socket answered meanwhile.

    bench/hostile_clients.py --port 9478 --socket /run/chase/chase.sock [--pid PID] [ATTACK...]

Every attack is bounded in clients and time. Needs nothing but Python. See --list.
"""
import argparse
import os
import socket
import struct
import threading
import time

GET = b"GET /metrics HTTP/1.1\r\nHost: h\r\n\r\n"


class Target:
    def __init__(self, options):
        self.port, self.path, self.host = options.port, options.socket, options.host
        self.seconds, self.on_socket = options.seconds, options.on_socket

    def connect(self):
        if self.on_socket:
            s = socket.socket(socket.AF_UNIX)
            s.settimeout(5)
            s.connect(self.path)
            return s
        return socket.create_connection((self.host, self.port), 5)

    def end(self):
        return time.monotonic() + self.seconds


def send(sockets, data):
    """Writes what the other side takes without waiting; drops whom it closed."""
    left = []
    for s in sockets:
        try:
            s.setblocking(False)
            s.send(data)
            left.append(s)
        except BlockingIOError:
            left.append(s)
        except OSError:
            s.close()
    return left


def opened(target, count, first=b""):
    sockets = []
    for _ in range(count):
        try:
            s = target.connect()
            if first:
                s.sendall(first)
            sockets.append(s)
        except OSError:
            pass
    return sockets


def keep(target, sockets, drip=b""):
    end = target.end()
    while time.monotonic() < end:
        time.sleep(0.2)
        if drip:
            sockets = send(sockets, drip)
    for s in sockets:
        s.close()


def h2c(target):
    """30 HTTP/2 connections, 100 streams each, window 0"""
    frame = lambda kind, flags, stream, body: struct.pack(">I", len(body))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + body
    head = b"\x82\x86\x41\x01h\x04\x08/metrics"
    first = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, struct.pack(">HI", 4, 0))
    first += b"".join(frame(1, 5, 2 * i + 1, head) for i in range(100))
    keep(target, opened(target, 30, first))


def upgrade(target):
    """100 upgrades to HTTP/2 and to a web socket"""
    h2 = b"GET /metrics HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAAAA\r\n\r\n"
    ws = b"GET /metrics HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    keep(target, opened(target, 50, h2) + opened(target, 50, ws))


def pipelining(target):
    """100 x 2,000 requests at once, no answer read"""
    sockets = opened(target, 100)
    block = GET * 2000
    rest = {s: block for s in sockets}
    end = target.end()
    while rest and time.monotonic() < end:
        for s in list(rest):
            try:
                s.setblocking(False)
                rest[s] = rest[s][s.send(rest[s]):]
            except BlockingIOError:
                pass
            except OSError:
                del rest[s]
        time.sleep(0.05)
    keep(target, sockets)


def smallest(target):
    """100 connections that pipeline the shortest requests there are, for ever"""
    keep(target, opened(target, 100), b"GET / HTTP/1.1\r\n\r\n" * 4000)


def headers(target):
    """3,000 unfinished heads"""
    keep(target, opened(target, 3000, b"GET /metrics HTTP/1.1\r\nHost: h\r\nX-A: "), b"a")


def many_headers(target):
    """200 connections, each with as many headers as fit, never finished"""
    keep(target, opened(target, 200, b"GET / HTTP/1.1\r\n" + b"a:b\r\n" * 1500))


def idle(target):
    """1,500 idle connections"""
    keep(target, opened(target, 1500))


def streams(target):
    """64 event streams that never read"""
    keep(target, opened(target, 64, b"GET /v1/events HTTP/1.1\r\nHost: h\r\n\r\n"))


def power_streams(target):
    """100 power streams that never read"""
    keep(target, opened(target, 100, b"GET /gpu/stream_power HTTP/1.1\r\nHost: h\r\n\r\n"))


def slow_body(target):
    """200 bodies of a gigabyte, a byte at a time"""
    keep(target, opened(target, 200, b"POST /v1/jobs HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000000\r\n\r\n"), b"x")


def fast_body(target):
    """20 bodies of a gigabyte, as fast as they go"""
    keep(target, opened(target, 20, b"POST /jobs HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000000\r\n\r\n"), b"x" * 200_000)


def chunks(target):
    """50 chunked bodies without end"""
    keep(target, opened(target, 50, b"POST /jobs HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"), b"1\r\nx\r\n" * 1000)


def expect(target):
    """200 times Expect: 100-continue and nothing more"""
    keep(target, opened(target, 200, b"PUT /v1/policy HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 20\r\n\r\n"))


def long_uri(target):
    """300 targets of a megabyte"""
    keep(target, opened(target, 300, b"GET /"), b"a" * 10_000)


def half_closed(target):
    """500 requests of which only our half is closed"""
    sockets = opened(target, 500, GET)
    for s in sockets:
        try:
            s.shutdown(socket.SHUT_WR)
        except OSError:
            pass
    keep(target, sockets)


def reset(target):
    """3,000 requests broken off by a reset"""
    for s in opened(target, 3000, GET):
        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        s.close()


def odd(target):
    """requests that no client should send"""
    lines = [
        b"CONNECT h:80 HTTP/1.1\r\n", b"TRACE / HTTP/1.1\r\n", b"OPTIONS * HTTP/1.1\r\n", b"GET http://h/metrics HTTP/1.1\r\n",
        b"GET * HTTP/1.1\r\n", b"GET  HTTP/1.1\r\n", b"GET //// HTTP/1.1\r\n", b"GET /%zz HTTP/1.1\r\n", b"GET /?% HTTP/1.1\r\n",
        b"GET /metrics?name[]=%00&name[]= HTTP/1.1\r\n", b"GET /v1/gpus/%00 HTTP/1.1\r\n", b"GET /\x00 HTTP/1.1\r\n",
        b"\x00\x00\x00\x00\r\n", b"GET / HTTP/9.9\r\n", b"GET / HTTP/1.0\r\n", b"GET /\xff\xfe HTTP/1.1\r\n", b"X" * 300 + b" / HTTP/1.1\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET / HTTP/1.1\r\nContent-Length: -1\r\n", b"GET / HTTP/1.1\r\nContent-Length: 9e9\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n", b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        b"POST /jobs HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\n", b"POST /v1/jobs HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
        b"GET / HTTP/1.1\r\nCookie: " + b"a=b; " * 1000 + b"\r\n", b"GET /metrics HTTP/1.1\r\nAccept: application/vnd.google.protobuf\r\n",
        b"GET /metrics HTTP/1.1\r\nAccept: " + b"," * 4000 + b"\r\n", b"GET /v1/report?by=%ff HTTP/1.1\r\n", b"GET /gpu/get_power?gpu_ids=99999999999999999999 HTTP/1.1\r\n",
        b"POST /v1/jobs HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 5\r\n\r\n--x\r\n",
    ]
    for line in lines * 5:
        for s in opened(target, 1, line + b"\r\n"):
            try:
                s.settimeout(0.3)
                s.recv(65536)
            except OSError:
                pass
            s.close()


ATTACKS = [h2c, upgrade, pipelining, smallest, headers, many_headers, idle, streams, power_streams, slow_body, fast_body, chunks, expect, long_uri, half_closed, reset, odd]


class Control(threading.Thread):
    """Somebody who asks for the status all the time, on connections of his own."""

    def __init__(self, path):
        super().__init__(daemon=True)
        self.path, self.times, self.failures, self.over = path, [], 0, False

    def run(self):
        while not self.over:
            begun = time.monotonic()
            try:
                s = socket.socket(socket.AF_UNIX)
                s.settimeout(20)
                s.connect(self.path)
                s.sendall(b"GET /v1/status HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
                answer = b""
                while chunk := s.recv(65536):
                    answer += chunk
                if not answer.startswith(b"HTTP/1.1 200"):
                    self.failures += 1
                s.close()
            except OSError:
                self.failures += 1
            self.times.append(time.monotonic() - begun)
            time.sleep(0.1)


def status(pid, key):
    try:
        with open(f"/proc/{pid}/status") as lines:
            return next(int(line.split()[1]) for line in lines if line.startswith(key))
    except (OSError, StopIteration):
        return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("attacks", nargs="*")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9478)
    parser.add_argument("--socket", default="/run/chase/chase.sock")
    parser.add_argument("--on-socket", action="store_true", help="attack the control socket instead of the port")
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--pid", type=int, default=0, help="the daemon, whose memory and descriptors are shown")
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    if options.list:
        for attack in ATTACKS:
            print(f"{attack.__name__:14} {attack.__doc__}")
        return
    target = Target(options)
    for attack in ATTACKS:
        if options.attacks and attack.__name__ not in options.attacks:
            continue
        control = Control(options.socket)
        control.start()
        attack(target)
        control.over = True
        control.join()
        fds = len(os.listdir(f"/proc/{options.pid}/fd")) if options.pid and os.path.exists(f"/proc/{options.pid}/fd") else 0
        print(
            f"{attack.__name__:14} status {max(control.times):6.2f} s at most of {len(control.times):3}, {control.failures} failed;"
            f" RSS {status(options.pid, 'VmRSS') // 1024} MB, at most {status(options.pid, 'VmHWM') // 1024}, descriptors {fds}", flush=True)


main()
