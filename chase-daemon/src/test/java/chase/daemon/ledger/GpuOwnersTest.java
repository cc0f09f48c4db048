package chase.daemon.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.control.EngineRoom;
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
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GpuOwnersTest {
  private static final HostProcess OLDER = process(4711, "ann", "python train.py", 1_830_420);
  private static final HostProcess YOUNGER = process(815, "bob", "python serve.py", 2_000_000);

  private final Vertx vertx = Vertx.vertx();
  private final EngineRoom room = new EngineRoom(vertx);

  @AfterEach
  void close() {
    vertx.close();
  }

  @Test
  void theOldestProcessOfAGpuIsItsAnonymousJob() {
    assertThat(tenants(Map.of(EngineRoom.FIRST, List.of(YOUNGER, OLDER))).ownerOf(EngineRoom.FIRST))
        .contains(
            new GpuOwner(
                "pid-4711-183042",
                "python train.py",
                Optional.of("ann"),
                Map.of(),
                GpuOwner.OwnerKind.ANONYMOUS,
                List.of(EngineRoom.FIRST),
                EngineRoom.NOON));
  }

  @Test
  void gpusWithTheSameOldestProcessAreOneJobs() {
    GpuOwners tenants =
        tenants(
            Map.of(EngineRoom.FIRST, List.of(OLDER), EngineRoom.SECOND, List.of(YOUNGER, OLDER)));
    assertThat(tenants.anonymous())
        .singleElement()
        .satisfies(
            job -> assertThat(job.gpus()).containsExactly(EngineRoom.FIRST, EngineRoom.SECOND));
  }

  @Test
  void gpusWithOtherOldestProcessesAreOtherJobs() {
    GpuOwners tenants =
        tenants(Map.of(EngineRoom.FIRST, List.of(OLDER), EngineRoom.SECOND, List.of(YOUNGER)));
    assertThat(tenants.anonymous())
        .extracting(GpuOwner::id)
        .containsExactly("pid-4711-183042", "pid-815-200000");
  }

  @Test
  void whoRegisteredGoesBeforeWhatIsSeen() {
    room.happen(new Event.JobStarted(new JobId("a"), spec(), EngineRoom.NOON));
    GpuOwners tenants =
        tenants(Map.of(EngineRoom.FIRST, List.of(OLDER), EngineRoom.SECOND, List.of(OLDER)));
    assertThat(tenants.ownerOf(EngineRoom.FIRST))
        .contains(
            new GpuOwner(
                "a",
                "resnet",
                Optional.of("eve"),
                Map.of("team", "vision"),
                GpuOwner.OwnerKind.REGISTERED,
                List.of(EngineRoom.FIRST),
                EngineRoom.NOON));
    assertThat(tenants.anonymous())
        .singleElement()
        .satisfies(job -> assertThat(job.gpus()).containsExactly(EngineRoom.SECOND));
  }

  @Test
  void aGpuOnWhichNobodyComputesHasNoTenant() {
    assertThat(tenants(Map.of()).ownerOf(EngineRoom.FIRST)).isEmpty();
    assertThat(tenants(Map.of()).anonymous()).isEmpty();
  }

  private GpuOwners tenants(Map<GpuId, List<HostProcess>> processes) {
    return new GpuOwners(room.snapshot(), processes);
  }

  private static HostProcess process(long pid, String user, String command, long millis) {
    return new HostProcess(pid, user, command, Duration.ofMillis(millis), EngineRoom.NOON);
  }

  private static JobSpec spec() {
    return new JobSpec(
        "resnet",
        List.of(EngineRoom.FIRST),
        OptionalInt.empty(),
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty(),
        OptionalDouble.empty(),
        Map.of("team", "vision"),
        Optional.of("eve"),
        Optional.empty());
  }
}
