package chase.carbon.http;

import java.time.Duration;

/**
 * How a provider wants to be asked.
 *
 * @param provider its short name, as in metrics
 * @param callsPerHour the most calls in any hour, repetitions and redirects included
 * @param retries how often a call that failed is repeated at once
 * @param firstPause how long to wait before the first repetition; doubles with each, and is
 *     shortened or lengthened by chance by up to a half
 */
public record Etiquette(String provider, int callsPerHour, int retries, Duration firstPause) {
  private static final int USUAL_RETRIES = 2;
  private static final Duration USUAL_PAUSE = Duration.ofSeconds(1);

  /** Refuses fewer than five calls an hour, and times below zero. */
  public Etiquette {
    if (callsPerHour < 5) {
      throw new IllegalArgumentException(
          provider + ": calls-per-hour must be at least 5, is " + callsPerHour);
    }
    if (retries < 0 || !firstPause.isPositive()) {
      throw new IllegalArgumentException(provider + ": retries and pauses must be above zero");
    }
  }

  /** Two repetitions, after about one and two seconds. */
  public static Etiquette defaults(String provider, int callsPerHour) {
    return new Etiquette(provider, callsPerHour, USUAL_RETRIES, USUAL_PAUSE);
  }
}
