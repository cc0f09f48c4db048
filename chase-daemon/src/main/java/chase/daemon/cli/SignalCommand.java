package chase.daemon.cli;

import chase.carbon.CarbonIntensity;
import chase.carbon.GramsPerKwh;
import chase.carbon.Provenance;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.EmissionScope;
import chase.carbon.SignalKind.Margin;
import chase.carbon.history.SignalRecorder;
import chase.daemon.api.SignalBody;
import chase.daemon.cli.ChaseCommand.ExitCode;
import chase.daemon.cli.view.SignalText;
import chase.daemon.text.Durations;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code chase signal}: shows the grid's signal; {@code record} writes it to a file, {@code export}
 * prints its past.
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
        .addSubcommand(new SignalExport());
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
}
