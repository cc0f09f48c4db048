"""Energy and emissions of a block of code."""

from __future__ import annotations

import contextlib
import dataclasses
import time
import urllib.parse

from chase._client import LOG, ChaseError, Client
from chase._job import named_gpus


@dataclasses.dataclass
class Block:
    """What some GPUs used during a block of code; None is what is not known.

    joules        energy of the GPUs, by all processes that used them
    basis         how energy was counted: ``counter`` or ``integrated``, the weakest of all GPUs
    grams         CO2 (equivalent) of that energy; None where some of it had no trusted signal
    carbon_basis  what the carbon intensities were, such as ``measured`` or ``estimated, forecast``
    simulated     whether any of the GPUs is simulated
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
    names = named_gpus(gpus) or []
    client = client or Client()
    block = Block()
    before = _gpu_views(client, names)
    begin = time.monotonic()
    try:
        yield block
    finally:
        block.seconds = time.monotonic() - begin
        _fill(block, before, _gpu_views(client, names))


def _gpu_views(client: Client, names: list[str]) -> dict[str, dict]:
    try:
        if names:
            views = [client.ask("GET", "/v1/gpus/" + urllib.parse.quote(name)) for name in names]
        else:
            views = client.ask("GET", "/v1/gpus")
    except ChaseError as failure:
        LOG.warning("measure: %s", failure)
        return {}
    return {view["uuid"]: view for view in views}


def _fill(block: Block, before: dict[str, dict], after: dict[str, dict]) -> None:
    if not after or before.keys() != after.keys():
        return
    joules = [_joules_between(before[uuid], after[uuid]) for uuid in after]
    block.joules = None if None in joules else sum(joules)
    bases = {view.get("energy", {}).get("basis") for view in after.values()}
    block.basis = "integrated" if "integrated" in bases else next(iter(bases), None)
    block.simulated = any(view.get("simulated", False) for view in after.values())
    _fill_emissions(block, before, after)


def _fill_emissions(block: Block, before: dict[str, dict], after: dict[str, dict]) -> None:
    """The grams added, by kind; none at all where some of the energy had no signal."""
    added: dict[str, float] = {}
    for uuid, view in after.items():
        first, last = before[uuid].get("emissions"), view.get("emissions")
        if first is None or last is None or last["grams"] < first["grams"]:
            return
        if last["joules_without_signal"] > first["joules_without_signal"]:
            return
        for kind, grams in last["grams_by_kind"].items():
            more = grams - first["grams_by_kind"].get(kind, 0)
            if more > 0:
                added[kind] = added.get(kind, 0) + more
    block.grams = sum(added.values())
    block.carbon_basis = ", ".join(sorted(added)) or None


def _joules_between(before: dict, after: dict) -> float | None:
    """The energy that was added; None where it is unknown or its counter was reset."""
    first = before.get("energy", {}).get("joules")
    last = after.get("energy", {}).get("joules")
    return last - first if first is not None and last is not None and last >= first else None
