package chase.daemon.cli.view;

import chase.daemon.api.SignalBody;
import chase.daemon.api.StatusBody;
import chase.daemon.api.StatusBody.ConfigBody;
import chase.daemon.api.StatusBody.ConfigBody.ChangeBody;
import chase.daemon.api.StatusBody.ReloadBody;
import chase.daemon.text.Numbers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The daemon's state as text for a terminal. */
public final class StatusText {
  private StatusText() {}

  /** One screen: mode, policy, grid and a row for each GPU. */
  public static String status(StatusBody status, TextLayout layout) {
    return String.join(
        "\n",
        head(status, layout),
        layout.fact("signal", grid(status.signal(), layout.times()), 8),
        attribution(status.signal(), layout)
            + status
                .config()
                .flatMap(config -> configNotice(config, layout.times()))
                .map(text -> layout.fact("config", text, 8) + "\n")
                .orElse("")
            + kept(status, layout)
            + host(status.host(), layout)
            + driver(status.driver(), layout)
            + missing(status, layout),
        GpuText.table(status.gpus(), GpuText.STATUS, layout));
  }

  /** Mode, policy, and whether Chase is paused. */
  public static String head(StatusBody status, TextLayout layout) {
    String text =
        layout.sentences(
            "chase %s, mode %s%s, policy %s%s"
                .formatted(
                    status.version(),
                    status.mode(),
                    status.paused() ? ", paused" + pausedFor(status, layout) : "",
                    status.policy(),
                    status
                        .policyUntil()
                        .map(end -> " (tried %s)".formatted(layout.times().until(end)))
                        .orElse("")));
    return status.paused()
        ? text.replaceFirst("\\bpaused\\b", layout.paint(Tone.NOTE, "paused"))
        : text;
  }

  private static String pausedFor(StatusBody status, TextLayout layout) {
    return status.pausedUntil().map(end -> " " + layout.times().until(end)).orElse("");
  }

  /** A driver that is there needs no line. */
  private static String driver(StatusBody.DriverBody driver, TextLayout layout) {
    return driver.why().map(why -> layout.fact("driver", why, 8) + "\n").orElse("");
  }

  /** The GPUs that never answered, and the limits that are not back; empty where all did. */
  private static String missing(StatusBody status, TextLayout layout) {
    List<String> records = status.notRestored().orElse(List.of());
    Stream<String> slots =
        status.unanswered().orElse(List.of()).stream().map(line -> layout.fact("lost", line, 8));
    Stream<String> limits =
        Stream.of(records)
            .filter(lines -> !lines.isEmpty())
            .map(lines ->
                layout.fact(
                    "limits", lines.size() + " not restored: " + String.join("; ", lines), 8));
    return Stream.concat(slots, limits)
        .map(line -> layout.paint(Tone.BAD, line) + "\n")
        .collect(Collectors.joining());
  }

  /** {@code chase gpus}: a row for each GPU, and which are missing. */
  public static String gpus(StatusBody status, TextLayout layout) {
    String missing = layout.headers() ? missing(status, layout).stripTrailing() : "";
    return GpuText.gpus(status.gpus(), layout) + (missing.isEmpty() ? "" : "\n" + missing);
  }

  private static String attribution(SignalBody signal, TextLayout layout) {
    return signal.attributions().isEmpty()
        ? ""
        : layout.fact("data", String.join("; ", signal.attributions()), 8) + "\n";
  }

  private static String kept(StatusBody status, TextLayout layout) {
    return status
        .kept()
        .map(kept -> layout.fact("kept", String.join(", ", kept) + " (over a restart)", 8) + "\n")
        .orElse("");
  }

  private static String host(StatusBody.HostBody host, TextLayout layout) {
    return host.wattsPerGpu() == 0
        ? ""
        : layout.fact(
                "host",
                "%s W for each GPU (%s)"
                    .formatted(Numbers.oneDecimal(host.wattsPerGpu()), host.basis()),
                8)
            + "\n";
  }

  /** What counts: carbon, the price, or both. */
  public static String grid(SignalBody signal, LocalTimes times) {
    List<String> counting = new ArrayList<>();
    boolean money = signal.weights().price() > 0;
    if (signal.weights().carbon() > 0 || !money) {
      counting.add(carbon(signal, times));
    }
    if (money) {
      counting.add(
          signal
              .price()
              .map(price -> price(price, times))
              .orElse("no provider is configured for the price"));
    }
    return String.join("; ", counting);
  }

  private static String price(SignalBody.PriceBody price, LocalTimes times) {
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
                .formatted(price.region(), price.provider(), why(price.trouble(), times)));
  }

  private static String carbon(SignalBody signal, LocalTimes times) {
    if (signal.provider().equals(SignalBody.NO_PROVIDER)) {
      return "no provider is configured for the carbon intensity";
    }
    return signal
        .current()
        .map(current ->
            "%s %s gCO2/kWh (%s by %s)%s%s%s"
                .formatted(
                    current.region(),
                    Numbers.oneDecimal(current.carbonIntensityGramsPerKwh()),
                    current.origin(),
                    current.provider() + via(current),
                    share(signal),
                    level(signal),
                    why(signal.trouble(), times)))
        .orElseGet(() ->
            signal.region()
                + ": "
                + signal
                    .trouble()
                    .filter(trouble -> trouble.reason().equals(SignalBody.NO_ANSWER_YET))
                    .map(SignalBody.FailureBody::message)
                    .orElseGet(() ->
                        "no value from "
                            + signal.provider()
                            + " yet"
                            + why(signal.trouble(), times)));
  }

  /** Such as {@code (neso GB: no connection to 10.0.0.1; polled again in 40 s)}. */
  private static String why(Optional<SignalBody.FailureBody> trouble, LocalTimes times) {
    return trouble
        .map(known -> " (" + known.message() + SignalText.polledAgain(known, times) + ")")
        .orElse("");
  }

  private static String via(SignalBody.Current current) {
    return current
        .viaText()
        .map(hosts ->
            ", %s, %s old"
                .formatted(hosts, LocalTimes.span(Duration.ofSeconds(current.fetchedAgeSeconds()))))
        .orElse("");
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

  /** What a reload changed, a line for each key. */
  public static String reloaded(ReloadBody body, TextLayout layout) {
    List<ChangeBody> applied = body.changed().stream().filter(one -> !one.restart()).toList();
    List<ChangeBody> waiting = body.config().waiting();
    List<String> lines = new ArrayList<>();
    lines.add(
        layout.sentences(
            body.config().file().orElse("the configuration")
                + " is reloaded"
                + (applied.isEmpty() ? ": nothing changed" : "")));
    applied.forEach(one -> lines.add(line(one, applied, layout)));
    if (!waiting.isEmpty()) {
      lines.add(layout.sentences("kept until a restart (sudo systemctl restart chased):"));
      waiting.forEach(one -> lines.add(line(one, waiting, layout)));
    }
    return String.join("\n", lines);
  }

  private static String line(ChangeBody change, List<ChangeBody> all, TextLayout layout) {
    int longest = all.stream().mapToInt(one -> one.key().length()).max().orElse(0);
    return layout.fact(
        "  " + change.key(),
        shown(change.before()) + " -> " + shown(change.after()),
        2 + longest + 2);
  }

  private static String shown(Optional<Object> value) {
    return value.map(Object::toString).orElse("(none)");
  }

  /** What a reader of the status should know of the configuration; empty where that is nothing. */
  private static Optional<String> configNotice(ConfigBody config, LocalTimes times) {
    List<String> parts = new ArrayList<>();
    if (config.reloads() > 0) {
      parts.add(
          String.format(
              Locale.ROOT,
              "read at %s, the %s reload",
              times.time(config.loadedAt()),
              ordinal(config.reloads())));
    }
    config
        .refused()
        .ifPresent(refused ->
            parts.add(
                "the reload at %s was refused: %s"
                    .formatted(times.time(refused.at()), String.join("; ", refused.reasons()))));
    if (!config.waiting().isEmpty()) {
      parts.add(
          config.waiting().stream()
              .map(ChangeBody::key)
              .collect(Collectors.joining(", ", "", " kept until a restart")));
    }
    return parts.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", parts));
  }

  private static String ordinal(long count) {
    boolean teen = count % 100 / 10 == 1;
    String end =
        teen
            ? "th"
            : switch ((int) (count % 10)) {
              case 1 -> "st";
              case 2 -> "nd";
              case 3 -> "rd";
              default -> "th";
            };
    return count + end;
  }
}
