package chase.daemon.cli.view;

import static chase.daemon.text.Table.cell;
import static chase.daemon.text.Table.number;
import static chase.daemon.text.Table.text;

import chase.daemon.api.GpuBody;
import chase.daemon.api.SignalBody;
import chase.daemon.api.StatusBody;
import chase.daemon.text.Numbers;
import chase.daemon.text.Table;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The daemon's state and its GPUs as text for a terminal. */
public final class StatusText {
  private static final String NO_GPU =
      "no GPU so far: the driver, or every GPU, does not answer yet; the daemon's log says why,"
          + " and it keeps trying";

  private StatusText() {}

  /** One screen: mode, policy, grid and a row for each GPU. */
  public static String status(StatusBody status) {
    return String.join(
        "\n",
        "chase %s, mode %s%s, policy %s"
            .formatted(
                status.version(),
                status.mode(),
                status.paused() ? ", paused" : "",
                status.policy()),
        "signal %s%s".formatted(grid(status.signal()), host(status.host())),
        "",
        status.gpus().isEmpty() ? NO_GPU : shortTable(status.gpus()).render());
  }

  private static String host(StatusBody.HostBody host) {
    return host.wattsPerGpu() == 0
        ? ""
        : "\nhost %s W for each GPU (%s)"
            .formatted(Numbers.oneDecimal(host.wattsPerGpu()), host.basis());
  }

  /** Every GPU with its limits, energy and counts of writes. */
  public static String gpus(List<GpuBody> gpus) {
    if (gpus.isEmpty()) {
      return NO_GPU;
    }
    return new Table(
            List.of(
                number("GPU"),
                text("UUID"),
                text("MODEL"),
                number("LIMIT W"),
                number("POWER W"),
                number("ALLOWED W"),
                number("HARDWARE W"),
                number("ENERGY kWh"),
                text("BASIS"),
                text("POLICY"),
                text("JOB"),
                text("THROUGHPUT"),
                number("APPLIED"),
                number("REFUSED"),
                number("FAILED"),
                number("FOREIGN"),
                text("REASON")),
            gpus.stream().map(StatusText::longRow).toList())
        .render();
  }

  /** To the second, in UTC. */
  public static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** What counts: carbon, the price, or both. */
  private static String grid(SignalBody signal) {
    List<String> counting = new ArrayList<>();
    boolean money = signal.weights().price() > 0;
    if (signal.weights().carbon() > 0 || !money) {
      counting.add(carbon(signal));
    }
    if (money) {
      counting.add(
          signal.price().map(StatusText::price).orElse("no provider is configured for the price"));
    }
    return String.join("; ", counting);
  }

  private static String price(SignalBody.PriceBody price) {
    return price
        .current()
        .map(current ->
            "%s %s %s/MWh (%s by %s)%s"
                .formatted(
                    price.region(),
                    Numbers.oneDecimal(current.pricePerMwh()),
                    current.currency(),
                    current.origin(),
                    price.provider(),
                    price.trusted() ? "" : ", too old to trust"))
        .orElseGet(() ->
            "%s: no price from %s yet%s"
                .formatted(
                    price.region(),
                    price.provider(),
                    price.trouble().map(t -> " (" + t.message() + ")").orElse("")));
  }

  private static String carbon(SignalBody signal) {
    if (signal.provider().equals(SignalBody.NO_PROVIDER)) {
      return "no provider is configured for the carbon intensity";
    }
    return signal
        .current()
        .map(current ->
            "%s %s gCO2/kWh (%s by %s)%s%s"
                .formatted(
                    current.region(),
                    Numbers.oneDecimal(current.carbonIntensityGramsPerKwh()),
                    current.origin(),
                    current.provider(),
                    share(signal),
                    level(signal)))
        .orElseGet(() ->
            "%s: no value from %s yet%s"
                .formatted(
                    signal.region(),
                    signal.provider(),
                    signal.trouble().map(t -> " (" + t.message() + ")").orElse("")));
  }

  private static String level(SignalBody signal) {
    if (!signal.trusted()) {
      return ", too old to trust";
    }
    return signal.level().number() == 0 ? "" : ", level " + signal.level().name();
  }

  private static String share(SignalBody signal) {
    return signal.referenceRatio().isPresent()
        ? ", %s of the reference".formatted(Numbers.wholePercent(signal.referenceRatio().get()))
        : "";
  }

  private static Table shortTable(List<GpuBody> gpus) {
    return new Table(
        List.of(
            number("GPU"),
            text("MODEL"),
            number("TARGET W"),
            number("LIMIT W"),
            number("ENFORCED W"),
            number("ORIGINAL W"),
            number("POWER W"),
            number("UTIL %"),
            number("TEMP C"),
            text("POLICY"),
            text("JOB"),
            text("REASON")),
        gpus.stream().map(StatusText::shortRow).toList());
  }

  private static List<String> shortRow(GpuBody gpu) {
    GpuBody.Limits limits = gpu.powerLimit();
    var reading = gpu.reading();
    return List.of(
        Integer.toString(gpu.device().index()),
        model(gpu),
        cell(limits.targetWatts()),
        cell(limits.requestedWatts()),
        cell(limits.enforcedWatts()),
        cell(limits.originalWatts()),
        power(gpu),
        reading.flatMap(GpuBody.ReadingBody::utilizationRatio).map(StatusText::percent).orElse("-"),
        reading
            .flatMap(GpuBody.ReadingBody::temperatureCelsius)
            .map(t -> Integer.toString(t))
            .orElse("-"),
        gpu.policy(),
        job(gpu),
        reason(gpu));
  }

  private static List<String> longRow(GpuBody gpu) {
    GpuBody.Limits limits = gpu.powerLimit();
    return List.of(
        Integer.toString(gpu.device().index()),
        gpu.device().uuid(),
        model(gpu),
        cell(limits.requestedWatts()),
        power(gpu),
        range(limits.allowedMinWatts(), limits.allowedMaxWatts()),
        range(limits.minWatts(), limits.maxWatts()),
        gpu.energy().map(e -> String.format(Locale.ROOT, "%.3f", e.joules() / 3.6e6)).orElse("-"),
        gpu.energy().map(GpuBody.Energy::basis).orElse("-"),
        gpu.policy(),
        job(gpu),
        gpu.work().throughputSource().orElse("-"),
        Long.toString(gpu.writes().applied()),
        Long.toString(gpu.writes().refused()),
        Long.toString(gpu.writes().failed()),
        Long.toString(gpu.writes().foreign()),
        reason(gpu));
  }

  private static String job(GpuBody gpu) {
    boolean anonymous = gpu.work().jobOrigin().filter("anonymous"::equals).isPresent();
    return anonymous
        ? gpu.work().jobName().orElse("") + " (anonymous)"
        : gpu.work().job().orElse("-");
  }

  /** A module's draw, which may be above the GPU's limit, is marked. */
  private static String power(GpuBody gpu) {
    Optional<Double> watts =
        gpu.reading().map(GpuBody.ReadingBody::powerWatts).orElse(Optional.empty());
    String scope =
        gpu.reading()
            .flatMap(GpuBody.ReadingBody::powerScope)
            .map(whole -> " (" + whole + ")")
            .orElse("");
    return cell(watts) + scope;
  }

  private static String model(GpuBody gpu) {
    boolean unsaid =
        gpu.device().simulated()
            && !gpu.device().model().toLowerCase(Locale.ROOT).contains("simulated");
    return gpu.device().model() + (unsaid ? " (simulated)" : "");
  }

  private static String reason(GpuBody gpu) {
    return gpu.decision().reason()
        + gpu.decision()
            .lease()
            .filter(l -> gpu.decision().reason().equals("leased"))
            .map(l -> " by " + l.user())
            .orElse("")
        + gpu.decision().until().map(until -> " until " + time(until)).orElse("")
        + gpu.contact().since().map(since -> " since " + time(since)).orElse("")
        + (gpu.decision().pending() ? ", pending" : "");
  }

  private static String range(Optional<Double> from, Optional<Double> to) {
    return from.isPresent() && to.isPresent() ? cell(from) + " to " + cell(to) : "-";
  }

  private static String percent(double ratio) {
    return cell(Optional.of(Math.rint(100 * ratio)));
  }
}
