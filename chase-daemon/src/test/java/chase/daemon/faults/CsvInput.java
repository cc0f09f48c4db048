package chase.daemon.faults;

import chase.carbon.CarbonIntensity;
import chase.carbon.GramsPerKwh;
import chase.carbon.Provenance;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import chase.carbon.history.IntensityJson;
import chase.carbon.trace.PriceTrace;
import chase.carbon.trace.Trace;
import chase.daemon.fixtures.Repository;
import chase.zeus.batchsize.trace.JobTrace;
import chase.zeus.batchsize.trace.TracedJob;
import chase.zeus.profile.ProfileCsv;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A table of values that a user gives. */
record CsvInput(String name, Path file, String original, CsvReader reader) implements FuzzedInput {
  /** Reads a file; an {@link IllegalArgumentException} refuses it. */
  private interface CsvReader {
    void read(Path file) throws IOException;
  }

  private static final Instant START = Instant.parse("2026-06-01T00:00:00Z");

  /** All kinds of them, with files in {@code directory}. */
  static List<FuzzedInput> all(Path directory) {
    return List.of(
        new CsvInput(
            "signal CSV files",
            directory.resolve("signal.csv"),
            rows("time,grams_per_kwh", 40),
            file -> Trace.read(file, warning -> {})),
        new CsvInput(
            "price CSV files",
            directory.resolve("prices.csv"),
            rows("time,eur_per_mwh", 40),
            PriceTrace::read),
        new CsvInput(
            "profile CSV files",
            directory.resolve("profile.csv"),
            Repository.text(Repository.root().resolve("docs/simulated-v100.csv")),
            file -> ProfileCsv.parse(file.toString(), text(file))),
        new CsvInput(
            "signal recordings",
            directory.resolve("signal.jsonl"),
            recording(),
            file -> Trace.read(file, warning -> {})),
        new CsvInput(
            "batch size CSV files",
            directory.resolve("train.csv"),
            TRAIN,
            file ->
                JobTrace.read(
                    TracedJob.named("neumf").orElseThrow(),
                    file.toString(),
                    text(file),
                    file + "",
                    POWER)));
  }

  private static final String POWER =
      """
      dataset,network,batch_size,optimizer,power_limit,time_per_epoch,average_power
      movielens-1m,ncf,1024,adam,250,10.5,180.5
      movielens-1m,ncf,1024,adam,150,12.5,140.5
      """;

  private static final String TRAIN =
      """
      dataset,network,batch_size,optimizer,target_metric,target_epoch
      movielens-1m,ncf,1024,adam,0.41,7
      movielens-1m,ncf,1024,adam,0.41,8
      movielens-1m,ncf,2048,adam,0.41,9
      """;

  private static String rows(String header, int hours) {
    StringBuilder text = new StringBuilder(header).append('\n');
    for (int hour = 0; hour < hours; hour++) {
      text.append(START.plus(Duration.ofHours(hour)))
          .append(String.format(Locale.ROOT, ",%.2f%n", 300 + 40 * Math.sin(hour)));
    }
    return text.toString();
  }

  private static String recording() {
    List<String> lines = new ArrayList<>();
    for (int hour = 0; hour < 20; hour++) {
      lines.add(IntensityJson.line(sample(hour)));
    }
    return String.join("\n", lines) + "\n";
  }

  /** An hour of a series, which is {@code GB}'s. */
  static CarbonIntensity sample(int hour) {
    Instant from = START.plus(Duration.ofHours(hour));
    return new CarbonIntensity(
        new GramsPerKwh(200 + hour),
        new SignalKind(SignalKind.Margin.AVERAGE, SignalKind.EmissionScope.DIRECT),
        new Provenance.Measured(),
        "neso",
        new Region("GB"),
        from,
        from.plus(Duration.ofHours(1)),
        from,
        from,
        Optional.empty());
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  @Override
  public List<byte[]> originals() {
    return List.of(original.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public Optional<String> read(byte[] text) throws IOException {
    Files.write(file, text);
    try {
      reader.read(file);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public String offender() {
    return file.getFileName().toString();
  }
}
