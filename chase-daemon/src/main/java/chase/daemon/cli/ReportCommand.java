package chase.daemon.cli;

import chase.daemon.api.ReportBody;
import chase.daemon.cli.DaemonClient.ApiPath;
import chase.daemon.cli.manual.EnumNames;
import chase.daemon.cli.view.ReceiptText;
import chase.daemon.cli.view.ReportCsv;
import chase.daemon.cli.view.ReportText;
import chase.daemon.cli.view.TextLayout;
import chase.daemon.text.Durations;
import java.time.Instant;
import java.time.InstantSource;
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
final class ReportCommand extends ShowCommand.TableCommand {
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
    super(ReportText.COLUMNS);
    this.clock = clock;
  }

  @Override
  public Integer call() {
    String path = path();
    return print(client -> client.get(path), ReportBody.class, this::text);
  }

  @Override
  boolean isJson() {
    return format == Format.JSON || super.isJson();
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

  private String text(ReportBody report, TextLayout layout) {
    return switch (format) {
      case TABLE, JSON ->
          job.isPresent() && report.by().equals("job") && report.lines().size() == 1
              ? ReceiptText.of(report.lines().getFirst(), report.method(), layout)
              : ReportText.of(report, layout);
      case CSV -> ReportCsv.of(report);
      case HTML -> ReportText.html(report, layout);
    };
  }

  /** Reads {@code csv}. */
  static final class FormatName implements ITypeConverter<Format> {
    @Override
    public Format convert(String name) {
      return EnumNames.parse(Format.values(), name);
    }
  }
}
