package chase.daemon.cli.simulate;

import chase.carbon.forecast.Backtest;
import chase.carbon.trace.Trace;
import chase.daemon.api.ApiJson;
import chase.daemon.cli.ChaseCommand;
import chase.daemon.simulation.ForecastBacktest;
import chase.daemon.text.Durations;
import chase.daemon.text.InstantParser;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chase simulate forecast}: the forecaster's errors on a recorded grid. */
@Command(
    name = "forecast",
    description = "Score the forecaster and each of its models on a recorded grid.")
final class ForecastCommand implements Callable<Integer> {
  private static final Pattern SPAN = Pattern.compile("(\\d{1,5})([dh])");
  private static final Pattern UNITS = Pattern.compile("(\\d{1,5}[hm])+");
  private static final Duration MAX_HORIZON = Duration.ofDays(4);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--signal",
      required = true,
      paramLabel = "FILE",
      description = "The grid: CSV with the header time,grams_per_kwh.")
  private Path signal = Path.of("");

  @Option(
      names = "--from",
      paramLabel = "T",
      description = "Score values from this instant on; a tenth into the file by default.")
  private Optional<String> from = Optional.empty();

  @Option(
      names = "--to",
      paramLabel = "T",
      description = "Score values before this instant; the end of the file by default.")
  private Optional<String> to = Optional.empty();

  @Option(
      names = "--horizons",
      split = ",",
      defaultValue = "1,4,24",
      paramLabel = "H",
      description =
          "How far ahead, up to 96 hours: hours, or times such as 5m and 1h30m; ${DEFAULT-VALUE}"
              + " by default.")
  private List<String> horizons = List.of();

  @Option(
      names = "--day-ahead",
      description = "Also forecast each day of UTC as a whole, at its beginning.")
  private boolean dayAhead;

  @Option(
      names = "--history",
      paramLabel = "TIME",
      description =
          "Learn from no more than this before --from, such as 1d or 36h; from the beginning of the"
              + " file by default.")
  private Optional<String> history = Optional.empty();

  @Option(
      names = {"-o", "--format"},
      defaultValue = "table",
      converter = OutputFormat.Converter.class,
      paramLabel = "FORM",
      description = "table (the default), wide (all its columns) or json.")
  private OutputFormat format = OutputFormat.TABLE;

  @Option(names = "--json", description = "The same as -o json.")
  private boolean json;

  /** The command, as picocli fills it. */
  ForecastCommand() {}

  @Override
  public Integer call() {
    ForecastBacktest backtest = CommandInput.orUsageError(spec, this::backtest);
    List<Backtest.ModelAccuracy> rows = CommandInput.orUsageError(spec, backtest::rows);
    spec.commandLine()
        .getOut()
        .println(
            switch (json ? OutputFormat.JSON : format) {
              case TABLE -> ForecastText.of(backtest, rows, CommandInput.layout(spec));
              case WIDE -> ForecastText.of(backtest, rows, CommandInput.layout(spec).unbounded());
              case JSON -> ApiJson.pretty(rows.stream().map(ScoreBody::of).toList());
            });
    return ChaseCommand.ExitCode.DONE;
  }

  private ForecastBacktest backtest() {
    Trace trace = Trace.read(signal);
    Duration tenth = Duration.between(trace.first(), trace.end()).dividedBy(10);
    return new ForecastBacktest(
        trace,
        from.map(text -> InstantParser.parse("--from", text))
            .orElseGet(() -> trace.first().plus(tenth)),
        to.map(text -> InstantParser.parse("--to", text)).orElseGet(trace::end),
        history.map(ForecastCommand::span),
        horizons.stream().map(ForecastCommand::horizon).toList(),
        dayAhead);
  }

  private static Duration span(String text) {
    Matcher span = SPAN.matcher(text);
    if (!span.matches()) {
      throw new IllegalArgumentException(
          "--history: '" + text + "' is not a time such as 1d or 36h");
    }
    long count = Long.parseLong(span.group(1));
    return span.group(2).equals("d") ? Duration.ofDays(count) : Duration.ofHours(count);
  }

  private static Duration horizon(String text) {
    if (UNITS.matcher(text).matches()) {
      return checked(text, Durations.parseUnbounded(text));
    }
    try {
      double hours = new BigDecimal(text).doubleValue();
      double within = Math.min(hours, MAX_HORIZON.toHours() + 1.0);
      return checked(text, Duration.ofSeconds(Math.round(within * 3600)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("--horizons: '" + text + "' is not a number", e);
    }
  }

  private static Duration checked(String text, Duration horizon) {
    if (horizon.isPositive() && horizon.compareTo(MAX_HORIZON) <= 0) {
      return horizon;
    }
    throw new IllegalArgumentException(
        "--horizons: " + text + " must lie above 0 and up to 96 hours");
  }

  /**
   * One figure of {@code chase simulate forecast --format json}.
   *
   * @param protocol {@code exact}: forecast at every step; {@code day-ahead}: whole days of UTC, at
   *     their beginning
   * @param horizonHours how far ahead; missing for days ahead
   * @param model which model
   * @param errorRatio the mean of |truth - forecast| / truth
   * @param coverage the share of values inside the 80 % interval; missing but for the mix
   * @param count how many values were scored
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  record ScoreBody(
      String protocol,
      @JsonProperty("horizon_hours") Optional<Double> horizonHours,
      String model,
      @JsonProperty("error_ratio") double errorRatio,
      Optional<Double> coverage,
      long count) {
    static ScoreBody of(Backtest.ModelAccuracy row) {
      return new ScoreBody(
          row.horizon().isPresent() ? "exact" : "day-ahead",
          row.horizon().map(ahead -> ahead.toSeconds() / 3600.0),
          row.model().label(),
          row.errorRatio(),
          row.coverage(),
          row.count());
    }
  }
}
