package chase.daemon.config;

import chase.zeus.engine.SafetyRules;
import java.time.Duration;

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
}
