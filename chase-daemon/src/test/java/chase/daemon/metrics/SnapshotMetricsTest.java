package chase.daemon.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import chase.zeus.engine.SafetyRules;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SnapshotMetricsTest {
  private static final String INTENSITY = "chase_grid_carbon_intensity_grams_per_kilowatt_hour";

  @Test
  void aGpuThatReportsNothingHasNoSeriesButItsIdentityAndCounts() {
    Set<String> mute =
        metrics(
                TestScrapes.scrape(
                    TestScrapes.snapshot(SafetyRules.Mode.CONTROL, false),
                    TestGrids.grid(TestScrapes.NOW)))
            .stream()
            .filter(metric -> metric.getDataPoints().stream().anyMatch(SnapshotMetricsTest::mute))
            .map(metric -> metric.getMetadata().getName())
            .collect(Collectors.toSet());
    assertThat(mute)
        .containsExactlyInAnyOrder(
            "chase_gpu",
            "chase_gpu_rejected_readings",
            "chase_gpu_up",
            "chase_limit_writes",
            "chase_limit_writes_held",
            "chase_limit_writes_left",
            "chase_foreign_limit_changes",
            "chase_gpu_hands_off_seconds");
  }

  @Test
  void aGridThatNeverAnsweredHasNoIntensityAndNoAge() {
    var scrape =
        TestScrapes.scrape(
            TestScrapes.snapshot(SafetyRules.Mode.CONTROL, false), TestGrids.silentGrid());
    assertThat(names(scrape))
        .contains("chase_signal_polls", "chase_signal_trusted")
        .noneMatch(name -> name.startsWith("chase_grid_carbon_intensity"))
        .doesNotContain("chase_signal_age_seconds");
    assertThat(gauge(scrape, "chase_signal_trusted")).isZero();
  }

  @Test
  void aNumberTooOldToActOnHasAnAgeButNoIntensity() {
    var old = TestGrids.grid(TestScrapes.NOW.minus(Duration.ofHours(1)));
    var scrape = TestScrapes.scrape(TestScrapes.snapshot(SafetyRules.Mode.CONTROL, false), old);
    assertThat(names(scrape)).doesNotContain(INTENSITY);
    assertThat(gauge(scrape, "chase_signal_age_seconds")).isEqualTo(4200);
  }

  @Test
  void pausedGoesBeforeTheMode() {
    assertThat(mode(SafetyRules.Mode.CONTROL, false)).isEqualTo("control");
    assertThat(mode(SafetyRules.Mode.OBSERVE, false)).isEqualTo("observe");
    assertThat(mode(SafetyRules.Mode.CONTROL, true)).isEqualTo("paused");
  }

  @Test
  void usersAreLeftOutWhereTheyAreNotToBeNamed() {
    Scrape shown = TestScrapes.scrape();
    Scrape hidden =
        new Scrape(
            shown.snapshot(),
            shown.grid(),
            shown.calls(),
            shown.emissions(),
            shown.driver(),
            shown.unansweredRecords(),
            shown.ledger(),
            shown.jobs(),
            shown.batchSizes(),
            shown.rejectedCpuReadings(),
            shown.restartFailures(),
            false,
            shown.config(),
            shown.now(),
            shown.version());
    assertThat(users(shown)).contains("alice");
    assertThat(users(hidden)).containsOnly("");
  }

  private static Set<String> users(Scrape scrape) {
    return metrics(scrape).stream()
        .flatMap(metric -> metric.getDataPoints().stream())
        .map(point -> point.getLabels().get("user"))
        .filter(Objects::nonNull)
        .collect(Collectors.toSet());
  }

  private static String mode(SafetyRules.Mode mode, boolean paused) {
    var scrape = TestScrapes.scrape(TestScrapes.snapshot(mode, paused), TestGrids.silentGrid());
    var labels = metric(scrape, "chase_control_mode").getDataPoints().getFirst().getLabels();
    return Objects.requireNonNull(labels.get("mode"));
  }

  private static boolean mute(DataPointSnapshot point) {
    return TestScrapes.MUTE.uuid().equals(point.getLabels().get("uuid"));
  }

  private static double gauge(Scrape scrape, String name) {
    return ((GaugeDataPointSnapshot) metric(scrape, name).getDataPoints().getFirst()).getValue();
  }

  private static MetricSnapshot metric(Scrape scrape, String name) {
    return metrics(scrape).stream()
        .filter(metric -> metric.getMetadata().getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> names(Scrape scrape) {
    return metrics(scrape).stream().map(metric -> metric.getMetadata().getName()).toList();
  }

  private static List<MetricSnapshot> metrics(Scrape scrape) {
    return SnapshotMetrics.of(scrape);
  }

  @Test
  void aGpuThatDoesNotAnswerHasNoFiguresThatAreOld() {
    var silent = TestScrapes.scrapeOfSilentCard();
    assertThat(names(silent))
        .contains("chase_gpu_energy_joules", "chase_collect_last_success_timestamp_seconds")
        .noneMatch(name -> name.startsWith("chase_gpu_temperature"))
        .noneMatch(name -> name.startsWith("chase_gpu_utilization"))
        .noneMatch(name -> name.startsWith("chase_gpu_activity"))
        .noneMatch(name -> name.startsWith("chase_gpu_clock_event"))
        .noneMatch(name -> name.startsWith("chase_gpu_power_capped"))
        .doesNotContain(
            "chase_gpu_power_watts",
            "chase_gpu_sm_clock_hertz",
            "chase_gpu_memory_clock_hertz",
            "chase_gpu_power_limit_requested_watts",
            "chase_gpu_power_limit_enforced_watts");
    assertThat(gauge(silent, "chase_gpu_up")).isZero();
  }
}
