package chase.daemon.ledger;

import chase.carbon.CarbonIntensity;
import chase.daemon.grid.GridState;
import chase.daemon.ledger.FigureSources.TrustedGrid;
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
 * Puts down what each GPU uses to whoever has it, hour by hour. Tell it snapshots in order, often:
 * a time and its energy are weighed with what holds at its end, and are of whoever had the GPU at
 * its beginning. Pure but for its memory, and for one thread.
 */
final class UsageMeter {
  private static final long SECONDS_PER_HOUR = 3600;

  private final int most;
  private final Map<GpuId, GpuUsage> accounts = new HashMap<>();
  private final Map<LedgerRows.UsageRow.Key, LedgerRows.UsageRow> entries = new LinkedHashMap<>();
  private final Map<String, LedgerRows.JobRow> jobs = new LinkedHashMap<>();
  private Map<String, LedgerRows.JobRow> running = Map.of();
  private long dropped;

  /**
   * A bookkeeper with nothing to tell.
   *
   * @param most how many rows it remembers; beyond that the oldest are lost
   */
  UsageMeter(int most) {
    this.most = most;
  }

  /** Takes in what happened since the last snapshot. */
  void update(Snapshot snapshot, GridState grid, Function<GpuId, Optional<GpuOwner>> tenants) {
    TrustedGrid weather = TrustedGrid.at(snapshot.at(), grid);
    Map<String, LedgerRows.JobRow> there = new LinkedHashMap<>();
    for (GpuView gpu : snapshot.gpus()) {
      GpuId id = gpu.traits().id();
      GpuUsage account = accounts.computeIfAbsent(id, fresh -> new GpuUsage(snapshot.at()));
      addUsage(account, gpu, snapshot, weather);
      Optional<GpuOwner> tenant = tenants.apply(id);
      account.update(gpu, tenant, snapshot.workOn(id), snapshot.at());
      tenant.ifPresent(who -> there.put(who.id(), line(who, snapshot)));
    }
    updateJobs(there, snapshot.at());
  }

  private static LedgerRows.JobRow line(GpuOwner tenant, Snapshot snapshot) {
    return new LedgerRows.JobRow(
        tenant, snapshot.workOn(tenant.gpus().getFirst()), snapshot.at(), Optional.empty());
  }

  private void updateJobs(Map<String, LedgerRows.JobRow> there, Instant now) {
    running.values().stream()
        .filter(job -> !there.containsKey(job.owner().id()))
        .forEach(job -> put(jobs, job.owner().id(), job.ended(now)));
    there.forEach((id, job) -> put(jobs, id, job));
    running = there;
  }

  private void addUsage(GpuUsage account, GpuView gpu, Snapshot snapshot, TrustedGrid weather) {
    double seconds = account.secondsUntil(snapshot.at());
    double joules = account.joulesUntil(gpu);
    Usage.CompletedWork work = account.work(snapshot.workOn(gpu.traits().id()), seconds, joules);
    if (seconds == 0 && joules == 0 && work.equals(Usage.CompletedWork.NONE)) {
      return;
    }
    LedgerRows.UsageRow.Key key =
        new LedgerRows.UsageRow.Key(
            Math.floorDiv(snapshot.at().getEpochSecond(), SECONDS_PER_HOUR),
            LedgerRows.UsageRow.GpuName.of(gpu.traits()),
            account.owner().map(GpuOwner::id),
            FigureSources.of(gpu, snapshot, weather, account.source()));
    Usage used =
        Usage.used(
            seconds,
            joules,
            snapshot.hostPower().perGpu().value() * seconds,
            weather.carbon().map(CarbonIntensity::value).map(grams -> grams.value()).orElse(0.0),
            weather.price().map(price -> price.value().value()).orElse(0.0));
    LedgerRows.UsageRow entry =
        new LedgerRows.UsageRow(key, used.doing(work), GpuUsage.underLimit(gpu, seconds));
    LedgerRows.UsageRow before = entries.get(key);
    put(entries, key, before == null ? entry : before.and(entry));
  }

  private <K, V> void put(Map<K, V> kept, K key, V value) {
    kept.put(key, value);
    if (kept.size() > most) {
      kept.remove(kept.keySet().iterator().next());
      dropped++;
    }
  }

  /** All that there is to write, which is then forgotten here. */
  LedgerRows drain(String token) {
    List<LedgerRows.UsageRow> written = new ArrayList<>(entries.values());
    List<LedgerRows.JobRow> seen = new ArrayList<>(jobs.values());
    entries.clear();
    jobs.clear();
    return new LedgerRows(token, written, seen);
  }

  /** How many rows wait here. */
  int waiting() {
    return entries.size() + jobs.size();
  }

  /** How many rows were lost, because there were too many. */
  long dropped() {
    return dropped;
  }
}
