package chase.daemon.cli;

import chase.daemon.api.SignalBody.HistoryBody;
import chase.daemon.cli.ChaseCommand.ExitCode;
import chase.daemon.cli.DaemonClient.ApiPath;
import chase.daemon.cli.manual.EnumNames;
import chase.daemon.cli.signal.HistoryCsv;
import chase.daemon.text.Durations;
import chase.daemon.text.InstantParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code chase signal export}: the daemon's history of the signal, for other programs. */
@Command(
    name = "export",
    description =
        "Print the recorded carbon intensity of one provider, as the CSV that chase simulate"
            + " --signal reads.",
    footer = {
      "",
      "TIME is 2026-11-23T18:00:00Z, a local 2026-11-23 or 2026-11-23T18:00, or -7d, so long ago.",
      "Hours without a value have no row; chase simulate refuses holes of more than three usual"
          + " steps.",
      "What was taken is said on standard error.",
    })
final class SignalExport implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "From this time on; the first value by default.")
  private Optional<String> from = Optional.empty();

  @Option(
      names = "--to",
      paramLabel = "TIME",
      description = "Up to this time; the last value by default.")
  private Optional<String> to = Optional.empty();

  @Option(
      names = "--provider",
      paramLabel = "NAME",
      description = "Whose values; those of the configured provider by default.")
  private Optional<String> provider = Optional.empty();

  @Option(names = "--region", paramLabel = "CODE", description = "Of this region.")
  private Optional<String> region = Optional.empty();

  @Option(
      names = "--kind",
      paramLabel = "WORD",
      description = "Of this kind: average, marginal, direct or lifecycle.")
  private Optional<String> kind = Optional.empty();

  @Option(
      names = "--format",
      defaultValue = "csv",
      converter = ExportFormatName.class,
      paramLabel = "FORM",
      description = "csv (the default), or json with periods and provenance.")
  private ExportFormat format = ExportFormat.CSV;

  @Option(names = "--json", description = "The same as --format json.")
  private boolean json;

  @Option(
      names = "--whole",
      description = "Only the longest part without a hole that chase simulate refuses.")
  private boolean whole;

  @Option(
      names = {"-q", "--quiet"},
      description = "Say nothing on standard error but what is wrong.")
  private boolean quiet;

  /** The forms of an answer. */
  enum ExportFormat {
    CSV,
    JSON
  }

  /** Reads {@code csv}. */
  static final class ExportFormatName implements ITypeConverter<ExportFormat> {
    @Override
    public ExportFormat convert(String name) {
      return EnumNames.parse(ExportFormat.values(), name);
    }
  }

  @Override
  public Integer call() {
    Optional<Instant> begin = time("--from", from);
    Optional<Instant> end = time("--to", to);
    if (begin.isPresent() && end.filter(begin.get()::isBefore).isEmpty() && end.isPresent()) {
      throw new ParameterException(spec.commandLine(), "--to must lie after --from");
    }
    try (DaemonClient client = DaemonClient.of(spec)) {
      ObjectNode all = joined(client, begin, end);
      HistoryBody history = client.body(all, HistoryBody.class);
      requireValues(history, begin, end);
      if (whole) {
        keepLongestWhole(history, (ArrayNode) all.get("values"));
        history = client.body(all, HistoryBody.class);
      }
      PrintWriter out = spec.commandLine().getOut();
      HistoryCsv csv = new HistoryCsv(history.values());
      if (json || format == ExportFormat.JSON) {
        out.println(client.pretty(all));
      } else {
        out.println(HistoryCsv.HEADER);
        csv.rows().forEach(out::println);
      }
      out.flush();
      if (!quiet) {
        notes(history, csv).forEach(line -> err().println("chase: " + line));
      }
      return ExitCode.DONE;
    }
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }

  private Optional<Instant> time(String option, Optional<String> text) {
    try {
      return text.map(
          word -> InstantParser.parsePast(option, word, ChaseCommand.terminal(spec).clock()));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
    }
  }

  /** Every part of the answer as one; the parts that follow are of the series of the first. */
  private ObjectNode joined(DaemonClient client, Optional<Instant> begin, Optional<Instant> end) {
    ObjectNode first = part(client, provider, region, kind, begin, end);
    HistoryBody known = client.body(first, HistoryBody.class);
    Optional<Instant> next = known.next();
    while (next.isPresent()) {
      HistoryBody.SeriesBody series = known.series().orElseThrow();
      ObjectNode more =
          part(
              client,
              Optional.of(series.provider()),
              Optional.of(series.region()),
              Optional.of(series.margin() + "," + series.scope()),
              next,
              end);
      ((ArrayNode) first.get("values")).addAll((ArrayNode) more.get("values"));
      next = client.body(more, HistoryBody.class).next();
    }
    first.remove("next");
    return first;
  }

  private static void keepLongestWhole(HistoryBody history, ArrayNode values) {
    List<HistoryBody.ValueBody> part = new HistoryCsv(history.values()).longestWhole().values();
    int first = history.values().indexOf(part.getFirst());
    List<JsonNode> kept =
        IntStream.range(first, first + part.size()).mapToObj(i -> values.get(i)).toList();
    values.removeAll();
    values.addAll(kept);
  }

  private static ObjectNode part(
      DaemonClient client,
      Optional<String> provider,
      Optional<String> region,
      Optional<String> kind,
      Optional<Instant> begin,
      Optional<Instant> end) {
    String query =
        Stream.of(
                Map.entry("provider", provider),
                Map.entry("region", region),
                Map.entry("kind", kind),
                Map.entry("from", begin.map(Instant::toString)),
                Map.entry("to", end.map(Instant::toString)))
            .flatMap(one ->
                one.getValue().map(value -> one.getKey() + "=" + ApiPath.encoded(value)).stream())
            .collect(Collectors.joining("&"));
    JsonNode answer = client.get("/signal/history" + (query.isEmpty() ? "" : "?" + query));
    return answer.deepCopy();
  }

  private static void requireValues(
      HistoryBody history, Optional<Instant> begin, Optional<Instant> end) {
    if (history.series().isEmpty()) {
      throw new ChaseCommand.CommandException(
          ExitCode.FAILED,
          "no history of the signal is kept yet: the daemon records what a provider for live values"
              + " says (carbon.provider, but not trace or static), from its first answer on");
    }
    if (history.values().isEmpty()) {
      throw new ChaseCommand.CommandException(
          ExitCode.FAILED,
          "%s has no value%s%s: its history reaches from %s to %s"
              .formatted(
                  history.series().get().text(),
                  begin.map(at -> " from " + at).orElse(""),
                  end.map(at -> " up to " + at).orElse(""),
                  history.recordedFrom().map(Instant::toString).orElse("-"),
                  history.recordedTo().map(Instant::toString).orElse("-")));
    }
  }

  /** What was taken, what else there is, and whose it is. */
  private static List<String> notes(HistoryBody history, HistoryCsv csv) {
    HistoryBody.SeriesBody series = history.series().orElseThrow();
    List<HistoryBody.ValueBody> values = history.values();
    List<Duration> holes = csv.holes();
    String taken =
        String.format(
            Locale.ROOT,
            "%d value%s of %s, %s to %s%s",
            values.size(),
            values.size() == 1 ? "" : "s",
            series.text(),
            values.getFirst().from(),
            values.getLast().to(),
            holes.stream()
                .max(Comparator.naturalOrder())
                .map(longest -> holes(holes.size(), longest))
                .orElse(""));
    List<HistoryBody.ValueBody> part = csv.longestWhole().values();
    Optional<String> parted =
        part.size() < values.size()
            ? Optional.of(
                "chase simulate refuses such holes: --whole exports the longest part without one, %s to %s"
                    .formatted(part.getFirst().from(), part.getLast().to()))
            : Optional.empty();
    Optional<String> others =
        history.others().isEmpty()
            ? Optional.empty()
            : Optional.of(
                history.others().stream()
                    .map(HistoryBody.SeriesBody::text)
                    .collect(
                        Collectors.joining(
                            "; ", "also kept, for --provider, --region and --kind: ", "")));
    String licence =
        series
            .attribution()
            .orElse("they stay their provider's: see its licence before you pass them on");
    Optional<String> few =
        values.size() < 2
            ? Optional.of("chase simulate needs two values at least")
            : Optional.empty();
    return Stream.of(Optional.of(taken), parted, others, few, Optional.of(licence))
        .flatMap(Optional::stream)
        .toList();
  }

  private static String holes(int count, Duration longest) {
    return String.format(
        Locale.ROOT,
        "; %d hole%s, the longest %s",
        count,
        count == 1 ? "" : "s",
        Durations.format(longest));
  }
}
