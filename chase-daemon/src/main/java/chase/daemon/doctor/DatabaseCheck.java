package chase.daemon.doctor;

import chase.daemon.api.CheckBody;
import chase.daemon.batchsize.DatabaseTrial;
import chase.daemon.config.BatchSizesConfig;
import chase.daemon.config.ConfigException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Whether the database of batch sizes can be used, where one is configured. */
final class DatabaseCheck {
  private static final String DATABASE = "database";

  private DatabaseCheck() {}

  static Optional<CheckBody> of(BatchSizesConfig config, Map<String, String> environment) {
    return config.database().map(url -> of(url, config, environment));
  }

  private static CheckBody of(
      String url, BatchSizesConfig config, Map<String, String> environment) {
    try {
      DatabaseTrial found =
          DatabaseTrial.of(
              url,
              BatchSizesConfig.secret(config.user(), environment),
              BatchSizesConfig.secret(config.password(), environment));
      return judged(found);
    } catch (ConfigException e) {
      return CheckBody.failed(DATABASE, String.valueOf(e.getMessage()));
    }
  }

  private static CheckBody judged(DatabaseTrial found) {
    if (found.failure().isPresent()) {
      return CheckBody.failed(DATABASE, "cannot be used: " + found.failure().get())
          .withRemedy("batch-sizes.database, its user and password, and the server's pg_hba.conf");
    }
    if (found.tables().filter(version -> version > DatabaseTrial.KNOWN_TABLES).isPresent()) {
      return CheckBody.failed(
              DATABASE,
              String.format(
                  Locale.ROOT,
                  "its tables have version %d, and this Chase knows up to %d",
                  found.tables().get(),
                  DatabaseTrial.KNOWN_TABLES))
          .withRemedy("update Chase on this host");
    }
    return found
        .missing()
        .map(right ->
            CheckBody.failed(DATABASE, found.user() + " lacks the right " + right)
                .withRemedy("in the database: GRANT " + right + " TO " + found.user()))
        .orElseGet(() ->
            CheckBody.ok(
                DATABASE,
                found.product()
                    + ", tables "
                    + found
                        .tables()
                        .map(version -> String.format(Locale.ROOT, "at version %d", version))
                        .orElse("made by the first job")));
  }
}
