package chase.daemon.cli.view;

import static chase.daemon.cli.view.Listing.ListColumn.figures;
import static chase.daemon.cli.view.Listing.ListColumn.words;
import static chase.daemon.cli.view.Table.number;
import static chase.daemon.cli.view.Table.text;

import chase.daemon.api.OutlookBody;
import chase.daemon.api.OutlookBody.ModelErrorBody;
import chase.daemon.api.SignalBody;
import chase.daemon.text.Numbers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The grid's signal as text for a terminal. */
public final class SignalText {
  private static final List<Duration> HORIZONS =
      Stream.of(5, 15, 30, 60, 240, 720, 1_440).map(Duration::ofMinutes).toList();

  private static final Listing<OutlookBody.Provider> PROVIDERS =
      new Listing<>(
          List.of(
              words("provider", "PROVIDER", OutlookBody.Provider::provider),
              words("region", "REGION", OutlookBody.Provider::region),
              Listing.ListColumn.of("poll", text("NEXT POLL"), SignalText::poll),
              figures(
                  "calls", "CALLS/h", one -> one.callsLastHour().map(String::valueOf).orElse("-")),
              figures(
                  "allowed",
                  "ALLOWED/h",
                  one -> one.callsPerHourAllowed().map(String::valueOf).orElse("-")),
              Listing.ListColumn.<OutlookBody.Provider>words(
                      "quarantined",
                      "QUARANTINED",
                      one -> one.quarantined().isEmpty() ? "-" : counts(one.quarantined()))
                  .cutTo(11),
              Listing.ListColumn.<OutlookBody.Provider>words(
                      "trouble",
                      "TROUBLE",
                      one -> one.trouble().or(one::forecastTrouble).orElse("-"))
                  .cutTo(12)
                  .keep()
                  .toned(one -> one.trouble().isPresent() ? Tone.BAD : Tone.PLAIN)));

  private final TextLayout layout;

  private SignalText(TextLayout layout) {
    this.layout = layout;
  }

  /** A line for each fact, the providers, and the forecast. */
  public static String of(SignalBody signal, TextLayout layout) {
    SignalText text = new SignalText(layout);
    List<String> parts = new ArrayList<>();
    parts.add(text.facts(signal));
    signal
        .outlook()
        .ifPresent(outlook -> {
          text.providers(outlook).ifPresent(parts::add);
          text.forecast(outlook).ifPresent(parts::add);
          text.scores(outlook).ifPresent(parts::add);
        });
    return String.join("\n\n", parts);
  }

  private String facts(SignalBody signal) {
    Facts facts = new Facts(layout);
    // A carbon signal that has no weight and no provider is not shown as distrusted.
    if (signal.weights().carbon() > 0 || signal.current().isPresent()) {
      addCarbon(facts, signal);
    }
    signal.price().ifPresent(price -> addPrice(facts, price));
    if (signal.price().isPresent()) {
      facts.add(
          "weights",
          "carbon %s, price %s"
              .formatted(
                  Numbers.oneDecimal(signal.weights().carbon()),
                  Numbers.oneDecimal(signal.weights().price())));
    }
    signal.notices().forEach(notice -> facts.add("notice", notice));
    signal.attributions().forEach(line -> facts.add("data", line));
    return facts.text();
  }

  private void addCarbon(Facts facts, SignalBody signal) {
    boolean hasProvider = !signal.provider().equals(SignalBody.NO_PROVIDER);
    facts.add(
        "provider",
        hasProvider
            ? signal.provider() + " for " + signal.region()
            : "none is configured (carbon.provider)");
    facts.add(
        "level",
        String.format(Locale.ROOT, "%d, %s", signal.level().number(), signal.level().name()));
    signal.current().ifPresent(current -> addCurrent(facts, current));
    facts.add(
        "trusted",
        (signal.trusted() ? "yes" : "no")
            + ", up to an age of "
            + LocalTimes.span(Duration.ofSeconds(signal.maxAgeSeconds())));
    signal
        .referenceGramsPerKwh()
        .ifPresent(reference ->
            facts.add(
                "reference",
                Numbers.oneDecimal(reference)
                    + " gCO2/kWh"
                    + share("; the intensity is %s of it", signal.referenceRatio())));
    facts.add(
        "polls",
        String.format(Locale.ROOT, "%d ok, %d failed", signal.pollsOk(), signal.pollsFailed()));
    signal.trouble().ifPresent(trouble -> facts.add("trouble", trouble(trouble)));
  }

  /** Names and facts, one pair a line. */
  private static final class Facts {
    private static final int WIDTH = 11;

    private final List<String> lines = new ArrayList<>();
    private final TextLayout layout;

    Facts(TextLayout layout) {
      this.layout = layout;
    }

    void add(String name, String fact) {
      lines.add(layout.fact(name, fact, WIDTH));
    }

    String text() {
      return String.join("\n", lines);
    }
  }

  private void addCurrent(Facts facts, SignalBody.Current current) {
    facts.add(
        "intensity",
        "%s gCO2/kWh in %s, %s%s, %s, %s"
            .formatted(
                Numbers.oneDecimal(current.carbonIntensityGramsPerKwh()),
                current.region(),
                current.origin(),
                current.estimationMethod().map(" (%s)"::formatted).orElse(""),
                current.margin(),
                current.scope()));
    current
        .viaText()
        .ifPresent(via ->
            facts.add(
                "source",
                "%s %s, %s, %s old"
                    .formatted(
                        current.provider(),
                        current.region(),
                        via,
                        LocalTimes.span(Duration.ofSeconds(current.fetchedAgeSeconds())))));
    current.recordedAt().ifPresent(at -> facts.add("recorded", layout.time(at)));
    facts.add(
        "valid",
        "%s to %s"
            .formatted(
                layout.times().second(current.validFrom()),
                layout.times().second(current.validTo())));
    facts.add("age", LocalTimes.span(Duration.ofSeconds(current.ageSeconds())));
  }

  private void addPrice(Facts facts, SignalBody.PriceBody price) {
    String now =
        price
            .current()
            .map(current ->
                "%s %s/MWh in %s, %s%s"
                    .formatted(
                        Numbers.oneDecimal(current.pricePerMwh()),
                        current.currency(),
                        price.region(),
                        current.origin(),
                        price.trusted() ? "" : ", too old to trust"))
            .orElseGet(() -> "none from %s for %s".formatted(price.provider(), price.region()));
    Optional<Double> reference = price.referencePerMwh();
    facts.add(
        "price",
        now
            + (reference.isPresent()
                ? "; the reference is " + Numbers.oneDecimal(reference.get())
                : ""));
    price.trouble().ifPresent(trouble -> facts.add("trouble", trouble(trouble)));
  }

  private String trouble(SignalBody.FailureBody trouble) {
    LocalTimes times = layout.times();
    return "%s (%s, since %s)%s"
        .formatted(
            trouble.message(),
            trouble.reason(),
            times.time(trouble.since()),
            polledAgain(trouble, times));
  }

  /** Such as {@code ; polled again in 40 s}. */
  static String polledAgain(SignalBody.FailureBody trouble, LocalTimes times) {
    return trouble.nextAsked().map(next -> "; polled again " + times.in(next)).orElse("");
  }

  private static String share(String form, Optional<Double> ratio) {
    return ratio.isPresent()
        ? String.format(Locale.ROOT, form, Numbers.wholePercent(ratio.get()))
        : "";
  }

  /** Empty for a single provider without trouble: the facts name it. */
  private Optional<String> providers(OutlookBody outlook) {
    boolean plain =
        outlook.providers().stream()
            .allMatch(one -> one.calls().isEmpty() && one.quarantined().isEmpty());
    if (plain && outlook.providers().size() < 2) {
      return Optional.empty();
    }
    return Optional.of(PROVIDERS.render(outlook.providers(), layout));
  }

  private static String poll(OutlookBody.Provider provider, TextLayout layout) {
    return layout.times().in(provider.nextAsked());
  }

  private static String counts(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .map(entry -> entry.getValue() + " " + entry.getKey())
        .collect(Collectors.joining(", "));
  }

  private Optional<String> forecast(OutlookBody outlook) {
    List<String> chart = SignalChart.of(outlook.ahead(), layout);
    if (chart.isEmpty()) {
      return Optional.empty();
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        layout.sentences(
            "forecast, gCO2/kWh, until %s, by %s"
                .formatted(layout.time(outlook.ahead().getLast().to()), models(outlook))));
    lines.addAll(chart);
    return Optional.of(String.join("\n", lines));
  }

  private static String models(OutlookBody outlook) {
    return outlook.ahead().stream()
        .map(period ->
            period.model().map("own model %s"::formatted).orElse("the provider's forecast"))
        .distinct()
        .collect(Collectors.joining(", then "));
  }

  private Optional<String> scores(OutlookBody outlook) {
    List<ModelErrorBody> shown =
        outlook.forecasts().stream()
            .filter(score -> HORIZONS.contains(Duration.ofSeconds(score.horizonSeconds())))
            .toList();
    if (shown.isEmpty()) {
      return Optional.empty();
    }
    List<String> models = shown.stream().map(ModelErrorBody::model).distinct().toList();
    List<Table.Column> columns = new ArrayList<>(List.of(text("MEAN ERROR %")));
    models.forEach(model -> columns.add(number(model)));
    columns.add(number("IN BAND %"));
    List<List<String>> rows =
        HORIZONS.stream()
            .map(Duration::toSeconds)
            .filter(horizon -> shown.stream().anyMatch(one -> one.horizonSeconds() == horizon))
            .map(horizon -> row(horizon, models, shown, outlook))
            .toList();
    return Optional.of(
        Table.of(columns, rows).render(layout)
            + "\n"
            + layout.sentences("* is used; IN BAND: how often the truth lay in the 80 % interval"));
  }

  private static List<String> row(
      long horizon, List<String> models, List<ModelErrorBody> scores, OutlookBody outlook) {
    Duration ahead = Duration.ofSeconds(horizon);
    String name =
        ahead.toHours() > 0 ? ahead.toHours() + " h ahead" : ahead.toMinutes() + " min ahead";
    List<String> row = new ArrayList<>(List.of(name));
    for (String model : models) {
      row.add(
          scores.stream()
              .filter(one -> one.horizonSeconds() == horizon && one.model().equals(model))
              .findFirst()
              .map(one -> percent(one.errorRatio()) + (one.used() ? "*" : ""))
              .orElse("-"));
    }
    row.add(
        outlook.intervals().stream()
            .filter(one -> one.horizonSeconds() == horizon)
            .findFirst()
            .map(one -> percent(one.coverageRatio()))
            .orElse("-"));
    return row;
  }

  private static String percent(double ratio) {
    return String.format(Locale.ROOT, "%.1f", 100 * ratio);
  }
}
