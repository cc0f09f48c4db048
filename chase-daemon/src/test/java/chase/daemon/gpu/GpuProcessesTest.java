package chase.daemon.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.fixtures.TestDaemon;
import chase.daemon.host.HostProcess;
import chase.zeus.engine.Event;
import chase.zeus.engine.JobId;
import chase.zeus.engine.JobSpec;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuException.Kind;
import chase.zeus.gpu.GpuId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GpuProcessesTest {
  private static final HostProcess TRAINING =
      new HostProcess(4711, "ann", "python train.py", Duration.ofMinutes(1), TestDaemon.NOON);

  private final Vertx vertx = Vertx.vertx();
  private final TestDaemon daemon = new TestDaemon(vertx);
  private final Map<GpuId, Future<List<HostProcess>>> answers = new HashMap<>();
  private final List<GpuId> asked = new ArrayList<>();
  private Instant now = TestDaemon.NOON;
  private final GpuProcesses watch =
      new GpuProcesses(
          (gpu, simulated) -> {
            asked.add(gpu);
            return answers.getOrDefault(gpu, Future.succeededFuture(List.of()));
          },
          () -> now);

  @AfterEach
  void close() {
    vertx.close();
  }

  @Test
  void itSeesWhoComputesWhereNoJobRegistered() {
    answers.put(TestDaemon.FIRST, Future.succeededFuture(List.of(TRAINING)));
    watch.poll(daemon.snapshot());
    assertThat(watch.lastSeen()).isEqualTo(Map.of(TestDaemon.FIRST, List.of(TRAINING)));
    assertThat(asked).containsExactly(TestDaemon.FIRST, TestDaemon.SECOND);
  }

  @Test
  void whoHasEndedIsSeenNoLonger() {
    answers.put(TestDaemon.FIRST, Future.succeededFuture(List.of(TRAINING)));
    watch.poll(daemon.snapshot());
    answers.clear();
    watch.poll(daemon.snapshot());
    assertThat(watch.lastSeen()).isEmpty();
  }

  @Test
  void aGpuWithARegisteredJobIsNotAskedAndWhatWasSeenThereIsForgotten() {
    answers.put(TestDaemon.FIRST, Future.succeededFuture(List.of(TRAINING)));
    watch.poll(daemon.snapshot());
    asked.clear();
    daemon.handle(
        new Event.JobStarted(
            new JobId("a"),
            new JobSpec(
                "resnet",
                List.of(TestDaemon.FIRST),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()),
            TestDaemon.NOON));
    watch.poll(daemon.snapshot());
    assertThat(asked).containsExactly(TestDaemon.SECOND);
    assertThat(watch.lastSeen()).isEmpty();
  }

  @Test
  void whoAsksForAllIsToldOfRegisteredJobsTooAndTheDriverIsAskedSeldom() {
    answers.put(TestDaemon.FIRST, Future.succeededFuture(List.of(TRAINING)));
    answers.put(TestDaemon.SECOND, failed(Kind.REFUSED));
    assertThat(watch.current(daemon.snapshot()).result())
        .isEqualTo(Map.of(TestDaemon.FIRST, List.of(TRAINING)));
    now = TestDaemon.NOON.plusMillis(4999);
    assertThat(watch.current(daemon.snapshot()).succeeded()).isTrue();
    assertThat(asked).containsExactly(TestDaemon.FIRST, TestDaemon.SECOND);
    now = TestDaemon.NOON.plusSeconds(5);
    assertThat(watch.current(daemon.snapshot()).succeeded()).isTrue();
    assertThat(asked).containsExactly(TestDaemon.FIRST, TestDaemon.SECOND, TestDaemon.FIRST);
  }

  @Test
  void aCardThatDoesNotTellIsAskedOnceUntilItIsOpenedAnew() {
    answers.put(TestDaemon.SECOND, failed(Kind.REFUSED));
    watch.poll(daemon.snapshot());
    watch.poll(daemon.snapshot());
    assertThat(asked).containsExactly(TestDaemon.FIRST, TestDaemon.SECOND, TestDaemon.FIRST);
    watch.forget(TestDaemon.SECOND);
    watch.poll(daemon.snapshot());
    assertThat(asked).endsWith(TestDaemon.SECOND);
  }

  @Test
  void aCardThatIsOnlyInTroubleIsAskedAgainAndHasNobodyMeanwhile() {
    answers.put(TestDaemon.FIRST, Future.succeededFuture(List.of(TRAINING)));
    watch.poll(daemon.snapshot());
    answers.put(TestDaemon.FIRST, failed(Kind.RETRY));
    watch.poll(daemon.snapshot());
    assertThat(watch.lastSeen()).isEmpty();
    answers.put(TestDaemon.FIRST, Future.succeededFuture(List.of(TRAINING)));
    watch.poll(daemon.snapshot());
    assertThat(watch.lastSeen()).containsKey(TestDaemon.FIRST);
  }

  private static Future<List<HostProcess>> failed(Kind kind) {
    return Future.failedFuture(new GpuException(kind, "no"));
  }
}
