package chase.carbon.trace;

import chase.carbon.CarbonIntensity;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import chase.carbon.history.IntensityJson;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Reads what {@code chase signal record} wrote: lines of JSON, all of one provider, region and
 * kind. Of two lines for one period the later counts.
 */
final class RecordedSignal {
  private final Path file;
  private final TraceLines lines;
  private final NavigableMap<Long, Double> gramsByMillis = new TreeMap<>();
  private Optional<CarbonIntensity> first = Optional.empty();

  private RecordedSignal(Path file, Optional<Consumer<String>> warnings) {
    this.file = file;
    this.lines = new TraceLines(file, warnings);
  }

  static boolean isRecording(Path file) {
    return file.toString().endsWith(".jsonl");
  }

  static Trace read(Path file, Optional<Consumer<String>> warnings) {
    RecordedSignal recording = new RecordedSignal(file, warnings);
    // Bytes that are no text become other text, of which only their own line is lost.
    CharsetDecoder lenient =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    recording.lines.forEach(lenient, recording::line);
    return recording.trace();
  }

  private void line(String text) {
    String line = TraceLines.withoutByteOrderMark(text);
    if (!line.isBlank()) {
      parsed(line).ifPresent(this::add);
    }
  }

  private Optional<CarbonIntensity> parsed(String line) {
    AtomicReference<CarbonIntensity> sample = new AtomicReference<>();
    lines.row(() -> {
      try {
        sample.set(IntensityJson.parse(line));
      } catch (IllegalArgumentException wrong) {
        throw lines.refusal(String.valueOf(wrong.getMessage()), wrong);
      }
    });
    return Optional.ofNullable(sample.get());
  }

  private void add(CarbonIntensity sample) {
    CarbonIntensity started = first.orElse(sample);
    first = Optional.of(started);
    if (!series(sample).equals(series(started))) {
      throw lines.refusal(
          "a number of %s in a recording of %s".formatted(series(sample), series(started)), null);
    }
    gramsByMillis.put(sample.validFrom().toEpochMilli(), sample.value().value());
  }

  private static String series(CarbonIntensity sample) {
    return "%s %s (%s)".formatted(sample.provider(), sample.region(), sample.kind().description());
  }

  private Trace trace() {
    lines.refuseManySkipped();
    if (gramsByMillis.size() < 2) {
      throw lines.refusal(
          "a trace needs two periods at least, this one has " + gramsByMillis.size(), null);
    }
    lines.warnOfSkipped();
    CarbonIntensity sample = first.orElseThrow();
    SignalKind signal = sample.kind();
    Region region = sample.region();
    return new Trace(
        file,
        gramsByMillis.keySet().stream().mapToLong(Long::longValue).toArray(),
        gramsByMillis.values().stream().mapToDouble(Double::doubleValue).toArray(),
        Optional.of(new Trace.RecordedSeries(region, signal)));
  }
}
