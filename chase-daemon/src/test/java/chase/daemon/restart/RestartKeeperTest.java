package chase.daemon.restart;

import static org.assertj.core.api.Assertions.assertThat;

import chase.zeus.engine.KeptState;
import chase.zeus.policy.PowerPolicy;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestartKeeperTest {
  private static final KeptState NOTHING =
      new KeptState(
          Instant.EPOCH,
          PowerPolicy.max(),
          Optional.empty(),
          Map.of(),
          List.of(),
          List.of(),
          List.of());

  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();
  private volatile Supplier<Future<KeptState>> state = () -> Future.succeededFuture(NOTHING);

  @AfterEach
  void close() throws TimeoutException {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  private RestartKeeper keeper() throws TimeoutException {
    RestartKeeper keeper =
        new RestartKeeper(
            Optional.of(new RestartFile(directory)),
            new WatchedProcesses(),
            () -> state.get(),
            () -> Instant.EPOCH);
    vertx.deployVerticle(keeper).await(10, TimeUnit.SECONDS);
    return keeper;
  }

  private static boolean saved(RestartKeeper keeper) throws TimeoutException {
    return keeper.save().await(10, TimeUnit.SECONDS);
  }

  @Test
  void aStateThatCannotBeToldFailsOneSaveAndNoOther() throws TimeoutException {
    RestartKeeper keeper = keeper();
    state =
        () -> {
          throw new IllegalStateException("no state");
        };
    assertThat(saved(keeper)).isFalse();
    state = () -> Future.succeededFuture(NOTHING);
    assertThat(saved(keeper)).isTrue();
    assertThat(keeper.unsaved()).isEmpty();
  }

  @Test
  void whatCannotBeWrittenIsCountedAndSaidUntilItIs() throws Exception {
    RestartKeeper keeper = keeper();
    Path inTheWay = Files.createDirectories(directory.resolve("restart.json/in the way"));
    assertThat(saved(keeper)).isFalse();
    assertThat(keeper.failures()).isEqualTo(1);
    assertThat(keeper.unsaved().orElseThrow()).startsWith("not saved: ").contains("restart.json");
    Files.delete(inTheWay);
    Files.delete(directory.resolve("restart.json"));
    assertThat(saved(keeper)).isTrue();
    assertThat(keeper.unsaved()).isEmpty();
  }
}
