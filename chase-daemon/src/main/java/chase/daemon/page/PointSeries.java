package chase.daemon.page;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What GPUs did, in points of one length, as many as there is room for: the oldest makes room. For
 * one thread.
 */
final class PointSeries {
  private final long length;
  private final int max;
  private final Deque<HistoryPoint> points = new ArrayDeque<>();
  private final List<PointSum> open = new ArrayList<>();
  private long number = Long.MIN_VALUE;

  /**
   * No points yet.
   *
   * @param seconds the length of each
   * @param max how many there may be
   */
  PointSeries(long seconds, int max) {
    this.length = seconds;
    this.max = max;
  }

  /**
   * What was recorded in one stretch of time.
   *
   * @param end its end, in seconds since 1970
   * @param gpus each GPU, in the order in which they were first seen
   */
  record HistoryPoint(long end, List<GpuPoint> gpus) {
    /** A GPU that was not there yet is unknown. */
    GpuPoint gpu(int i) {
      return i < gpus.size() ? gpus.get(i) : GpuPoint.UNKNOWN;
    }
  }

  /**
   * One GPU; NaN where something is not known.
   *
   * @param draw the mean draw, W
   * @param requested the requested limit at the end, W
   * @param enforced the enforced limit, W
   * @param floor the lowest limit that may be set, W
   * @param original the original limit, W
   * @param capped the share of the time in which power capping throttled it
   */
  record GpuPoint(
      float draw, float requested, float enforced, float floor, float original, float capped) {
    /** Of which nothing is known. */
    static final GpuPoint UNKNOWN =
        new GpuPoint(Float.NaN, Float.NaN, Float.NaN, Float.NaN, Float.NaN, Float.NaN);
  }

  double seconds() {
    return length;
  }

  /** The points that have ended, the oldest first. */
  List<HistoryPoint> points() {
    return List.copyOf(points);
  }

  /** Adds what each GPU shows at {@code second}, which may end a point. */
  void add(long second, List<GpuPoint> samples) {
    long point = Math.floorDiv(second, length);
    if (point != number) {
      if (point > number && !open.isEmpty()) {
        end();
      }
      begin(point);
    }
    while (open.size() < samples.size()) {
      open.add(new PointSum());
    }
    for (int i = 0; i < samples.size(); i++) {
      open.get(i).add(samples.get(i));
    }
  }

  /** A clock that was set back makes what was recorded of the time ahead untrue. */
  private void begin(long point) {
    while (!points.isEmpty() && points.getLast().end() > point * length) {
      points.removeLast();
    }
    number = point;
    open.clear();
  }

  private void end() {
    points.add(
        new HistoryPoint((number + 1) * length, open.stream().map(PointSum::point).toList()));
    if (points.size() > max) {
      points.removeFirst();
    }
  }

  /** What has come in of one GPU's next point. */
  private static final class PointSum {
    private final MeanValue draw = new MeanValue();
    private final MeanValue capped = new MeanValue();
    private GpuPoint last = GpuPoint.UNKNOWN;

    void add(GpuPoint sample) {
      draw.add(sample.draw());
      capped.add(sample.capped());
      last = sample;
    }

    GpuPoint point() {
      return new GpuPoint(
          draw.mean(),
          last.requested(),
          last.enforced(),
          last.floor(),
          last.original(),
          capped.mean());
    }
  }

  /** The mean of what is known. */
  private static final class MeanValue {
    private double sum;
    private int count;

    void add(float value) {
      if (!Float.isNaN(value)) {
        sum += value;
        count++;
      }
    }

    /** To three decimals, so that its text is short. */
    float mean() {
      return count == 0 ? Float.NaN : Math.round(sum / count * 1e3) / 1e3f;
    }
  }
}
