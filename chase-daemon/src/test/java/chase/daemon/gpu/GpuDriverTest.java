package chase.daemon.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.fixtures.FakeGpu;
import chase.daemon.fixtures.FakeGpus;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GpuDriverTest {
  private static final GpuTiming TIMING =
      new GpuTiming(Duration.ofMillis(20), Duration.ofSeconds(5), Duration.ofMillis(10));

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  void aDefectInWhatIsDoneWithOpenedGpusIsReported() throws Exception {
    CompletableFuture<Throwable> reported = new CompletableFuture<>();
    IllegalStateException defect = new IllegalStateException("a defect");
    Context context = vertx.getOrCreateContext();
    context.exceptionHandler(reported::complete);
    context.runOnContext(go -> {
      GpuDriver driver =
          new GpuDriver(
              vertx,
              () -> new FakeGpus(List.of(new FakeGpu(0))),
              TIMING,
              InstantSource.system(),
              opened -> {
                throw defect;
              },
              away -> {});
      driver.open();
    });
    assertThat(reported.get(10, TimeUnit.SECONDS)).isSameAs(defect);
  }
}
