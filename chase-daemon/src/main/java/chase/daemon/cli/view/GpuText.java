package chase.daemon.cli.view;

import static chase.daemon.cli.view.Listing.ListColumn.figures;
import static chase.daemon.cli.view.Table.cell;

import chase.daemon.api.GpuBody;
import chase.daemon.cli.view.Listing.ListColumn;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** GPUs as tables for a terminal. */
public final class GpuText {
  private static final String NO_GPU =
      "no GPU so far: the driver, or every GPU, does not answer yet; the daemon's log says why,"
          + " and it keeps trying";

  private static final ListColumn<GpuBody> INDEX =
      number("gpu", "GPU", gpu -> Integer.toString(gpu.device().index())).keep();

  private static final ListColumn<GpuBody> MODEL =
      ListColumn.<GpuBody>of("model", Table.text("MODEL"), GpuText::model).cutTo(8);

  private static final ListColumn<GpuBody> LIMIT =
      number("limit", "LIMIT W", gpu -> cell(gpu.powerLimit().requestedWatts()));

  private static final ListColumn<GpuBody> ORIGINAL =
      number("original", "ORIG W", gpu -> cell(gpu.powerLimit().originalWatts()));

  private static final ListColumn<GpuBody> POWER = number("power", "POWER W", GpuText::power);

  private static final ListColumn<GpuBody> JOB =
      ListColumn.<GpuBody>words("job", "JOB", GpuText::job).cutTo(6);

  private static final ListColumn<GpuBody> REASON =
      ListColumn.<GpuBody>of("reason", Table.text("REASON"), GpuText::reason)
          .cutTo(16)
          .toned(GpuText::tone);

  private static final ListColumn<GpuBody> UUID =
      ListColumn.<GpuBody>words("uuid", "UUID", gpu -> gpu.device().uuid()).wide();

  private static final ListColumn<GpuBody> TARGET =
      number("target", "TARGET W", gpu -> cell(gpu.powerLimit().targetWatts())).wide();

  private static final ListColumn<GpuBody> ENFORCED =
      number("enforced", "ENFORCED W", gpu -> cell(gpu.powerLimit().enforcedWatts())).wide();

  private static final ListColumn<GpuBody> UTILIZATION =
      number("util", "UTIL %", GpuText::utilization);

  private static final ListColumn<GpuBody> TEMPERATURE =
      number("temp", "TEMP C", GpuText::temperature);

  private static final ListColumn<GpuBody> POLICY =
      ListColumn.<GpuBody>words("policy", "POLICY", GpuBody::policy).wide();

  /** {@code chase status}: why each is where it is. */
  public static final Listing<GpuBody> STATUS =
      new Listing<>(
          List.of(
              INDEX,
              MODEL,
              TARGET,
              LIMIT.keep(),
              ENFORCED,
              ORIGINAL,
              POWER.keep(),
              UTILIZATION.wide(),
              TEMPERATURE.wide(),
              POLICY,
              JOB,
              REASON.keep(),
              UUID));

  /** {@code chase gpus}: what each is, may and does. */
  public static final Listing<GpuBody> GPUS =
      new Listing<>(
          List.of(
              INDEX,
              UUID,
              MODEL,
              LIMIT.keep(),
              ORIGINAL,
              TARGET,
              ENFORCED,
              number(
                  "allowed",
                  "ALLOWED W",
                  gpu ->
                      range(
                          gpu.powerLimit().allowedMinWatts(), gpu.powerLimit().allowedMaxWatts())),
              number(
                      "hardware",
                      "HARDWARE W",
                      gpu -> range(gpu.powerLimit().minWatts(), gpu.powerLimit().maxWatts()))
                  .wide(),
              POWER.keep(),
              UTILIZATION,
              TEMPERATURE,
              number("energy", "KWH", GpuText::energy),
              ListColumn.<GpuBody>words(
                      "basis", "BASIS", gpu -> gpu.energy().map(GpuBody.Energy::basis).orElse("-"))
                  .wide(),
              POLICY,
              JOB.wide(),
              ListColumn.<GpuBody>words(
                      "source", "SOURCE", gpu -> gpu.work().throughputSource().orElse("-"))
                  .wide(),
              writes("applied", "APPLIED", gpu -> gpu.writes().applied()),
              writes("refused", "REFUSED", gpu -> gpu.writes().refused()),
              writes("failed", "FAILED", gpu -> gpu.writes().failed()),
              writes("foreign", "FOREIGN", gpu -> gpu.writes().foreign()),
              writes("held", "HELD", gpu -> gpu.writes().held()),
              REASON.wide()));

  private GpuText() {}

  /** A row for each, and which are simulated. */
  static String table(List<GpuBody> gpus, Listing<GpuBody> listing, TextLayout layout) {
    if (gpus.isEmpty()) {
      return layout.sentences(NO_GPU);
    }
    return listing.render(gpus, layout) + note(gpus, layout);
  }

  /** Every GPU with its limits, draw and energy. */
  public static String gpus(List<GpuBody> gpus, TextLayout layout) {
    return table(gpus, GPUS, layout);
  }

  /** The short names of models do not say it. */
  private static String note(List<GpuBody> gpus, TextLayout layout) {
    List<GpuBody> simulated = gpus.stream().filter(gpu -> gpu.device().simulated()).toList();
    if (simulated.isEmpty() || !layout.headers()) {
      return "";
    }
    String which =
        simulated.size() == gpus.size()
            ? gpus.size() == 1 ? "The GPU is" : "All GPUs are"
            : (simulated.size() == 1 ? "GPU " : "GPUs ")
                + simulated.stream()
                    .map(gpu -> Integer.toString(gpu.device().index()))
                    .collect(Collectors.joining(", "))
                + (simulated.size() == 1 ? " is" : " are");
    return "\n" + layout.sentences(which + " SIMULATED, with all figures.");
  }

  private static ListColumn<GpuBody> number(
      String key, String header, Function<GpuBody, String> cell) {
    return figures(key, header, cell);
  }

  private static ListColumn<GpuBody> writes(
      String key, String header, ToLongFunction<GpuBody> count) {
    return GpuText.number(key, header, gpu -> Long.toString(count.applyAsLong(gpu))).wide();
  }

  private static String utilization(GpuBody gpu) {
    return cell(
        gpu.reading()
            .flatMap(GpuBody.ReadingBody::utilizationRatio)
            .map(ratio -> Math.rint(100 * ratio)));
  }

  private static String temperature(GpuBody gpu) {
    return gpu.reading()
        .flatMap(GpuBody.ReadingBody::temperatureCelsius)
        .map(celsius -> Integer.toString(celsius))
        .orElse("-");
  }

  private static String energy(GpuBody gpu) {
    return gpu.energy()
        .map(energy -> String.format(Locale.ROOT, "%.3f", energy.joules() / 3.6e6))
        .orElse("-");
  }

  private static String job(GpuBody gpu) {
    boolean anonymous = gpu.work().jobOrigin().filter("anonymous"::equals).isPresent();
    return anonymous
        ? gpu.work().jobName().orElse("") + " (anonymous)"
        : gpu.work().job().orElse("-");
  }

  /** A module's draw, which may be above the GPU's limit, is marked. */
  private static String power(GpuBody gpu) {
    Optional<Double> watts = gpu.reading().flatMap(GpuBody.ReadingBody::powerWatts);
    String scope =
        gpu.reading()
            .flatMap(GpuBody.ReadingBody::powerScope)
            .map(whole -> " (" + whole + ")")
            .orElse("");
    return cell(watts) + scope;
  }

  /** In full where there is room, else without what most have in common. */
  private static String model(GpuBody gpu, TextLayout layout) {
    String model = gpu.device().model();
    if (layout.columns() instanceof ColumnChoice.Usual) {
      return model.replaceFirst("(?i)^simulated ", "").replaceFirst("^NVIDIA ", "");
    }
    boolean unsaid =
        gpu.device().simulated() && !model.toLowerCase(Locale.ROOT).contains("simulated");
    return model + (unsaid ? " (simulated)" : "");
  }

  /** The reason in a few words, and for how long. */
  public static String reason(GpuBody gpu, TextLayout layout) {
    return gpu.decision().reason().replace('_', ' ')
        + gpu.decision()
            .lease()
            .filter(l -> gpu.decision().reason().equals("leased"))
            .map(l -> " by " + l.user())
            .orElse("")
        + gpu.decision().until().map(until -> ", " + layout.times().more(until)).orElse("")
        + gpu.contact().since().map(since -> " since " + layout.time(since)).orElse("")
        + (gpu.decision().pending() ? ", pending" : "");
  }

  /** How its reason is. */
  public static Tone tone(GpuBody gpu) {
    return switch (gpu.decision().reason()) {
      case "chosen", "dwelling", "no_choice" -> Tone.GOOD;
      case "refused", "retrying", "without_effect", "lost", "hung", "no_answer" -> Tone.BAD;
      default -> Tone.NOTE;
    };
  }

  private static String range(Optional<Double> from, Optional<Double> to) {
    return from.isPresent() && to.isPresent() ? cell(from) + "-" + cell(to) : "-";
  }
}
