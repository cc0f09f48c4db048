package chase.carbon.history;

import chase.carbon.CarbonIntensity;
import chase.carbon.LinkMemory;
import chase.carbon.record.SampleJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A provider's last answers on the disk. The first line holds four times, the others numbers: those
 * that begin with {@code now} for the present, those with {@code ahead} of the forecast.
 */
record MemoryFile(Path path, Consumer<String> warnings) {
  private static final String TIMES = "times";
  private static final String NOW = "now";
  private static final String AHEAD = "ahead";

  void save(LinkMemory memory) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(
        CheckedLine.of(
            String.join(
                " ",
                TIMES,
                memory.askedAt().toString(),
                memory.notBefore().toString(),
                memory.forecastAskedAt().toString(),
                memory.forecastNotBefore().toString())));
    memory.recent().forEach(sample -> lines.add(line(NOW, sample)));
    memory.forecast().forEach(sample -> lines.add(line(AHEAD, sample)));
    SafeFile.replace(path, lines);
  }

  private static String line(String word, CarbonIntensity sample) {
    return CheckedLine.of(word + " " + SampleJson.line(sample));
  }

  /** What was saved last; empty where there is nothing, or nothing that can be used. */
  Optional<LinkMemory> load() {
    try {
      return Optional.of(
          parsed(new String(Files.readAllBytes(path), StandardCharsets.UTF_8).lines().toList()));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    } catch (IOException e) {
      warnings.accept("the last answers in " + path + " cannot be read: " + e);
      return Optional.empty();
    } catch (IllegalArgumentException | DateTimeException damaged) {
      setAside(String.valueOf(damaged.getMessage()));
      return Optional.empty();
    }
  }

  private void setAside(String why) {
    try {
      Path aside = SafeFile.moveAside(path);
      warnings.accept(
          "the last answers in %s are damaged (%s); they are asked for anew, the file is now %s"
              .formatted(path, why, aside.getFileName()));
    } catch (IOException e) {
      warnings.accept("the last answers in " + path + " are damaged and cannot be moved: " + e);
    }
  }

  private static LinkMemory parsed(List<String> lines) {
    if (lines.isEmpty()) {
      throw new IllegalArgumentException("the file is empty");
    }
    String[] times = CheckedLine.text(lines.getFirst()).split(" ", -1);
    if (times.length != 5 || !times[0].equals(TIMES)) {
      throw new IllegalArgumentException("line 1 does not hold the four times");
    }
    List<CarbonIntensity> recent = new ArrayList<>();
    List<CarbonIntensity> forecast = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      String text = CheckedLine.text(line);
      int space = text.indexOf(' ');
      CarbonIntensity sample = SampleJson.parse(text.substring(space + 1));
      switch (text.substring(0, Math.max(0, space))) {
        case NOW -> recent.add(sample);
        case AHEAD -> forecast.add(sample);
        default -> throw new IllegalArgumentException("a line that is neither now nor ahead");
      }
    }
    return new LinkMemory(
        recent,
        Instant.parse(times[1]),
        Instant.parse(times[2]),
        forecast,
        Instant.parse(times[3]),
        Instant.parse(times[4]));
  }
}
