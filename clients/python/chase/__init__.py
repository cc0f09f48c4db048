"""Takes part in Chase from a training script, in three lines:

    import chase

    with chase.job("resnet50", slowdown_bound=0.03) as job:
        for batch in loader:
            train(batch)
            job.step()

Nothing here ever stops, slows or fails a training: without a daemon, or when the daemon has
trouble, every call does nothing and logs this once (logger ``chase``). Only wrong arguments
raise, before any step was taken. Standard library only; Python 3.9 or newer.

``chase.callbacks`` reports the trainers of Hugging Face and Lightning.
"""

from chase._batch_size import Trial, batch_size
from chase._client import ChaseError, Client
from chase._gpus import free_gpus
from chase._job import Job, job
from chase._measure import Block, measure

__all__ = ["Block", "ChaseError", "Client", "Job", "Trial", "batch_size", "free_gpus", "job", "measure"]
