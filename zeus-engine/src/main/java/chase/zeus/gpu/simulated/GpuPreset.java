package chase.zeus.gpu.simulated;

import chase.zeus.gpu.GpuReading.Activity;
import chase.zeus.gpu.PowerRange;
import chase.zeus.profile.PowerProfile;
import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.unit.Watts;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A GPU model that can be simulated; there are only the ones here. */
public final class GpuPreset {
  /**
   * A PCIe V100, 100 to 250 W, with the measured curve of Zeus's trace. Its top clock is the data
   * sheet's; idle draw, idle clock and temperatures are assumed.
   */
  public static final GpuPreset V100 =
      new GpuPreset(
          "v100",
          "Simulated NVIDIA V100 PCIe",
          range(100, 250),
          "Zeus NSDI'23 trace: V100, ResNet-50 on ImageNet, batch size 256",
          new LoadPoint(40, 135, 41),
          new LoadPoint(V100Curve.TOP_DRAW, 1380, 59),
          Activity.Source.CLOCK);

  /**
   * An A100-SXM4, 100 to 400 W. No trace of it is published: the curve has the shape of the V100
   * trace; its top clock is the data sheet's; idle draw (the H100's share of the top limit), idle
   * clock and temperatures are assumed.
   */
  public static final GpuPreset A100_SXM4 =
      new GpuPreset(
          "a100-sxm4",
          "Simulated NVIDIA A100-SXM4",
          range(100, 400),
          "simulated, shape of the V100 trace of Zeus, NSDI'23",
          new LoadPoint(40, 210, 41),
          new LoadPoint(400 * V100Curve.TOP_DRAW / 250, 1410, 59),
          Activity.Source.CLOCK);

  /**
   * An H100-SXM, 200 to 700 W. The curve has the shape of the V100 trace; idle and load point are
   * those of a capture under driver 590.48.01 (nvidia_gpu_exporter's test data).
   */
  public static final GpuPreset H100_SXM =
      new GpuPreset(
          "h100-sxm",
          "Simulated NVIDIA H100 80GB HBM3",
          range(200, 700),
          "simulated, shape of the V100 trace of Zeus, NSDI'23",
          new LoadPoint(69.9, 345, 41),
          new LoadPoint(632, 1980, 59),
          Activity.Source.GPM);

  private static final List<GpuPreset> ALL = List.of(V100, A100_SXM4, H100_SXM);

  /** The share of a step at full clock that takes as long at any clock; assumed. */
  private static final double UNCLOCKED = 0.2;

  private final String name;
  private final String model;
  private final PowerRange range;
  private final String source;
  private final LoadPoint idle;
  private final LoadPoint load;
  private final Activity.Source activitySource;
  private final PowerProfile profile;

  private GpuPreset(
      String name,
      String model,
      PowerRange range,
      String source,
      LoadPoint idle,
      LoadPoint load,
      Activity.Source activitySource) {
    this.name = name;
    this.model = model;
    this.range = range;
    this.source = source;
    this.idle = idle;
    this.load = load;
    this.activitySource = activitySource;
    this.profile = V100Curve.scaledTo(range, new Watts(load.watts));
  }

  /** A GPU at one load: its draw, SM clock and temperature. */
  record LoadPoint(double watts, int megahertz, int celsius) {}

  /**
   * The preset of a name such as {@code h100-sxm}.
   *
   * @throws IllegalArgumentException that gives the unknown name and the known ones
   */
  public static GpuPreset parse(String name) {
    return ALL.stream()
        .filter(preset -> preset.name.equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "unknown simulated GPU '" + name + "'; known are " + names()));
  }

  /** The name that {@link #parse} reads. */
  public String name() {
    return name;
  }

  /** The product name, which says that the GPU is simulated. */
  public String model() {
    return model;
  }

  /** The limits that the GPU accepts; it boots with the highest. */
  public PowerRange powerRange() {
    return range;
  }

  /**
   * What the simulated job draws and achieves over the whole range; throughput in training steps a
   * second, of which only the shape is meaningful on GPUs other than the V100.
   */
  public PowerProfile profile() {
    return profile;
  }

  /** Where the curve comes from, in a few words. */
  public String source() {
    return source;
  }

  /** The draw of a GPU without a job. */
  Watts idlePower() {
    return new Watts(idle.watts);
  }

  /** How a GPU of this model reports its activity. */
  Activity.Source activitySource() {
    return activitySource;
  }

  /** Whether memory clocks can be locked: Ampere and newer (nvml.h). */
  boolean locksMemoryClocks() {
    return this != V100;
  }

  /** The SM clock without a limit. */
  int fullMegahertz() {
    return load.megahertz;
  }

  /**
   * The SM clock that goes with a share of full speed; 0 is idle. The clock falls further than the
   * speed does, because part of each step does not wait for it.
   */
  int megahertz(double speed) {
    double clock = (1 - UNCLOCKED) / (1 / speed - UNCLOCKED);
    return (int) Math.max(idle.megahertz, Math.round(load.megahertz * clock));
  }

  /** The share of full speed at an SM clock, the inverse of {@link #megahertz}; at most 1. */
  double speedAt(int megahertz) {
    double clock = Math.min(1, (double) Math.max(megahertz, idle.megahertz) / load.megahertz);
    return 1 / (UNCLOCKED + (1 - UNCLOCKED) / clock);
  }

  /**
   * The draw at a share of full speed: that of the profile, and below its lowest point on the line
   * to the idle draw.
   */
  Watts drawAt(double speed) {
    double throughput = speed * profile.fullThroughput();
    double slower = 0;
    double watts = idle.watts;
    for (PowerProfile.Point point : profile.points()) {
      if (throughput <= point.throughput()) {
        double along = (throughput - slower) / (point.throughput() - slower);
        return new Watts(watts + along * (point.power().value() - watts));
      }
      slower = point.throughput();
      watts = point.power().value();
    }
    return new Watts(watts);
  }

  /** The temperature on the line through the idle and the load point. */
  int celsius(double watts) {
    double share = (watts - idle.watts) / (load.watts - idle.watts);
    return (int) Math.round(idle.celsius + share * (load.celsius - idle.celsius));
  }

  /** The preset's name. */
  @Override
  public String toString() {
    return name;
  }

  private static PowerRange range(double min, double max) {
    return new PowerRange(new Watts(min), new Watts(max));
  }

  private static String names() {
    return ALL.stream().map(GpuPreset::name).collect(Collectors.joining(", "));
  }

  /**
   * ResNet-50 on ImageNet at batch size 256 (Adadelta) on a V100, as measured for Zeus (NSDI'23,
   * artefact file summary_power_v100.csv, Apache-2.0).
   */
  static final class V100Curve {
    /** The highest limit of the trace, in watts. */
    private static final double TOP_LIMIT = 250;

    /** The draw at the highest limit, in watts. */
    static final double TOP_DRAW = 220.250;

    /** ImageNet's 1,281,167 training images in batches of 256. */
    private static final double STEPS_AN_EPOCH = 5005;

    private static final List<TracePoint> ROWS =
        List.of(
            new TracePoint(100, 98.382, 6781.173),
            new TracePoint(125, 121.966, 5064.970),
            new TracePoint(150, 144.595, 4148.660),
            new TracePoint(175, 166.372, 3852.180),
            new TracePoint(200, 184.944, 3700.973),
            new TracePoint(225, 205.438, 3584.303),
            new TracePoint(TOP_LIMIT, TOP_DRAW, 3514.987));

    private V100Curve() {}

    /** A line of the trace: power limit and mean draw in watts, time in seconds an epoch. */
    private record TracePoint(double limit, double draw, double epoch) {}

    /**
     * The trace's shape for another GPU: limits are scaled to the top of {@code range}, draws to
     * {@code load} and held to the limit, and the line through the two lowest points is followed to
     * the bottom of {@code range}. Throughput stays the V100's: only its shape is meaningful.
     */
    static PowerProfile scaledTo(PowerRange range, Watts load) {
      List<Point> points = new ArrayList<>(points(range.max().value(), load.value()));
      if (range.min().compareTo(points.getFirst().limit()) < 0) {
        points.addFirst(continued(points.get(0), points.get(1), range.min()));
      }
      return new PowerProfile(points);
    }

    private static List<Point> points(double topLimit, double topDraw) {
      return ROWS.stream()
          .map(row ->
              point(
                  row.limit * topLimit / TOP_LIMIT,
                  row.draw * topDraw / TOP_DRAW,
                  STEPS_AN_EPOCH / row.epoch))
          .toList();
    }

    private static Point continued(Point lowest, Point next, Watts limit) {
      double along =
          (limit.value() - lowest.limit().value())
              / (next.limit().value() - lowest.limit().value());
      return point(
          limit.value(),
          lowest.power().value() + along * (next.power().value() - lowest.power().value()),
          lowest.throughput() + along * (next.throughput() - lowest.throughput()));
    }

    private static Point point(double limit, double draw, double throughput) {
      return new Point(new Watts(limit), new Watts(Math.min(limit, draw)), throughput);
    }
  }
}
