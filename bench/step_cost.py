#!/usr/bin/env python3
"""Prints what `step()` of the Python client costs the training's thread, in microseconds."""

import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "clients" / "python"))

import chase  # noqa: E402

STEPS = 1_000_000


def main():
    costs = []
    with chase.job("step-cost", gpus=[0], report_seconds=0.5) as job:
        for _ in range(STEPS):
            begin = time.perf_counter_ns()
            job.step()
            costs.append(time.perf_counter_ns() - begin)
    costs.sort()
    for name, share in (("median", 0.5), ("99 %", 0.99), ("99.9 %", 0.999)):
        print(f"step, {name:8} {costs[int(share * STEPS)] / 1000:8.3f} us")
    print(f"the clock's own cost is included; {STEPS} steps, a report every 0.5 s")


if __name__ == "__main__":
    main()
