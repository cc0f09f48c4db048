package chase.daemon.zeusd;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.fixtures.StubGovernor;
import chase.daemon.governor.Governor;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.Reason;
import chase.zeus.engine.SafetyRules;
import chase.zeus.engine.Snapshot;
import chase.zeus.fixtures.TestSnapshots;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.unit.Joules;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What clients find in the first second of the daemon's life, before any GPU was read. */
class DiscoveryTest {
  private static final GpuId COUNTS = new GpuId("GPU-6e8a0f6c-0000-4000-8000-000000000000");
  private static final GpuId COUNTS_NOT = new GpuId("GPU-6e8a1b2c-0000-4000-8000-000000000001");

  /** The first GPU has an energy counter, the second has none. */
  private static final Governor UNREAD =
      new StubGovernor() {
        @Override
        public Snapshot snapshot() {
          return TestSnapshots.snapshot(
              Instant.EPOCH,
              SafetyRules.Mode.CONTROL,
              false,
              PowerPolicy.max(),
              Optional.empty(),
              List.of(unread(COUNTS, 0), unread(COUNTS_NOT, 1)));
        }

        @Override
        public Future<Joules> energy(GpuId gpu) {
          return gpu.equals(COUNTS)
              ? Future.succeededFuture(new Joules(5))
              : Future.failedFuture(
                  new GpuException(GpuException.Kind.REFUSED, "no energy counter"));
        }
      };

  private static GpuView unread(GpuId id, int index) {
    GpuTraits traits =
        new GpuTraits(
            id,
            index,
            "a card",
            Optional.empty(),
            "1",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            true);
    return TestSnapshots.gpu(
        traits,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        new Reason.Chosen(),
        Optional.empty(),
        false,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        GpuView.WriteCounts.NONE);
  }

  @Test
  void aGpuThatDoesNotAnswerDelaysNoDiscovery() throws Exception {
    Governor hung =
        new StubGovernor() {
          @Override
          public Snapshot snapshot() {
            return UNREAD.snapshot();
          }

          @Override
          public Future<Joules> energy(GpuId gpu) {
            return gpu.equals(COUNTS)
                ? Future.succeededFuture(new Joules(5))
                : Promise.<Joules>promise().future();
          }
        };
    Vertx vertx = Vertx.vertx();
    try {
      Discovery found =
          Discovery.of(
                  hung,
                  List.of(),
                  answer -> ZeusdReplies.ResponseDeadline.within(vertx, answer, false))
              .await(10, TimeUnit.SECONDS);
      assertThat(found.counted()).containsEntry(COUNTS, true).containsEntry(COUNTS_NOT, false);
    } finally {
      vertx.close().await(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void aGpuThatWasNotReadYetIsReadToKnowWhetherItCountsEnergy() {
    Discovery found = Discovery.of(UNREAD, List.of(), UnaryOperator.identity()).result();
    assertThat(found.into(JsonNodeFactory.instance.objectNode()).get("gpus"))
        .extracting((JsonNode gpu) -> gpu.get("cumulative_energy_available").asBoolean())
        .containsExactly(true, false);
  }
}
