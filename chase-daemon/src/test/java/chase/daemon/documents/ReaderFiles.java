package chase.daemon.documents;

import chase.carbon.CarbonIntensity;
import chase.carbon.GramsPerKwh;
import chase.carbon.Provenance;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import chase.carbon.history.SignalRecorder;
import chase.daemon.fixtures.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The files that a reader brings along, in the working directory. All of them are made up. */
final class ReaderFiles {
  private static final List<String> COPIED =
      List.of("docs", "config", "clients", "systemd", "bench", "chase-daemon/src/main");
  private static final Duration HOUR = Duration.ofHours(1);

  /** {@code grid.csv} begins here. */
  static final Instant GRID_START = Instant.parse("2021-06-19T00:00:00Z");

  private static final int WEEKS = 3;
  private static final String ZEUS_TRAIN =
      """
      dataset,network,batch_size,optimizer,learning_rate,run,target_metric,target_epoch
      imagenet,resnet50,128,adadelta,0.1,1,0.65,10
      imagenet,resnet50,256,adadelta,0.1,1,0.65,20
      imagenet,resnet50,512,adadelta,0.1,1,0.65,
      """;
  private static final String ZEUS_POWER =
      """
      dataset,network,batch_size,optimizer,power_limit,time_per_epoch,average_power
      imagenet,resnet50,128,adadelta,100,110,90
      imagenet,resnet50,128,adadelta,200,100,180
      imagenet,resnet50,256,adadelta,100,110,90
      imagenet,resnet50,256,adadelta,200,100,180
      imagenet,resnet50,512,adadelta,100,110,90
      imagenet,resnet50,512,adadelta,200,100,180
      """;

  private ReaderFiles() {}

  /** Writes them, and a source tree, so that a week that was recorded ends at {@code now}. */
  static void write(Path directory, Instant now) throws IOException {
    for (String copied : COPIED) {
      copy(Repository.root().resolve(copied), directory.resolve(copied));
    }
    try (Stream<Path> files = Files.list(Repository.root())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, directory.resolve(file.getFileName()));
      }
    }
    Files.copy(
        Repository.root().resolve("chase-daemon/pom.xml"),
        directory.resolve("chase-daemon/pom.xml"));
    List<Double> week = syntheticWeek();
    Stream<String> grid =
        IntStream.range(0, WEEKS * week.size())
            .mapToObj(hour ->
                GRID_START.plus(HOUR.multipliedBy(hour)) + "," + week.get(hour % week.size()));
    Files.write(
        directory.resolve("grid.csv"),
        Stream.concat(Stream.of("time,grams_per_kwh"), grid).toList());
    record(directory.resolve("grid.jsonl"), week, now.truncatedTo(ChronoUnit.HOURS));
    Files.copy(Repository.root().resolve("docs/simulated-v100.csv"), directory.resolve("gpu.csv"));
    Files.writeString(directory.resolve("train.py"), "print('trained')\n");
    Files.writeString(directory.resolve("summary_train.csv"), ZEUS_TRAIN);
    Files.writeString(directory.resolve("summary_power_v100.csv"), ZEUS_POWER);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path copied = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copied);
        } else {
          Files.copy(file, copied);
        }
      }
    }
  }

  private static List<Double> syntheticWeek() {
    Path file =
        Repository.root()
            .resolve("chase-daemon/src/main/resources/chase/daemon/synthetic-week.csv");
    return Repository.text(file)
        .lines()
        .skip(1)
        .map(line -> Double.valueOf(line.substring(line.indexOf(',') + 1)))
        .toList();
  }

  private static void record(Path file, List<Double> week, Instant end) throws IOException {
    try (SignalRecorder recorder = SignalRecorder.open(file, warning -> {})) {
      for (int hour = 0; hour < week.size(); hour++) {
        Instant start = end.minus(HOUR.multipliedBy(week.size() - hour));
        recorder.write(
            new CarbonIntensity(
                new GramsPerKwh(week.get(hour)),
                new SignalKind(SignalKind.Margin.AVERAGE, SignalKind.EmissionScope.UNSTATED),
                new Provenance.Replayed(start),
                "trace",
                new Region("grid"),
                start,
                start.plus(HOUR),
                start,
                start,
                Optional.empty()));
      }
    }
  }
}
