package chase.daemon.ledger;

import chase.daemon.api.ReportBody;
import chase.daemon.ledger.LedgerException.What;
import chase.daemon.ledger.ReportBuilder.RowGroup;
import chase.zeus.profile.PowerProfile;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Answers one question on one connection; the database adds up, so that few rows come here. */
final class LedgerReader {
  private static final long SECONDS_PER_HOUR = 3600;

  private static final String FIGURES =
      """
      sum(e.seconds), sum(e.joules), sum(e.host_joules), sum(e.grams), sum(e.host_grams),
      sum(e.money), sum(e.host_money), sum(e.intensity_seconds), sum(e.price_seconds),
      sum(e.steps), sum(e.done_seconds), sum(e.elapsed_seconds), sum(e.work_joules)\
      """;

  private final Connection connection;
  private final LedgerJson json;
  private final Map<String, FigureSources> bases = new HashMap<>();
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
  ReportBody report(ReportQuery question, Instant now) throws SQLException {
    Filter filter = filter(question);
    ReportBuilder table = new ReportBuilder(question.by());
    boolean daily = question.by().kind() == ReportQuery.GroupBy.Kind.DAY;
    String day = daily ? "e.hour / 24" : "'all'";
    ask(
        "SELECT e.job, g.uuid, g.model, min(e.hour), b.text, "
            + FIGURES
            + " FROM entry e JOIN gpu g ON g.id = e.gpu JOIN basis b ON b.id = e.basis"
            + filter.where()
            + " GROUP BY e.job, e.gpu, "
            + day
            + ", e.basis"
            + " ORDER BY e.job DESC, e.gpu, min(e.hour) / 24",
        filter,
        row -> table.add(place(row), basis(row.getString(5)), sums(row)));
    ask(
        "SELECT e.job, g.uuid, g.model, min(e.hour), l.milliwatts, sum(l.seconds)"
            + " FROM entry e JOIN gpu g ON g.id = e.gpu JOIN entry_limit l ON l.entry = e.id"
            + filter.where()
            + " GROUP BY e.job, e.gpu, "
            + day
            + ", l.milliwatts ORDER BY e.job DESC",
        filter,
        row -> table.addLimitTime(place(row), row.getLong(5), row.getDouble(6)));
    return table.report(question, now);
  }

  /** The job of that id; empty when it was never known. */
  Optional<StoredJob> job(String id) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT " + StoredJob.COLUMNS + " FROM job WHERE job = ?")) {
      statement.setString(1, id);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(StoredJob.of(rows, json)) : Optional.empty();
      }
    }
  }

  /** Which rows count. */
  private record Filter(long from, long to, OptionalLong job, OptionalLong gpu) {
    String where() {
      return " WHERE e.hour >= ? AND e.hour < ?"
          + (job.isPresent() ? " AND e.job = ?" : "")
          + (gpu.isPresent() ? " AND e.gpu = ?" : "");
    }

    void fill(PreparedStatement statement) throws SQLException {
      int next = 1;
      statement.setLong(next++, from);
      statement.setLong(next++, to);
      if (job.isPresent()) {
        statement.setLong(next++, job.getAsLong());
      }
      if (gpu.isPresent()) {
        statement.setLong(next, gpu.getAsLong());
      }
    }
  }

  private Filter filter(ReportQuery question) throws SQLException {
    return new Filter(
        question.from().map(LedgerReader::hour).orElse(Long.MIN_VALUE),
        question.to().map(to -> hour(to.minusNanos(1)) + 1).orElse(Long.MAX_VALUE),
        id("SELECT id FROM job WHERE job = ?", question.job(), What.JOB),
        id("SELECT id FROM gpu WHERE uuid = ?", question.gpu(), What.GPU));
  }

  private static long hour(Instant at) {
    return Math.floorDiv(at.getEpochSecond(), SECONDS_PER_HOUR);
  }

  private OptionalLong id(String sql, Optional<String> name, What what) throws SQLException {
    if (name.isEmpty()) {
      return OptionalLong.empty();
    }
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, name.get());
      try (ResultSet rows = statement.executeQuery()) {
        if (!rows.next()) {
          throw new LedgerException(what, name.get());
        }
        return OptionalLong.of(rows.getLong(1));
      }
    }
  }

  private interface RowConsumer {
    void take(ResultSet row) throws SQLException;
  }

  private void ask(String sql, Filter filter, RowConsumer each) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      filter.fill(statement);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          each.take(rows);
        }
      }
    }
  }

  private RowGroup place(ResultSet row) throws SQLException {
    return new RowGroup(
        job(row.getLong(1)),
        new LedgerRows.UsageRow.GpuName(row.getString(2), row.getString(3)),
        row.getLong(4));
  }

  /** Rows come in the order of their jobs, so that remembering one is enough. */
  private Optional<StoredJob> job(long id) throws SQLException {
    if (id == LedgerWriter.NO_OWNER) {
      return Optional.empty();
    }
    if (id != lastJob) {
      try (PreparedStatement statement =
          connection.prepareStatement("SELECT " + StoredJob.COLUMNS + " FROM job WHERE id = ?")) {
        statement.setLong(1, id);
        try (ResultSet rows = statement.executeQuery()) {
          last = rows.next() ? Optional.of(StoredJob.of(rows, json)) : Optional.empty();
        }
      }
      lastJob = id;
    }
    return last;
  }

  private FigureSources basis(String text) throws SQLException {
    FigureSources known = bases.get(text);
    if (known == null) {
      known = json.basis(text);
      bases.put(text, known);
    }
    return known;
  }

  /** A null is read as 0; what it means stands in the basis. */
  private static Usage sums(ResultSet row) throws SQLException {
    return new Usage(
        row.getDouble(6),
        row.getDouble(7),
        row.getDouble(8),
        row.getDouble(9),
        row.getDouble(10),
        row.getDouble(11),
        row.getDouble(12),
        row.getDouble(13),
        row.getDouble(14),
        row.getDouble(15),
        row.getDouble(16),
        row.getDouble(17),
        row.getDouble(18));
  }

  /**
   * A job as the ledger knows it.
   *
   * @param id its id on this host
   * @param name what people call it
   * @param facts what a report tells of it
   * @param profile what was measured of it
   */
  record StoredJob(String id, String name, ReportBody.Job facts, Optional<PowerProfile> profile) {
    static final String COLUMNS =
        "job, name, user, labels, origin, gpus, policy, started_ms, ended_ms, profile";

    static StoredJob of(ResultSet row, LedgerJson json) throws SQLException {
      Map<String, String> labels = json.labels(row.getString("labels"));
      List<String> gpus = json.gpus(row.getString("gpus"));
      Instant startedAt = Instant.ofEpochMilli(row.getLong("started_ms"));
      long ended = row.getLong("ended_ms");
      Optional<Instant> endedAt =
          row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(ended));
      String profile = row.getString("profile");
      return new StoredJob(
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
}
