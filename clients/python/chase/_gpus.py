"""Which GPUs of this host are free."""

from __future__ import annotations

from chase._client import Client


def free_gpus(client: Client | None = None) -> list[str]:
    """The indices of the GPUs that answer and on which nothing runs that the daemon knows of:
    no registered job, no other process that computes there, no lease. In the driver's order.

    Raises ChaseError where the daemon cannot be asked. Nothing is reserved by asking.
    """
    views = (client or Client()).ask("GET", "/v1/gpus")
    return [str(view["index"]) for view in views if _is_free(view)]


def _is_free(view: dict) -> bool:
    answering = view.get("contact", {}).get("state") == "answering"
    return answering and not view.get("job") and not view.get("lease")
