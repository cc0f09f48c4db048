package chase.daemon.page;

import chase.daemon.api.PageHistoryBody;
import chase.daemon.api.PageHistoryBody.GpuColumns;
import chase.daemon.page.PointSeries.GpuPoint;
import chase.daemon.page.PointSeries.HistoryPoint;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuReading;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.gpu.PowerRange;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
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
    this.coarse =
        new PointSeries(
            length, Math.toIntExact(Math.max(1, Math.ceilDiv(day.toSeconds(), length))));
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
    List<GpuPoint> samples =
        gpus.stream()
            .map(id -> snapshot.gpu(id).map(gpu -> sample(gpu.asOf(now))).orElse(GpuPoint.UNKNOWN))
            .toList();
    fine.add(now.getEpochSecond(), samples);
    if (isInTwoLengths()) {
      coarse.add(now.getEpochSecond(), samples);
    }
  }

  private boolean isInTwoLengths() {
    return fine.seconds() != coarse.seconds();
  }

  private GpuPoint sample(GpuView gpu) {
    return new GpuPoint(
        watts(gpu.reading().flatMap(GpuReading::power)),
        watts(gpu.liveLimits().map(PowerLimits::requested)),
        watts(gpu.liveLimits().map(PowerLimits::enforced)),
        watts(gpu.allowed().map(PowerRange::min)),
        watts(gpu.original()),
        cappedShare(gpu));
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
    List<HistoryPoint> newest = fine.points();
    long firstNewest = newest.isEmpty() ? Long.MAX_VALUE : newest.getFirst().end();
    return body(
        isInTwoLengths()
            ? Stream.concat(
                    coarse.points().stream().filter(point -> point.end() < firstNewest),
                    newest.stream())
                .toList()
            : newest);
  }

  /** The finest points that ended after {@code second}. */
  PageHistoryBody pointsSince(long second) {
    return body(fine.points().stream().filter(point -> point.end() > second).toList());
  }

  private PageHistoryBody body(List<HistoryPoint> points) {
    Map<String, GpuColumns> columns = new LinkedHashMap<>();
    for (int i = 0; i < gpus.size(); i++) {
      columns.put(gpus.get(i).uuid(), columns(points, i));
    }
    return new PageHistoryBody(
        instance,
        since,
        fine.seconds(),
        coarse.seconds(),
        points.stream().map(HistoryPoint::end).toList(),
        columns);
  }

  private static GpuColumns columns(List<HistoryPoint> points, int gpu) {
    List<GpuPoint> own = points.stream().map(point -> point.gpu(gpu)).toList();
    return new GpuColumns(
        column(own, GpuPoint::draw),
        column(own, GpuPoint::requested),
        column(own, GpuPoint::enforced),
        column(own, GpuPoint::floor),
        column(own, GpuPoint::original),
        column(own, GpuPoint::capped));
  }

  private static List<@Nullable Float> column(
      List<GpuPoint> points, ToDoubleFunction<GpuPoint> figure) {
    List<@Nullable Float> column = new ArrayList<>(points.size());
    for (GpuPoint point : points) {
      float value = (float) figure.applyAsDouble(point);
      column.add(Float.isNaN(value) ? null : value);
    }
    return column;
  }
}
