"""Callbacks for trainers: ``chase.callbacks.huggingface`` and ``chase.callbacks.lightning``.

Each module imports its framework, and nothing else of Chase does. The callbacks take the options
of ``chase.job``, add batch size and total steps, and pause when the daemon advises it, unless the
training has several processes.
"""

from __future__ import annotations

from chase import Job


def pause_if_alone(job: Job, processes: int) -> None:
    """Other processes would wait for this one in a collective operation, and run out of time."""
    if processes == 1:
        job.wait_while_paused()
