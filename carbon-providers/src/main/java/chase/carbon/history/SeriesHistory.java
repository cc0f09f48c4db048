package chase.carbon.history;

import chase.carbon.CarbonIntensity;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The past of one series, a file. Each period counts once: a revision that was published later
 * replaces what came before. For one thread at a time; blocks.
 */
public final class SeriesHistory implements AutoCloseable {
  /** Periods whose values are kept in memory, to distinguish a revision from a repetition. */
  private static final int REMEMBERED = 600;

  /** Fewer dead lines are not worth a rewrite. */
  private static final int MIN_DEAD_LINES = 100;

  private final SeriesKey key;
  private final Path path;
  private final SignalStore.HistoryLimits limits;
  private final Consumer<String> warnings;
  private final NavigableMap<Instant, CarbonIntensity> newest = new TreeMap<>();
  private LineFile file;
  private List<CarbonIntensity> loaded = List.of();
  private boolean failing;

  private SeriesHistory(
      SeriesKey key,
      Path path,
      SignalStore.HistoryLimits limits,
      Consumer<String> warnings,
      LineFile file) {
    this.key = key;
    this.path = path;
    this.limits = limits;
    this.warnings = warnings;
    this.file = file;
  }

  static SeriesHistory open(
      SeriesKey key, Path path, SignalStore.HistoryLimits limits, Consumer<String> warnings)
      throws IOException {
    LineFile file = LineFile.open(path, warnings);
    SeriesHistory history = new SeriesHistory(key, path, limits, warnings, file);
    history.loaded = history.read();
    history.loaded.forEach(history::remember);
    return history;
  }

  /** What was on the disk when it was opened; returned once, and not kept here afterwards. */
  public List<CarbonIntensity> releaseLoaded() {
    List<CarbonIntensity> past = loaded;
    loaded = List.of();
    return past;
  }

  /** Which series it is of. */
  public SeriesKey key() {
    return key;
  }

  /**
   * All that is known, ascending, each period once. Lines that are damaged or of another series are
   * left out; the file as it was is then kept under another name, and a warning given. Forecasts,
   * which an older Chase wrote, are left out.
   */
  List<CarbonIntensity> read() throws IOException {
    NavigableMap<Instant, CarbonIntensity> periods = new TreeMap<>();
    Optional<String> firstWrong = Optional.empty();
    int wrong = 0;
    int lines = 0;
    try (BufferedReader reader = reader()) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines++;
        try {
          CarbonIntensity sample = parsed(line);
          if (sample.provenance().isObserved()) {
            periods.merge(sample.validFrom(), sample, SeriesHistory::later);
          }
        } catch (IllegalArgumentException damaged) {
          wrong++;
          if (wrong == 1) {
            firstWrong = Optional.of("line " + lines + ": " + damaged.getMessage());
          }
        }
      }
    }
    if (firstWrong.isPresent()) {
      repair(periods, firstWrong.get(), wrong);
    }
    return keepWithinLimits(periods, lines);
  }

  /** Bytes that are no text become other text, which the checksum reveals. */
  private BufferedReader reader() throws IOException {
    return new BufferedReader(
        new InputStreamReader(Files.newInputStream(path), StandardCharsets.UTF_8));
  }

  private CarbonIntensity parsed(String line) {
    CarbonIntensity sample = IntensityJson.parse(LineFile.CheckedLine.text(line));
    if (!SeriesKey.of(sample).equals(key)) {
      throw new IllegalArgumentException("a number of " + SeriesKey.of(sample));
    }
    return sample;
  }

  static CarbonIntensity later(CarbonIntensity a, CarbonIntensity b) {
    return b.publishedAt().isBefore(a.publishedAt()) ? a : b;
  }

  private void repair(NavigableMap<Instant, CarbonIntensity> good, String firstWrong, int wrong) {
    warnings.accept(
        String.format(
            Locale.ROOT,
            "the history %s is damaged (%s%s); its %d good numbers are kept, %s",
            path,
            firstWrong,
            wrong > 1 ? ", and " + (wrong - 1) + " more" : "",
            good.size(),
            mended(good)));
  }

  /** A disk that cannot be written is no reason to do without the good numbers. */
  private String mended(NavigableMap<Instant, CarbonIntensity> good) {
    try {
      Path aside = new AtomicFile(path).keepAside();
      rewrite(good);
      return "the file as it was is now " + aside.getFileName();
    } catch (IOException e) {
      return "it cannot be mended: " + e;
    }
  }

  /** Until the new file is there, the old one is whole and open. */
  private void rewrite(NavigableMap<Instant, CarbonIntensity> periods) throws IOException {
    new AtomicFile(path)
        .write(
            periods.values().stream()
                .map(IntensityJson::line)
                .map(LineFile.CheckedLine::of)
                .toList());
    LineFile fresh = LineFile.open(path, warnings);
    file.close();
    file = fresh;
  }

  /** The age counts from the newest number, so that a wrong clock costs no history. */
  private List<CarbonIntensity> keepWithinLimits(
      NavigableMap<Instant, CarbonIntensity> periods, int lines) throws IOException {
    if (periods.isEmpty()) {
      return List.of();
    }
    Instant oldest = periods.lastEntry().getValue().validTo().minus(limits.maxAge());
    NavigableMap<Instant, CarbonIntensity> kept = new TreeMap<>(periods.tailMap(oldest, true));
    boolean tooLarge = file.size() > limits.maxBytes();
    if (tooLarge) {
      long maxValues = Math.max(1, limits.maxBytes() / 2 * lines / file.size());
      while (kept.size() > maxValues) {
        kept.pollFirstEntry();
      }
    }
    boolean worthARewrite = lines - kept.size() > MIN_DEAD_LINES + kept.size() / 10;
    if (tooLarge || worthARewrite) {
      shorten(kept);
    }
    return List.copyOf(kept.values());
  }

  private void shorten(NavigableMap<Instant, CarbonIntensity> kept) {
    try {
      rewrite(kept);
      failing = false;
    } catch (IOException e) {
      failed("shortened", e);
    }
  }

  /** An interruption closes the file under the writer: that is a stop and no fault of the disk. */
  private void failed(String what, IOException e) {
    if (Thread.currentThread().isInterrupted()) {
      return;
    }
    if (!failing) {
      warnings.accept("the history " + path + " cannot be " + what + ": " + e);
    }
    failing = true;
  }

  /**
   * Adds a number, on the disk once this returns, unless its period is known with the same value or
   * a later publication. A disk that cannot be written is warned of once, until it can be again.
   */
  public void append(CarbonIntensity sample) {
    if (!SeriesKey.of(sample).equals(key)) {
      throw new IllegalArgumentException(sample + " does not belong to " + key);
    }
    if (!isNew(sample)) {
      return;
    }
    try {
      file.append(LineFile.CheckedLine.of(IntensityJson.line(sample)));
      remember(sample);
      if (file.size() > limits.maxBytes()) {
        read();
      } else {
        failing = false;
      }
    } catch (IOException e) {
      failed("written", e);
    }
  }

  private boolean isNew(CarbonIntensity sample) {
    CarbonIntensity known = newest.get(sample.validFrom());
    return known == null
        || (!known.value().equals(sample.value())
            && !sample.publishedAt().isBefore(known.publishedAt()));
  }

  private void remember(CarbonIntensity sample) {
    newest.merge(sample.validFrom(), sample, SeriesHistory::later);
    while (newest.size() > REMEMBERED) {
      newest.pollFirstEntry();
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
