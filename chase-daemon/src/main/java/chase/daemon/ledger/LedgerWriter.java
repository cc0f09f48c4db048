package chase.daemon.ledger;

import chase.daemon.ledger.LedgerRows.JobRow;
import chase.daemon.ledger.LedgerRows.UsageRow;
import chase.daemon.storage.Sql;
import chase.zeus.gpu.GpuId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes rows on one connection, in the caller's transaction. */
final class LedgerWriter implements AutoCloseable {
  /** The owner of rows without an owner. */
  static final long NO_OWNER = 0;

  private static final String ADD =
      "INSERT INTO entry (hour, gpu, job, basis, "
          + String.join(", ", Usage.COLUMNS)
          + ") VALUES (?, ?, ?, ?"
          + ", ?".repeat(Usage.COLUMNS.size())
          + ") ON CONFLICT (hour, gpu, job, basis) DO UPDATE SET "
          + Usage.COLUMNS.stream()
              .map(column -> column + " = " + column + " + excluded." + column)
              .collect(Collectors.joining(", "))
          + " RETURNING id";
  private static final String ADD_LIMIT =
      """
      INSERT INTO entry_limit (entry, milliwatts, seconds) VALUES (?, ?, ?)
      ON CONFLICT (entry, milliwatts) DO UPDATE SET seconds = seconds + excluded.seconds
      """;
  private static final String PUT_JOB =
      """
      INSERT INTO job (job, name, user, labels, origin, gpus, started_ms, seen_ms, ended_ms, policy,
        work, steps, slowdown, profile)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (job) DO UPDATE SET
        name = excluded.name, user = excluded.user, labels = excluded.labels, gpus = excluded.gpus,
        seen_ms = excluded.seen_ms, ended_ms = excluded.ended_ms,
        policy = coalesce(excluded.policy, policy), work = coalesce(excluded.work, work),
        steps = coalesce(excluded.steps, steps), slowdown = coalesce(excluded.slowdown, slowdown),
        profile = coalesce(excluded.profile, profile)
      """;

  private final Connection connection;
  private final LedgerJson json;
  private final PreparedStatement add;
  private final PreparedStatement addLimit;
  private final PreparedStatement putJob;
  private final Map<Object, Long> ids = new HashMap<>();

  LedgerWriter(Connection connection, LedgerJson json) throws SQLException {
    this.connection = connection;
    this.json = json;
    this.add = connection.prepareStatement(ADD);
    this.addLimit = connection.prepareStatement(ADD_LIMIT);
    this.putJob = connection.prepareStatement(PUT_JOB);
  }

  @Override
  public void close() throws SQLException {
    add.close();
    addLimit.close();
    putJob.close();
  }

  /** Adds {@code rows}, unless they are there already. */
  boolean write(LedgerRows rows) throws SQLException {
    if (isWritten(rows.token())) {
      return false;
    }
    for (JobRow job : rows.jobs()) {
      put(job);
    }
    for (UsageRow row : rows.usage()) {
      add(row);
    }
    return true;
  }

  private boolean isWritten(String token) throws SQLException {
    String select = "SELECT 1 FROM batch WHERE token = ?";
    if (Sql.first(connection, select, row -> true, token).isPresent()) {
      return true;
    }
    Sql.update(connection, "INSERT OR REPLACE INTO batch (id, token) VALUES (1, ?)", token);
    return false;
  }

  private void put(JobRow job) throws SQLException {
    GpuOwner owner = job.owner();
    Sql.bind(
        putJob,
        owner.id(),
        owner.name(),
        owner.user(),
        json.write(owner.labels()),
        owner.kind().name().toLowerCase(Locale.ROOT),
        json.write(owner.gpus().stream().map(GpuId::uuid).toList()),
        owner.startedAt().toEpochMilli(),
        job.seenAt().toEpochMilli(),
        job.endedAt().map(at -> at.toEpochMilli()),
        job.policy(),
        job.work(),
        job.steps(),
        job.slowdown(),
        job.profile().map(json::profile));
    putJob.executeUpdate();
  }

  private void add(UsageRow row) throws SQLException {
    UsageRow.Key key = row.key();
    List<Object> values = new ArrayList<>();
    values.add(key.hour());
    values.add(gpu(key.gpu()));
    values.add(key.job().isPresent() ? job(key) : NO_OWNER);
    values.add(sources(key.sources()));
    values.addAll(row.usage().known(key.sources()));
    Sql.bind(add, values.toArray());
    long id;
    try (ResultSet added = add.executeQuery()) {
      added.next();
      id = added.getLong(1);
    }
    for (Map.Entry<Long, Double> time : row.secondsAt().entrySet()) {
      Sql.bind(addLimit, id, time.getKey(), time.getValue());
      addLimit.executeUpdate();
    }
  }

  private long gpu(UsageRow.GpuName gpu) throws SQLException {
    return id(
        gpu,
        "SELECT id FROM gpu WHERE uuid = ? AND model = ?",
        "INSERT INTO gpu (uuid, model) VALUES (?, ?)"
            + " ON CONFLICT (uuid) DO UPDATE SET model = excluded.model RETURNING id",
        gpu.uuid(),
        gpu.model());
  }

  private long sources(FigureSources sources) throws SQLException {
    return id(
        sources,
        "SELECT id FROM basis WHERE text = ?",
        "INSERT INTO basis (text) VALUES (?) RETURNING id",
        json.write(sources));
  }

  /** A job whose row was lost while the database could not be written is known by its id alone. */
  private long job(UsageRow.Key key) throws SQLException {
    String job = key.job().orElseThrow();
    long begin = key.hour() * 3_600_000;
    return id(
        job,
        "SELECT id FROM job WHERE job = ?",
        "INSERT INTO job (job, name, labels, origin, gpus, started_ms, seen_ms)"
            + String.format(
                Locale.ROOT,
                " VALUES (?, 'unknown', '{}', 'registered', '[]', %d, %d) RETURNING id",
                begin,
                begin),
        job);
  }

  /** The row of {@code key}, which is found, or made, once in a transaction. */
  private long id(Object key, String select, String insert, Object... values) throws SQLException {
    Long known = ids.get(key);
    if (known == null) {
      Optional<Long> found = Sql.first(connection, select, row -> row.getLong(1), values);
      known =
          found.isPresent()
              ? found.get()
              : Sql.first(connection, insert, row -> row.getLong(1), values).orElseThrow();
      ids.put(key, known);
    }
    return known;
  }
}
