package chase.carbon.forecast;

import java.util.Arrays;
import java.util.Optional;

/** One row of numbers for each of the last origins, which is remembered until its time is over. */
final class OriginBuffer {
  private final int stride;
  private final long[] origins;
  private final float[][] rows;

  /**
   * Room for rows.
   *
   * @param reach how many slots back an origin is still wanted
   * @param stride how many slots lie between two origins
   * @param width how many numbers a row has
   */
  OriginBuffer(int reach, int stride, int width) {
    this.stride = stride;
    int count = Math.ceilDiv(reach, stride) + 1;
    origins = new long[count];
    Arrays.fill(origins, Long.MIN_VALUE);
    rows = new float[count][width];
  }

  /** The row of {@code origin}, not a number all over, in place of the oldest one. */
  float[] add(long origin) {
    int index = index(origin);
    origins[index] = origin;
    Arrays.fill(rows[index], Float.NaN);
    return rows[index];
  }

  /** The row of {@code origin}; empty when there was none or it is forgotten. */
  Optional<float[]> find(long origin) {
    int index = index(origin);
    return origins[index] == origin ? Optional.of(rows[index]) : Optional.empty();
  }

  private int index(long origin) {
    return (int) Math.floorMod(Math.floorDiv(origin, stride), (long) origins.length);
  }
}
