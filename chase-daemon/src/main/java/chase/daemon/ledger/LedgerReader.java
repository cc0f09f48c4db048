package chase.daemon.ledger;

import chase.daemon.api.ReportBody;
import chase.daemon.ledger.Ledger.LedgerException;
import chase.daemon.ledger.LedgerRows.UsageRow.GpuName;
import chase.daemon.ledger.ReportBuilder.RowGroup;
import chase.daemon.storage.Sql;
import chase.zeus.profile.PowerProfile;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Answers one query on one connection; the database adds up, so that few rows are read. */
final class LedgerReader {
  private static final long SECONDS_PER_HOUR = 3600;

  private static final String FIGURES =
      Usage.COLUMNS.stream()
          .map(column -> "sum(e." + column + ")")
          .collect(Collectors.joining(", "));

  private final Connection connection;
  private final LedgerJson json;
  private final Map<String, FigureSources> sources = new HashMap<>();
  private long lastJob = LedgerWriter.NO_OWNER;
  private Optional<StoredJob> last = Optional.empty();

  LedgerReader(Connection connection, LedgerJson json) {
    this.connection = connection;
    this.json = json;
  }

  /**
   * The whole report.
   *
   * @throws LedgerException when it is about a job or GPU that was never known
   */
  ReportBody report(ReportQuery query, Instant now) throws SQLException {
    Filter filter = filter(query);
    ReportBuilder report = new ReportBuilder(query.by());
    boolean daily = query.by().kind() == ReportQuery.GroupBy.GroupKind.DAY;
    String day = daily ? "e.hour / 24" : "'all'";
    Sql.forEach(
        connection,
        "SELECT e.job, g.uuid, g.model, min(e.hour), b.text, "
            + FIGURES
            + " FROM entry e JOIN gpu g ON g.id = e.gpu JOIN basis b ON b.id = e.basis"
            + filter.where()
            + " GROUP BY e.job, e.gpu, "
            + day
            + ", e.basis"
            + " ORDER BY e.job DESC, e.gpu, min(e.hour) / 24",
        row -> report.add(group(row), sources(row.getString(5)), usage(row)),
        filter.values());
    Sql.forEach(
        connection,
        "SELECT e.job, g.uuid, g.model, min(e.hour), l.milliwatts, sum(l.seconds)"
            + " FROM entry e JOIN gpu g ON g.id = e.gpu JOIN entry_limit l ON l.entry = e.id"
            + filter.where()
            + " GROUP BY e.job, e.gpu, "
            + day
            + ", l.milliwatts ORDER BY e.job DESC",
        row -> report.addLimitTime(group(row), row.getLong(5), row.getDouble(6)),
        filter.values());
    return report.report(query, now);
  }

  /**
   * Which rows count.
   *
   * @param job the job's row
   * @param gpu the GPU's row
   */
  private record Filter(long from, long to, Optional<Long> job, Optional<Long> gpu) {
    String where() {
      return " WHERE e.hour >= ? AND e.hour < ?"
          + (job.isPresent() ? " AND e.job = ?" : "")
          + (gpu.isPresent() ? " AND e.gpu = ?" : "");
    }

    Object[] values() {
      List<Object> values = new ArrayList<>(List.of(from, to));
      job.ifPresent(values::add);
      gpu.ifPresent(values::add);
      return values.toArray();
    }
  }

  private Filter filter(ReportQuery query) throws SQLException {
    return new Filter(
        query.from().map(LedgerReader::hour).orElse(Long.MIN_VALUE),
        query.to().map(to -> hour(to.minusNanos(1)) + 1).orElse(Long.MAX_VALUE),
        id(
            "SELECT id FROM job WHERE job = ?",
            query.job(),
            LedgerException.LedgerFailure.UNKNOWN_JOB),
        id(
            "SELECT id FROM gpu WHERE uuid = ?",
            query.gpu(),
            LedgerException.LedgerFailure.UNKNOWN_GPU));
  }

  private static long hour(Instant at) {
    return Math.floorDiv(at.getEpochSecond(), SECONDS_PER_HOUR);
  }

  private Optional<Long> id(
      String sql, Optional<String> name, LedgerException.LedgerFailure otherwise)
      throws SQLException {
    if (name.isEmpty()) {
      return Optional.empty();
    }
    Optional<Long> id = Sql.first(connection, sql, row -> row.getLong(1), name.get());
    if (id.isEmpty()) {
      throw LedgerException.unknown(otherwise, name.get());
    }
    return id;
  }

  private RowGroup group(ResultSet row) throws SQLException {
    return new RowGroup(
        job(row.getLong(1)), new GpuName(row.getString(2), row.getString(3)), row.getLong(4));
  }

  /** Rows come in the order of their jobs, so that remembering one is enough. */
  private Optional<StoredJob> job(long id) throws SQLException {
    if (id == LedgerWriter.NO_OWNER) {
      return Optional.empty();
    }
    if (id != lastJob) {
      last =
          Sql.first(
              connection,
              "SELECT " + StoredJob.COLUMNS + " FROM job WHERE id = ?",
              row -> StoredJob.of(row, json),
              id);
      lastJob = id;
    }
    return last;
  }

  private FigureSources sources(String text) throws SQLException {
    FigureSources known = sources.get(text);
    if (known == null) {
      known = json.sources(text);
      sources.put(text, known);
    }
    return known;
  }

  /** A NULL is read as 0; the sources say that it is unknown. */
  private static Usage usage(ResultSet row) throws SQLException {
    double[] figures = new double[Usage.COLUMNS.size()];
    for (int i = 0; i < figures.length; i++) {
      figures[i] = row.getDouble(6 + i);
    }
    return Usage.of(figures);
  }

  /**
   * A job's row.
   *
   * @param id its id on this host
   * @param facts what reports show of it
   * @param profile what was measured of it
   */
  record StoredJob(
      String id, String name, ReportBody.ReportedJobBody facts, Optional<PowerProfile> profile) {
    static final String COLUMNS =
        "job, name, user, labels, origin, gpus, policy, started_ms, ended_ms, profile";

    static StoredJob of(ResultSet row, LedgerJson json) throws SQLException {
      long ended = row.getLong("ended_ms");
      Optional<Instant> endedAt =
          row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(ended));
      String profile = row.getString("profile");
      return new StoredJob(
          row.getString("job"),
          row.getString("name"),
          new ReportBody.ReportedJobBody(
              Optional.ofNullable(row.getString("user")),
              json.labels(row.getString("labels")),
              row.getString("origin").toLowerCase(Locale.ROOT),
              json.gpus(row.getString("gpus")),
              Optional.ofNullable(row.getString("policy")),
              Instant.ofEpochMilli(row.getLong("started_ms")),
              endedAt),
          profile == null ? Optional.empty() : Optional.of(json.profile(profile)));
    }
  }
}
