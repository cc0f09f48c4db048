package chase.carbon.history;

import chase.carbon.CarbonIntensity;
import chase.carbon.Provenance;
import chase.carbon.fallback.SavedSource;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * All of the signal that outlives the daemon, in one directory: a history for each series, and the
 * last answers of each provider. For one thread at a time; blocks.
 */
public final class SignalStore implements AutoCloseable {
  static final String HISTORY = ".history";
  private static final String LAST = ".last";
  private static final String LOCK = "lock";

  private final Path directory;
  private final HistoryLimits limits;
  private final Consumer<String> warnings;
  private final Map<SeriesKey, SeriesHistory> histories = new HashMap<>();
  private final FileChannel lock;
  private boolean failing;

  private SignalStore(
      Path directory, FileChannel lock, HistoryLimits limits, Consumer<String> warnings) {
    this.directory = directory;
    this.lock = lock;
    this.limits = limits;
    this.warnings = warnings;
  }

  /**
   * Opens the store; its directory is made where it is missing.
   *
   * @param warnings is given one sentence for each file that was damaged or cannot be written
   * @throws IOException when the directory cannot be made or written, or another Chase uses it
   */
  public static SignalStore open(Path directory, HistoryLimits limits, Consumer<String> warnings)
      throws IOException {
    Files.createDirectories(directory);
    return new SignalStore(directory, locked(directory), limits, warnings);
  }

  private static FileChannel locked(Path directory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException sameProcess) {
      channel.close();
      throw new IOException(directory + " is in use already", sameProcess);
    }
    channel.close();
    throw new IOException(directory + " is in use by another Chase");
  }

  /**
   * The history of a series, opened where it is not yet.
   *
   * @throws IOException when its file cannot be opened
   */
  public SeriesHistory history(SeriesKey key) throws IOException {
    SeriesHistory known = histories.get(key);
    if (known == null) {
      Path path = directory.resolve(key.fileName() + HISTORY);
      known = SeriesHistory.open(key, path, limits, warnings);
      histories.put(key, known);
    }
    return known;
  }

  /**
   * Keeps a number in the history of its series. Recordings, means and forecasts are no history.
   * What cannot be written is warned of once, until it can be.
   */
  public void append(CarbonIntensity sample) {
    if (sample.provenance() instanceof Provenance.Replayed || !sample.provenance().isObserved()) {
      return;
    }
    writeOrWarn("kept", () -> history(SeriesKey.of(sample)).append(sample));
  }

  /** The last answers of a provider, as saved; empty where there are none that can be used. */
  public Optional<SavedSource> saved(SeriesKey key) {
    return file(key).load();
  }

  /** Saves the last answers of providers; a disk that cannot be written is warned of once. */
  public void save(List<SeriesKey> keys, List<SavedSource> sources) {
    for (int i = 0; i < keys.size(); i++) {
      SeriesKey key = keys.get(i);
      SavedSource source = sources.get(i);
      writeOrWarn("saved", () -> file(key).save(source));
    }
  }

  private SavedSignal file(SeriesKey key) {
    return new SavedSignal(directory.resolve(key.fileName() + LAST), warnings);
  }

  private interface FileWrite {
    void run() throws IOException;
  }

  private void writeOrWarn(String what, FileWrite write) {
    try {
      write.run();
      failing = false;
    } catch (IOException e) {
      if (!failing) {
        warnings.accept("the signal cannot be " + what + " in " + directory + ": " + e);
      }
      failing = true;
    }
  }

  /** Closes its files. */
  @Override
  public void close() {
    for (SeriesHistory history : histories.values()) {
      try {
        history.close();
      } catch (IOException e) {
        warnings.accept("the history of " + history.key() + " was not closed: " + e);
      }
    }
    histories.clear();
    try {
      lock.close();
    } catch (IOException e) {
      warnings.accept("the lock of " + directory + " was not closed: " + e);
    }
  }

  /**
   * How much of the past is kept of each series.
   *
   * @param maxAge how long before its newest number the oldest may end
   * @param maxBytes how large its file may grow before its older half goes
   */
  public record HistoryLimits(Duration maxAge, long maxBytes) {
    /** 400 days, so that the same day of last year is in it, and 8 MiB a series. */
    public static final HistoryLimits DEFAULT = new HistoryLimits(Duration.ofDays(400), 8L << 20);

    /** Refuses limits under a day and 64 KiB. */
    public HistoryLimits {
      if (maxAge.compareTo(Duration.ofDays(1)) < 0 || maxBytes < 64 << 10) {
        throw new IllegalArgumentException(
            "a history needs room for a day and 64 KiB at least: " + maxAge + ", " + maxBytes);
      }
    }
  }
}
