package chase.daemon.cli.signal;

import chase.daemon.api.SignalBody;
import chase.daemon.api.SignalBody.HistoryBody.ValueBody;
import chase.daemon.cli.signal.GridOutlook.OutlookSlot;
import chase.daemon.cli.signal.WaitPlan.GridReading;
import chase.daemon.text.Numbers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is kept of a wait until the command has ended, and its receipt.
 *
 * @param goal what was waited for, for people
 * @param asked when the wait began
 * @param started when the command started
 * @param outcome why it started, in a word
 * @param provider the provider that the daemon polls first, whose series it keeps
 * @param region its region
 * @param atOnce gCO2/kWh when the wait began
 * @param atStart gCO2/kWh when the command started
 */
public record WaitRecord(
    String goal,
    Instant asked,
    Instant started,
    String outcome,
    Optional<String> provider,
    Optional<String> region,
    Optional<Double> atOnce,
    Optional<Double> atStart) {
  private static final String NONE = "-";

  /** The number of parts of {@link #line}. */
  private static final int PARTS = 8;

  /** What is known of the grid in a reading that may be acted on. */
  public static Optional<Double> gramsIn(Optional<GridReading> reading) {
    return reading
        .map(GridReading::signal)
        .filter(SignalBody::trusted)
        .flatMap(SignalBody::current)
        .map(SignalBody.Current::carbonIntensityGramsPerKwh);
  }

  /** As one line. */
  public String line() {
    return String.join(
        "|",
        asked.toString(),
        started.toString(),
        outcome,
        provider.orElse(NONE),
        region.orElse(NONE),
        atOnce.map(String::valueOf).orElse(NONE),
        atStart.map(String::valueOf).orElse(NONE),
        goal);
  }

  /**
   * Reads what {@link #line} wrote.
   *
   * @throws IllegalArgumentException for another text
   */
  public static WaitRecord parse(String line) {
    String[] parts = line.split("\\|", PARTS);
    if (parts.length != PARTS) {
      throw new IllegalArgumentException("no record of a wait: " + line);
    }
    return new WaitRecord(
        parts[7],
        Instant.parse(parts[0]),
        Instant.parse(parts[1]),
        parts[2],
        known(parts[3]),
        known(parts[4]),
        known(parts[5]).map(Double::valueOf),
        known(parts[6]).map(Double::valueOf));
  }

  private static Optional<String> known(String part) {
    return Optional.of(part).filter(text -> !text.equals(NONE));
  }

  /**
   * The receipt.
   *
   * @param history the signal from the beginning of the wait to the end of the command, as far as
   *     it was recorded
   * @param failure why it cannot be had, where that is so
   * @param joules what the command used, where that is known
   */
  public WaitReceipt receipt(
      Instant ended, List<ValueBody> history, Optional<String> failure, Optional<Double> joules) {
    GridOutlook recorded =
        new GridOutlook(
            history.stream()
                .map(value -> new OutlookSlot(value.from(), value.to(), value.gramsPerKwh()))
                .toList(),
            "");
    Duration lasted = Duration.between(started, ended);
    Instant otherEnd = asked.plus(lasted);
    Optional<Double> mean = recorded.mean(started, ended);
    Optional<Double> other = recorded.mean(asked, otherEnd);
    boolean known = lasted.isZero() || (mean.isPresent() && other.isPresent());
    return new WaitReceipt(
        this,
        ended,
        mean.or(() -> atStart),
        other.or(() -> atOnce),
        failure.or(() -> known ? Optional.empty() : Optional.of("it does not reach that far")),
        joules);
  }

  /**
   * What waiting brought, estimated by the signal and as if the command had used the same energy.
   *
   * @param ended when the command ended
   * @param mean gCO2/kWh while it ran
   * @param meanAtOnce gCO2/kWh over the same time from the beginning of the wait on
   * @param noHistory why a mean is a number of one moment, where it is
   */
  public record WaitReceipt(
      WaitRecord record,
      Instant ended,
      Optional<Double> mean,
      Optional<Double> meanAtOnce,
      Optional<String> noHistory,
      Optional<Double> joules) {
    private static final double JOULES_PER_KWH = 3.6e6;

    /** By which share a kilowatt-hour emitted less. */
    Optional<Double> savedRatio() {
      return mean.flatMap(
          is -> meanAtOnce.filter(other -> other > 0).map(other -> (other - is) / other));
    }

    private Optional<Double> savedGrams() {
      return joules.flatMap(used ->
          mean.flatMap(is -> meanAtOnce.map(other -> used / JOULES_PER_KWH * (other - is))));
    }

    /** For programs. */
    public Map<String, Object> fields() {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("goal", record.goal());
      fields.put("outcome", record.outcome());
      fields.put("waited_from", record.asked().toString());
      fields.put("started_at", record.started().toString());
      fields.put("ended_at", ended.toString());
      record.provider().ifPresent(name -> fields.put("provider", name));
      record.region().ifPresent(code -> fields.put("region", code));
      record.atStart().ifPresent(grams -> fields.put("grams_per_kwh_at_start", rounded(grams)));
      mean.ifPresent(grams -> fields.put("mean_grams_per_kwh", rounded(grams)));
      meanAtOnce.ifPresent(grams -> fields.put("mean_grams_per_kwh_at_once", rounded(grams)));
      savedRatio().ifPresent(ratio -> fields.put("saved_ratio", rounded(ratio)));
      savedGrams().ifPresent(grams -> fields.put("saved_grams", rounded(grams)));
      noHistory.ifPresent(why -> fields.put("no_history", why));
      fields.put("basis", "estimated");
      return fields;
    }

    private static double rounded(double value) {
      return Math.rint(value * 1e4) / 1e4;
    }

    /** For people, a sentence each. */
    public List<String> sentences() {
      List<String> sentences = new ArrayList<>();
      sentences.add(
          "waited from %s to %s for %s%s; the command ran until %s%s"
              .formatted(
                  record.asked(),
                  record.started(),
                  record.goal(),
                  record.outcome().equals("met")
                      ? ""
                      : ", which had not come (" + record.outcome() + ")",
                  ended,
                  mean.map(grams -> ", at %s on average".formatted(figure(grams))).orElse("")));
      if (mean.isEmpty() || meanAtOnce.isEmpty()) {
        sentences.add("The grid is not known for both times, so that nothing is compared.");
      } else {
        sentences.add(
            "Started at once it would have run at %s: %s CO2 for the same energy%s, estimated by %s."
                .formatted(
                    figure(meanAtOnce.get()),
                    less(savedRatio().orElse(0.0)),
                    savedGrams()
                        .map(grams -> " (%s g)".formatted(Numbers.threeDigits(Math.abs(grams))))
                        .orElse(""),
                    record.provider().orElse("the signal")
                        + record.region().map(code -> " " + code).orElse("")));
        noHistory.ifPresent(why ->
            sentences.add(
                "These are numbers of one moment and no means: the signal's history is missing (%s)."
                    .formatted(why)));
      }
      return sentences;
    }

    private static String less(double saved) {
      return Numbers.percent(Math.abs(saved)) + (saved < 0 ? " more" : " less");
    }

    private static String figure(double grams) {
      return Numbers.oneDecimal(grams) + " gCO2/kWh";
    }
  }
}
