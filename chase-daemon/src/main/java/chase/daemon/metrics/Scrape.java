package chase.daemon.metrics;

import chase.carbon.http.CallCounts;
import chase.daemon.batchsize.BatchSizeCounters;
import chase.daemon.gpu.DriverState;
import chase.daemon.grid.GridState;
import chase.daemon.ledger.EmissionsMeter;
import chase.daemon.ledger.JobTotals;
import chase.daemon.ledger.Ledger.LedgerStatus;
import chase.daemon.reload.ConfigState;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All that one scrape looks at, taken once so that its figures agree with each other.
 *
 * @param calls how often each provider of the signal was called
 * @param driver where the GPU driver stands
 * @param unansweredRecords how many GPUs that never answered have something on record to restore
 * @param ledger how the ledger stands; empty where there is none
 * @param jobs what each job used, and what was saved; nothing where no ledger is kept
 * @param batchSizes what was done with batch sizes so far
 * @param rejectedCpuReadings how many readings of the CPUs' energy were not believed
 * @param restartFailures how often what a restart must not forget could not be saved
 * @param userNames whether labels may name users
 * @param config the configuration in force
 * @param now the moment of the scrape
 * @param version Chase's version
 */
public record Scrape(
    Snapshot snapshot,
    GridState grid,
    List<CallCounts> calls,
    EmissionsMeter.EmissionTotals emissions,
    DriverState driver,
    int unansweredRecords,
    Optional<LedgerStatus> ledger,
    JobTotals jobs,
    BatchSizeCounters batchSizes,
    long rejectedCpuReadings,
    long restartFailures,
    boolean userNames,
    ConfigState config,
    Instant now,
    String version) {
  /** The GPUs, without figures that are too old by now. */
  Stream<GpuView> gpus() {
    return snapshot.gpus().stream().map(gpu -> gpu.asOf(now));
  }

  /** The user as a label shows them; empty, which is no label, where there is none to show. */
  String shownUser(Optional<String> user) {
    return userNames ? user.orElse("") : "";
  }
}
