package chase.daemon.config;

import chase.zeus.engine.Rules;
import java.time.Duration;

/**
 * The jobs that register themselves.
 *
 * @param silence a job that says nothing for this long has ended
 */
public record JobsConfig(Duration silence) {
  /** Refuses a silence of nothing. */
  public JobsConfig {
    if (!silence.isPositive()) {
      throw new IllegalArgumentException("silence must be above 0s");
    }
  }

  static JobsConfig read(Section section) throws ConfigException {
    Duration silence = section.duration("silence", Rules.USUAL_SILENCE);
    return section.build(() -> new JobsConfig(silence));
  }
}
