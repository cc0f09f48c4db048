package chase.daemon.config;

import chase.zeus.engine.Rules;
import java.time.Duration;

/**
 * The jobs, whether they register themselves or not.
 *
 * @param silence a registered job that says nothing for this long has ended
 * @param processPeriod how often a GPU for which no job registered is asked who computes there
 */
public record JobsConfig(Duration silence, Duration processPeriod) {
  /** A driver needs milliseconds to answer, in which it may hold up the jobs. */
  private static final Duration FASTEST_LOOK = Duration.ofSeconds(10);

  /** Refuses a silence of nothing, and looks that would cost the jobs something. */
  public JobsConfig {
    if (!silence.isPositive()) {
      throw new IllegalArgumentException("silence must be above 0s");
    }
    if (processPeriod.compareTo(FASTEST_LOOK) < 0) {
      throw new IllegalArgumentException("process-period must be at least 10s");
    }
  }

  static JobsConfig read(Section section) throws ConfigException {
    Duration silence = section.duration("silence", Rules.USUAL_SILENCE);
    Duration processPeriod = section.duration("process-period", Duration.ofSeconds(30));
    return section.build(() -> new JobsConfig(silence, processPeriod));
  }
}
