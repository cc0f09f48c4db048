import contextlib
import io
import os
import pathlib
import sys
import unittest
from unittest import mock

HERE = pathlib.Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[1]))
sys.path.insert(0, str(HERE.parents[1] / "examples"))

import batch_sizes  # noqa: E402
import chase  # noqa: E402
from tests.daemon import Daemon, eventually  # noqa: E402

SIZES = [16, 32, 64]


class WithoutADaemon(unittest.TestCase):
    def test_a_run_has_its_owners_batch_size_and_is_never_stopped(self):
        with self.assertLogs("chase", "WARNING"):
            with chase.batch_size(
                "toy", SIZES, default=32, target=0.9, client=chase.Client("/nonexistent"), gpus=[0]
            ) as trial:
                self.assertEqual(trial.batch_size, 32)
                trial.step()
                self.assertFalse(trial.report(0.95))
        self.assertIsNone(trial.number)
        self.assertEqual(trial.epoch, 1)

    def test_wrong_arguments_are_named_at_once(self):
        with self.assertRaisesRegex(ValueError, "48"):
            chase.batch_size("toy", SIZES, default=48, target=0.9)
        with self.assertRaisesRegex(ValueError, "name"):
            chase.batch_size(" ", SIZES, default=32, target=0.9)

    def test_only_the_first_process_of_a_job_may_ask(self):
        for rank in ("RANK", "LOCAL_RANK", "SLURM_PROCID"):
            with mock.patch.dict(os.environ, {rank: "3"}):
                with self.assertRaisesRegex(ValueError, "first process"):
                    chase.batch_size("toy", SIZES, default=32, target=0.9)


class WithTheDaemon(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon().start()
        cls.client = cls.daemon.client()
        eventually(lambda: "energy" in cls.client.ask("GET", "/v1/gpus/1"))

    @classmethod
    def tearDownClass(cls):
        cls.daemon.close()

    def trial(self, name, **options):
        return chase.batch_size(
            name,
            SIZES,
            **{"default": 32, "target": 0.9, "gpus": [0], "client": self.client, **options},
        )

    def story(self, name):
        return self.client.ask("GET", "/v1/batch-sizes/" + name)

    def test_a_run_goes_on_until_its_target(self):
        with self.trial("goes-on") as trial:
            self.assertEqual(trial.batch_size, 32)
            self.assertEqual(trial.number, 1)
            self.assertFalse(trial.report(0.5))
            self.assertFalse(trial.report())  # not evaluated
            self.assertFalse(trial.report(float("nan")))
            self.assertTrue(trial.report(0.95))
            self.assertTrue(trial.reached)
            self.assertTrue(trial.report(0.1))
        run = self.story("goes-on")["trials"][0]
        self.assertEqual((run["status"], run["epochs"]), ("reached", 4))
        self.assertGreater(run["seconds"], 0)

    def test_a_run_that_breaks_off_counts_as_failed(self):
        with self.assertRaises(ZeroDivisionError):
            with self.trial("breaks") as trial:
                trial.report(0.5)
                1 / 0
        self.assertEqual(self.story("breaks")["trials"][0]["status"], "failed")

    def test_its_energy_is_the_gpus(self):
        before = self.client.ask("GET", "/v1/gpus/1")["energy"]["joules"]
        with self.trial("energy", gpus=[1]) as trial:
            eventually(lambda: self.client.ask("GET", "/v1/gpus/1")["energy"]["joules"] > before + 50)
            trial.report(0.95)
        after = self.client.ask("GET", "/v1/gpus/1")["energy"]["joules"]
        joules = self.story("energy")["trials"][0]["joules"]
        self.assertGreater(joules, 0)
        self.assertLessEqual(joules, after - before)

    def test_a_run_is_a_job_with_its_batch_size_and_policy(self):
        with self.trial("a-job", policy="zeus:0.5") as trial:
            job = self.client.ask("GET", f"/v1/jobs/{trial.job.id}")
            self.assertEqual((job["name"], job["batch_size"]), ("a-job", 32))
            self.assertEqual(job["policy"], "zeus:0.5")

    def test_what_the_daemon_calls_wrong_is_raised(self):
        with self.trial("differs"):
            pass
        with self.assertRaisesRegex(ValueError, "described otherwise"):
            self.trial("differs", target=0.8)
        with self.assertRaisesRegex(ValueError, "eta"):
            self.trial("wrong", eta=2)
        with self.assertRaisesRegex(ValueError, "polcy"):
            self.trial("policy", policy="polcy")

    def test_a_restart_forgets_nothing(self):
        with self.assertLogs("chase", "WARNING"):
            with self.trial("restart") as trial:
                self.assertFalse(trial.report(0.5))
                self.daemon.stop()
                self.assertFalse(trial.report(0.6))
                self.daemon.start()
                eventually(lambda: "energy" in self.client.ask("GET", "/v1/gpus/0"))
                self.assertTrue(trial.report(0.95))
        run = self.story("restart")["trials"][0]
        self.assertEqual((run["status"], run["epochs"]), ("reached", 3))


class TenRecurrences(unittest.TestCase):
    """The example, whose training is real and whose GPU is simulated."""

    def test_the_batch_size_and_the_limit_converge(self):
        # Runs of seconds are too short to measure a profile: the simulated card's own is used.
        daemon = Daemon("zeus:0.5", telemetry="100ms", more="profiling: {enabled: false}\n")
        with contextlib.closing(daemon.start()):
            client = daemon.client()
            eventually(lambda: "energy" in client.ask("GET", "/v1/gpus/0"))
            line = ["batch_sizes.py", "--name", "toy", "--recurrences", "12"]
            with mock.patch.dict(os.environ, {"CHASE_SOCKET": daemon.socket}):
                with mock.patch.object(sys, "argv", line):
                    with contextlib.redirect_stdout(io.StringIO()) as out:
                        batch_sizes.main()
            story = client.ask("GET", "/v1/batch-sizes/toy")
        chosen = [trial["batch_size"] for trial in story["trials"]]
        self.assertEqual(chosen[0], 64)
        self.assertIn(story["job"]["best_batch_size"], (4, 8, 16), out.getvalue())
        # Costs vary, and what is drawn with them: one of four may still be another.
        cheap = [size for size in chosen[-4:] if size in (4, 8, 16)]
        self.assertGreaterEqual(len(cheap), 3, out.getvalue())
        limits = [line.split()[5] for line in out.getvalue().splitlines()[1:-1]]
        # The least of eta P + (1 - eta) Pmax for the work done, in docs/simulated-v100.csv.
        self.assertEqual(limits[-3:], ["175.0"] * 3, out.getvalue())


if __name__ == "__main__":
    unittest.main()
