package chase.daemon.ledger;

import chase.carbon.CarbonIntensity;
import chase.daemon.grid.GridState;
import chase.daemon.ledger.FigureSources.TrustedGrid;
import chase.daemon.ledger.LedgerRows.JobRow;
import chase.daemon.ledger.LedgerRows.UsageRow;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Charges what each GPU uses to its owner, hour by hour. It needs every snapshot, in order and
 * often: the energy of a period is weighed with the signals at its end, and charged to the GPU's
 * owner at its beginning. Has no I/O; for one thread.
 */
final class UsageMeter {
  private static final long SECONDS_PER_HOUR = 3600;

  private final int maxRows;
  private final Map<GpuId, GpuUsage> gpus = new HashMap<>();
  private final Map<UsageRow.Key, UsageRow> rows = new LinkedHashMap<>();
  private final Map<String, JobRow> jobs = new LinkedHashMap<>();
  private final JobMeter jobMeter = new JobMeter();
  private Map<String, JobRow> running = Map.of();
  private long dropped;

  /**
   * A meter without rows.
   *
   * @param maxRows how many rows it keeps until they are written; beyond that the oldest are lost
   */
  UsageMeter(int maxRows) {
    this.maxRows = maxRows;
  }

  /** Adds what was used since the last snapshot. */
  void update(Snapshot snapshot, GridState grid, Function<GpuId, Optional<GpuOwner>> owners) {
    TrustedGrid trusted = TrustedGrid.at(snapshot.at(), grid);
    Map<String, JobRow> present = new LinkedHashMap<>();
    for (GpuView gpu : snapshot.gpus()) {
      GpuId id = gpu.traits().id();
      GpuUsage usage = gpus.computeIfAbsent(id, first -> new GpuUsage(snapshot.at()));
      addUsage(usage, gpu, snapshot, trusted);
      Optional<GpuOwner> owner = owners.apply(id);
      usage.update(gpu, owner, snapshot.workOn(id), snapshot.at());
      owner.ifPresent(known -> present.put(known.id(), jobRow(known, snapshot)));
    }
    updateJobs(present, snapshot.at());
  }

  private static JobRow jobRow(GpuOwner owner, Snapshot snapshot) {
    return new JobRow(
        owner, snapshot.workOn(owner.gpus().getFirst()), snapshot.at(), Optional.empty());
  }

  private void updateJobs(Map<String, JobRow> present, Instant now) {
    running.values().stream()
        .filter(job -> !present.containsKey(job.owner().id()))
        .forEach(job -> put(jobs, job.owner().id(), job.ended(now)));
    present.forEach((id, job) -> put(jobs, id, job));
    running = present;
    jobMeter.update(present, now);
  }

  private void addUsage(GpuUsage usage, GpuView gpu, Snapshot snapshot, TrustedGrid trusted) {
    double seconds = usage.secondsUntil(snapshot.at());
    double joules = usage.joulesUntil(gpu);
    Usage.CompletedWork work = usage.work(snapshot.workOn(gpu.traits().id()), seconds, joules);
    if (seconds == 0 && joules == 0 && work.equals(Usage.CompletedWork.NONE)) {
      return;
    }
    UsageRow.Key key =
        new UsageRow.Key(
            Math.floorDiv(snapshot.at().getEpochSecond(), SECONDS_PER_HOUR),
            UsageRow.GpuName.of(gpu.traits()),
            usage.owner().map(GpuOwner::id),
            FigureSources.of(gpu, snapshot, trusted, usage.source()));
    Usage used =
        Usage.used(
            seconds,
            joules,
            snapshot.hostPower().perGpu().value() * seconds,
            trusted.carbon().map(CarbonIntensity::value).map(grams -> grams.value()).orElse(0.0),
            trusted.price().map(price -> price.value().value()).orElse(0.0));
    usage
        .owner()
        .ifPresent(owner -> jobMeter.add(owner, gpu.traits().id(), key.sources(), used.with(work)));
    UsageRow row = new UsageRow(key, used.with(work), GpuUsage.underLimit(gpu, seconds));
    UsageRow before = rows.get(key);
    put(rows, key, before == null ? row : before.and(row));
  }

  private <K, V> void put(Map<K, V> map, K key, V value) {
    map.put(key, value);
    if (map.size() > maxRows) {
      map.remove(map.keySet().iterator().next());
      dropped++;
    }
  }

  /** Removes and returns all rows. */
  LedgerRows drain(String token) {
    List<UsageRow> written = new ArrayList<>(rows.values());
    List<JobRow> seen = new ArrayList<>(jobs.values());
    rows.clear();
    jobs.clear();
    return new LedgerRows(token, written, seen);
  }

  /** What each job used so far. */
  JobTotals jobTotals() {
    return jobMeter.totals();
  }

  /** How many rows wait to be written. */
  int waiting() {
    return rows.size() + jobs.size();
  }

  /** How many rows were lost, because too many waited. */
  long dropped() {
    return dropped;
  }
}
