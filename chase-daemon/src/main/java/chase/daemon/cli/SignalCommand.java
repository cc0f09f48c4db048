package chase.daemon.cli;

import chase.carbon.CarbonIntensity;
import chase.carbon.GramsPerKwh;
import chase.carbon.Provenance;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.EmissionScope;
import chase.carbon.SignalKind.Margin;
import chase.carbon.coverage.Coverage;
import chase.carbon.coverage.ServedPlace;
import chase.carbon.coverage.ServedPlace.Offer;
import chase.carbon.history.SignalRecorder;
import chase.daemon.api.ApiJson;
import chase.daemon.api.SignalBody;
import chase.daemon.cli.ChaseCommand.ExitCode;
import chase.daemon.cli.signal.ZoneTable;
import chase.daemon.cli.view.SignalText;
import chase.daemon.cli.view.TextLayout;
import chase.daemon.text.Durations;
import chase.daemon.text.Suggestions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code chase signal}: shows the grid's signal; {@code record} writes it to a file, {@code export}
 * prints its past, {@code zones} lists who serves which place.
 */
@Command(
    name = "signal",
    description =
        "Show the grid's carbon intensity and price with their source, their age and the"
            + " forecast.")
final class SignalCommand extends ShowCommand {
  private SignalCommand() {}

  static CommandLine commandLine() {
    return new CommandLine(new SignalCommand())
        .addSubcommand(new RecordSignal())
        .addSubcommand(new SignalExport())
        .addSubcommand(new ListZones());
  }

  @Override
  public Integer call() {
    return print(client -> client.get("/signal"), SignalBody.class, SignalText::of);
  }

  /** Records the live values of the daemon's signal, until Ctrl-C. It polls no provider. */
  @Command(
      name = "record",
      description = "Write the signal's live values to a file, a line of JSON each, until Ctrl-C.",
      footer = {
        "",
        "Each line is on the disk before the next. To play it back: carbon.provider trace,",
        "carbon.trace.file FILE. Only live values are recorded, no forecasts of Chase's own."
      })
  private static final class RecordSignal implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "FILE", description = "Where to; its name must end in .jsonl.")
    private Path file = Path.of("");

    @Option(
        names = "--for",
        paramLabel = "TIME",
        description = "How long; by default until Ctrl-C.")
    private Optional<String> lasting = Optional.empty();

    @Option(
        names = "--every",
        paramLabel = "TIME",
        defaultValue = "10s",
        description = "How often the daemon is polled; ${DEFAULT-VALUE} by default.")
    private String every = "10s";

    /** Whether the last request found no daemon. */
    private boolean unreachable;

    @Override
    public Integer call() {
      if (!file.toString().endsWith(".jsonl")) {
        throw usageError("FILE must end in .jsonl, so that it is read as a recording: " + file);
      }
      Duration pause = time("--every", every);
      long end = lasting.map(text -> time("--for", text).toNanos()).orElse(Long.MAX_VALUE);
      try (DaemonClient client = DaemonClient.of(spec);
          SignalRecorder recorder =
              SignalRecorder.open(file, warning -> spec.commandLine().getErr().println(warning))) {
        record(client, recorder);
        long waited = 0;
        while (waited < end && !out().checkError()) {
          waited += pause(pause);
          recordOrWarn(client, recorder);
        }
        return ExitCode.DONE;
      } catch (IOException e) {
        throw new ChaseCommand.CommandException(
            ExitCode.FAILED, "cannot record: " + e.getMessage());
      }
    }

    private PrintWriter out() {
      return spec.commandLine().getOut();
    }

    private Duration time(String option, String text) {
      try {
        Duration time = Durations.parse(text);
        if (time.isPositive()) {
          return time;
        }
        throw usageError(option + " must be above zero");
      } catch (IllegalArgumentException e) {
        throw usageError(option + ": " + e.getMessage());
      }
    }

    private ParameterException usageError(String message) {
      return new ParameterException(spec.commandLine(), message);
    }

    /** A daemon that goes away may come back; only the first request must succeed. */
    private void recordOrWarn(DaemonClient client, SignalRecorder recorder) throws IOException {
      try {
        record(client, recorder);
        unreachable = false;
      } catch (ChaseCommand.CommandException e) {
        if (!unreachable) {
          spec.commandLine().getErr().println("chase: " + e.getMessage() + "; trying again");
        }
        unreachable = true;
      }
    }

    private void record(DaemonClient client, SignalRecorder recorder) throws IOException {
      SignalBody signal = client.body(client.get("/signal"), SignalBody.class);
      Optional<CarbonIntensity> live =
          signal.level().number() == 0
              ? signal.current().map(RecordSignal::intensity)
              : Optional.empty();
      if (live.isPresent() && recorder.write(live.get())) {
        out()
            .println(
                String.format(
                    Locale.ROOT,
                    "%s  %s  %.1f gCO2/kWh  %s",
                    live.get().validFrom(),
                    live.get().region(),
                    live.get().value().value(),
                    live.get().provenance().label()));
        out().flush();
      }
    }

    private static long pause(Duration pause) {
      try {
        boolean never = new CountDownLatch(1).await(pause.toNanos(), TimeUnit.NANOSECONDS);
        return never ? Long.MAX_VALUE : pause.toNanos();
      } catch (InterruptedException stop) {
        Thread.currentThread().interrupt();
        throw new ChaseCommand.CommandException(ExitCode.FAILED, "interrupted");
      }
    }

    /**
     * The value with its provenance.
     *
     * @throws ChaseCommand.CommandException when it is of a kind that this command does not know
     */
    private static CarbonIntensity intensity(SignalBody.Current value) {
      try {
        return new CarbonIntensity(
            new GramsPerKwh(value.carbonIntensityGramsPerKwh()),
            new SignalKind(
                Margin.valueOf(value.margin().toUpperCase(Locale.ROOT)),
                EmissionScope.valueOf(value.scope().toUpperCase(Locale.ROOT))),
            provenance(value),
            value.provider(),
            new Region(value.region()),
            value.validFrom(),
            value.validTo(),
            value.publishedAt(),
            value.fetchedAt(),
            value.modelDate());
      } catch (IllegalArgumentException e) {
        throw new ChaseCommand.CommandException(
            ExitCode.FAILED, "the daemon's answer is not understood: " + e.getMessage());
      }
    }

    private static Provenance provenance(SignalBody.Current value) {
      return switch (value.origin()) {
        case "measured" -> new Provenance.Measured();
        case "estimated" -> new Provenance.Estimated(value.estimationMethod().orElse("unstated"));
        case "forecast" ->
            new Provenance.ForecastByProvider(
                Duration.ofSeconds(value.forecastAheadSeconds().orElse(0L)));
        case "replayed" -> new Provenance.Replayed(value.recordedAt().orElse(value.validFrom()));
        default -> throw new IllegalArgumentException("origin " + value.origin());
      };
    }
  }

  /** The regions that there are and who serves them; asks neither the daemon nor a provider. */
  @Command(
      name = "zones",
      description = {
        "List the regions and which providers serve them, those without a key first.",
        "Needs no daemon, and calls nobody: the list comes with Chase."
      },
      footer = {
        "",
        "What a key covers, and zones that are newer than this list, 'chase doctor' shows.",
        "PRICE is the price.region of a provider of prices."
      })
  private static final class ListZones implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private DaemonCommand.OutputOptions output = new DaemonCommand.OutputOptions();

    @Parameters(
        paramLabel = "WORD",
        arity = "0..1",
        description = {
          "Only places of which a code or name begins with it, or those of a provider.",
          "Accents and case do not matter."
        })
    private Optional<String> word = Optional.empty();

    @Option(names = "--no-headers", description = "Print the rows of the table alone.")
    private boolean withoutHeaders;

    /**
     * What is printed as JSON for a place.
     *
     * @param providers those without a key first
     */
    record ZoneBody(String place, List<ZoneOffer> providers) {}

    /** What one provider has of a place; the words are those of the table. */
    record ZoneOffer(
        String provider,
        List<String> carbonRegions,
        List<String> priceRegions,
        String key,
        String step,
        String forecast,
        String basis,
        String licence) {}

    @Override
    public Integer call() {
      TextLayout layout =
          TextLayout.of(
              ChaseCommand.terminal(spec),
              output.columns(ZoneTable.LISTING.keys()),
              !withoutHeaders);
      Coverage coverage = Coverage.known();
      List<ServedPlace> found = word.map(coverage::matching).orElseGet(coverage::places);
      if (found.isEmpty()) {
        throw new ChaseCommand.CommandException(ExitCode.FAILED, nothing(coverage));
      }
      spec.commandLine()
          .getOut()
          .println(
              output.isJson()
                  ? ApiJson.pretty(found.stream().map(ListZones::zone).toList())
                  : ZoneTable.of(found, layout));
      return ExitCode.DONE;
    }

    private String nothing(Coverage coverage) {
      String typed = word.orElse("");
      Map<String, String> known = new LinkedHashMap<>();
      Stream.concat(
              coverage.words().stream(),
              coverage.providers().stream().map(one -> one.terms().provider()))
          .forEach(one -> known.putIfAbsent(one.toLowerCase(Locale.ROOT), one));
      return "no place, code or provider begins with '%s'%s"
          .formatted(
              typed,
              Suggestions.nearest(typed.toLowerCase(Locale.ROOT), known.keySet())
                  .map(known::get)
                  .map(near -> "; did you mean '" + near + "'?")
                  .orElse(""));
    }

    private static ZoneBody zone(ServedPlace place) {
      return new ZoneBody(place.name(), place.offers().stream().map(ListZones::provider).toList());
    }

    private static ZoneOffer provider(Offer offer) {
      return new ZoneOffer(
          offer.terms().provider(),
          offer.carbon().stream().map(Region::code).toList(),
          offer.price().stream().map(Region::code).toList(),
          offer.terms().key(),
          offer.terms().step(),
          offer.terms().forecast(),
          offer.terms().basis(),
          offer.terms().licence());
    }
  }
}
