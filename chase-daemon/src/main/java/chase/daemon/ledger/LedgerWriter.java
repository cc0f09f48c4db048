package chase.daemon.ledger;

import chase.zeus.gpu.GpuId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Writes one batch on one connection, in the caller's transaction. */
final class LedgerWriter implements AutoCloseable {
  /** Whom a row belongs to that belongs to nobody. */
  static final long NO_OWNER = 0;

  private static final String ADD =
      """
      INSERT INTO entry (hour, gpu, job, basis, seconds, joules, host_joules, grams, host_grams,
        money, host_money, intensity_seconds, price_seconds, steps, done_seconds, elapsed_seconds,
        work_joules)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (hour, gpu, job, basis) DO UPDATE SET
        seconds = seconds + excluded.seconds, joules = joules + excluded.joules,
        host_joules = host_joules + excluded.host_joules, grams = grams + excluded.grams,
        host_grams = host_grams + excluded.host_grams, money = money + excluded.money,
        host_money = host_money + excluded.host_money,
        intensity_seconds = intensity_seconds + excluded.intensity_seconds,
        price_seconds = price_seconds + excluded.price_seconds, steps = steps + excluded.steps,
        done_seconds = done_seconds + excluded.done_seconds,
        elapsed_seconds = elapsed_seconds + excluded.elapsed_seconds,
        work_joules = work_joules + excluded.work_joules
      RETURNING id
      """;
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
  private final Map<Object, Long> known = new HashMap<>();

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

  /** Adds {@code batch}, unless it is there already. */
  boolean write(LedgerRows batch) throws SQLException {
    if (isWritten(batch.token())) {
      return false;
    }
    for (LedgerRows.JobRow job : batch.jobs()) {
      put(job);
    }
    for (LedgerRows.UsageRow entry : batch.usage()) {
      add(entry);
    }
    return true;
  }

  private boolean isWritten(String token) throws SQLException {
    try (PreparedStatement ask =
        connection.prepareStatement("SELECT 1 FROM batch WHERE token = ?")) {
      ask.setString(1, token);
      try (ResultSet rows = ask.executeQuery()) {
        if (rows.next()) {
          return true;
        }
      }
    }
    try (PreparedStatement put =
        connection.prepareStatement("INSERT OR REPLACE INTO batch (id, token) VALUES (1, ?)")) {
      put.setString(1, token);
      put.executeUpdate();
    }
    return false;
  }

  private void put(LedgerRows.JobRow job) throws SQLException {
    GpuOwner who = job.owner();
    putJob.setString(1, who.id());
    putJob.setString(2, who.name());
    text(putJob, 3, who.user());
    putJob.setString(4, json.write(who.labels()));
    putJob.setString(5, who.kind().name().toLowerCase(Locale.ROOT));
    putJob.setString(6, json.write(who.gpus().stream().map(GpuId::uuid).toList()));
    putJob.setLong(7, who.startedAt().toEpochMilli());
    putJob.setLong(8, job.seenAt().toEpochMilli());
    number(
        putJob,
        9,
        job.endedAt().map(at -> OptionalLong.of(at.toEpochMilli())).orElse(OptionalLong.empty()));
    text(putJob, 10, job.policy());
    text(putJob, 11, job.work());
    number(putJob, 12, job.steps());
    figure(putJob, 13, job.slowdown());
    text(putJob, 14, job.profile().map(json::profile));
    putJob.executeUpdate();
  }

  private void add(LedgerRows.UsageRow entry) throws SQLException {
    LedgerRows.UsageRow.Key key = entry.key();
    add.setLong(1, key.hour());
    add.setLong(2, gpu(key.gpu()));
    add.setLong(3, key.job().isPresent() ? job(key) : NO_OWNER);
    add.setLong(4, basis(key.sources()));
    sums(entry.usage(), key.sources());
    long id;
    try (ResultSet row = add.executeQuery()) {
      row.next();
      id = row.getLong(1);
    }
    for (Map.Entry<Long, Double> time : entry.secondsAt().entrySet()) {
      addLimit.setLong(1, id);
      addLimit.setLong(2, time.getKey());
      addLimit.setDouble(3, time.getValue());
      addLimit.executeUpdate();
    }
  }

  private void sums(Usage sums, FigureSources basis) throws SQLException {
    boolean energy = basis.energy().isPresent();
    boolean host = basis.host().isPresent();
    boolean carbon = basis.carbon().isPresent();
    boolean price = basis.price().isPresent();
    boolean work = basis.work().isPresent();
    add.setDouble(5, sums.seconds());
    figure(6, sums.joules(), energy);
    figure(7, sums.hostJoules(), host);
    figure(8, sums.grams(), energy && carbon);
    figure(9, sums.hostGrams(), host && carbon);
    figure(10, sums.money(), energy && price);
    figure(11, sums.hostMoney(), host && price);
    figure(12, sums.intensitySeconds(), carbon);
    figure(13, sums.priceSeconds(), price);
    figure(14, sums.steps(), work);
    figure(15, sums.doneSeconds(), work);
    figure(16, sums.elapsedSeconds(), work);
    figure(17, sums.workJoules(), energy && work);
  }

  private void figure(int column, double value, boolean known) throws SQLException {
    figure(add, column, known ? OptionalDouble.of(value) : OptionalDouble.empty());
  }

  private long gpu(LedgerRows.UsageRow.GpuName card) throws SQLException {
    return id(
        card,
        "SELECT id FROM gpu WHERE uuid = ? AND model = ?",
        "INSERT INTO gpu (uuid, model) VALUES (?, ?)"
            + " ON CONFLICT (uuid) DO UPDATE SET model = excluded.model RETURNING id",
        card.uuid(),
        card.model());
  }

  private long basis(FigureSources basis) throws SQLException {
    return id(
        basis,
        "SELECT id FROM basis WHERE text = ?",
        "INSERT INTO basis (text) VALUES (?) RETURNING id",
        json.write(basis));
  }

  /** A job whose line was lost while the database was away is known by its id alone. */
  private long job(LedgerRows.UsageRow.Key key) throws SQLException {
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

  private long id(Object key, String select, String insert, String... values) throws SQLException {
    Long found = known.get(key);
    if (found == null) {
      Optional<Long> there = first(select, values);
      found = there.isPresent() ? there.get() : first(insert, values).orElseThrow();
      known.put(key, found);
    }
    return found;
  }

  private Optional<Long> first(String sql, String... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setString(i + 1, values[i]);
      }
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(rows.getLong(1)) : Optional.empty();
      }
    }
  }

  private static void text(PreparedStatement to, int column, Optional<String> value)
      throws SQLException {
    to.setString(column, value.orElse(null));
  }

  private static void number(PreparedStatement to, int column, OptionalLong value)
      throws SQLException {
    if (value.isPresent()) {
      to.setLong(column, value.getAsLong());
    } else {
      to.setNull(column, Types.INTEGER);
    }
  }

  private static void figure(PreparedStatement to, int column, OptionalDouble value)
      throws SQLException {
    if (value.isPresent()) {
      to.setDouble(column, value.getAsDouble());
    } else {
      to.setNull(column, Types.REAL);
    }
  }
}
