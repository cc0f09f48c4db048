#!/usr/bin/env python3
"""A training loop without any framework that takes part in Chase.

Fits a line to noisy points by stochastic gradient descent, for as long as asked. It uses no GPU:
on simulated GPUs it shows what a real script would send and receive.
"""

import argparse
import pathlib
import random
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import chase  # noqa: E402


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gpu", help="the GPU that the job is registered for; else a free one")
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--step-seconds", type=float, default=0.1, help="how long a step takes")
    parser.add_argument("--slowdown", default="3%", help="3%% (or 0.03): at most 3 %% slower")
    return parser.parse_args()


def free_gpu():
    """A GPU on which nothing runs; without a daemon it does not matter which."""
    try:
        free = chase.free_gpus()
    except chase.ChaseError:
        return "0"
    if not free:
        sys.exit("no GPU is free: see `chase gpus` and `chase jobs`, or name one with --gpu")
    return free[0]


def main():
    options = arguments()
    gpu = options.gpu or free_gpu()
    points = random.Random(7)
    slope, offset = 0.0, 0.0
    with chase.measure(gpus=[gpu]) as block, chase.job(
        "fit-a-line",
        gpus=[gpu],
        total_steps=options.steps,
        slowdown_bound=options.slowdown,
    ) as job:
        for _ in range(options.steps):
            x = points.uniform(-1, 1)
            error = slope * x + offset - (3 * x + 1 + points.gauss(0, 0.1))
            slope -= 0.05 * error * x
            offset -= 0.05 * error
            time.sleep(options.step_seconds)
            job.step()
            job.wait_while_paused()
    print(f"slope {slope:.2f}, offset {offset:.2f}, in {block.seconds:.0f} s")
    if block.joules is not None:
        kind = "simulated GPU" if block.simulated else "GPU"
        print(f"{kind} {gpu} used {block.joules:.0f} J ({block.basis})")
    if block.grams is not None:
        print(f"and emitted {block.grams:.3g} g CO2 ({block.carbon_basis})")


if __name__ == "__main__":
    main()
