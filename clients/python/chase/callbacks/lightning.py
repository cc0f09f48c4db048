"""Reports a Lightning ``Trainer``."""

from __future__ import annotations

import math

from chase import job
from chase.callbacks import pause_if_alone

try:
    from lightning.pytorch.callbacks import Callback
except ImportError:
    from pytorch_lightning.callbacks import Callback


class LightningCallback(Callback):
    """``Trainer(callbacks=[LightningCallback("gpt")])``; options are those of ``chase.job``."""

    def __init__(self, name: str, **options):
        self._name, self._options, self._job = name, options, None

    def on_train_start(self, trainer, module):
        if trainer.local_rank != 0:
            return  # one process of a host reports, also where no variable holds the ranks
        steps = trainer.estimated_stepping_batches
        finite = isinstance(steps, int) or math.isfinite(steps)
        options = {"total_steps": int(steps) if finite else None, **self._options}
        options.setdefault("batch_size", _batch_size(trainer))
        self._job = job(self._name, steps_done=trainer.global_step, **options)
        self._seen = trainer.global_step

    def on_train_batch_end(self, trainer, module, outputs, batch, batch_index):
        if self._job is not None:
            self._job.step(trainer.global_step - self._seen)
            self._seen = trainer.global_step
            pause_if_alone(self._job, trainer.world_size)

    def on_train_end(self, trainer, module):
        self._end()

    def on_exception(self, trainer, module, exception):
        self._end()

    def _end(self):
        if self._job is not None:
            self._job.end()


def _batch_size(trainer) -> int | None:
    size = getattr(trainer.train_dataloader, "batch_size", None)  # several loaders have none
    return size if isinstance(size, int) else None
