package chase.zeus.gpu.nvml;

import static chase.zeus.gpu.nvml.Failure.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import chase.zeus.fixtures.FakeDriver;
import chase.zeus.fixtures.OpenedGpus;
import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException.Kind;
import chase.zeus.gpu.GpuReading;
import chase.zeus.gpu.GpuReading.ClockEventReason;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NvmlGpuReadingTest extends FakeDriverFixture {
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(20);

  NvmlGpuReadingTest(@TempDir Path folder) {
    super(folder);
  }

  @Test
  void everythingThatTheGpuReportsIsRead() throws Exception {
    Gpu gpu = openFirst();
    gpu.limitPower(new Watts(400));
    driver.persistence(H100, true);
    driver.skip(LONG_ENOUGH);
    GpuReading reading = gpu.read();
    assertThat(reading.power().orElseThrow().value()).isCloseTo(400, within(0.1));
    assertThat(reading.limits()).contains(gpu.powerLimits());
    assertThat(reading.energy().orElseThrow().value()).isBetween(7500.0, 12000.0);
    assertThat(reading.utilization()).hasValue(0.97);
    assertThat(reading.smClockMegahertz().orElseThrow()).isBetween(1600, 1800);
    assertThat(reading.memoryClockMegahertz()).hasValue(2619);
    assertThat(reading.temperatureCelsius().orElseThrow()).isBetween(48, 51);
    assertThat(reading.clockEventReasons().orElseThrow())
        .containsExactly(ClockEventReason.SW_POWER_CAP);
    assertThat(reading.powerCapped().orElseThrow())
        .isBetween(LONG_ENOUGH.minusSeconds(1), LONG_ENOUGH.plusSeconds(10));
    assertThat(reading.persistenceMode()).contains(true);
  }

  @Test
  void powerFollowsTheJobAndTheLimit() throws Exception {
    Gpu gpu = openFirst();
    driver.skip(LONG_ENOUGH);
    assertThat(gpu.read().power().orElseThrow().value()).isCloseTo(632, within(0.1));
    assertThat(gpu.read().clockEventReasons().orElseThrow()).isEmpty();
    driver.load(H100, Watts.ZERO);
    driver.skip(LONG_ENOUGH);
    GpuReading idle = gpu.read();
    assertThat(idle.power().orElseThrow().value()).isCloseTo(70, within(0.1));
    assertThat(idle.utilization()).hasValue(0.0);
    assertThat(idle.clockEventReasons().orElseThrow()).containsExactly(ClockEventReason.IDLE);
  }

  @Test
  void theEnergyCounterGrowsAndRestartsWithTheDriver() throws Exception {
    OpenedGpus before = open();
    Joules early = energy(before);
    driver.skip(LONG_ENOUGH);
    Joules late = energy(before);
    assertThat(late).isGreaterThan(early.plus(new Joules(10_000)));
    driver.reload();
    before.close();
    assertThat(energy(open())).isLessThan(late);
  }

  private static Joules energy(OpenedGpus gpus) throws Exception {
    return gpus.all().getFirst().read().energy().orElseThrow();
  }

  @Test
  void aPollCostsNineNativeCallsAndNoWrite() throws Exception {
    Gpu gpu = openFirst();
    gpu.read();
    driver.skip(LONG_ENOUGH);
    Map<String, Long> before = driver.calls();
    gpu.read();
    assertThat(callsSince(before))
        .isEqualTo(
            Map.of(
                "nvmlDeviceGetFieldValues", 1L,
                "nvmlDeviceGetUtilizationRates", 1L,
                "nvmlDeviceGetClockInfo", 2L,
                "nvmlDeviceGetTemperature", 1L,
                "nvmlDeviceGetCurrentClocksEventReasons", 1L,
                "nvmlDeviceGetPersistenceMode", 1L,
                "nvmlGpmSampleGet", 1L,
                "nvmlGpmMetricsGet", 1L));
  }

  private Map<String, Long> callsSince(Map<String, Long> before) {
    Map<String, Long> made = new TreeMap<>();
    driver.calls().forEach((name, count) -> made.put(name, count - before.getOrDefault(name, 0L)));
    made.values().removeIf(count -> count == 0);
    return made;
  }

  @Test
  void whatTheGpuLacksIsEmptyAndQueriedOnce() throws Exception {
    for (String capability :
        new String[] {"energy", "utilization", "clocks", "temperature", "reasons", "capped"}) {
      driver.can(H100, capability, false);
    }
    driver.can(H100, "persistence", false);
    driver.can(H100, "gpm", false);
    Gpu gpu = openFirst();
    gpu.read();
    Map<String, Long> before = driver.calls();
    GpuReading reading = gpu.read();
    assertThat(callsSince(before)).isEqualTo(Map.of("nvmlDeviceGetFieldValues", 1L));
    assertThat(reading.power()).isPresent();
    assertThat(reading.limits()).isPresent();
    assertThat(reading.energy()).isEmpty();
    assertThat(reading.utilization()).isEmpty();
    assertThat(reading.smClockMegahertz()).isEmpty();
    assertThat(reading.memoryClockMegahertz()).isEmpty();
    assertThat(reading.temperatureCelsius()).isEmpty();
    assertThat(reading.clockEventReasons()).isEmpty();
    assertThat(reading.powerCapped()).isEmpty();
    assertThat(reading.persistenceMode()).isEmpty();
    assertThat(reading.activity()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = "TRUE", mode = EnumSource.Mode.EXCLUDE)
  void powerAndEnergyThatAreNoNumbersAreNoReading(FakeDriver.Figures odd) throws Exception {
    Gpu gpu = openFirst();
    assertThat(gpu.read().energy()).isPresent();
    driver.report(H100, odd);
    GpuReading reading = gpu.read();
    assertThat(reading.energy()).isEmpty();
    assertThat(reading.power().orElse(Watts.ZERO).value()).isLessThan(700);
    assertThat(reading.limits()).isPresent();
    driver.report(H100, FakeDriver.Figures.TRUE);
    assertThat(gpu.read().energy()).isPresent();
  }

  @Test
  void aCapabilityThatGoesAwayIsNotQueriedAgain() throws Exception {
    Gpu gpu = openFirst();
    assertThat(gpu.read().utilization()).isPresent();
    driver.mig(H100, true);
    assertThat(gpu.read().utilization()).isEmpty();
    Map<String, Long> before = driver.calls();
    gpu.read();
    assertThat(callsSince(before)).doesNotContainKey("nvmlDeviceGetUtilizationRates");
  }

  @Test
  void withoutBatchedFieldsTheSingleCallsAreRead() throws Exception {
    driver.can(H100, "fields", false);
    Gpu gpu = openFirst();
    driver.skip(LONG_ENOUGH);
    Map<String, Long> before = driver.calls();
    GpuReading reading = gpu.read();
    assertThat(callsSince(before)).doesNotContainKey("nvmlDeviceGetFieldValues");
    assertThat(reading.power().orElseThrow().value()).isCloseTo(632, within(0.1));
    assertThat(reading.energy()).isPresent();
    assertThat(reading.limits()).contains(gpu.powerLimits());
    assertThat(reading.powerCapped()).isEmpty();
  }

  @Test
  void aGpuWithoutAnAveragedDrawReportsTheInstantOne() throws Exception {
    Gpu gpu = open().all().get(V100);
    driver.skip(LONG_ENOUGH);
    assertThat(gpu.read().power().orElseThrow().value()).isCloseTo(240, within(0.1));
    assertThat(driver.calls()).doesNotContainKey("nvmlDeviceGetPowerUsage");
  }

  @Test
  void onlyWhereTheGpusOwnDrawIsUnknownTheModulesIsRead() throws Exception {
    driver.reset("gh200", "h100");
    driver.can(1, "module", true);
    OpenedGpus gpus = open();
    driver.skip(LONG_ENOUGH);
    assertThat(gpus.all().get(0).read().power().orElseThrow().value()).isCloseTo(750, within(0.1));
    assertThat(gpus.all().get(1).read().power().orElseThrow().value()).isCloseTo(632, within(0.1));
    assertThat(gpus.all().get(0).traits().modulePower()).isTrue();
    assertThat(gpus.all().get(0).refreshTraits().modulePower()).isTrue();
    assertThat(gpus.all().get(1).traits().modulePower()).isFalse();
    assertThat(gpus.remarks()).containsExactly("GPU 0: its power is that of CPU and GPU together");
  }

  @Test
  void aGpuThatReportsOnlyItsEnforcedLimitHasNoLimits() throws Exception {
    driver.reset("laptop");
    Gpu gpu = openFirst();
    assertThat(gpu.traits().powerRange()).isEmpty();
    assertThat(gpu.traits().defaultLimit()).isEmpty();
    assertThat(gpu.read().limits()).isEmpty();
    assertThat(gpu.read().power()).isPresent();
    assertThat(failureOf(gpu::powerLimits))
        .isEqualTo(new Failure(Kind.REFUSED, "GPU 0: it reports no power limit"));
  }

  @Test
  void aPassingTroubleIsRetriedAndPasses() throws Exception {
    Gpu gpu = openFirst();
    driver.fail(H100, 999);
    assertThat(failureOf(gpu::read))
        .isEqualTo(new Failure(Kind.RETRY, "GPU 0: nvmlDeviceGetFieldValues: Unknown Error"));
    driver.fail(H100, 0);
    assertThat(gpu.read().power()).isPresent();
    assertThat(gpu.read().clockEventReasons()).isPresent();
  }
}
