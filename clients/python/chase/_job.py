"""Jobs: registered once, reported every few seconds by a thread of their own."""

from __future__ import annotations

import atexit
import datetime
import math
import os
import threading
import time
import uuid

from chase._client import LOG, ChaseError, Client, TroubleLog

MAX_METRICS = 32
START_SECONDS = 60  # in which a process need not use a GPU yet


class Job:
    """A running job. ``step`` only counts; a thread of its own reports, every few seconds."""

    def __init__(self, client: Client, spec: dict, report_seconds: float, steps: int):
        self._client = client
        self._spec = spec
        self._report_seconds = report_seconds
        self._steps = steps
        self._metrics: dict[str, tuple[float]] = {}
        self._reported: dict[str, tuple[float]] = {}
        self._dropped: set[str] = set()
        self._started = time.monotonic()
        # `chase run` has registered the process, and ends its job: steps and metrics belong there.
        self._id: str | None = os.environ.get("CHASE_JOB") or None
        self._run_by_chase = self._id
        self._pause = False
        self._limit: float | None = None
        self._ended = threading.Event()
        self._reporting = threading.Lock()
        self._trouble = TroubleLog()
        self._thread: threading.Thread | None = None
        self._process = os.getpid()

    def step(self, steps: int = 1) -> None:
        """Counts ``steps`` more steps as done. Call it from one thread."""
        self._steps += steps

    def metric(self, name: str, value: float) -> None:
        """Notes the last value of something, such as the loss; it goes with the next report.

        A tensor costs what its ``item()`` costs. What is no finite number is left out, and so is
        every name after the 32nd; each is logged once.
        """
        try:
            number = float(value)
        except (TypeError, ValueError):
            number = math.nan
        if not math.isfinite(number):
            self._drop(name, f"{value!r} is no finite number")
        elif name not in self._metrics and len(self._metrics) >= MAX_METRICS:
            self._drop(name, f"a job has at most {MAX_METRICS} metrics")
        elif not isinstance(name, str) or not name.strip() or not name.isprintable() or len(name) > 64:
            self._drop(name, "a name has 1 to 64 printable characters")
        else:
            self._metrics[name] = (number,)  # a new object each time, so that it is reported again

    def _drop(self, name: str, why: str) -> None:
        shown = repr(name)
        if shown not in self._dropped and len(self._dropped) < MAX_METRICS:
            self._dropped.add(shown)
            LOG.warning("job %s: metric %s is left out: %s", self._spec["name"], shown, why)

    @property
    def id(self) -> str | None:
        """The job's id on this host; None while the daemon does not know it."""
        return self._id

    @property
    def steps(self) -> int:
        """All steps counted so far."""
        return self._steps

    @property
    def pause_advised(self) -> bool:
        """Whether a deferrable job should pause now, as of the last report."""
        return self._pause

    @property
    def limit_watts(self) -> float | None:
        """The power limit of each of the job's GPUs, as of the last report."""
        return self._limit

    def wait_while_paused(self) -> float:
        """Pauses while the daemon advises it, and returns for how many seconds it did."""
        begin = time.monotonic()
        while self._pause and not self._ended.wait(self._report_seconds):
            pass
        return time.monotonic() - begin

    def report(self) -> None:
        """Reports now instead of at the next interval; for scripts that end a phase."""
        with self._reporting:
            self._report_or_log()

    def end(self) -> dict | None:
        """Reports the last steps and ends the job; returns the daemon's answer, or None."""
        if self._ended.is_set() or os.getpid() != self._process:
            return None  # a forked data loader must not end its parent's job
        self._ended.set()
        atexit.unregister(self.end)
        if self._thread is not None:
            self._thread.join(timeout=self._client._timeout)
        with self._reporting:
            self._report_or_log()
            return self._delete()

    def __enter__(self) -> Job:
        return self

    def __exit__(self, kind, value, trace) -> None:
        self.end()

    def _begin(self) -> None:
        atexit.register(self.end)
        self._thread = threading.Thread(target=self._run, name="chase-job", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        self.report()
        while not self._ended.wait(self._report_seconds):
            self.report()

    def _report_or_log(self) -> None:
        try:
            if self._id is None:
                self._register()
            self._report()
            self._trouble.recovered()
        except ChaseError as failure:
            if failure.code in ("unknown_job", "job_ended"):
                self._id = None  # the daemon restarted, or ended the job after a long silence
            self._pause = False
            if failure.code != "no_gpus" or time.monotonic() > self._started + START_SECONDS:
                self._trouble.failed("job " + self._spec["name"], failure)

    def _register(self) -> None:
        """The key makes it repeatable: a request that timed out is answered with the same job."""
        if "gpus" in self._spec or "pid" in self._spec:
            spec = self._spec
        else:
            spec = {"gpus": self._all_gpus(), **self._spec}
        try:
            self._id = self._client.ask("POST", "/v1/jobs", spec)["id"]
        except ChaseError as failure:
            if failure.code != "no_gpus":
                raise
            self._register_without_pid(failure)

    def _register_without_pid(self, failure: ChaseError) -> None:
        """With one GPU the answer is known; with more, only once the process uses its own."""
        gpus = self._all_gpus()
        if len(gpus) > 1:
            raise failure
        spec = {key: value for key, value in self._spec.items() if key != "pid"}
        self._id = self._client.ask("POST", "/v1/jobs", {"gpus": gpus, **spec})["id"]

    def _all_gpus(self) -> list[str]:
        return [gpu["uuid"] for gpu in self._client.ask("GET", "/v1/gpus")]

    def _report(self) -> None:
        path = f"/v1/jobs/{self._id}/steps"
        known = dict(self._metrics)
        fresh = {name: value for name, value in known.items() if self._reported.get(name) is not value}
        body: dict = {"steps": self._steps}
        if fresh:
            body["metrics"] = {name: value for name, (value,) in fresh.items()}
        answer = self._client.ask("POST", path, body)
        self._reported.update(fresh)
        self._pause = bool(answer.get("pause", False))
        self._limit = answer.get("limit_watts")

    def _delete(self) -> dict | None:
        if self._id is None or self._id == self._run_by_chase:
            return None
        try:
            return self._client.ask("DELETE", f"/v1/jobs/{self._id}")
        except ChaseError as failure:
            self._trouble.failed("job " + self._spec["name"], failure)
            return None


class _SilentJob(Job):
    """The job of a process that is not the first of its host: it counts, and reports nothing."""

    def _begin(self) -> None:
        pass

    def report(self) -> None:
        pass

    def end(self) -> dict | None:
        self._ended.set()
        return None


def job(
    name: str,
    *,
    gpus: list[str | int] | None = None,
    batch_size: int | None = None,
    total_steps: int | None = None,
    deadline: datetime.datetime | None = None,
    slowdown_bound: float | str | None = None,
    deferrable: bool = False,
    idle_watts: float | None = None,
    labels: dict[str, str] | None = None,
    pid: int | None = None,
    steps_done: int = 0,
    report_seconds: float = 5,
    client: Client | None = None,
) -> Job:
    """Registers a job; use it in a ``with`` block.

    name            the same for recurring runs, so that what was learnt is used again
    gpus            indices or UUIDs; else $CUDA_VISIBLE_DEVICES, else those on which the driver
                    shows the process, once it uses one
    labels          texts by which receipts tell jobs apart: {"team": "vision"}
    pid             the process to be looked for instead of this one (under torchrun: the launcher,
                    the parent of all processes)
    total_steps     the count at which the job is done; with it a ``deadline`` (aware) may stand
    slowdown_bound  at most so much slower than at full power: 0.03 or "3%"
    deferrable      the job pauses when advised (``wait_while_paused``); ``idle_watts`` is the draw of
                    each GPU meanwhile, and without it the job releases its GPUs
    steps_done      where counting begins, such as at a checkpoint

    Under ``chase run`` the job is the one that it registered ($CHASE_JOB), with its options.

    Under torchrun and its like only the first process of a host reports, for all GPUs that it sees.
    """
    spec = {
        "name": checked_name(name),
        "batch_size": batch_size,
        "total_steps": total_steps,
        "deadline": _instant(deadline),
        "slowdown_bound": slowdown_share(slowdown_bound),
        "labels": _labels(labels),
        "key": uuid.uuid4().hex,
        **gpus_or_pid(gpus, pid),
        **_pause_options(deferrable, idle_watts),
    }
    if report_seconds <= 0:
        raise ValueError(f"report_seconds must be above 0: {report_seconds}")
    kind = Job if _is_first_of_host() else _SilentJob
    started = kind(
        client or Client(),
        {key: value for key, value in spec.items() if value is not None},
        report_seconds,
        steps_done,
    )
    started._begin()
    return started


def checked_name(name: str) -> str:
    if not isinstance(name, str) or not name.strip():
        raise ValueError("a job needs a name")
    return name


def slowdown_share(bound: float | str | None) -> float | None:
    """A share of 0 to 1; a 3 is meant as 3 %, not as four times as slow."""
    if bound is None:
        return None
    text = bound.strip() if isinstance(bound, str) else bound
    try:
        percent = isinstance(text, str) and text.endswith("%")
        share = float(text[:-1]) / 100 if percent else float(text)
    except (TypeError, ValueError):
        raise ValueError(f"slowdown_bound {bound!r} is not a number such as 0.03 or '3%'") from None
    if not 0 <= share <= 1:
        meant = f"; did you mean '{share:g}%'?" if 1 < share <= 100 else ""
        raise ValueError(f"slowdown_bound must lie in 0 to 1 (100 %): {bound}{meant}")
    return share


def _instant(moment: datetime.datetime | None) -> str | None:
    if moment is None:
        return None
    if moment.tzinfo is None:
        raise ValueError(f"deadline {moment} needs a time zone")
    utc = moment.astimezone(datetime.timezone.utc)
    return utc.strftime("%Y-%m-%dT%H:%M:%SZ")


def named_gpus(gpus: list[str | int] | None) -> list[str] | None:
    if gpus is not None:
        if not gpus:
            raise ValueError("gpus must name at least one GPU")
        return [str(gpu) for gpu in gpus]
    visible = [name.strip() for name in os.environ.get("CUDA_VISIBLE_DEVICES", "").split(",")]
    return [name for name in visible if name and name != "-1"] or None


def gpus_or_pid(gpus: list[str | int] | None, pid: int | None) -> dict:
    """Where the job runs, as far as that is known; empty for all GPUs of the host."""
    if gpus is not None and pid is not None:
        raise ValueError("a job names its gpus or its pid, not both")
    if pid is not None:
        return {"pid": pid}
    named = named_gpus(gpus)
    if named is not None:
        return {"gpus": named}
    if "LOCAL_RANK" in os.environ:
        return {"pid": os.getppid()}
    # The parent of Slurm's tasks belongs to root, so the daemon would refuse it.
    return {} if "SLURM_LOCALID" in os.environ else {"pid": os.getpid()}


def _labels(labels: dict[str, str] | None) -> dict[str, str] | None:
    for key, value in (labels or {}).items():
        if not isinstance(key, str) or not isinstance(value, str):
            raise ValueError(f"labels are texts: {key!r}: {value!r}")
    return dict(labels) if labels else None


def _pause_options(deferrable: bool, idle_watts: float | None) -> dict:
    if not deferrable:
        if idle_watts is not None:
            raise ValueError("idle_watts is for a deferrable job")
        return {}
    rest = {"releases_gpu": True} if idle_watts is None else {"idle_watts": idle_watts}
    return {"deferrable": True, **rest}


def _is_first_of_host() -> bool:
    return os.environ.get("LOCAL_RANK", os.environ.get("SLURM_LOCALID", "0")) == "0"
