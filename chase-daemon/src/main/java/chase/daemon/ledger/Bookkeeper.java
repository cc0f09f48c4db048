package chase.daemon.ledger;

import chase.carbon.CarbonIntensity;
import chase.daemon.grid.GridState;
import chase.daemon.ledger.Basis.Weather;
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
final class Bookkeeper {
  private static final long SECONDS_PER_HOUR = 3600;

  private final int most;
  private final Map<GpuId, Account> accounts = new HashMap<>();
  private final Map<Entry.Key, Entry> entries = new LinkedHashMap<>();
  private final Map<String, JobLine> jobs = new LinkedHashMap<>();
  private Map<String, JobLine> running = Map.of();
  private long dropped;

  /**
   * A bookkeeper with nothing to tell.
   *
   * @param most how many rows it remembers; beyond that the oldest are lost
   */
  Bookkeeper(int most) {
    this.most = most;
  }

  /** Takes in what happened since the last snapshot. */
  void take(Snapshot snapshot, GridState grid, Function<GpuId, Optional<Tenant>> tenants) {
    Weather weather = Weather.at(snapshot.at(), grid);
    Map<String, JobLine> there = new LinkedHashMap<>();
    for (GpuView gpu : snapshot.gpus()) {
      GpuId id = gpu.traits().id();
      Account account = accounts.computeIfAbsent(id, fresh -> new Account(snapshot.at()));
      book(account, gpu, snapshot, weather);
      Optional<Tenant> tenant = tenants.apply(id);
      account.look(gpu, tenant, snapshot.workOn(id), snapshot.at());
      tenant.ifPresent(who -> there.put(who.id(), line(who, snapshot)));
    }
    see(there, snapshot.at());
  }

  private static JobLine line(Tenant tenant, Snapshot snapshot) {
    return new JobLine(
        tenant, snapshot.workOn(tenant.gpus().getFirst()), snapshot.at(), Optional.empty());
  }

  private void see(Map<String, JobLine> there, Instant now) {
    running.values().stream()
        .filter(job -> !there.containsKey(job.tenant().id()))
        .forEach(job -> keep(jobs, job.tenant().id(), job.ended(now)));
    there.forEach((id, job) -> keep(jobs, id, job));
    running = there;
  }

  private void book(Account account, GpuView gpu, Snapshot snapshot, Weather weather) {
    double seconds = account.secondsBy(snapshot.at());
    double joules = account.joulesBy(gpu);
    Sums.Work work = account.work(snapshot.workOn(gpu.traits().id()), seconds, joules);
    if (seconds == 0 && joules == 0 && work.equals(Sums.Work.NONE)) {
      return;
    }
    Entry.Key key =
        new Entry.Key(
            Math.floorDiv(snapshot.at().getEpochSecond(), SECONDS_PER_HOUR),
            Entry.Card.of(gpu.traits()),
            account.tenant().map(Tenant::id),
            Basis.of(gpu, snapshot, weather, account.source()));
    Sums used =
        Sums.used(
            seconds,
            joules,
            snapshot.hostPower().perGpu().value() * seconds,
            weather.carbon().map(CarbonIntensity::value).map(grams -> grams.value()).orElse(0.0),
            weather.price().map(price -> price.value().value()).orElse(0.0));
    Entry entry = new Entry(key, used.doing(work), Account.underLimit(gpu, seconds));
    Entry before = entries.get(key);
    keep(entries, key, before == null ? entry : before.and(entry));
  }

  private <K, V> void keep(Map<K, V> kept, K key, V value) {
    kept.put(key, value);
    if (kept.size() > most) {
      kept.remove(kept.keySet().iterator().next());
      dropped++;
    }
  }

  /** All that there is to write, which is then forgotten here. */
  Batch drain(String token) {
    List<Entry> written = new ArrayList<>(entries.values());
    List<JobLine> seen = new ArrayList<>(jobs.values());
    entries.clear();
    jobs.clear();
    return new Batch(token, written, seen);
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
