package chase.zeus.gpu.nvml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import chase.zeus.fixtures.OpenedGpus;
import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuContract;
import chase.zeus.gpu.GpuProcess;
import chase.zeus.gpu.GpuReading.Activity;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The contract on the first GPU of this host. Reads only: the GPU may be in use. {@code
 * bench/card.sh} runs it as well.
 */
@Tag("gpu")
class RealNvmlGpuTest extends GpuContract {
  private final OpenedGpus gpus;

  RealNvmlGpuTest() throws Exception {
    gpus = OpenedGpus.open(library());
  }

  /** The library that the property {@code chase.nvml} names, else the system's. */
  static Optional<Path> library() {
    return Optional.ofNullable(System.getProperty("chase.nvml")).map(Path::of);
  }

  @Override
  protected Gpu gpu() {
    return gpus.all().getFirst();
  }

  @AfterEach
  void close() {
    gpus.close();
  }

  /** The counters are refreshed every 100 ms, and a reading before that has no activity. */
  @Test
  void aGpuWithCountersReportsItsActivityByThem() throws Exception {
    NvmlDriver own = NvmlDriver.open(library());
    try {
      assumeTrue(new NvmlDevice(own, 0).supportsGpm(), "Hopper or newer, and no MIG");
    } finally {
      own.close();
    }
    Optional<Activity> activity = gpu().read().activity();
    for (long end = System.nanoTime() + 2_000_000_000L;
        activity.isEmpty() && System.nanoTime() < end; ) {
      // Counters that are read faster than they are refreshed are given up.
      Pauses.milliseconds(120);
      activity = gpu().read().activity();
    }
    assertThat(activity.orElseThrow().source()).isEqualTo(Activity.Source.GPM);
  }

  @Test
  void processesThatComputeAreProcessesOfThisHost() throws Exception {
    for (Gpu gpu : gpus.all()) {
      for (GpuProcess process : gpu.processes()) {
        assertThat(Path.of("/proc", Long.toString(process.pid()))).exists();
      }
    }
  }

  @Test
  void everyGpuThatTheDriverCountsOpens() {
    assertThat(gpus.unopened()).isEmpty();
  }
}
