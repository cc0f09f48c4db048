package chase.daemon.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.fixtures.TestDaemon;
import chase.daemon.host.HostProcess;
import chase.zeus.engine.Event;
import chase.zeus.engine.JobId;
import chase.zeus.engine.JobSpec;
import chase.zeus.gpu.GpuId;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GpuOwnersTest {
  private static final HostProcess OLDER = process(4711, "ann", "python train.py", 1_830_420);
  private static final HostProcess YOUNGER = process(815, "bob", "python serve.py", 2_000_000);

  private final Vertx vertx = Vertx.vertx();
  private final TestDaemon daemon = new TestDaemon(vertx);

  @AfterEach
  void close() {
    vertx.close();
  }

  @Test
  void theOldestProcessOfAGpuIsItsAnonymousJob() {
    assertThat(owners(Map.of(TestDaemon.FIRST, List.of(YOUNGER, OLDER))).ownerOf(TestDaemon.FIRST))
        .contains(
            new GpuOwner(
                "pid-4711-183042",
                "python train.py",
                Optional.of("ann"),
                Map.of(),
                GpuOwner.OwnerKind.ANONYMOUS,
                List.of(TestDaemon.FIRST),
                TestDaemon.NOON));
  }

  @Test
  void gpusWithTheSameOldestProcessAreOneJobs() {
    GpuOwners owners =
        owners(
            Map.of(TestDaemon.FIRST, List.of(OLDER), TestDaemon.SECOND, List.of(YOUNGER, OLDER)));
    assertThat(owners.anonymous())
        .singleElement()
        .satisfies(
            job -> assertThat(job.gpus()).containsExactly(TestDaemon.FIRST, TestDaemon.SECOND));
  }

  @Test
  void gpusWithOtherOldestProcessesAreOtherJobs() {
    GpuOwners owners =
        owners(Map.of(TestDaemon.FIRST, List.of(OLDER), TestDaemon.SECOND, List.of(YOUNGER)));
    assertThat(owners.anonymous())
        .extracting(GpuOwner::id)
        .containsExactly("pid-4711-183042", "pid-815-200000");
  }

  @Test
  void aRegisteredJobGoesBeforeAnyProcess() {
    daemon.handle(new Event.JobStarted(new JobId("a"), spec(), TestDaemon.NOON));
    GpuOwners owners =
        owners(Map.of(TestDaemon.FIRST, List.of(OLDER), TestDaemon.SECOND, List.of(OLDER)));
    assertThat(owners.ownerOf(TestDaemon.FIRST))
        .contains(
            new GpuOwner(
                "a",
                "resnet",
                Optional.of("eve"),
                Map.of("team", "vision"),
                GpuOwner.OwnerKind.REGISTERED,
                List.of(TestDaemon.FIRST),
                TestDaemon.NOON));
    assertThat(owners.anonymous())
        .singleElement()
        .satisfies(job -> assertThat(job.gpus()).containsExactly(TestDaemon.SECOND));
  }

  @Test
  void aGpuWithoutProcessesHasNoOwner() {
    assertThat(owners(Map.of()).ownerOf(TestDaemon.FIRST)).isEmpty();
    assertThat(owners(Map.of()).anonymous()).isEmpty();
  }

  private GpuOwners owners(Map<GpuId, List<HostProcess>> processes) {
    return new GpuOwners(daemon.snapshot(), processes);
  }

  private static HostProcess process(long pid, String user, String command, long millis) {
    return new HostProcess(pid, user, command, Duration.ofMillis(millis), TestDaemon.NOON);
  }

  private static JobSpec spec() {
    return new JobSpec(
        "resnet",
        List.of(TestDaemon.FIRST),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Map.of("team", "vision"),
        Optional.of("eve"),
        Optional.empty());
  }
}
