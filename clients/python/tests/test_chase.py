import datetime
import os
import pathlib
import subprocess
import sys
import unittest
from unittest import mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import chase  # noqa: E402
from chase import _job  # noqa: E402
from tests.daemon import Daemon, eventually  # noqa: E402

EXAMPLES = pathlib.Path(__file__).resolve().parents[1] / "examples"


class WithoutADaemon(unittest.TestCase):
    def setUp(self):
        self.no_daemon = chase.Client("/nonexistent/chase.sock")

    def test_a_job_counts_and_logs_once(self):
        with self.assertLogs("chase", "WARNING") as log:
            with chase.job("toy", gpus=[0], client=self.no_daemon) as job:
                job.step()
                job.report()
                job.report()
        self.assertEqual(job.steps, 1)
        self.assertIsNone(job.id)
        self.assertEqual(len(log.output), 1)

    def test_a_block_has_its_time_and_no_energy(self):
        with self.assertLogs("chase", "WARNING"):
            with chase.measure(client=self.no_daemon) as block:
                pass
        self.assertGreater(block.seconds, 0)
        self.assertIsNone(block.joules)

    def test_an_error_of_the_training_passes_through(self):
        with self.assertLogs("chase", "WARNING"):
            with self.assertRaises(ZeroDivisionError):
                with chase.job("toy", gpus=[0], client=self.no_daemon):
                    1 / 0


class WrongArguments(unittest.TestCase):
    def refused(self, words, **options):
        with self.assertRaisesRegex(ValueError, words):
            chase.job(**{"name": "toy", "gpus": [0], **options})

    def test_they_are_named_at_once(self):
        self.refused("name", name=" ")
        self.refused("at least one GPU", gpus=[])
        self.refused("time zone", deadline=datetime.datetime(2030, 1, 1))
        self.refused("idle_watts", idle_watts=40)
        self.refused("report_seconds", report_seconds=0)
        self.refused("labels are texts: 'exp': 7", labels={"exp": 7})
        self.refused("gpus or its pid", pid=1)


class Bounds(unittest.TestCase):
    def test_a_bound_is_a_share_or_a_percentage(self):
        for bound in (0.03, "0.03", "3%", "3 %"):
            self.assertEqual(_job.slowdown_share(bound), 0.03)
        self.assertIsNone(_job.slowdown_share(None))

    def test_three_is_not_300_percent(self):
        with self.assertRaisesRegex(ValueError, "did you mean '3%'"):
            chase.job("a", slowdown_bound=3)
        for bound in ("300%", -0.1, "fast", float("nan"), []):
            with self.assertRaises(ValueError):
                chase.job("a", slowdown_bound=bound)


class WhoReports(unittest.TestCase):
    def test_only_the_first_process_of_a_host_reports(self):
        with mock.patch.dict(os.environ, {"LOCAL_RANK": "1"}):
            job = chase.job("toy", gpus=[0], client=chase.Client("/nonexistent"))
        with self.assertNoLogs("chase") if hasattr(self, "assertNoLogs") else mock.MagicMock():
            job.step()
            job.report()
            job.end()
        self.assertIsNone(job.id)

    def test_visible_devices_are_its_gpus(self):
        with mock.patch.dict(os.environ, {"CUDA_VISIBLE_DEVICES": "1, GPU-6e8a"}):
            self.assertEqual(_job.named_gpus(None), ["1", "GPU-6e8a"])
        with mock.patch.dict(os.environ, {"CUDA_VISIBLE_DEVICES": ""}):
            self.assertIsNone(_job.named_gpus(None))


    def test_else_the_process_is_looked_for(self):
        nothing = {"CUDA_VISIBLE_DEVICES": ""}
        with mock.patch.dict(os.environ, nothing):
            self.assertEqual(_job.gpus_or_pid(None, None), {"pid": os.getpid()})
        with mock.patch.dict(os.environ, {"LOCAL_RANK": "0", **nothing}):
            self.assertEqual(_job.gpus_or_pid(None, None), {"pid": os.getppid()})
        with mock.patch.dict(os.environ, {"SLURM_LOCALID": "0", **nothing}):
            self.assertEqual(_job.gpus_or_pid(None, None), {})


class Metrics(unittest.TestCase):
    def setUp(self):
        client = chase.Client("/nonexistent/chase.sock")
        self.job = chase.Job(client, {"name": "toy"}, 60, 0)

    def test_what_is_no_number_is_left_out_and_logged_once(self):
        with self.assertLogs("chase", "WARNING") as log:
            self.job.metric("loss", float("nan"))
            self.job.metric("loss", float("inf"))
            self.job.metric("loss", "two")
            self.job.metric("accuracy", None)
        self.job.metric("lr", 0.1)
        self.assertEqual(len(log.output), 2)
        self.assertEqual(self.job._metrics, {"lr": (0.1,)})

    def test_more_names_than_the_daemon_takes_are_left_out(self):
        with self.assertLogs("chase", "WARNING") as log:
            for name in range(34):
                self.job.metric(f"m{name}", 1)
            self.job.metric("n" * 65, 1)
        self.assertEqual(len(self.job._metrics), 32)
        self.assertIn("'m32'", log.output[0])


class WithTheDaemon(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon().start()
        cls.client = cls.daemon.client()
        eventually(lambda: "energy" in cls.client.ask("GET", "/v1/gpus/1"))

    @classmethod
    def tearDownClass(cls):
        cls.daemon.close()

    def job(self, **options):
        return chase.job(
            "toy", **{"gpus": [0], "client": self.client, "report_seconds": 0.1, **options}
        )

    def joules(self):
        return self.client.ask("GET", "/v1/gpus/1")["energy"]["joules"]

    def seen(self, job):
        return self.client.ask("GET", f"/v1/jobs/{job.id}")

    def test_a_job_is_known_while_it_runs_and_gone_afterwards(self):
        with self.job(slowdown_bound="5%", batch_size=128, total_steps=1000) as job:
            job.step(7)
            eventually(lambda: job.id and self.seen(job).get("steps") == 7)
            known = self.seen(job)
            self.assertEqual(known["policy"], "budget:0.05")
            self.assertEqual(known["promise"], "at most 5 % slower")
            self.assertEqual(known["batch_size"], 128)
        with self.assertRaises(chase.ChaseError):
            self.client.ask("GET", f"/v1/jobs/{job.id}/steps")

    def test_by_default_the_gpus_of_its_process_are_its_own(self):
        # The simulated GPUs show the daemon, and that is a child of this process.
        with mock.patch.dict(os.environ, {"CUDA_VISIBLE_DEVICES": ""}):
            with self.job(gpus=None) as job:
                eventually(lambda: job.id)
                self.assertEqual(len(self.seen(job)["gpus"]), 2)

    def test_labels_and_metrics_are_shown(self):
        with self.job(labels={"team": "vision"}) as job:
            job.step(3)
            job.metric("loss", 2)
            eventually(lambda: job.id and self.seen(job)["metrics"])
            known = self.seen(job)
            self.assertEqual(known["labels"], {"team": "vision"})
            self.assertEqual(known["metrics"]["loss"]["value"], 2)
            first = known["metrics"]["loss"]["at"]
            job.step()
            eventually(lambda: self.seen(job)["steps"] == 4)
            self.assertEqual(self.seen(job)["metrics"]["loss"]["at"], first)

    def test_a_registration_that_was_not_answered_is_the_same_job_when_repeated(self):
        with self.job() as job:
            known = eventually(lambda: job.id)
            job._id = None
            eventually(lambda: job.id)
            self.assertEqual(job.id, known)

    def test_the_last_steps_are_reported_at_the_end(self):
        job = self.job(report_seconds=60)
        eventually(lambda: job.id)
        job.step(41)
        self.assertEqual(job.end()["steps"], 41)
        self.assertIsNone(job.end())

    def test_a_refused_job_logs_why_and_trains_on(self):
        with self.assertLogs("chase", "WARNING") as log:
            with self.job(gpus=[7]) as job:
                job.step()
                job.report()
        self.assertIn("7", log.output[0])

    def test_under_chase_run_the_steps_are_its_jobs(self):
        gpus = [self.client.ask("GET", "/v1/gpus")[0]["uuid"]]
        known = self.client.ask("POST", "/v1/jobs", {"name": "run", "gpus": gpus, "pid": os.getpid()})["id"]
        with mock.patch.dict(os.environ, {"CHASE_JOB": known}):
            with chase.job("script", client=self.client) as job:
                job.step(7)
        self.assertEqual(self.client.ask("GET", f"/v1/jobs/{known}")["steps"], 7)
        self.client.ask("DELETE", f"/v1/jobs/{known}")

    def test_a_restarted_daemon_still_knows_the_job(self):
        with self.job(gpus=[1]) as job:
            job.step(3)
            first = eventually(lambda: job.id)
            eventually(lambda: self.seen(job).get("steps") == 3)
            with self.assertLogs("chase", "WARNING"):
                self.daemon.stop()
                eventually(lambda: job._trouble._logged)
                self.daemon.start()
            job.step(4)
            eventually(lambda: self.seen(job).get("steps") == 7)
            self.assertEqual(job.id, first)

    def test_a_killed_training_does_not_block_its_own_restart(self):
        training = (
            "import chase, time\n"
            "job = chase.job('killed', gpus=[1], slowdown_bound='5%', report_seconds=0.1,"
            f" client=chase.Client({self.daemon.socket!r}))\n"
            "while not (job.id and job.limit_watts): time.sleep(0.01)\n"
            "print(job.id, flush=True)\n"
            "time.sleep(600)\n"
        )
        here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
        environment = {**os.environ, "PYTHONPATH": here}
        def killed_run():
            process = subprocess.Popen(
                [sys.executable, "-c", training], stdout=subprocess.PIPE, text=True, env=environment
            )
            known = process.stdout.readline().strip()
            process.kill()  # as the kernel does when memory runs out; its parent has not waited for it yet
            return process, known

        runs = [killed_run(), killed_run()]
        self.assertNotEqual(runs[0][1], runs[1][1])
        eventually(lambda: runs[1][1] not in self.running(), seconds=10)
        self.assertNotIn(runs[0][1], self.running())
        for process, _ in runs:
            process.communicate()

    def running(self):
        return [job["id"] for job in self.client.ask("GET", "/v1/jobs")]

    def test_a_fork_does_not_end_its_parents_job(self):
        with self.job() as job:
            eventually(lambda: job.id)
            child = os.fork()
            if child == 0:
                job.end()
                os._exit(0)
            os.waitpid(child, 0)
            job.step()
            eventually(lambda: self.seen(job).get("steps") == 1)

    def test_a_gpu_without_a_job_is_free(self):
        self.assertEqual(chase.free_gpus(self.client), ["0", "1"])
        with self.job(gpus=[0]) as job:
            eventually(lambda: job.id)
            self.assertEqual(chase.free_gpus(self.client), ["1"])

    def example(self, *options):
        return subprocess.run(
            [sys.executable, EXAMPLES / "train.py", "--steps", "3", "--step-seconds", "0.01", *options],
            env={**os.environ, "CHASE_SOCKET": self.daemon.socket},
            capture_output=True,
            text=True,
            timeout=60,
        )

    def test_the_example_takes_a_free_gpu_or_says_that_none_is(self):
        with self.job(gpus=[0]) as job:
            eventually(lambda: job.id)
            trained = self.example()
            self.assertEqual(trained.returncode, 0, trained.stderr)
            self.assertNotIn("already", trained.stderr)
            with self.job(gpus=[1]) as other:
                eventually(lambda: other.id)
                refused = self.example()
                self.assertEqual(refused.returncode, 1)
                self.assertEqual(
                    refused.stderr,
                    "no GPU is free: see `chase gpus` and `chase jobs`, or name one with --gpu\n",
                )

    def test_a_block_is_measured(self):
        with chase.measure(gpus=[1], client=self.client) as block:
            before = self.joules()
            eventually(lambda: self.joules() > before)
        self.assertGreater(block.joules, 0)
        self.assertIn(block.basis, ("counter", "integrated"))

    def grams(self):
        return self.client.ask("GET", "/v1/gpus/1").get("emissions", {}).get("grams", 0)

    def test_a_block_is_weighed_with_its_basis(self):
        eventually(lambda: self.grams() > 0)
        with chase.measure(gpus=[1], client=self.client) as block:
            before = self.grams()
            eventually(lambda: self.grams() > before)
        self.assertGreater(block.grams, 0)
        self.assertEqual(block.carbon_basis, "replayed")
        self.assertTrue(block.simulated)


if __name__ == "__main__":
    unittest.main()
