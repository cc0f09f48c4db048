package chase.carbon.history;

import chase.carbon.CarbonIntensity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** Writes live values into a file that the trace provider plays back, a line of JSON each. */
public final class SignalRecorder implements AutoCloseable {
  private final LineFile file;
  private Optional<CarbonIntensity> last = Optional.empty();

  private SignalRecorder(LineFile file) {
    this.file = file;
  }

  /**
   * Opens the file to write at its end; it is made where it is missing.
   *
   * @param warnings is given one sentence when a torn line was set aside
   * @throws IOException when it cannot be written, or holds something else than a recording
   */
  public static SignalRecorder open(Path path, Consumer<String> warnings) throws IOException {
    refuseOtherFiles(path);
    return new SignalRecorder(LineFile.open(path, warnings));
  }

  private static void refuseOtherFiles(Path path) throws IOException {
    if (!Files.exists(path) || Files.size(path) == 0) {
      return;
    }
    try (var lines = Files.lines(path)) {
      String first = lines.findFirst().orElse("");
      IntensityJson.parse(first);
    } catch (IllegalArgumentException | java.io.UncheckedIOException notARecording) {
      throw new IOException(
          path + ": is no recording, and nothing is added to it: " + notARecording.getMessage(),
          notARecording);
    }
  }

  /** Writes the value unless it is the one written last; returns whether it was written. */
  public boolean write(CarbonIntensity sample) throws IOException {
    if (last.filter(before -> same(before, sample)).isPresent()) {
      return false;
    }
    file.append(IntensityJson.line(sample));
    last = Optional.of(sample);
    return true;
  }

  private static boolean same(CarbonIntensity a, CarbonIntensity b) {
    return a.validFrom().equals(b.validFrom())
        && a.validTo().equals(b.validTo())
        && a.value().equals(b.value())
        && a.provider().equals(b.provider())
        && a.provenance().equals(b.provenance());
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
