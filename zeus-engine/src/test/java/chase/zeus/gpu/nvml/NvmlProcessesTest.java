package chase.zeus.gpu.nvml;

import static chase.zeus.gpu.nvml.Failure.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException.Kind;
import chase.zeus.gpu.GpuProcess;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NvmlProcessesTest extends FakeDriverFixture {
  private static final long GIBIBYTE = 1L << 30;

  NvmlProcessesTest(@TempDir Path folder) {
    super(folder);
  }

  @Test
  void aGpuWithoutProcessesSaysSo() throws Exception {
    assertThat(openFirst().processes()).isEmpty();
  }

  @Test
  void processesAreTheGpusOwn() throws Exception {
    driver.process(H100, 4711, 1024);
    driver.process(A100, 4712, 2048);
    assertThat(openFirst().processes())
        .containsExactly(new GpuProcess(4711, Optional.of(GIBIBYTE)));
    driver.idle(H100);
    assertThat(openFirst().processes()).isEmpty();
  }

  @Test
  void aPidMayBeAsLargeAsTheDriverCanSay() throws Exception {
    driver.process(H100, Integer.MAX_VALUE, 1024);
    assertThat(openFirst().processes().getFirst().pid()).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void memoryThatTheDriverDoesNotReportIsEmpty() throws Exception {
    driver.process(H100, 4711, 0);
    assertThat(openFirst().processes()).containsExactly(new GpuProcess(4711, Optional.empty()));
  }

  @Test
  void aProcessOfSeveralInstancesIsThereOnce() throws Exception {
    driver.process(H100, 4711, 1024);
    driver.process(H100, 4712, 1024);
    driver.process(H100, 4711, 2048);
    assertThat(openFirst().processes())
        .containsExactlyInAnyOrder(
            new GpuProcess(4711, Optional.of(3 * GIBIBYTE)),
            new GpuProcess(4712, Optional.of(GIBIBYTE)));
  }

  @Test
  void aProcessWithoutAnIdHereIsLeftOut() throws Exception {
    driver.process(H100, 0, 1024);
    driver.process(H100, 4711, 1024);
    assertThat(openFirst().processes().stream().map(GpuProcess::pid)).containsExactly(4711L);
  }

  @Test
  void aCrowdIsListedWhole() throws Exception {
    for (long pid = 1; pid <= 100; pid++) {
      driver.process(H100, pid, 1024);
    }
    Gpu gpu = openFirst();
    assertThat(gpu.processes().stream().mapToLong(GpuProcess::pid))
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 100).boxed().toList());
    assertThat(driver.calls()).containsEntry("nvmlDeviceGetComputeRunningProcesses_v3", 2L);
  }

  @Test
  void aGpuThatDoesNotReportThemRefuses() throws Exception {
    driver.can(H100, "processes", false);
    assertThat(failureOf(openFirst()::processes))
        .isEqualTo(
            new Failure(
                Kind.REFUSED, "GPU 0: nvmlDeviceGetComputeRunningProcesses_v3: Not Supported"));
  }

  @Test
  void aGpuSplitIntoInstancesReportsOnlyToRoot() throws Exception {
    driver.mig(H100, true);
    assertThat(failureOf(openFirst()::processes))
        .isEqualTo(
            new Failure(
                Kind.REFUSED,
                "GPU 0: nvmlDeviceGetComputeRunningProcesses_v3: Insufficient Permissions"));
  }

  @Test
  void aLostGpuIsLost() throws Exception {
    Gpu gpu = openFirst();
    driver.lose(H100);
    assertThat(failureOf(gpu::processes).kind()).isEqualTo(Kind.LOST);
  }

  @Test
  void aPollReadsNoProcesses() throws Exception {
    Gpu gpu = openFirst();
    gpu.read();
    assertThat(driver.calls()).doesNotContainKey("nvmlDeviceGetComputeRunningProcesses_v3");
  }
}
