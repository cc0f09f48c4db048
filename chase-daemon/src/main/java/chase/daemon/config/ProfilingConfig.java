package chase.daemon.config;

import chase.zeus.engine.ProfilingRules;
import chase.zeus.profile.WindowRules;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.util.Optional;

/**
 * How jobs are measured while they run.
 *
 * @param enabled whether they are
 * @param stepWatts the watts between two limits; empty for an eighth of the card's range
 * @param window how long a limit is measured at most
 */
public record ProfilingConfig(boolean enabled, Optional<Watts> stepWatts, Duration window) {
  private static final Duration SHORTEST_WINDOW = Duration.ofSeconds(10);

  /** Refuses a window that is too short to tell anything. */
  public ProfilingConfig {
    if (window.compareTo(SHORTEST_WINDOW) < 0) {
      throw new IllegalArgumentException("window must be at least 10s");
    }
    rules(stepWatts, window); // refuses steps that are too small
  }

  static ProfilingConfig read(Section section) throws ConfigException {
    boolean enabled = section.yes("enabled", true);
    Optional<Watts> step = section.told("step-watts", ProfilingConfig::watts);
    Duration window = section.duration("window", WindowRules.DEFAULT.longest());
    return section.build(() -> new ProfilingConfig(enabled, step, window));
  }

  private static Watts watts(String text) {
    try {
      return new Watts(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is no number of watts", e);
    }
  }

  private static ProfilingRules rules(Optional<Watts> step, Duration window) {
    WindowRules usual = WindowRules.DEFAULT;
    return new ProfilingRules(
        step,
        new WindowRules(
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
