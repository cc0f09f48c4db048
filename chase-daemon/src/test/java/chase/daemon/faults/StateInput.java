package chase.daemon.faults;

import chase.carbon.CarbonIntensity;
import chase.carbon.fallback.SavedSource;
import chase.carbon.history.SeriesKey;
import chase.carbon.history.SignalStore;
import chase.daemon.gpu.journal.GpuJournals;
import chase.daemon.gpu.journal.StateException;
import chase.daemon.gpu.journal.StatePaths;
import chase.daemon.profiles.JobFingerprint;
import chase.daemon.profiles.ProfileStore;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuSettings.ClockDomain;
import chase.zeus.profile.Estimate;
import chase.zeus.profile.MeasuredProfile;
import chase.zeus.unit.Watts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A file of the state directory, which is never lost: what cannot be used is set aside. */
abstract class StateInput implements FuzzedInput {
  static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
  static final InstantSource CLOCK = () -> NOW;

  private final String name;
  final Path directory;
  private final Path file;
  private final Map<Path, byte[]> whole = new TreeMap<>();
  private final List<byte[]> originals;

  /**
   * What Chase itself writes.
   *
   * @param file its name, from the state directory on; the first that begins so
   */
  StateInput(String name, Path directory, String file) throws Exception {
    this.name = name;
    this.directory = directory;
    empty();
    write();
    for (Path one : files()) {
      whole.put(one, Files.readAllBytes(one));
    }
    this.file =
        whole.keySet().stream().filter(one -> name(one).startsWith(file)).findFirst().orElseThrow();
    this.originals = List.of(whole.get(this.file));
  }

  /** All kinds of them, each in a directory of its own. */
  static List<FuzzedInput> all(Path directory) throws Exception {
    return List.of(
        new Limits(directory.resolve("limits")),
        new Knobs(directory.resolve("knobs")),
        new Profile(directory.resolve("profile")),
        new History(directory.resolve("history")),
        new LastAnswers(directory.resolve("last")));
  }

  /** Has Chase write it. */
  abstract void write() throws Exception;

  /** Has Chase read it; what is wrong with it, as the user is told. */
  abstract Optional<String> read() throws Exception;

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<byte[]> originals() {
    return originals;
  }

  @Override
  public String offender() {
    return file.getFileName().toString();
  }

  @Override
  public Optional<String> read(byte[] text) throws Exception {
    empty();
    for (Map.Entry<Path, byte[]> one : whole.entrySet()) {
      Files.createDirectories(one.getKey().getParent());
      Files.write(one.getKey(), one.getKey().equals(file) ? text : one.getValue());
    }
    Optional<String> refusal = read();
    if (refusal.isPresent() && !isKept(text)) {
      throw new AssertionError("lost: " + refusal.get());
    }
    return refusal;
  }

  /** Whether the text, or at least what of it is not read any more, is still in some file. */
  boolean isKept(byte[] text) throws IOException {
    for (Path one : files()) {
      if (Arrays.equals(Files.readAllBytes(one), text)) {
        return true;
      }
    }
    return false;
  }

  private String name(Path one) {
    return directory.relativize(one).toString();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private void empty() throws IOException {
    Files.createDirectories(directory);
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path one : files.sorted(Comparator.reverseOrder()).toList()) {
        if (!one.equals(directory)) {
          Files.delete(one);
        }
      }
    }
  }

  private static GpuId gpu(int index) {
    return new GpuId("GPU-6e8a0f6c-0000-4000-8000-00000000000" + index);
  }

  /** The journal of limits; its copy is gone, so that this file alone counts. */
  private static final class Limits extends StateInput {
    Limits(Path directory) throws Exception {
      super("journals of limits", directory, "limits.json");
    }

    @Override
    void write() throws Exception {
      GpuJournals journals = GpuJournals.open(directory, CLOCK);
      for (int i = 0; i < 3; i++) {
        journals.limits().intend(gpu(i), "Fake GPU", new Watts(400 + i), new Watts(250));
      }
      for (Path copy : StatePaths.of(directory).files("limits").subList(1, 2)) {
        Files.delete(copy);
      }
    }

    @Override
    Optional<String> read() throws IOException {
      try {
        GpuJournals journals = GpuJournals.open(directory, CLOCK);
        journals
            .limits()
            .entries()
            .forEach(
                (gpu, entry) -> requireOriginal(gpu, entry.original(), journals.limits().loss()));
        Optional<String> loss = journals.limits().loss();
        if (loss.isPresent()) {
          journals.repair();
        } else if (journals.limits().entries().size() != 3) {
          throw new AssertionError("a limit is lost, and nothing says so");
        }
        return loss;
      } catch (StateException e) {
        return Optional.of(String.valueOf(e.getMessage()));
      }
    }

    private static void requireOriginal(GpuId gpu, Watts original, Optional<String> loss) {
      boolean wrong =
          IntStream.range(0, 3)
              .filter(i -> gpu.equals(gpu(i)))
              .mapToObj(i -> !original.equals(new Watts(400 + i)))
              .findFirst()
              .orElse(loss.isEmpty());
      if (wrong) {
        throw new AssertionError("a wrong limit, " + original + " on " + gpu + "; " + loss);
      }
    }
  }

  /** The journal of locked clocks. */
  private static final class Knobs extends StateInput {
    Knobs(Path directory) throws Exception {
      super("journals of settings", directory, "knobs.json");
    }

    @Override
    void write() throws Exception {
      GpuJournals journals = GpuJournals.open(directory, CLOCK);
      for (int i = 0; i < 3; i++) {
        journals.settings().intendLock(gpu(i), "Fake GPU", ClockDomain.GPU);
        journals.settings().intendPersistence(gpu(i), "Fake GPU", i == 1);
      }
      Files.delete(StatePaths.of(directory).files("knobs").getLast());
    }

    @Override
    Optional<String> read() throws Exception {
      GpuJournals journals = GpuJournals.open(directory, CLOCK);
      Optional<String> loss = journals.settings().loss();
      if (loss.isPresent()) {
        journals.repair();
      } else if (journals.settings().entries().size() != 3) {
        throw new AssertionError("settings are lost, and nothing says so");
      }
      return loss;
    }
  }

  /** A measured profile. */
  private static final class Profile extends StateInput {
    private static final JobFingerprint JOB =
        new JobFingerprint("resnet", "NVIDIA A100", 4, Optional.of(256));

    Profile(Path directory) throws Exception {
      super("profiles", directory, "profiles/resnet");
    }

    @Override
    void write() throws Exception {
      List<MeasuredProfile.MeasuredPoint> points = new ArrayList<>();
      for (int watts = 150; watts <= 400; watts += 50) {
        points.add(
            new MeasuredProfile.MeasuredPoint(
                new Watts(watts),
                new Estimate(12.5, watts - 5.5, 2.1),
                new Estimate(12.5, 1 + watts / 400.0, 0.06)));
      }
      ProfileStore.open(directory, 10, CLOCK, line -> {}).save(JOB, new MeasuredProfile(points));
    }

    @Override
    Optional<String> read() throws Exception {
      List<String> warnings = new ArrayList<>();
      var found = ProfileStore.open(directory, 10, CLOCK, warnings::add).find(JOB);
      if (found.isPresent() != warnings.isEmpty()) {
        throw new AssertionError("found " + found + ", said " + warnings);
      }
      found.ifPresent(profile -> profile.profile().toPowerProfile());
      return warnings.stream().findFirst();
    }
  }

  /** The past of a series. */
  private static final class History extends StateInput {
    private static final int HOURS = 48;

    History(Path directory) throws Exception {
      super("signal histories", directory, "neso");
    }

    @Override
    void write() throws Exception {
      try (SignalStore store = open(new ArrayList<>())) {
        for (int hour = 0; hour < HOURS; hour++) {
          store.append(CsvInput.sample(hour));
        }
      }
    }

    private SignalStore open(List<String> warnings) throws IOException {
      return SignalStore.open(directory, SignalStore.HistoryLimits.DEFAULT, warnings::add);
    }

    @Override
    Optional<String> read() throws Exception {
      List<String> warnings = new ArrayList<>();
      try (SignalStore store = open(warnings)) {
        List<CarbonIntensity> read =
            store.history(SeriesKey.of(CsvInput.sample(0))).releaseLoaded();
        for (CarbonIntensity sample : read) {
          int hour = (int) (sample.value().value() - 200);
          if (!sample.equals(CsvInput.sample(hour))) {
            throw new AssertionError("a wrong number: " + sample);
          }
        }
      }
      return warnings.stream().findFirst();
    }

    /** Only a torn line is cut off, and then appended to what was torn before. */
    @Override
    boolean isKept(byte[] text) throws IOException {
      return super.isKept(text) || Files.exists(directory.resolve(offender() + ".torn"));
    }
  }

  /** A provider's last answers. */
  private static final class LastAnswers extends StateInput {
    LastAnswers(Path directory) throws Exception {
      super("last answers", directory, "neso");
    }

    @Override
    void write() throws Exception {
      List<CarbonIntensity> samples = IntStream.range(0, 12).mapToObj(CsvInput::sample).toList();
      SavedSource source =
          new SavedSource(
              samples.subList(0, 4),
              NOW,
              NOW.plus(Duration.ofMinutes(5)),
              samples.subList(4, 12),
              NOW,
              NOW.plus(Duration.ofHours(1)));
      try (SignalStore store = open(new ArrayList<>())) {
        store.save(List.of(SeriesKey.of(samples.getFirst())), List.of(source));
      }
    }

    private SignalStore open(List<String> warnings) throws IOException {
      return SignalStore.open(directory, SignalStore.HistoryLimits.DEFAULT, warnings::add);
    }

    @Override
    Optional<String> read() throws Exception {
      List<String> warnings = new ArrayList<>();
      try (SignalStore store = open(warnings)) {
        var _ = store.saved(SeriesKey.of(CsvInput.sample(0)));
      }
      return warnings.stream().findFirst();
    }
  }
}
