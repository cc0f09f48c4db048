package chase.carbon.forecast;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

/**
 * How time is cut for one region: into slots of one step, counted from 1970 in UTC.
 *
 * @param step the sampling period: whole minutes that divide a day, up to a day
 * @param offset the region's usual offset from UTC, used for its weekends only
 */
public record TimeGrid(Duration step, ZoneOffset offset) {
  static final Duration DAY = Duration.ofDays(1);

  /** 1970 began on one. */
  private static final int THURSDAY = 3;

  private static final int SATURDAY = 5;

  /** Refuses other steps with {@link IllegalArgumentException}. */
  public TimeGrid {
    boolean whole = step.isPositive() && step.equals(Duration.ofMinutes(step.toMinutes()));
    if (!whole || DAY.toMinutes() % step.toMinutes() != 0) {
      throw new IllegalArgumentException(
          "a sampling period must be whole minutes that divide a day: " + step);
    }
  }

  /** A grid whose weekends are those of UTC. */
  public static TimeGrid of(Duration step) {
    return new TimeGrid(step, ZoneOffset.UTC);
  }

  /** The slot around {@code at}. */
  long slot(Instant at) {
    return Math.floorDiv(at.getEpochSecond(), step.toSeconds());
  }

  Instant start(long slot) {
    return Instant.ofEpochSecond(slot * step.toSeconds());
  }

  /** How many slots a day has. */
  int slotsPerDay() {
    return steps(DAY);
  }

  /** How many steps fit into {@code time}. */
  int steps(Duration time) {
    return Math.toIntExact(time.toSeconds() / step.toSeconds()); // dividedBy takes its time
  }

  /** How many steps it takes to cover {@code time}. */
  int stepsToCover(Duration time) {
    return Math.toIntExact(Math.ceilDiv(time.toSeconds(), step.toSeconds()));
  }

  /** The day of the week of {@code slot} where the region is, Monday being 0. */
  int weekday(long slot) {
    long local = start(slot).getEpochSecond() + offset.getTotalSeconds();
    return (int) Math.floorMod(Math.floorDiv(local, DAY.toSeconds()) + THURSDAY, 7L);
  }

  boolean isWeekend(long slot) {
    return weekday(slot) >= SATURDAY;
  }
}
