package chase.zeus.gpu.nvml;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code bench/card.sh} sees of a card, on the fake driver. */
class CardCheckTest extends FakeDriverFixture {
  private static final Pattern SETTER = Pattern.compile("Set|Reset|Activate|Update|Clear");

  CardCheckTest(@TempDir Path folder) {
    super(folder);
  }

  @BeforeEach
  void name() {
    System.setProperty("chase.nvml", driver.library().toString());
  }

  @AfterEach
  void forget() {
    System.clearProperty("chase.nvml");
  }

  private CardReport report() throws Exception {
    return new CardCheck(
            Optional.of(driver.library()), Optional.empty(), false, Duration.ofMillis(500))
        .run();
  }

  @Test
  void itReadsAndSetsNothing() throws Exception {
    report();
    assertThat(driver.calls()).containsKeys("nvmlDeviceGetFieldValues", "nvmlGpmMetricsGet");
    assertThat(driver.calls().keySet()).noneMatch(name -> SETTER.matcher(name).find());
    assertThat(driver.log()).isEmpty();
  }

  @Test
  void aDriverAsExpectedHasNoFaultAndIsNotTakenForARealCard() throws Exception {
    CardReport report = report();
    assertThat(report.faults()).as(report.markdown()).isZero();
    assertThat(report.markdown().lines().skip(2).findFirst().orElseThrow())
        .startsWith("| no card (NVIDIA H100 80GB HBM3 of the tests' fake driver) | 999.25.01 | ")
        .contains("contract kept", "structures and numbers as expected", "settings as before")
        .contains("energy counter and integrated power");
    assertThat(report.markdown()).contains("nvmlGpmMetricsGet_t", "No load: not asked for");
  }

  @Test
  void aBrokenContractIsAFault() throws Exception {
    driver.can(H100, "requested", false);
    CardReport report = report();
    assertThat(report.faults()).isPositive();
    assertThat(report.markdown()).contains("**contract broken", "it reports no power limit");
  }

  @Test
  void aGpuInUseIsLeftAlone() throws Exception {
    driver.process(H100, ProcessHandle.current().pid(), 10);
    CardCheck check =
        new CardCheck(
            Optional.of(driver.library()), Optional.empty(), true, Duration.ofMillis(200));
    assertThat(check.run().markdown()).contains("| in use |", "No load: 1 processes use the GPU");
  }

  @Test
  void everyFigureOfTheDaemonStandsBehindItsName() {
    assertThat(new ObservingDaemon.DaemonUse(97 * 1024, 47 * 1024, 0.0053).text())
        .isEqualTo("RSS 97 MB, private dirty 47 MB, 0.53 % of a core");
  }

  @Test
  void aStructureThatTheDriverWritesFurtherIsAFault() throws Exception {
    StructSizes sizes = new StructSizes();
    sizes.measure("right", 8, memory -> write(memory, 8));
    sizes.measure("grown", 8, memory -> write(memory, 12));
    assertThat(sizes.seen()).extracting(StructSizes.Seen::wrong).containsExactly(false, true);
    assertThat(sizes.seen().getLast().written()).isEqualTo(12);
  }

  private static int write(com.sun.jna.Pointer memory, int bytes) {
    memory.setMemory(0, bytes, (byte) 0xA5);
    return NvmlReturn.SUCCESS;
  }
}
