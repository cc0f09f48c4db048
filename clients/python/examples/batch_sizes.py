#!/usr/bin/env python3
"""A recurring job whose batch size and power limit Chase chooses.

Each run fits a logistic regression by stochastic gradient descent until it is good enough. The
training is real, its GPU is not: a step takes as long as a GPU with some overhead for each step
would need, and longer under a lower power limit, as a V100 does in Zeus's measurements
(docs/simulated-v100.csv). Run it against a daemon with simulated GPUs.
"""

import argparse
import csv
import math
import pathlib
import random
import sys
import time

HERE = pathlib.Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[1]))

import chase  # noqa: E402
from train import free_gpu  # noqa: E402

SIZES = [4, 8, 16, 32, 64, 128]
SAMPLES = 128
TARGET_LOSS = 0.18
LEARNING_RATE = 1.0
OVERHEAD, PER_SAMPLE = 0.004, 0.00015  # seconds of a step at full power, and of a sample in it


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--name", default="toy-regression")
    parser.add_argument("--gpu", help="the GPU that the job is registered for; else a free one")
    parser.add_argument("--recurrences", type=int, default=10)
    parser.add_argument("--default", type=int, default=64, choices=SIZES)
    parser.add_argument("--pace", type=float, default=4, help="how much longer a step takes")
    parser.add_argument("--policy", default="zeus:0.5", help="of the job's GPU")
    parser.add_argument("--cost", default="energy", choices=["energy", "carbon", "price"])
    return parser.parse_args()


def speeds():
    """The share of its full speed that a V100 reaches at each power limit."""
    with open(HERE.parents[3] / "docs" / "simulated-v100.csv", newline="") as file:
        rows = [(float(r["power_limit_watts"]), float(r["throughput"])) for r in csv.DictReader(file)]
    return [(limit, speed / rows[-1][1]) for limit, speed in rows]


def speed_at(limit, curve):
    for (low, slow), (high, fast) in zip(curve, curve[1:]):
        if limit is not None and limit < high:
            return slow + (fast - slow) * max(0.0, limit - low) / (high - low)
    return 1.0


def points(chance):
    """Points on either side of a line that no model knows, some on the wrong side."""
    for _ in range(SAMPLES):
        x = [chance.gauss(0, 1) for _ in range(4)]
        score = 2 * x[0] - 1.5 * x[1] + x[2] - 0.5 * x[3] + chance.gauss(0, 0.7)
        yield x + [1.0], 1.0 if score > 0 else 0.0


def probability(weights, x):
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, sum(w * v for w, v in zip(weights, x))))))


def loss(weights, data):
    return -sum(
        math.log(max(1e-9, probability(weights, x) if y else 1 - probability(weights, x)))
        for x, y in data
    ) / len(data)


def epoch(weights, data, batch, after_step):
    for first in range(0, len(data), batch):
        part = data[first : first + batch]
        errors = [probability(weights, x) - y for x, y in part]
        for i in range(len(weights)):
            slope = sum(error * x[i] for error, (x, _) in zip(errors, part)) / len(part)
            weights[i] -= LEARNING_RATE * slope
        after_step(len(part))


def run(options, chance, data, curve):
    """One recurrence; returns the trial and the limit at its end."""
    with chase.batch_size(
        options.name,
        SIZES,
        default=options.default,
        target=TARGET_LOSS,
        higher_is_better=False,
        max_epochs=60,
        cost=options.cost,
        gpus=[options.gpu],
        policy=options.policy,
        report_seconds=0.25,
    ) as trial:
        weights = [chance.gauss(0, 1) for _ in range(5)]

        def after_step(samples):
            seconds = options.pace * (OVERHEAD + PER_SAMPLE * samples)
            time.sleep(seconds / speed_at(trial.job.limit_watts, curve))
            trial.step()

        for _ in range(trial.max_epochs):
            chance.shuffle(data)
            epoch(weights, data, trial.batch_size, after_step)
            if trial.report(loss(weights, data)):
                break
        return trial, trial.job.limit_watts


def main():
    options = arguments()
    options.gpu = options.gpu or free_gpu()
    chance = random.Random(7)
    data = list(points(chance))
    curve = speeds()
    print("run  batch size  epochs  reached  seconds  limit W  expected W  why")
    for number in range(1, options.recurrences + 1):
        begin = time.monotonic()
        trial, limit = run(options, chance, data, curve)
        print(
            f"{number:3}  {trial.batch_size:10}  {trial.epoch:6}  {str(trial.reached):7}"
            f"  {time.monotonic() - begin:7.1f}  {limit or '-':>7}"
            f"  {trial.expected_limit_watts or '-':>10}  {trial.why}",
            flush=True,
        )
    try:
        story = chase.Client().ask("GET", "/v1/batch-sizes/" + options.name)
        print(f"{story['stage']}; best so far: {story['job'].get('best_batch_size', '-')}")
    except chase.ChaseError as failure:
        print(failure)


if __name__ == "__main__":
    main()
