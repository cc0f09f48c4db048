package chase.daemon.config;

import chase.zeus.engine.ProfilingRules;
import chase.zeus.engine.SafetyRules;
import chase.zeus.profile.MeasurementRules;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.util.Optional;

/**
 * The jobs, whether they register themselves or not.
 *
 * @param silence a registered job that says nothing for this long has ended
 * @param processPeriod how often a GPU for which no job registered is asked who computes there
 */
public record JobsConfig(Duration silence, Duration processPeriod) {
  private static final Range<Duration> SILENCE = Range.times("1s", "366d");

  /** A driver needs milliseconds to answer, in which it may hold up the jobs. */
  private static final Range<Duration> PROCESS_PERIOD = Range.times("10s", "1d");

  static JobsConfig read(Section section) throws ConfigException {
    Duration silence = section.duration("silence", SafetyRules.DEFAULT_SILENCE, SILENCE);
    Duration processPeriod =
        section.duration("process-period", Duration.ofSeconds(30), PROCESS_PERIOD);
    return section.build(() -> new JobsConfig(silence, processPeriod));
  }

  /**
   * How jobs are measured while they run.
   *
   * @param enabled whether they are
   * @param stepWatts the watts between two limits; empty for an eighth of the card's range
   * @param window how long a limit is measured at most
   */
  public record ProfilingConfig(boolean enabled, Optional<Watts> stepWatts, Duration window) {
    /** Limits closer together than a watt, or windows under 10 s, tell nothing apart. */
    private static final Range<Double> STEP_WATTS = Range.numbers(1, 10_000);

    private static final Range<Duration> WINDOW = Range.times("10s", "1d");

    static ProfilingConfig read(Section section) throws ConfigException {
      boolean enabled = section.flag("enabled", true);
      Optional<Watts> step = section.number("step-watts", STEP_WATTS).map(Watts::new);
      Duration window = section.duration("window", MeasurementRules.DEFAULT.longest(), WINDOW);
      return section.build(() -> new ProfilingConfig(enabled, step, window));
    }

    private static ProfilingRules rules(Optional<Watts> step, Duration window) {
      MeasurementRules usual = MeasurementRules.DEFAULT;
      return new ProfilingRules(
          step,
          new MeasurementRules(
              usual.warmUp(),
              usual.sample(),
              usual.samples(),
              usual.precision(),
              window,
              usual.silence(),
              usual.patience()));
    }

    /** The engine's rules; empty when no job is to be measured. */
    public Optional<ProfilingRules> rules() {
      return enabled ? Optional.of(rules(stepWatts, window)) : Optional.empty();
    }
  }
}
