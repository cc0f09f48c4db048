package chase.daemon.page;

import chase.daemon.api.PageHistoryBody;
import chase.daemon.api.PageHistoryBody.GpuColumns;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuReading;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.gpu.PowerRange;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractList;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the GPUs did in the last day, in memory: a point a minute, and finer ones for the last
 * quarter of an hour. In a recording that is played faster a day and its points are shorter. For
 * one thread.
 */
final class GpuHistory {
  private static final int POINTS_A_DAY = 1_440;
  private static final long FINE_SECONDS = 5;
  private static final long FINE_SPAN_SECONDS = 900;

  private final String instance;
  private final Instant since;
  private final PointSeries fine;
  private final PointSeries coarse;
  private final List<GpuId> gpus = new ArrayList<>();
  private final Map<GpuId, Capped> capped = new HashMap<>();

  /** How long power capping had throttled a GPU when it was last read. */
  private record Capped(Instant at, Duration total) {}

  /** What is recorded of a GPU. */
  enum Figure {
    DRAW,
    REQUESTED,
    ENFORCED,
    FLOOR,
    ORIGINAL,
    CAPPED;

    private static final int COUNT = values().length;

    /** Whether a point has the mean of it, and not the last value. */
    boolean isMean() {
      return this == DRAW || this == CAPPED;
    }
  }

  /**
   * A history that begins now.
   *
   * @param instance names the process
   * @param day how long a day of the grid lasts
   */
  GpuHistory(String instance, Instant since, Duration day) {
    this.instance = instance;
    this.since = since;
    long length = Math.max(1, Math.ceilDiv(day.toSeconds(), POINTS_A_DAY));
    this.coarse = new PointSeries(length, Math.toIntExact(Math.ceilDiv(day.toSeconds(), length)));
    this.fine =
        length <= FINE_SECONDS
            ? coarse
            : new PointSeries(FINE_SECONDS, (int) (FINE_SPAN_SECONDS / FINE_SECONDS));
  }

  /** Adds what the GPUs show at {@code now}; called about once a second. */
  void add(Snapshot snapshot, Instant now) {
    for (GpuView gpu : snapshot.gpus()) {
      if (!gpus.contains(gpu.traits().id())) {
        gpus.add(gpu.traits().id());
      }
    }
    float[] sample = new float[gpus.size() * Figure.COUNT];
    for (int i = 0; i < gpus.size(); i++) {
      Optional<GpuView> gpu = snapshot.gpu(gpus.get(i)).map(known -> known.asOf(now));
      for (Figure figure : Figure.values()) {
        sample[i * Figure.COUNT + figure.ordinal()] =
            gpu.map(known -> value(known, figure)).orElse(Float.NaN);
      }
    }
    fine.add(now.getEpochSecond(), sample);
    if (fine != coarse) {
      coarse.add(now.getEpochSecond(), sample);
    }
  }

  private float value(GpuView gpu, Figure figure) {
    return switch (figure) {
      case DRAW -> watts(gpu.reading().flatMap(GpuReading::power));
      case REQUESTED -> watts(gpu.liveLimits().map(PowerLimits::requested));
      case ENFORCED -> watts(gpu.liveLimits().map(PowerLimits::enforced));
      case FLOOR -> watts(gpu.allowed().map(PowerRange::min));
      case ORIGINAL -> watts(gpu.original());
      case CAPPED -> cappedShare(gpu);
    };
  }

  private static float watts(Optional<Watts> watts) {
    return watts.map(known -> (float) known.value()).orElse(Float.NaN);
  }

  /** Of the time between the last two readings. */
  private float cappedShare(GpuView gpu) {
    Optional<Duration> total = gpu.reading().flatMap(GpuReading::powerCapped);
    if (total.isEmpty() || gpu.readAt().isEmpty()) {
      capped.remove(gpu.traits().id());
      return Float.NaN;
    }
    Capped now = new Capped(gpu.readAt().get(), total.get());
    Capped before = capped.put(gpu.traits().id(), now);
    if (before == null) {
      return Float.NaN;
    }
    double seconds = Duration.between(before.at(), now.at()).toNanos() / 1e9;
    double throttled = now.total().minus(before.total()).toNanos() / 1e9;
    return seconds > 0 ? (float) Math.clamp(throttled / seconds, 0, 1) : Float.NaN;
  }

  /** All of it. */
  PageHistoryBody body() {
    long firstFine = fine.points.isEmpty() ? Long.MAX_VALUE : fine.points.getFirst().end();
    return body(
        fine == coarse
            ? List.copyOf(fine.points)
            : Stream.concat(
                    coarse.points.stream().filter(point -> point.end() < firstFine),
                    fine.points.stream())
                .toList());
  }

  /** The finest points that ended after {@code second}. */
  PageHistoryBody pointsSince(long second) {
    return body(fine.points.stream().filter(point -> point.end() > second).toList());
  }

  private PageHistoryBody body(List<HistoryPoint> points) {
    Map<String, GpuColumns> columns = new LinkedHashMap<>();
    for (int i = 0; i < gpus.size(); i++) {
      int gpu = i;
      Function<Figure, List<@Nullable Float>> column =
          figure -> column(points, gpu * Figure.COUNT + figure.ordinal());
      columns.put(
          gpus.get(i).uuid(),
          new GpuColumns(
              column.apply(Figure.DRAW),
              column.apply(Figure.REQUESTED),
              column.apply(Figure.ENFORCED),
              column.apply(Figure.FLOOR),
              column.apply(Figure.ORIGINAL),
              column.apply(Figure.CAPPED)));
    }
    return new PageHistoryBody(
        instance,
        since,
        fine.length,
        coarse.length,
        points.stream().map(HistoryPoint::end).toList(),
        columns);
  }

  /** A GPU that was not there yet has no value. */
  private static List<@Nullable Float> column(List<HistoryPoint> points, int index) {
    return new AbstractList<>() {
      @Override
      public @Nullable Float get(int i) {
        float[] values = points.get(i).values();
        return index < values.length && !Float.isNaN(values[index]) ? values[index] : null;
      }

      @Override
      public int size() {
        return points.size();
      }
    };
  }

  /**
   * What was recorded in one stretch of time.
   *
   * @param end its end, in seconds since 1970
   * @param values each GPU's figures, one GPU after the other; NaN where not known
   */
  private record HistoryPoint(long end, float[] values) {}

  /** Points of one length, as many as there is room for. */
  private static final class PointSeries {
    private final long length;
    private final int max;
    private final Deque<HistoryPoint> points = new ArrayDeque<>();
    private long open = Long.MIN_VALUE;
    private float[] last = {};
    private double[] sums = {};
    private int[] counts = {};

    PointSeries(long seconds, int max) {
      this.length = seconds;
      this.max = max;
    }

    void add(long second, float[] sample) {
      long point = Math.floorDiv(second, length);
      if (point != open) {
        if (point > open && open != Long.MIN_VALUE) {
          end();
        }
        begin(point, sample.length);
      }
      if (last.length < sample.length) {
        begin(point, sample.length);
      }
      for (int i = 0; i < sample.length; i++) {
        last[i] = sample[i];
        if (!Float.isNaN(sample[i])) {
          sums[i] += sample[i];
          counts[i]++;
        }
      }
    }

    /** A clock that was set back makes what is recorded of the time ahead untrue. */
    private void begin(long point, int size) {
      while (!points.isEmpty() && points.getLast().end() > point * length) {
        points.removeLast();
      }
      open = point;
      last = new float[size];
      sums = new double[size];
      counts = new int[size];
    }

    private void end() {
      float[] values = new float[last.length];
      for (int i = 0; i < values.length; i++) {
        boolean mean = Figure.values()[i % Figure.COUNT].isMean();
        values[i] = mean ? (counts[i] == 0 ? Float.NaN : mean(i)) : last[i];
      }
      points.add(new HistoryPoint((open + 1) * length, values));
      if (points.size() > max) {
        points.removeFirst();
      }
    }

    /** To three decimals, so that its text is short. */
    private float mean(int i) {
      return Math.round(sums[i] / counts[i] * 1e3) / 1e3f;
    }
  }
}
