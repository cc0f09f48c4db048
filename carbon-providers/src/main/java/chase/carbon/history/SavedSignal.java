package chase.carbon.history;

import chase.carbon.CarbonIntensity;
import chase.carbon.fallback.SavedSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The file with a provider's last answers. Its first line holds four times, the others values:
 * those that begin with {@code now} for the present, those with {@code ahead} of the forecast.
 */
record SavedSignal(Path path, Consumer<String> warnings) {
  private static final String TIMES = "times";
  private static final String NOW = "now";
  private static final String AHEAD = "ahead";
  private static final int TIME_COUNT = 4;

  void save(SavedSource saved) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(
        LineFile.CheckedLine.of(
            String.join(
                " ",
                TIMES,
                saved.polledAt().toString(),
                saved.notBefore().toString(),
                saved.forecastPolledAt().toString(),
                saved.forecastNotBefore().toString())));
    saved.recent().forEach(sample -> lines.add(line(NOW, sample)));
    saved.forecast().forEach(sample -> lines.add(line(AHEAD, sample)));
    new AtomicFile(path).write(lines);
  }

  private static String line(String word, CarbonIntensity sample) {
    return LineFile.CheckedLine.of(word + " " + IntensityJson.line(sample));
  }

  /**
   * What was saved last; empty where there is nothing, or nothing that can be used. A damaged line
   * loses its value, and the provider is polled at once.
   */
  Optional<SavedSource> load() {
    try {
      return parsed(new String(Files.readAllBytes(path), StandardCharsets.UTF_8).lines().toList());
    } catch (NoSuchFileException none) {
      return Optional.empty();
    } catch (IOException e) {
      warnings.accept("the last answers in " + path + " cannot be read: " + e);
      return Optional.empty();
    }
  }

  private void setAside(String why) {
    try {
      Path aside = new AtomicFile(path).moveAside();
      warnings.accept(
          "the last answers in %s are damaged (%s); what can be read is used, they are asked for"
                  .formatted(path, why)
              + " anew, the file is now "
              + aside.getFileName());
    } catch (IOException e) {
      warnings.accept("the last answers in " + path + " are damaged and cannot be moved: " + e);
    }
  }

  private Optional<SavedSource> parsed(List<String> lines) {
    SavedContents read = new SavedContents();
    Optional<String> damage = lines.isEmpty() ? Optional.of("the file is empty") : Optional.empty();
    for (String line : lines) {
      try {
        read.addLine(LineFile.CheckedLine.text(line));
      } catch (IllegalArgumentException | DateTimeException damaged) {
        damage = damage.or(() -> Optional.of(String.valueOf(damaged.getMessage())));
      }
    }
    if (damage.isEmpty() && read.times.isEmpty()) {
      damage = Optional.of("the four times are missing");
    }
    damage.ifPresent(this::setAside);
    return damage.isPresent() && read.recent.isEmpty() && read.forecast.isEmpty()
        ? Optional.empty()
        : Optional.of(read.toSavedSource(damage.isEmpty()));
  }

  /** What was read so far. */
  private static final class SavedContents {
    private final List<CarbonIntensity> recent = new ArrayList<>();
    private final List<CarbonIntensity> forecast = new ArrayList<>();
    private List<Instant> times = List.of();

    void addLine(String text) {
      int space = text.indexOf(' ');
      String rest = text.substring(space + 1);
      switch (text.substring(0, Math.max(0, space))) {
        case TIMES -> times = Stream.of(rest.split(" ", -1)).map(Instant::parse).toList();
        case NOW -> recent.add(IntensityJson.parse(rest));
        case AHEAD -> forecast.add(IntensityJson.parse(rest));
        default -> throw new IllegalArgumentException("a line that is neither now nor ahead");
      }
      if (!times.isEmpty() && times.size() != TIME_COUNT) {
        times = List.of();
        throw new IllegalArgumentException("a line that does not hold the four times");
      }
    }

    /** All of it; unless it is {@code whole}, as if the provider had never been polled. */
    SavedSource toSavedSource(boolean whole) {
      List<Instant> polled = whole ? times : Collections.nCopies(TIME_COUNT, Instant.MIN);
      return new SavedSource(
          recent, polled.get(0), polled.get(1), forecast, polled.get(2), polled.get(3));
    }
  }
}
