"""The callbacks, driven as the frameworks do it; only the base classes are stand-ins here."""

import contextlib
import importlib
import logging
import pathlib
import sys
import types
import unittest
from unittest import mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import chase  # noqa: E402


def setUpModule():
    logging.getLogger("chase").setLevel(logging.ERROR)  # there is no daemon, as each job says


def tearDownModule():
    logging.getLogger("chase").setLevel(logging.NOTSET)


@contextlib.contextmanager
def framework(name, base):
    """A framework of which only the callback's base class is there."""
    module = types.ModuleType(name)
    setattr(module, base, type(base, (), {}))
    with mock.patch.dict(sys.modules, {name: module}):
        yield


def callbacks(framework_name):
    """The module of callbacks, imported anew."""
    sys.modules.pop("chase.callbacks." + framework_name, None)
    return importlib.import_module("chase.callbacks." + framework_name)


def no_daemon():
    return chase.Client("/nonexistent/chase.sock")


class HuggingFace(unittest.TestCase):
    def setUp(self):
        with framework("transformers", "TrainerCallback"):
            self.kind = callbacks("huggingface").TrainerCallback

    def begin(self, world_size=1, **options):
        callback = self.kind("toy", gpus=[0], client=no_daemon(), **options)
        self.arguments = types.SimpleNamespace(train_batch_size=8, world_size=world_size)
        self.state = types.SimpleNamespace(max_steps=100, global_step=40)
        callback.on_train_begin(self.arguments, self.state, None, model=None)
        self.addCleanup(callback._job.end)
        return callback

    def test_a_resumed_training_counts_on(self):
        callback = self.begin()
        callback.on_step_end(self.arguments, self.state, None, model=None)
        self.assertEqual(callback._job.steps, 41)
        self.assertEqual(callback._job._spec["total_steps"], 100)
        self.assertEqual(callback._job._spec["batch_size"], 8)

    def test_a_training_that_failed_makes_room_for_the_next(self):
        failed = self.begin()  # Trainer calls no hook when a step raises
        following = self.begin()
        self.assertTrue(failed._job._ended.is_set())
        self.assertFalse(following._job._ended.is_set())

    def test_it_pauses_when_advised_unless_other_processes_would_wait(self):
        for world_size, rests in ((1, 1), (2, 0)):
            callback = self.begin(world_size, deferrable=True)
            with mock.patch.object(callback._job, "wait_while_paused") as rest:
                callback.on_step_end(self.arguments, self.state, None, model=None)
            self.assertEqual(rest.call_count, rests)


class Lightning(unittest.TestCase):
    def setUp(self):
        with framework("lightning.pytorch.callbacks", "Callback"):
            self.kind = callbacks("lightning").LightningCallback

    def begin(self, **trainer):
        callback = self.kind("toy", gpus=[0], client=no_daemon())
        self.trainer = types.SimpleNamespace(
            **{
                "estimated_stepping_batches": 16,
                "global_step": 4,
                "local_rank": 0,
                "world_size": 1,
                "train_dataloader": types.SimpleNamespace(batch_size=32),
                **trainer,
            }
        )
        callback.on_train_start(self.trainer, None)
        self.addCleanup(callback._end)
        return callback

    def test_accumulated_batches_are_one_step(self):
        callback = self.begin()
        for step in (4, 4, 5):
            self.trainer.global_step = step
            callback.on_train_batch_end(self.trainer, None, None, None, 0)
        self.assertEqual(callback._job.steps, 5)
        self.assertEqual(callback._job._spec["batch_size"], 32)

    def test_a_training_without_an_end_has_no_total(self):
        callback = self.begin(estimated_stepping_batches=float("inf"), train_dataloader=[])
        self.assertEqual(callback._job._spec.keys() & {"total_steps", "batch_size"}, set())

    def test_only_the_first_process_of_a_host_reports(self):
        callback = self.begin(local_rank=1)
        callback.on_train_batch_end(self.trainer, None, None, None, 0)
        callback.on_train_end(self.trainer, None)
        self.assertIsNone(callback._job)

    def test_an_exception_ends_the_job(self):
        callback = self.begin()
        callback.on_exception(self.trainer, None, RuntimeError())
        self.assertTrue(callback._job._ended.is_set())


if __name__ == "__main__":
    unittest.main()
