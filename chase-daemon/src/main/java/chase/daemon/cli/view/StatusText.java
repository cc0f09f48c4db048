package chase.daemon.cli.view;

import chase.daemon.api.SignalBody;
import chase.daemon.api.StatusBody;
import chase.daemon.text.Numbers;
import java.util.ArrayList;
import java.util.List;

/** The daemon's state as text for a terminal. */
public final class StatusText {
  private StatusText() {}

  /** One screen: mode, policy, grid and a row for each GPU. */
  public static String status(StatusBody status, TextLayout layout) {
    return String.join(
        "\n",
        head(status, layout),
        layout.fact("signal", grid(status.signal()), 8),
        host(status.host(), layout) + driver(status.driver(), layout),
        GpuText.table(status.gpus(), GpuText.STATUS, layout));
  }

  /** Mode, policy, and whether Chase is paused. */
  public static String head(StatusBody status, TextLayout layout) {
    String text =
        layout.sentences(
            "chase %s, mode %s%s, policy %s"
                .formatted(
                    status.version(),
                    status.mode(),
                    status.paused() ? ", paused" + pausedFor(status, layout) : "",
                    status.policy()));
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
  public static String grid(SignalBody signal) {
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
}
