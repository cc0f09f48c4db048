"""Batch sizes of recurring jobs: one trial a run."""

from __future__ import annotations

import atexit
import math
import os
import time
import urllib.parse

from chase._client import ChaseError, Client, TroubleLog
from chase._job import Job, job, named_gpus, checked_name


class Trial:
    """One run of a recurring job, which trains with ``batch_size`` until ``report`` returns true.

    batch_size            what to train with
    number                the run's number; None without a daemon, and then ``report`` does nothing
    max_epochs            the most epochs that it may train
    why                   why it was given this batch size, in words
    expected_limit_watts  where the work should cost least, by what was measured; None before that.
                          The daemon's policy sets the real limit: ``job.limit_watts``
    job                   the ``Job`` under which the run is registered; count its steps there, or
                          with ``step``
    """

    def __init__(self, client: Client, name: str, batch_size: int, max_epochs: int):
        self.batch_size = batch_size
        self.number: int | None = None
        self.max_epochs = max_epochs
        self.why = "no daemon chose"
        self.expected_limit_watts: float | None = None
        self.stopped = False
        self.reached = False
        self.epoch = 0
        self.job: Job | None = None
        self._client = client
        self._name = name
        self._path = "/v1/batch-sizes/" + urllib.parse.quote(name, safe="")
        self._trouble = TroubleLog()
        self._meter: _Meter | None = None

    def step(self, steps: int = 1) -> None:
        """Counts ``steps`` more steps as done, as ``Job.step`` does."""
        if self.job is not None:
            self.job.step(steps)

    def report(self, metric: float | None = None) -> bool:
        """Call it after each epoch, with the validation metric where it was evaluated.

        Returns whether the run is to end: the target is reached, the epochs are used up, or it
        would cost too much. Never true because of trouble: without a daemon it is false.
        """
        self.epoch += 1
        if self.number is None or self.stopped:
            return self.stopped
        try:
            joules, seconds = self._meter.read()
            body = {
                "batch_size": self.batch_size,
                "epoch": self.epoch,
                "joules": joules,
                "seconds": seconds,
            }
            if metric is not None and math.isfinite(metric):  # a metric that diverged reaches nothing
                body["metric"] = float(metric)
            self._apply(self._client.ask("POST", f"{self._path}/trials/{self.number}/report", body))
            self._trouble.recovered()
        except ChaseError as failure:
            self._trouble.failed("batch size of " + self._name, failure)
        return self.stopped

    def end(self) -> None:
        """Ends the run: one that ``report`` did not stop counts as failed."""
        atexit.unregister(self.end)
        if self.number is not None and not self.stopped:
            self.stopped = True
            try:
                self._client.ask("POST", f"{self._path}/trials/{self.number}/fail")
            except ChaseError as failure:
                self._trouble.failed("batch size of " + self._name, failure)
        if self.job is not None:
            self.job.end()

    def __enter__(self) -> Trial:
        return self

    def __exit__(self, kind, value, trace) -> None:
        self.end()

    def _begin(self, spec: dict, gpus: list[str]) -> None:
        self._client.ask("POST", "/v1/batch-sizes", spec)
        answer = self._client.ask("POST", self._path + "/trials")
        self.number = answer["trial"]
        self.batch_size = answer["batch_size"]
        self.max_epochs = answer["max_epochs"]
        self.why = answer["message"]
        self.expected_limit_watts = answer.get("expected_limit_watts")
        self._meter = _Meter(self._client, gpus)
        atexit.register(self.end)

    def _apply(self, answer: dict) -> None:
        self.stopped = bool(answer["stop"])
        self.reached = bool(answer["reached"])
        self.expected_limit_watts = answer.get("expected_limit_watts")


class _Meter:
    """Energy and time since it was made. A counter that was reset loses one interval."""

    def __init__(self, client: Client, gpus: list[str]):
        self._client = client
        self._gpus = gpus
        self._begin = time.monotonic()
        self._joules = 0.0
        self._last = self._counters()

    def read(self) -> tuple[float, float]:
        now = self._counters()
        self._joules += sum(max(0.0, now[gpu] - self._last[gpu]) for gpu in self._gpus)
        self._last = now
        return self._joules, time.monotonic() - self._begin

    def _counters(self) -> dict[str, float]:
        counters = {}
        for gpu in self._gpus:
            view = self._client.ask("GET", "/v1/gpus/" + urllib.parse.quote(gpu))
            if "energy" not in view:
                raise ChaseError("no_energy", f"the energy of GPU {gpu} is not known")
            counters[gpu] = view["energy"]["joules"]
        return counters


# Codes of refusals that the caller can mend; all others are the daemon's trouble.
_WRONG_ARGUMENT = {"bad_value", "conflict", "wrong_type", "out_of_range"}


def batch_size(
    name: str,
    sizes: list[int],
    *,
    default: int,
    target: float,
    higher_is_better: bool = True,
    max_epochs: int = 100,
    eta: float = 0.5,
    beta: float | None = 2.0,
    cost: str = "energy",
    window: int = 0,
    gpus: list[str | int] | None = None,
    policy: str | None = None,
    client: Client | None = None,
    **job_options,
) -> Trial:
    """The batch size of this run of a recurring job; use it in a ``with`` block.

    name        the same for every run, on every host that shares the daemon's database
    sizes       the batch sizes that may be tried; ``default`` is one of them, and the first
    target      the value of the validation metric at which a run is done
    eta         1 counts energy alone, 0 time alone
    beta        a run is stopped when it costs more than this times the cheapest; None for never
    cost        what a joule is charged by: ``energy``, ``carbon`` or ``price``
    window      for a job that drifts: how many runs of a batch size count; 0 for all
    gpus        as in ``job``
    policy      the policy of this run's GPUs, such as ``zeus:0.5``, whose limits cost least by the
                same rule; else the host's. Other options are those of ``job``

    Without a daemon the batch size is ``default`` and nothing ever stops the run. Ask in one
    process of a distributed job, and hand the batch size on to the others.
    """
    if default not in sizes:
        raise ValueError(f"the default batch size {default} is not one of {list(sizes)}")
    if not _is_first_of_all():
        raise ValueError("ask for a batch size in the first process, and hand it on to the others")
    client = client or Client()
    trial = Trial(client, checked_name(name), default, max_epochs)
    names = named_gpus(gpus)
    try:
        names = names or [gpu["uuid"] for gpu in client.ask("GET", "/v1/gpus")]
        spec = {
            "name": name,
            "batch_sizes": sorted(sizes),
            "default_batch_size": default,
            "target_metric": target,
            "higher_is_better": higher_is_better,
            "max_epochs": max_epochs,
            "eta": eta,
            "beta": beta,
            "cost": cost,
            "window": window,
            "gpus": names,
        }
        trial._begin(spec, names)
    except ChaseError as failure:
        if failure.code in _WRONG_ARGUMENT:
            raise ValueError(str(failure)) from failure
        trial._trouble.failed("batch size of " + name, failure)
    trial.job = job(name, gpus=names, batch_size=trial.batch_size, client=client, **job_options)
    if policy is not None:
        _set_policy(client, trial, policy)
    return trial


def _set_policy(client: Client, trial: Trial, policy: str) -> None:
    trial.job.report()
    if trial.job.id is not None:
        try:
            client.ask("PUT", "/v1/policy", {"policy": policy, "job": trial.job.id})
        except ChaseError as failure:
            if failure.code in _WRONG_ARGUMENT:
                trial.end()
                raise ValueError(str(failure)) from failure
            trial._trouble.failed("policy of " + trial._name, failure)


def _is_first_of_all() -> bool:
    ranks = ("RANK", "SLURM_PROCID", "LOCAL_RANK", "SLURM_LOCALID")
    return all(os.environ.get(rank, "0") == "0" for rank in ranks)
