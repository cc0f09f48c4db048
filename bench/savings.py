#!/usr/bin/env python3
"""Prints how near a slowdown budget comes to the offline optimum, by replaying recorded grids.

A cell is one grid, one profile and one bound. See README.md beside this file.
"""

import argparse
import json
import pathlib
import re
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BESIDE = re.compile(
    r"a blind mix of two limits with the same slowdown saves (?P<blind>\S+) %"
    r".*?(?:, (?P<captured>\S+) % of the difference)?"
    r"\. (?:chase:(?P<eta>\S+), tuned in hindsight, saves (?P<chase>\S+) %|chase:ETA keeps)"
)
HEADER = (
    "| grid | profile | bound % | saved % | optimum % | of optimum | blind mix % | captured "
    "| best chase:ETA % | over the bound, mean | worst | changes/h |"
)
RULE = "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--signal", nargs="+", required=True, metavar="FILE")
    parser.add_argument("--profile", nargs="+", required=True, metavar="FILE")
    parser.add_argument(
        "--bounds", nargs="+", type=float, default=[0.01, 0.025, 0.05, 0.1], metavar="BOUND"
    )
    parser.add_argument("--forecast", choices=["own", "yesterday", "persistence", "perfect"], default="own")
    parser.add_argument("--starts", type=int, default=40)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--hours", type=float, default=20)
    parser.add_argument(
        "--fast", action="store_true", help="leave out the blind mix and chase:ETA (a quarter of the time)"
    )
    return parser.parse_args()


def simulate(options, signal, profile, policies, form):
    command = [str(ROOT / "chase"), "simulate", "--signal", signal, "--profile", profile]
    command += ["--policy", *policies, "--forecast", options.forecast, "--format", form]
    command += ["--hours", str(options.hours), "--seed", str(options.seed)]
    command += ["--starts", str(options.starts)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"savings: {' '.join(command)} ended with {done.returncode}")
    return done.stdout


def cell(options, signal, profile, bound):
    """The figures of one cell; shares as ratios, what is over the bound in points."""
    budget, optimum = f"budget:{bound:g}", f"optimum:{bound:g}"
    answer = simulate(options, signal, profile, [budget, optimum], "json")
    kept, best = json.loads(answer)
    figures = {
        "grid": pathlib.Path(signal).stem,
        "profile": pathlib.Path(profile).stem,
        "bound": bound,
        "saved": kept["carbon_saving"],
        "optimum": best["carbon_saving"],
        "of_optimum": kept["carbon_saving"] / best["carbon_saving"],
        "over": 100 * (kept["slowdown"] - bound),
        "over_worst": 100 * (kept["slowdown_max"] - bound),
        "changes": kept["limit_changes"] / (kept["seconds"] / 3600),
    }
    return figures | ({} if options.fast else beside(options, signal, profile, budget))


def beside(options, signal, profile, budget):
    """What the JSON lacks, from the line under the table; nothing where the line says nothing."""
    found = BESIDE.search(simulate(options, signal, profile, [budget], "table"))
    if found is None:
        sys.exit(f"savings: no line beside {budget} of {signal} and {profile}")
    return {
        name: float(found[name]) / 100
        for name in ("blind", "captured", "chase")
        if found[name] is not None
    }


def text(value, factor=1.0, form=".2f"):
    if value is None:
        return "-"
    shown = format(factor * value, form)
    return shown if float(shown) else format(0.0, form)  # no minus zero


def row(cell):
    shown = [
        cell["grid"],
        cell["profile"],
        f"{100 * cell['bound']:g}",
        text(cell["saved"], 100),
        text(cell["optimum"], 100),
        text(cell["of_optimum"], form=".4f"),
        text(cell.get("blind"), 100),
        text(cell.get("captured")),
        text(cell.get("chase"), 100),
        text(cell["over"], form=".3f"),
        text(cell["over_worst"], form=".3f"),
        text(cell["changes"]),
    ]
    return "| " + " | ".join(shown) + " |"


def mean(cells, name):
    known = [cell[name] for cell in cells if name in cell]
    return statistics.fmean(known) if known else None


def summary(title, cells):
    return (
        f"{title}, {len(cells)} cells: of optimum mean {text(mean(cells, 'of_optimum'), form='.4f')}"
        f" worst {text(min(c['of_optimum'] for c in cells), form='.4f')};"
        f" captured mean {text(mean(cells, 'captured'))};"
        f" over the bound in points, worst mean {text(max(c['over'] for c in cells), form='.3f')}"
        f" worst start {text(max(c['over_worst'] for c in cells), form='.3f')};"
        f" changes/h mean {text(mean(cells, 'changes'))}"
        f" most {text(max(c['changes'] for c in cells))}"
    )


def main():
    options = arguments()
    print(
        f"Forecast {options.forecast}, {options.starts} starts chosen by seed {options.seed},"
        f" jobs of {options.hours:g} h at full power, GPU only.\n"
    )
    print(HEADER)
    print(RULE)
    cells = []
    for signal in options.signal:
        for profile in options.profile:
            for bound in options.bounds:
                cells.append(cell(options, signal, profile, bound))
                print(row(cells[-1]), flush=True)
    print()
    for bound in options.bounds:
        print(summary(f"{100 * bound:g} %", [c for c in cells if c["bound"] == bound]))
    wide = [c for c in cells if c["bound"] >= 0.02]
    if wide and len(wide) < len(cells):
        print(summary("2 % and more", wide))
    print(summary("all", cells))


if __name__ == "__main__":
    main()
