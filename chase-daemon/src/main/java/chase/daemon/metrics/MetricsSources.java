package chase.daemon.metrics;

import chase.carbon.http.CallCounts;
import chase.daemon.batchsize.BatchSizeCounters;
import chase.daemon.grid.GridState;
import chase.daemon.ledger.EmissionsMeter;
import chase.daemon.ledger.LedgerStatus;
import chase.zeus.engine.Snapshot;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Where the figures come from. The suppliers answer from memory, on any thread.
 *
 * @param snapshot the engine's state
 * @param grid the grid's state
 * @param signalCalls how often each provider of the signal was asked
 * @param emissions what was emitted so far
 * @param ledger how the ledger stands; empty where there is none
 * @param batchSizes what was done with batch sizes so far
 * @param rejectedCpuReadings how many readings of the CPUs' energy were not believed
 * @param calls the score of driver calls
 * @param requests the score of requests to the daemon's servers
 * @param version Chase's version
 */
public record MetricsSources(
    Supplier<Snapshot> snapshot,
    Supplier<GridState> grid,
    Supplier<List<CallCounts>> signalCalls,
    Supplier<EmissionsMeter.EmissionTotals> emissions,
    Supplier<Optional<LedgerStatus>> ledger,
    Supplier<BatchSizeCounters> batchSizes,
    LongSupplier rejectedCpuReadings,
    DriverCallMetrics calls,
    RequestMetrics requests,
    String version) {}
