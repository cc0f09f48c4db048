package chase.carbon.forecast;

import java.time.Duration;

/**
 * How often the truth lay inside the 80 % interval, at one horizon.
 *
 * @param horizon as in {@link ModelScore}
 * @param ratio the share inside, recent ones counting more; 0.8 is right
 * @param count how many intervals were scored, ever
 */
public record IntervalCoverage(Duration horizon, double ratio, long count) {}
