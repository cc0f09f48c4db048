package chase.daemon.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.control.EngineRoom;
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
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GpuProcessesTest {
  private static final HostProcess TRAINING =
      new HostProcess(4711, "ann", "python train.py", Duration.ofMinutes(1), EngineRoom.NOON);

  private final Vertx vertx = Vertx.vertx();
  private final EngineRoom room = new EngineRoom(vertx);
  private final Map<GpuId, Future<List<HostProcess>>> answers = new HashMap<>();
  private final List<GpuId> asked = new ArrayList<>();
  private Instant now = EngineRoom.NOON;
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
    answers.put(EngineRoom.FIRST, Future.succeededFuture(List.of(TRAINING)));
    watch.poll(room.snapshot());
    assertThat(watch.lastSeen()).isEqualTo(Map.of(EngineRoom.FIRST, List.of(TRAINING)));
    assertThat(asked).containsExactly(EngineRoom.FIRST, EngineRoom.SECOND);
  }

  @Test
  void whoHasEndedIsSeenNoLonger() {
    answers.put(EngineRoom.FIRST, Future.succeededFuture(List.of(TRAINING)));
    watch.poll(room.snapshot());
    answers.clear();
    watch.poll(room.snapshot());
    assertThat(watch.lastSeen()).isEmpty();
  }

  @Test
  void aGpuWithARegisteredJobIsNotAskedAndWhatWasSeenThereIsForgotten() {
    answers.put(EngineRoom.FIRST, Future.succeededFuture(List.of(TRAINING)));
    watch.poll(room.snapshot());
    asked.clear();
    room.happen(
        new Event.JobStarted(
            new JobId("a"),
            new JobSpec(
                "resnet",
                List.of(EngineRoom.FIRST),
                OptionalInt.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalDouble.empty()),
            EngineRoom.NOON));
    watch.poll(room.snapshot());
    assertThat(asked).containsExactly(EngineRoom.SECOND);
    assertThat(watch.lastSeen()).isEmpty();
  }

  @Test
  void whoAsksForAllIsToldOfRegisteredJobsTooAndTheDriverIsAskedSeldom() {
    answers.put(EngineRoom.FIRST, Future.succeededFuture(List.of(TRAINING)));
    answers.put(EngineRoom.SECOND, failed(Kind.REFUSED));
    assertThat(watch.current(room.snapshot()).result())
        .isEqualTo(Map.of(EngineRoom.FIRST, List.of(TRAINING)));
    now = EngineRoom.NOON.plusMillis(4999);
    assertThat(watch.current(room.snapshot()).succeeded()).isTrue();
    assertThat(asked).containsExactly(EngineRoom.FIRST, EngineRoom.SECOND);
    now = EngineRoom.NOON.plusSeconds(5);
    assertThat(watch.current(room.snapshot()).succeeded()).isTrue();
    assertThat(asked).containsExactly(EngineRoom.FIRST, EngineRoom.SECOND, EngineRoom.FIRST);
  }

  @Test
  void aCardThatDoesNotTellIsAskedOnceUntilItIsOpenedAnew() {
    answers.put(EngineRoom.SECOND, failed(Kind.REFUSED));
    watch.poll(room.snapshot());
    watch.poll(room.snapshot());
    assertThat(asked).containsExactly(EngineRoom.FIRST, EngineRoom.SECOND, EngineRoom.FIRST);
    watch.forget(EngineRoom.SECOND);
    watch.poll(room.snapshot());
    assertThat(asked).endsWith(EngineRoom.SECOND);
  }

  @Test
  void aCardThatIsOnlyInTroubleIsAskedAgainAndHasNobodyMeanwhile() {
    answers.put(EngineRoom.FIRST, Future.succeededFuture(List.of(TRAINING)));
    watch.poll(room.snapshot());
    answers.put(EngineRoom.FIRST, failed(Kind.RETRY));
    watch.poll(room.snapshot());
    assertThat(watch.lastSeen()).isEmpty();
    answers.put(EngineRoom.FIRST, Future.succeededFuture(List.of(TRAINING)));
    watch.poll(room.snapshot());
    assertThat(watch.lastSeen()).containsKey(EngineRoom.FIRST);
  }

  private static Future<List<HostProcess>> failed(Kind kind) {
    return Future.failedFuture(new GpuException(kind, "no"));
  }
}
