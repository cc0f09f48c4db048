package chase.daemon.metrics;

import chase.daemon.batchsize.BatchSizeCounters;
import chase.zeus.batchsize.Trial;
import java.util.Map;
import java.util.Optional;

/** Batch sizes of a host where recurring jobs run. */
final class TestBatchSizeCounters {
  private TestBatchSizeCounters() {}

  static BatchSizeCounters counts() {
    return new BatchSizeCounters(
        "postgresql",
        Optional.of(true),
        2,
        12,
        57,
        Map.of(Trial.Status.REACHED, 9L, Trial.Status.STOPPED, 2L));
  }
}
