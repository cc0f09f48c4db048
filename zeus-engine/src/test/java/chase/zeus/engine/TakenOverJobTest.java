package chase.zeus.engine;

import static chase.zeus.fixtures.TestGpus.at;
import static chase.zeus.fixtures.TestHost.A;
import static chase.zeus.fixtures.TestHost.B;
import static chase.zeus.fixtures.TestHost.JOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import chase.zeus.engine.Refusal.Cause;
import chase.zeus.fixtures.TestHost;
import chase.zeus.gpu.GpuId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A training was killed, and starts again before its silence was noticed. */
class TakenOverJobTest {
  private static final JobId AGAIN = new JobId("again");

  private final TestHost host = new TestHost();

  private static JobSpec run(String user, String name, GpuId... gpus) {
    return new JobSpec(
        name,
        List.of(gpus),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(0.05),
        Map.of(),
        Optional.of(user),
        Optional.empty());
  }

  private static Event.JobStarted instead(JobSpec spec) {
    return new Event.JobStarted(AGAIN, spec, Optional.of(JOB), at(200));
  }

  private double slack(JobId job) {
    return host.engine().snapshot().job(job).orElseThrow().slack().orElseThrow().seconds();
  }

  @Test
  void theSameJobTakesItsGpusOver() {
    host.start(run("alice", "bert", A, B));
    host.report(100, 10);
    host.handle(instead(run("alice", "bert", B, A)));
    assertThat(host.engine().snapshot().jobs()).extracting(JobView::id).containsExactly(AGAIN);
    assertThat(host.engine().snapshot().ended())
        .containsExactly(
            new JobView.EndedJob(JOB, "bert", at(200), JobView.EndedJob.EndCause.REPLACED));
    assertThat(host.refusal(new Event.StepsReported(JOB, 200, at(201))).message())
        .startsWith("job job (bert) was taken over by a later run at ");
  }

  @Test
  void itKeepsItsBudgetAndTheTimeBetweenDoesNotCount() {
    host.start(run("alice", "bert", A));
    host.runFor(100);
    double before = slack(JOB);
    assertThat(before).isPositive();
    host.handle(instead(run("alice", "bert", A)));
    for (long second = 0; second <= 100; second += 10) {
      host.handle(new Event.StepsReported(AGAIN, second * 10, at(200 + second)));
    }
    assertThat(slack(AGAIN)).isCloseTo(2 * before, within(0.5));
  }

  @Test
  void anotherJobTakesNothingOver() {
    host.start(run("alice", "bert", A));
    assertThat(host.refusal(instead(run("bob", "bert", A))).cause()).isEqualTo(Cause.CONFLICT);
    assertThat(host.refusal(instead(run("alice", "gpt", A))).cause()).isEqualTo(Cause.CONFLICT);
    assertThat(host.refusal(instead(run("alice", "bert", A, B))).cause()).isEqualTo(Cause.CONFLICT);
    assertThat(host.refusal(instead(run("alice", "bert", B))).cause()).isEqualTo(Cause.CONFLICT);
  }

  @Test
  void aJobMayEndWithItsProcess() {
    host.start(run("alice", "bert", A));
    host.handle(new Event.JobEnded(JOB, JobView.EndedJob.EndCause.PROCESS_GONE, at(5)));
    assertThat(host.refusal(new Event.StepsReported(JOB, 200, at(6))).message())
        .startsWith("job job (bert) ended with its process at ");
  }
}
