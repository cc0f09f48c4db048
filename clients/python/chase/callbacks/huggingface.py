"""Reports a Hugging Face ``Trainer``."""

from __future__ import annotations

import transformers

from chase import Job, job
from chase.callbacks import pause_if_alone


class TrainerCallback(transformers.TrainerCallback):
    """``Trainer(..., callbacks=[TrainerCallback("bert")])``; options are those of ``chase.job``."""

    _running: Job | None = None  # of all callbacks: ``Trainer`` calls no hook when a step raises

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
        pause_if_alone(self._job, args.world_size)

    def on_log(self, args, state, control, logs=None, **ignored):
        for name, value in (logs or {}).items():
            if isinstance(value, (int, float)):
                self._job.metric(name, value)

    def on_train_end(self, args, state, control, **ignored):
        self._job.end()
