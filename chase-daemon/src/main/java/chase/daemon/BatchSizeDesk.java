package chase.daemon;

import chase.daemon.batchsize.BatchSizeService;
import chase.daemon.batchsize.JouleWeight;
import chase.daemon.batchsize.StudyDatabase;
import chase.daemon.config.BatchSizesConfig;
import chase.daemon.config.ChaseConfig;
import chase.daemon.config.ConfigException;
import chase.daemon.grid.GridState;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;

/** Makes the desk of batch sizes that a configuration asks for. */
final class BatchSizeDesk {
  private static final String FILE = "batch-sizes.db";

  private BatchSizeDesk() {}

  /**
   * The desk; its database is not touched yet.
   *
   * @throws IllegalStateException with one line when a secret cannot be read
   */
  static BatchSizeService of(
      Vertx vertx,
      ChaseConfig config,
      Map<String, String> environment,
      Supplier<GridState> grid,
      InstantSource clock) {
    return new BatchSizeService(
        vertx,
        storage(config, environment),
        new JouleWeight(grid, clock),
        clock,
        config.batchSizes().silence(),
        host());
  }

  /**
   * Makes sure that the secrets which the database takes can be read.
   *
   * @throws StartupException with one line that names the one that cannot
   */
  static void requireSecrets(ChaseConfig config, Map<String, String> environment)
      throws StartupException {
    BatchSizesConfig batchSizes = config.batchSizes();
    if (batchSizes.database().isPresent()) {
      try {
        BatchSizesConfig.secret(batchSizes.user(), environment);
        BatchSizesConfig.secret(batchSizes.password(), environment);
      } catch (ConfigException e) {
        throw StartupException.of(e);
      }
    }
  }

  private static StudyDatabase storage(ChaseConfig config, Map<String, String> environment) {
    BatchSizesConfig batchSizes = config.batchSizes();
    if (batchSizes.database().isEmpty()) {
      return StudyDatabase.sqlite(config.stateDirectory().resolve(FILE));
    }
    try {
      return StudyDatabase.postgresql(
          batchSizes.database().get(),
          BatchSizesConfig.secret(batchSizes.user(), environment),
          BatchSizesConfig.secret(batchSizes.password(), environment));
    } catch (ConfigException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  /** What trials say of where they ran. */
  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}
