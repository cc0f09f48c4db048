package chase.zeus.gpu.nvml;

import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuReading;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A stretch of time: the energy counter against the integral of the power readings, and what else
 * the GPU reports of its work.
 *
 * @param name what went on
 * @param seconds how long it was
 * @param meanWatts of the power readings
 * @param integratedJoules of the power readings, by trapezoids
 * @param countedJoules by the GPU's own counter, where it has one
 * @param powerPeriodMillis how often the power reading changed
 * @param counterPeriodMillis how often the counter changed
 * @param last the last whole reading
 */
record PowerTrace(
    String name,
    double seconds,
    double meanWatts,
    double integratedJoules,
    OptionalDouble countedJoules,
    double powerPeriodMillis,
    double counterPeriodMillis,
    GpuReading last) {
  private static final int PERIOD_MILLIS = 20;

  static PowerTrace over(String name, Gpu gpu, Duration time) throws GpuException {
    boolean counts = gpu.read().energy().isPresent();
    double joules = 0;
    int powers = 0;
    int counters = 0;
    double watts = gpu.powerDraw().value();
    double firstCount = counts ? gpu.energy().value() : 0;
    double count = firstCount;
    long begin = System.nanoTime();
    long at = begin;
    while (at - begin < time.toNanos()) {
      Pauses.milliseconds(PERIOD_MILLIS);
      double drawn = gpu.powerDraw().value();
      double counted = counts ? gpu.energy().value() : 0;
      long now = System.nanoTime();
      joules += (watts + drawn) / 2 * (now - at) / 1e9;
      powers += drawn == watts ? 0 : 1;
      counters += counted == count ? 0 : 1;
      watts = drawn;
      count = counted;
      at = now;
    }
    double seconds = (at - begin) / 1e9;
    return new PowerTrace(
        name,
        seconds,
        joules / seconds,
        joules,
        counts ? OptionalDouble.of(count - firstCount) : OptionalDouble.empty(),
        1e3 * seconds / Math.max(1, powers),
        1e3 * seconds / Math.max(1, counters),
        gpu.read());
  }

  /** How far the integral is from the counter, as a share of the counter. */
  OptionalDouble difference() {
    return countedJoules.isPresent() && countedJoules.getAsDouble() > 0
        ? OptionalDouble.of(integratedJoules / countedJoules.getAsDouble() - 1)
        : OptionalDouble.empty();
  }

  static void head(CardReport report) {
    report.section("Energy, utilisation and counters");
    report.table(
        "while",
        "s",
        "mean W",
        "counter J",
        "integral J",
        "integral off by",
        "power changes every",
        "counter changes every",
        "utilisation",
        "SM MHz",
        "°C",
        "activity");
  }

  void addTo(CardReport report) {
    report.row(
        name,
        CardReport.text("%.1f", seconds),
        CardReport.text("%.1f", meanWatts),
        countedJoules.isPresent() ? CardReport.text("%.1f", countedJoules.getAsDouble()) : "none",
        CardReport.text("%.1f", integratedJoules),
        difference().isPresent()
            ? CardReport.text("%+.1f %%", 100 * difference().getAsDouble())
            : "unknown",
        CardReport.text("%.0f ms", powerPeriodMillis),
        countedJoules.isPresent() ? CardReport.text("%.0f ms", counterPeriodMillis) : "none",
        last.utilization().map(share -> CardReport.text("%.0f %%", 100 * share)).orElse("none"),
        shown(last.smClockMegahertz()),
        shown(last.temperatureCelsius()),
        last.activity()
            .map(activity ->
                CardReport.text("%s %.3g cycles/s", activity.source(), activity.cyclesPerSecond()))
            .orElse("none"));
    report.phrase(
        difference().isPresent()
            ? CardReport.text(
                "%s: energy counter and integrated power %.1f %% apart",
                name, 100 * Math.abs(difference().getAsDouble()))
            : name + ": no energy counter");
  }

  private static String shown(Optional<Integer> number) {
    return number.map(String::valueOf).orElse("none");
  }
}
