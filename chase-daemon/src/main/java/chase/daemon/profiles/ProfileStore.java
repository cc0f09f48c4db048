package chase.daemon.profiles;

import chase.carbon.history.AtomicFile;
import chase.daemon.gpu.journal.StateException;
import chase.zeus.profile.MeasuredProfile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The profiles of jobs that ran here before, a file each in {@code profiles/} of the state
 * directory. Blocks; to be called by one thread at a time.
 */
public final class ProfileStore {
  /** Far more than the kinds of jobs that run on a host, and less than a megabyte. */
  public static final int MAX_PROFILES = 200;

  private static final String DIRECTORY = "profiles";
  private static final String DAMAGED = ".damaged";

  private final Path directory;
  private final int max;
  private final InstantSource clock;
  private final Consumer<String> warnings;

  private ProfileStore(Path directory, int max, InstantSource clock, Consumer<String> warnings) {
    this.directory = directory;
    this.max = max;
    this.clock = clock;
    this.warnings = warnings;
  }

  /**
   * Opens the store of a state directory, which is made where it is missing.
   *
   * @param max how many profiles are kept, at least 1; beyond that those not saved for the longest
   *     time are deleted
   * @param warnings gets one sentence for each file that cannot be used
   * @throws StateException when the directory cannot be made
   */
  public static ProfileStore open(
      Path stateDirectory, int max, InstantSource clock, Consumer<String> warnings)
      throws StateException {
    if (max < 1) {
      throw new IllegalArgumentException("a store must keep at least 1 profile: " + max);
    }
    Path directory = stateDirectory.resolve(DIRECTORY);
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new StateException("cannot make the directory " + directory + ": " + e);
    }
    return new ProfileStore(directory, max, clock, warnings);
  }

  /**
   * A profile of an earlier run.
   *
   * @param profile what was measured
   * @param savedAt when it was saved
   */
  public record SavedProfile(MeasuredProfile profile, Instant savedAt) {}

  /**
   * The profile that was last saved of {@code job}. A file that is damaged, or another job's, is
   * moved aside, so that it is reported once and can still be examined.
   */
  public Optional<SavedProfile> find(JobFingerprint job) {
    Path file = directory.resolve(job.fileName());
    try {
      ProfileFile found =
          ProfileFile.parse(
              file.toString(), new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
      if (!found.job().equals(job)) {
        throw new IllegalArgumentException(file + ":1: this is the profile of " + found.job());
      }
      return Optional.of(
          new SavedProfile(found.profile(), Files.getLastModifiedTime(file).toInstant()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      warnings.accept("cannot read the profile " + file + ": " + e.getMessage());
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      moveAside(file, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private void moveAside(Path file, String why) {
    Path aside = file.resolveSibling(file.getFileName() + DAMAGED);
    try {
      Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
      warnings.accept("a profile cannot be used: " + why + "; it is now " + aside.getFileName());
    } catch (IOException e) {
      warnings.accept("a profile cannot be used: " + why + "; it cannot be moved aside: " + e);
    }
  }

  /**
   * Keeps the profile of {@code job} in place of the one before; on the disk once this returns.
   *
   * @throws IOException when it cannot be written; the one before is then still there
   */
  public void save(JobFingerprint job, MeasuredProfile profile) throws IOException {
    Path file = directory.resolve(job.fileName());
    String text = new ProfileFile(job, profile).text();
    new AtomicFile(file).write(text.getBytes(StandardCharsets.UTF_8));
    Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
    deleteOldest(file);
  }

  /** The file just written stays, even where the clock has gone back. */
  private void deleteOldest(Path written) throws IOException {
    List<Path> newestFirst;
    try (Stream<Path> files = Files.list(directory)) {
      newestFirst =
          files
              .filter(file -> isOurs(file) && !file.equals(written))
              .map(Dated::of)
              .sorted(Comparator.comparing(Dated::at).reversed())
              .map(Dated::file)
              .toList();
    }
    for (Path old :
        newestFirst.subList(Math.min(max - 1, newestFirst.size()), newestFirst.size())) {
      Files.deleteIfExists(old);
    }
  }

  /** Also those set aside, and those that a crash left half written. */
  private static boolean isOurs(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".json") || name.endsWith(".json" + DAMAGED) || name.endsWith(".json.new");
  }

  private record Dated(Path file, FileTime at) {
    /** A file whose attributes cannot be read counts as the oldest. */
    static Dated of(Path file) {
      try {
        return new Dated(file, Files.getLastModifiedTime(file));
      } catch (IOException e) {
        return new Dated(file, FileTime.fromMillis(0));
      }
    }
  }
}
