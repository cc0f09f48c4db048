package chase.zeus.gpu.simulated;

import chase.zeus.gpu.Activity;
import chase.zeus.gpu.PowerRange;
import chase.zeus.profile.PowerProfile;
import chase.zeus.unit.Watts;
import java.util.List;
import java.util.stream.Collectors;

/** A kind of card that can be simulated; there are only the ones here. */
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
          new LoadPoint(V100Trace.TOP_DRAW, 1380, 59),
          Activity.Source.CLOCK);

  /**
   * An A100-SXM4, 100 to 400 W. No trace of it is published: the curve is simulated, shape of the
   * V100 trace; its top clock is the data sheet's; idle draw (the H100's share of the top limit),
   * idle clock and temperatures are assumed.
   */
  public static final GpuPreset A100_SXM4 =
      new GpuPreset(
          "a100-sxm4",
          "Simulated NVIDIA A100-SXM4",
          range(100, 400),
          "simulated, shape of the V100 trace of Zeus, NSDI'23",
          new LoadPoint(40, 210, 41),
          new LoadPoint(400 * V100Trace.TOP_DRAW / 250, 1410, 59),
          Activity.Source.CLOCK);

  /**
   * An H100-SXM, 200 to 700 W. The curve is simulated, shape of the V100 trace; idle and load point
   * are those of a capture under driver 590.48.01 (nvidia_gpu_exporter's test data).
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
      String word,
      String model,
      PowerRange range,
      String source,
      LoadPoint idle,
      LoadPoint load,
      Activity.Source activitySource) {
    this.name = word;
    this.model = model;
    this.range = range;
    this.source = source;
    this.idle = idle;
    this.load = load;
    this.activitySource = activitySource;
    this.profile = V100Trace.scaledTo(range, new Watts(load.watts));
  }

  /** A card at one load: its draw, SM clock and temperature. */
  record LoadPoint(double watts, int megahertz, int celsius) {}

  /**
   * The preset of a name such as {@code h100-sxm}.
   *
   * @throws IllegalArgumentException that names the word and the known presets
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

  /** The product name, which says that the card is simulated. */
  public String model() {
    return model;
  }

  /** The limits that the card accepts; it boots with the highest. */
  public PowerRange powerRange() {
    return range;
  }

  /**
   * What the simulated job draws and achieves over the whole range; throughput in training steps a
   * second, of which only the shape means something on cards other than the V100.
   */
  public PowerProfile profile() {
    return profile;
  }

  /** Where the curve comes from, in a few words. */
  public String source() {
    return source;
  }

  /** The draw of a card without a job. */
  Watts idlePower() {
    return new Watts(idle.watts);
  }

  /** How a card of this kind tells its activity. */
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
    double throughput = speed * profile.points().getLast().throughput();
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
}
