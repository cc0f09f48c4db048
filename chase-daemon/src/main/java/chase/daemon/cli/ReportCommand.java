package chase.daemon.cli;

import chase.daemon.api.ReportBody;
import chase.daemon.api.ReportBody.Against;
import chase.daemon.api.ReportBody.LineBody;
import chase.daemon.cli.DaemonClient.ApiPath;
import chase.daemon.text.Durations;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** {@code chase report}: what was used, emitted and paid, from the daemon's ledger. */
@Command(
    name = "report",
    description =
        "Show energy, carbon, money and slowdown, and what the same work would have taken at full"
            + " power and under a carbon-blind plan.")
final class ReportCommand extends DaemonCommand {
  private final InstantSource clock;

  @Option(
      names = "--by",
      defaultValue = "job",
      paramLabel = "WHAT",
      description = "job (the default), gpu, user, day (UTC) or label:KEY.")
  private String by = "job";

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "From the hour of this time on, such as 2026-11-23T18:00:00Z.")
  private Optional<String> from = Optional.empty();

  @Option(names = "--to", paramLabel = "TIME", description = "Up to this time.")
  private Optional<String> to = Optional.empty();

  @Option(
      names = "--last",
      paramLabel = "TIME",
      description = "In place of --from: how far back, such as 12h or 7d.")
  private Optional<String> last = Optional.empty();

  @Option(
      names = "--job",
      paramLabel = "JOB",
      description = "One job alone, running or ended: its receipt.")
  private Optional<String> job = Optional.empty();

  @Option(names = "--gpu", paramLabel = "GPU", description = "One GPU alone.")
  private Optional<String> gpu = Optional.empty();

  @Option(
      names = "--format",
      defaultValue = "table",
      converter = FormatName.class,
      paramLabel = "FORM",
      description = "table (the default), json, csv or html.")
  private Format format = Format.TABLE;

  /** The forms of an answer. */
  enum Format {
    TABLE,
    JSON,
    CSV,
    HTML
  }

  ReportCommand(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Integer call() {
    String path = path();
    return print(
        format == Format.JSON,
        client -> client.get(path),
        (client, tree) -> text(client.body(tree, ReportBody.class)));
  }

  private String path() {
    if (last.isPresent() && from.isPresent()) {
      throw usageError("use either --last or --from");
    }
    return Stream.of(
            Map.entry("by", Optional.of(by)),
            Map.entry("from", last.map(this::timeBefore).or(() -> from)),
            Map.entry("to", to),
            Map.entry("job", job),
            Map.entry("gpu", gpu))
        .flatMap(one ->
            one.getValue().map(value -> one.getKey() + "=" + ApiPath.encoded(value)).stream())
        .collect(Collectors.joining("&", "/report?", ""));
  }

  private String timeBefore(String text) {
    try {
      Instant then = clock.instant().minus(Durations.parse(text));
      return then.toString();
    } catch (IllegalArgumentException e) {
      throw usageError("--last: " + e.getMessage());
    }
  }

  private String text(ReportBody report) {
    return switch (format) {
      case TABLE, JSON ->
          job.isPresent() && report.by().equals("job") && report.lines().size() == 1
              ? ReceiptText.of(report.lines().getFirst(), report.method())
              : ReportText.of(report);
      case CSV -> ReportCsv.of(report);
      case HTML -> ReportText.html(report);
    };
  }

  /** Reads {@code csv}. */
  static final class FormatName implements ITypeConverter<Format> {
    @Override
    public Format convert(String name) {
      return EnumNames.parse(Format.values(), name);
    }
  }

  /** A report as CSV: named cells in a lasting order; what is unknown is empty. */
  static final class ReportCsv {
    private static final String BETWEEN = "; ";

    private static final List<String> COMPARED =
        List.of(
            "joules", "joules_with_host", "grams", "grams_with_host", "money", "money_with_host");

    private final List<String> currencies;

    private ReportCsv(ReportBody report) {
      this.currencies = ReportText.currencies(report);
    }

    /** A row for each line, and none for the total: programs add up for themselves. */
    static String of(ReportBody report) {
      ReportCsv csv = new ReportCsv(report);
      List<Map<String, String>> rows =
          report.lines().stream().map(line -> csv.cells(report.by(), line)).toList();
      CsvSchema.Builder schema = CsvSchema.builder();
      csv.cells(report.by(), report.total()).keySet().forEach(schema::addColumn);
      try {
        return new CsvMapper()
            .writer(schema.build().withHeader())
            .writeValueAsString(rows)
            .stripTrailing();
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("cannot write the report", e);
      }
    }

    /** Every figure of {@code line} by name, as a program wants it. */
    private Map<String, String> cells(String by, LineBody line) {
      Map<String, String> cells = new LinkedHashMap<>();
      cells.put(by.replace(':', '_'), line.group().orElse(""));
      cells.put("name", line.name().orElse(""));
      job(cells, line.job());
      cells.put("gpu_seconds", Double.toString(line.gpuSeconds()));
      cells.put("steps", whole(line.steps()));
      cells.put("slowdown_ratio", figure(line.slowdownRatio()));
      cells.put("joules", figure(line.used().joules()));
      cells.put("joules_with_host", figure(line.used().joulesWithHost()));
      cells.put("grams", figure(line.used().grams()));
      cells.put("grams_with_host", figure(line.used().gramsWithHost()));
      for (String currency : currencies) {
        String name = "money_" + currency.toLowerCase(Locale.ROOT);
        Optional<ReportBody.MoneyBody> paid = ReportText.paid(line, currency);
        cells.put(name, paid.map(money -> Double.toString(money.amount())).orElse(""));
        cells.put(
            name + "_with_host", paid.map(money -> figure(money.amountWithHost())).orElse(""));
      }
      compared(cells, "full_power_", line.fullPower());
      compared(cells, "blind_", line.blind());
      cells.put("joules_without_signal", figure(line.joulesWithoutSignal()));
      cells.put("joules_without_price", figure(line.joulesWithoutPrice()));
      cells.put("seconds_without_host", figure(line.secondsWithoutHost()));
      cells.put("limits_watts_seconds", limits(line));
      basis(cells, line.basis());
      return cells;
    }

    private static void job(Map<String, String> cells, Optional<ReportBody.ReportedJobBody> job) {
      cells.put("user", job.flatMap(ReportBody.ReportedJobBody::user).orElse(""));
      cells.put(
          "labels",
          job.map(ReportBody.ReportedJobBody::labels).orElse(Map.of()).entrySet().stream()
              .map(label -> label.getKey() + "=" + label.getValue())
              .collect(Collectors.joining(BETWEEN)));
      cells.put("origin", job.map(ReportBody.ReportedJobBody::origin).orElse(""));
      cells.put("gpus", job.map(known -> String.join(BETWEEN, known.gpus())).orElse(""));
      cells.put("policy", job.flatMap(ReportBody.ReportedJobBody::policy).orElse(""));
      cells.put("started_at", job.map(known -> known.startedAt().toString()).orElse(""));
      cells.put(
          "ended_at",
          job.flatMap(ReportBody.ReportedJobBody::endedAt).map(Object::toString).orElse(""));
    }

    private static void compared(
        Map<String, String> cells, String prefix, Optional<Map<String, Against>> figures) {
      for (String name : COMPARED) {
        Optional<Against> one = figures.map(known -> known.get(name));
        cells.put(prefix + name, one.map(known -> Double.toString(known.would())).orElse(""));
        cells.put(
            prefix + name + "_used", one.map(known -> Double.toString(known.used())).orElse(""));
        cells.put(prefix + name + "_saved_ratio", one.map(k -> figure(k.savedRatio())).orElse(""));
      }
    }

    private static String limits(LineBody line) {
      return line.limits().stream()
          .map(time -> time.limitWatts() + "=" + time.gpuSeconds())
          .collect(Collectors.joining(BETWEEN));
    }

    private static void basis(Map<String, String> cells, ReportBody.BasisBody basis) {
      cells.put("gpu_basis", String.join(BETWEEN, basis.gpus()));
      cells.put("energy_basis", String.join(BETWEEN, basis.energy()));
      cells.put("carbon_basis", String.join(BETWEEN, basis.carbon()));
      cells.put("price_basis", String.join(BETWEEN, basis.price()));
      cells.put("host_basis", String.join(BETWEEN, basis.host()));
      cells.put("work_basis", String.join(BETWEEN, basis.work()));
    }

    private static String figure(Optional<Double> value) {
      return value.isPresent() ? Double.toString(value.get()) : "";
    }

    private static String whole(Optional<Long> value) {
      return value.isPresent() ? Long.toString(value.get()) : "";
    }
  }
}
