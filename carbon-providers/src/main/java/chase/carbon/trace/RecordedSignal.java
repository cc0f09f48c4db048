package chase.carbon.trace;

import chase.carbon.CarbonIntensity;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import chase.carbon.history.IntensityJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Reads what {@code chase signal record} wrote: lines of JSON, all of one provider, region and
 * kind. A period that comes up again counts as it was told last.
 */
final class RecordedSignal {
  private final Path file;
  private final TraceReader.SkippedRows leftOut;
  private final NavigableMap<Long, Double> gramsByMillis = new TreeMap<>();
  private Optional<CarbonIntensity> first = Optional.empty();
  private int line;

  private RecordedSignal(Path file, Optional<Consumer<String>> warnings) {
    this.file = file;
    this.leftOut = new TraceReader.SkippedRows(file, warnings);
  }

  static boolean isRecording(Path file) {
    return file.toString().endsWith(".jsonl");
  }

  static Trace read(Path file, Optional<Consumer<String>> warnings) {
    RecordedSignal reading = new RecordedSignal(file, warnings);
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
      for (String text = reader.readLine(); text != null; text = reader.readLine()) {
        reading.line++;
        String line = text.startsWith("\uFEFF") ? text.substring(1) : text;
        if (!line.isBlank()) {
          reading.addLine(line);
        }
      }
      return reading.trace();
    } catch (AccessDeniedException denied) {
      throw new IllegalArgumentException(file + ": no permission to read it", denied);
    } catch (NoSuchFileException missing) {
      throw new IllegalArgumentException(file + ": no such file", missing);
    } catch (IOException unreadable) {
      throw new IllegalArgumentException(file + ": cannot be read: " + unreadable, unreadable);
    }
  }

  private void addLine(String text) {
    Optional<CarbonIntensity> readable = readable(text);
    if (readable.isEmpty()) {
      return;
    }
    CarbonIntensity sample = readable.get();
    CarbonIntensity begun = first.orElse(sample);
    first = Optional.of(begun);
    if (!series(sample).equals(series(begun))) {
      throw wrong("a number of %s in a recording of %s".formatted(series(sample), series(begun)));
    }
    gramsByMillis.put(sample.validFrom().toEpochMilli(), sample.value().value());
  }

  private Optional<CarbonIntensity> readable(String text) {
    AtomicReference<CarbonIntensity> sample = new AtomicReference<>();
    leftOut.read(() -> {
      try {
        sample.set(IntensityJson.parse(text));
      } catch (IllegalArgumentException notASample) {
        throw wrong(String.valueOf(notASample.getMessage()));
      }
    });
    return Optional.ofNullable(sample.get());
  }

  private static String series(CarbonIntensity sample) {
    return "%s %s (%s)".formatted(sample.provider(), sample.region(), sample.kind().description());
  }

  private Trace trace() {
    leftOut.failIfTooMany();
    if (gramsByMillis.size() < 2) {
      throw wrong("a trace needs two periods at least, this one has " + gramsByMillis.size());
    }
    leftOut.warn();
    CarbonIntensity sample = first.orElseThrow();
    SignalKind signal = sample.kind();
    Region region = sample.region();
    return new Trace(
        file,
        gramsByMillis.keySet().stream().mapToLong(Long::longValue).toArray(),
        gramsByMillis.values().stream().mapToDouble(Double::doubleValue).toArray(),
        Optional.of(new Trace.RecordedSeries(region, signal)));
  }

  private IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException(file + ":" + line + ": " + what);
  }
}
