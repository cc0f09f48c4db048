package chase.daemon.ledger;

import chase.daemon.api.ReportBody;
import chase.zeus.profile.PowerProfile;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A job as the ledger knows it.
 *
 * @param id its id on this host
 * @param name what people call it
 * @param facts what a report tells of it
 * @param profile what was measured of it
 */
record KnownJob(String id, String name, ReportBody.Job facts, Optional<PowerProfile> profile) {
  static final String COLUMNS =
      "job, name, user, labels, origin, gpus, policy, started_ms, ended_ms, profile";

  static KnownJob of(ResultSet row, LedgerJson json) throws SQLException {
    Map<String, String> labels = json.labels(row.getString("labels"));
    List<String> gpus = json.gpus(row.getString("gpus"));
    Instant startedAt = Instant.ofEpochMilli(row.getLong("started_ms"));
    long ended = row.getLong("ended_ms");
    Optional<Instant> endedAt =
        row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(ended));
    String profile = row.getString("profile");
    return new KnownJob(
        row.getString("job"),
        row.getString("name"),
        new ReportBody.Job(
            Optional.ofNullable(row.getString("user")),
            labels,
            row.getString("origin").toLowerCase(Locale.ROOT),
            gpus,
            Optional.ofNullable(row.getString("policy")),
            startedAt,
            endedAt),
        profile == null ? Optional.empty() : Optional.of(json.profile(profile)));
  }
}
