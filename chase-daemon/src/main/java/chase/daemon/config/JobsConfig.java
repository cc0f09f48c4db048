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
 * @param silence a registered job that reports nothing for this long has ended
 * @param processPeriod how often the driver is queried for the processes on a GPU for which no job
 *     registered; it needs milliseconds to answer, in which it may hold up the jobs
 */
public record JobsConfig(Duration silence, Duration processPeriod) {

  static JobsConfig read(ConfigReader keys) throws ConfigException {
    return new JobsConfig(
        keys.duration("silence", SafetyRules.DEFAULT_SILENCE, "1s", "366d"),
        keys.duration("process-period", Duration.ofSeconds(30), "10s", "1d"));
  }

  /**
   * How jobs are measured while they run.
   *
   * @param enabled whether they are
   * @param stepWatts the watts between two limits, which differ in nothing under one watt; empty
   *     for an eighth of the GPU's range
   * @param window the longest time for which a limit is measured
   */
  public record ProfilingConfig(boolean enabled, Optional<Watts> stepWatts, Duration window) {
    static ProfilingConfig read(ConfigReader keys) throws ConfigException {
      return new ProfilingConfig(
          keys.flag("enabled", true),
          keys.number("step-watts", "1", "10000").map(Watts::new),
          keys.duration("window", MeasurementRules.DEFAULT.longest(), "10s", "1d"));
    }

    /** The engine's rules; empty when no job is to be measured. */
    public Optional<ProfilingRules> rules() {
      MeasurementRules defaults = MeasurementRules.DEFAULT;
      MeasurementRules rules =
          new MeasurementRules(
              defaults.warmUp(),
              defaults.sample(),
              defaults.samples(),
              defaults.precision(),
              window,
              defaults.silence(),
              defaults.patience());
      return enabled ? Optional.of(new ProfilingRules(stepWatts, rules)) : Optional.empty();
    }
  }
}
