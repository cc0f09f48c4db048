"""Takes part in Chase from a training script, in three lines:

    import chase

    with chase.job("resnet50", slowdown_bound=0.03) as job:
        for batch in loader:
            train(batch)
            job.step()

Nothing here ever stops, slows or fails a training: without a daemon, or when the daemon has
trouble, every call does nothing and says so once in the log ``chase``. Only wrong arguments
raise, before any step was taken. Standard library only; Python 3.9 or newer.
"""

from __future__ import annotations

import atexit
import contextlib
import dataclasses
import datetime
import http.client
import json
import logging
import math
import os
import socket
import threading
import time
import urllib.parse
import uuid

__all__ = ["Block", "ChaseError", "Client", "Job", "Trial", "batch_size", "job", "measure"]

DEFAULT_SOCKET = "/run/chase/chase.sock"
MOST_METRICS = 32
START_SECONDS = 60  # in which a process need not compute yet

_LOG = logging.getLogger("chase")


class ChaseError(Exception):
    """The daemon could not be reached, or refused; ``code`` is its word for why."""

    def __init__(self, code: str, detail: str, status: int = 0):
        super().__init__(detail)
        self.code = code
        self.status = status


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str, timeout: float):
        super().__init__("chase", timeout=timeout)
        self._path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


class Client:
    """Asks the daemon on its Unix socket: ``$CHASE_SOCKET``, or /run/chase/chase.sock."""

    def __init__(self, path: str | None = None, timeout_seconds: float = 10):
        self.path = path or os.environ.get("CHASE_SOCKET") or DEFAULT_SOCKET
        self._timeout = timeout_seconds

    def ask(self, method: str, path: str, body: dict | None = None) -> dict | list:
        """The daemon's answer; raises ChaseError for every other outcome."""
        connection = _UnixConnection(self.path, self._timeout)
        try:
            text = None if body is None else json.dumps(body, allow_nan=False)
            connection.request(method, path, body=text)
            response = connection.getresponse()
            return self._answer(response.status, response.read())
        except (OSError, http.client.HTTPException) as failure:
            raise ChaseError("unreachable", f"{self.path}: {failure}") from failure
        finally:
            connection.close()

    @staticmethod
    def _answer(status: int, content: bytes) -> dict | list:
        try:
            body = json.loads(content) if content else {}
        except ValueError:
            body = None
        if status >= 300:
            words = body if isinstance(body, dict) else {}
            code = str(words.get("error", status))
            raise ChaseError(code, str(words.get("detail", f"status {status}")), status)
        if not isinstance(body, (dict, list)):
            raise ChaseError("malformed", f"the daemon's answer ({status}) is no JSON", status)
        return body


class _Once:
    """Says each kind of trouble once, and again after it had passed."""

    def __init__(self):
        self._said: str | None = None

    def trouble(self, what: str, failure: ChaseError):
        if self._said != failure.code:
            self._said = failure.code
            _LOG.warning("%s: %s", what, failure)

    def passed(self):
        self._said = None


# --- jobs ---------------------------------------------------------------------------------------


class Job:
    """A running job. ``step`` only counts; a thread of its own reports, every few seconds."""

    def __init__(self, client: Client, spec: dict, report_seconds: float, steps: int):
        self._client = client
        self._spec = spec
        self._every = report_seconds
        self._steps = steps
        self._metrics: dict[str, tuple[float]] = {}
        self._told: dict[str, tuple[float]] = {}
        self._dropped: set[str] = set()
        self._begun = time.monotonic()
        self._id: str | None = None
        self._pause = False
        self._limit: float | None = None
        self._ended = threading.Event()
        self._turn = threading.Lock()
        self._once = _Once()
        self._thread: threading.Thread | None = None
        self._process = os.getpid()

    def step(self, steps: int = 1) -> None:
        """Counts ``steps`` more steps as done. Call it from one thread."""
        self._steps += steps

    def metric(self, name: str, value: float) -> None:
        """Notes the last value of something, such as the loss; it goes with the next report.

        A tensor costs what its ``item()`` costs. What is no finite number is left out, and so is
        every name after the 32nd; each is said once in the log.
        """
        try:
            number = float(value)
        except (TypeError, ValueError):
            number = math.nan
        if not math.isfinite(number):
            self._drop(name, f"{value!r} is no finite number")
        elif name not in self._metrics and len(self._metrics) >= MOST_METRICS:
            self._drop(name, f"a job has at most {MOST_METRICS} metrics")
        elif not isinstance(name, str) or not name.strip() or not name.isprintable() or len(name) > 64:
            self._drop(name, "a name has 1 to 64 printable characters")
        else:
            self._metrics[name] = (number,)  # a new object each time, so that it is told again

    def _drop(self, name: str, why: str) -> None:
        shown = repr(name)
        if shown not in self._dropped and len(self._dropped) < MOST_METRICS:
            self._dropped.add(shown)
            _LOG.warning("job %s: metric %s is left out: %s", self._spec["name"], shown, why)

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
        """Whether a deferrable job should rest now, as of the last report."""
        return self._pause

    @property
    def limit_watts(self) -> float | None:
        """The power limit of each of the job's GPUs, as of the last report."""
        return self._limit

    def wait_while_paused(self) -> float:
        """Rests while the daemon advises it, and returns for how many seconds it did."""
        begin = time.monotonic()
        while self._pause and not self._ended.wait(self._every):
            pass
        return time.monotonic() - begin

    def report(self) -> None:
        """Reports now instead of at the next turn; for scripts that end a phase."""
        with self._turn:
            self._tell()

    def end(self) -> dict | None:
        """Reports the last steps and ends the job; the daemon's last word on it, or None."""
        if self._ended.is_set() or os.getpid() != self._process:
            return None  # a forked data loader must not end its parent's job
        self._ended.set()
        atexit.unregister(self.end)
        if self._thread is not None:
            self._thread.join(timeout=self._client._timeout)
        with self._turn:
            self._tell()
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
        while not self._ended.wait(self._every):
            self.report()

    def _tell(self) -> None:
        try:
            if self._id is None:
                self._register()
            self._report()
            self._once.passed()
        except ChaseError as failure:
            if failure.code in ("unknown_job", "job_ended"):
                self._id = None  # the daemon restarted, or took a long silence for the end
            self._pause = False
            if failure.code != "no_gpus" or time.monotonic() > self._begun + START_SECONDS:
                self._once.trouble("job " + self._spec["name"], failure)

    def _register(self) -> None:
        """The key makes it repeatable: whoever was not answered in time asks for the same job."""
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
        """Where there is one GPU there is no question; else it shows once the process computes."""
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
        fresh = {name: value for name, value in known.items() if self._told.get(name) is not value}
        body: dict = {"steps": self._steps}
        if fresh:
            body["metrics"] = {name: value for name, (value,) in fresh.items()}
        answer = self._client.ask("POST", path, body)
        self._told.update(fresh)
        self._pause = bool(answer.get("pause", False))
        self._limit = answer.get("limit_watts")

    def _delete(self) -> dict | None:
        if self._id is None:
            return None
        try:
            return self._client.ask("DELETE", f"/v1/jobs/{self._id}")
        except ChaseError as failure:
            self._once.trouble("job " + self._spec["name"], failure)
            return None


class _Bystander(Job):
    """The job of a process that is not the first of its host: it counts and reports nothing."""

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
                    shows the process, once it computes
    labels          texts by which receipts tell jobs apart: {"team": "vision"}
    pid             the process to be looked for instead of this one (under torchrun: the launcher,
                    which all processes come from)
    total_steps     the count at which the job is done; with it a ``deadline`` (aware) may stand
    slowdown_bound  at most so much slower than at full power: 0.03 or "3%"
    deferrable      the job rests when told (``wait_while_paused``); ``idle_watts`` is the draw of
                    each GPU meanwhile, and without it the job releases its GPUs
    steps_done      where counting begins, such as at a checkpoint

    Under torchrun and its like only the first process of a host reports, for all GPUs that it sees.
    """
    spec = {
        "name": _worded(name),
        "batch_size": batch_size,
        "total_steps": total_steps,
        "deadline": _instant(deadline),
        "slowdown_bound": _bound(slowdown_bound),
        "labels": _labels(labels),
        "key": uuid.uuid4().hex,
        **_place(gpus, pid),
        **_rest(deferrable, idle_watts),
    }
    if report_seconds <= 0:
        raise ValueError(f"report_seconds must be above 0: {report_seconds}")
    kind = Job if _is_first_of_host() else _Bystander
    begun = kind(
        client or Client(),
        {key: value for key, value in spec.items() if value is not None},
        report_seconds,
        steps_done,
    )
    begun._begin()
    return begun


def _worded(name: str) -> str:
    if not isinstance(name, str) or not name.strip():
        raise ValueError("a job needs a name")
    return name


def _bound(bound: float | str | None) -> float | None:
    """A share of 0 to 1; nobody means three times as slow by 3."""
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


def _gpus(gpus: list[str | int] | None) -> list[str] | None:
    if gpus is not None:
        if not gpus:
            raise ValueError("gpus must name at least one GPU")
        return [str(gpu) for gpu in gpus]
    visible = [name.strip() for name in os.environ.get("CUDA_VISIBLE_DEVICES", "").split(",")]
    return [name for name in visible if name and name != "-1"] or None


def _place(gpus: list[str | int] | None, pid: int | None) -> dict:
    """Where the job runs, as far as that is known; empty for all GPUs of the host."""
    if gpus is not None and pid is not None:
        raise ValueError("a job names its gpus or its pid, not both")
    if pid is not None:
        return {"pid": pid}
    named = _gpus(gpus)
    if named is not None:
        return {"gpus": named}
    if "LOCAL_RANK" in os.environ:
        return {"pid": os.getppid()}
    # Slurm's tasks come from a process of root's, which is not ours to name.
    return {} if "SLURM_LOCALID" in os.environ else {"pid": os.getpid()}


def _labels(labels: dict[str, str] | None) -> dict[str, str] | None:
    for key, value in (labels or {}).items():
        if not isinstance(key, str) or not isinstance(value, str):
            raise ValueError(f"labels are texts: {key!r}: {value!r}")
    return dict(labels) if labels else None


def _rest(deferrable: bool, idle_watts: float | None) -> dict:
    if not deferrable:
        if idle_watts is not None:
            raise ValueError("idle_watts is for a deferrable job")
        return {}
    rest = {"releases_gpu": True} if idle_watts is None else {"idle_watts": idle_watts}
    return {"deferrable": True, **rest}


def _is_first_of_host() -> bool:
    return os.environ.get("LOCAL_RANK", os.environ.get("SLURM_LOCALID", "0")) == "0"


# --- batch sizes --------------------------------------------------------------------------------


class Trial:
    """One run of a recurring job, which trains with ``batch_size`` until ``report`` says stop.

    batch_size            what to train with
    number                the run's number; None without a daemon, and then ``report`` is silent
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
        self._once = _Once()
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
            self._hear(self._client.ask("POST", f"{self._path}/trials/{self.number}/report", body))
            self._once.passed()
        except ChaseError as failure:
            self._once.trouble("batch size of " + self._name, failure)
        return self.stopped

    def end(self) -> None:
        """Ends the run: one that was not told to stop counts as failed."""
        atexit.unregister(self.end)
        if self.number is not None and not self.stopped:
            self.stopped = True
            try:
                self._client.ask("POST", f"{self._path}/trials/{self.number}/fail")
            except ChaseError as failure:
                self._once.trouble("batch size of " + self._name, failure)
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

    def _hear(self, answer: dict) -> None:
        self.stopped = bool(answer["stop"])
        self.reached = bool(answer["reached"])
        self.expected_limit_watts = answer.get("expected_limit_watts")


class _Meter:
    """Energy and time since it was made. A counter that begins anew loses one stretch."""

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


# What the daemon says when the caller is wrong, and not when it has trouble.
_WRONG = {"bad_value", "conflict", "wrong_type", "out_of_range"}


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
    asker = client or Client()
    trial = Trial(asker, _worded(name), default, max_epochs)
    names = _gpus(gpus)
    try:
        names = names or [gpu["uuid"] for gpu in asker.ask("GET", "/v1/gpus")]
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
        if failure.code in _WRONG:
            raise ValueError(str(failure)) from failure
        trial._once.trouble("batch size of " + name, failure)
    trial.job = job(name, gpus=names, batch_size=trial.batch_size, client=asker, **job_options)
    if policy is not None:
        _choose(asker, trial, policy)
    return trial


def _choose(client: Client, trial: Trial, policy: str) -> None:
    trial.job.report()
    if trial.job.id is not None:
        try:
            client.ask("PUT", "/v1/policy", {"policy": policy, "job": trial.job.id})
        except ChaseError as failure:
            if failure.code in _WRONG:
                trial.end()
                raise ValueError(str(failure)) from failure
            trial._once.trouble("policy of " + trial._name, failure)


def _is_first_of_all() -> bool:
    ranks = ("RANK", "SLURM_PROCID", "LOCAL_RANK", "SLURM_LOCALID")
    return all(os.environ.get(rank, "0") == "0" for rank in ranks)


# --- energy of a block --------------------------------------------------------------------------


@dataclasses.dataclass
class Block:
    """What went by on some GPUs during a block of code; None is what nobody knows.

    joules        energy of the GPUs, whoever used them meanwhile
    basis         how energy was counted: ``counter`` or ``integrated``, the weakest of all GPUs
    grams         CO2 (equivalent) of that energy; None where some of it had no trusted signal
    carbon_basis  what the carbon intensities were, such as ``measured`` or ``estimated, forecast``
    simulated     whether any of the GPUs is arithmetic and not hardware
    seconds       time on this host's clock
    """

    seconds: float | None = None
    joules: float | None = None
    basis: str | None = None
    grams: float | None = None
    carbon_basis: str | None = None
    simulated: bool | None = None


@contextlib.contextmanager
def measure(gpus: list[str | int] | None = None, client: Client | None = None):
    """Measures a block: ``with chase.measure() as block: ...``, then ``block.joules``.

    Figures come from the daemon's own samples, by default one a second: a block should last
    some seconds. ``gpus`` is as in ``job``; without it all GPUs of the host count.
    """
    names = _gpus(gpus) or []
    asker = client or Client()
    block = Block()
    before = _totals(asker, names)
    begin = time.monotonic()
    try:
        yield block
    finally:
        block.seconds = time.monotonic() - begin
        _fill(block, before, _totals(asker, names))


def _totals(client: Client, names: list[str]) -> dict[str, dict]:
    try:
        if names:
            views = [client.ask("GET", "/v1/gpus/" + urllib.parse.quote(name)) for name in names]
        else:
            views = client.ask("GET", "/v1/gpus")
    except ChaseError as failure:
        _LOG.warning("measure: %s", failure)
        return {}
    return {view["uuid"]: view for view in views}


def _fill(block: Block, before: dict[str, dict], after: dict[str, dict]) -> None:
    if not after or before.keys() != after.keys():
        return
    joules = [_grown(before[uuid], after[uuid]) for uuid in after]
    block.joules = None if None in joules else sum(joules)
    bases = {view.get("energy", {}).get("basis") for view in after.values()}
    block.basis = "integrated" if "integrated" in bases else next(iter(bases), None)
    block.simulated = any(view.get("simulated", False) for view in after.values())
    _weigh(block, before, after)


def _weigh(block: Block, before: dict[str, dict], after: dict[str, dict]) -> None:
    """The grams by kind that came; none at all once some energy came without a signal."""
    came: dict[str, float] = {}
    for uuid, view in after.items():
        first, last = before[uuid].get("emissions"), view.get("emissions")
        if first is None or last is None or last["grams"] < first["grams"]:
            return
        if last["joules_without_signal"] > first["joules_without_signal"]:
            return
        for kind, grams in last["grams_by_kind"].items():
            more = grams - first["grams_by_kind"].get(kind, 0)
            if more > 0:
                came[kind] = came.get(kind, 0) + more
    block.grams = sum(came.values())
    block.carbon_basis = ", ".join(sorted(came)) or None


def _grown(before: dict, after: dict) -> float | None:
    """The energy that was added; None where it is unknown or has begun anew meanwhile."""
    first = before.get("energy", {}).get("joules")
    last = after.get("energy", {}).get("joules")
    return last - first if first is not None and last is not None and last >= first else None


# --- frameworks ---------------------------------------------------------------------------------


def _trainer_callback():
    from transformers import TrainerCallback as Callback

    class TrainerCallback(Callback):
        """Reports a Hugging Face ``Trainer``: ``Trainer(..., callbacks=[chase.TrainerCallback("bert")])``."""

        _running: Job | None = None  # of all callbacks: ``Trainer`` tells nobody that it failed

        def __init__(self, name: str, **options):
            self._name, self._options, self._job = name, options, None

        def on_train_begin(self, args, state, control, **ignored):
            if TrainerCallback._running is not None:
                TrainerCallback._running.end()
            options = {"total_steps": state.max_steps or None, **self._options}
            options.setdefault("batch_size", args.train_batch_size)
            self._job = job(self._name, steps_done=state.global_step, **options)
            TrainerCallback._running = self._job

        def on_step_end(self, args, state, control, **ignored):
            self._job.step()
            _rest_if_alone(self._job, args.world_size)

        def on_log(self, args, state, control, logs=None, **ignored):
            for name, value in (logs or {}).items():
                if isinstance(value, (int, float)):
                    self._job.metric(name, value)

        def on_train_end(self, args, state, control, **ignored):
            self._job.end()

    return TrainerCallback


def _lightning_callback():
    try:
        from lightning.pytorch.callbacks import Callback
    except ImportError:
        from pytorch_lightning.callbacks import Callback

    class LightningCallback(Callback):
        """Reports a Lightning ``Trainer``: ``Trainer(callbacks=[chase.LightningCallback("gpt")])``."""

        def __init__(self, name: str, **options):
            self._name, self._options, self._job = name, options, None

        def on_train_start(self, trainer, module):
            if trainer.local_rank != 0:
                return  # one process of a host reports, also where no variable tells the ranks
            steps = trainer.estimated_stepping_batches
            finite = isinstance(steps, int) or math.isfinite(steps)
            options = {"total_steps": int(steps) if finite else None, **self._options}
            options.setdefault("batch_size", _lightning_batch_size(trainer))
            self._job = job(self._name, steps_done=trainer.global_step, **options)
            self._seen = trainer.global_step

        def on_train_batch_end(self, trainer, module, outputs, batch, batch_index):
            if self._job is not None:
                self._job.step(trainer.global_step - self._seen)
                self._seen = trainer.global_step
                _rest_if_alone(self._job, trainer.world_size)

        def on_train_end(self, trainer, module):
            self._end()

        def on_exception(self, trainer, module, exception):
            self._end()

        def _end(self):
            if self._job is not None:
                self._job.end()

    return LightningCallback


def _rest_if_alone(job: Job, processes: int) -> None:
    """Other processes would wait for this one in a collective operation, and run out of time."""
    if processes == 1:
        job.wait_while_paused()


def _lightning_batch_size(trainer) -> int | None:
    size = getattr(trainer.train_dataloader, "batch_size", None)  # several loaders have none
    return size if isinstance(size, int) else None


_FRAMEWORKS = {"TrainerCallback": _trainer_callback, "LightningCallback": _lightning_callback}


def __getattr__(name: str):
    """The callbacks exist where their framework is installed, which is not loaded before."""
    if name not in _FRAMEWORKS:
        raise AttributeError(f"module 'chase' has no attribute {name!r}")
    globals()[name] = _FRAMEWORKS[name]()
    return globals()[name]
