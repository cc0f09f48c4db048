package chase.daemon.host;

import chase.zeus.unit.Joules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One energy counter of the kernel's power capping framework (Documentation/power/powercap). It
 * counts microjoules up to {@code max_energy_range_uj} and begins again at 0, so it must be read at
 * least once in the time of one round: 262 kJ on many CPUs, a quarter of an hour at 290 W.
 */
final class RaplZone {
  private final Path counter;
  private final long range;
  private long last;
  private double microjoules;

  /**
   * The zone of a folder, at its first reading.
   *
   * @throws IOException when it is not readable, or not a zone
   */
  RaplZone(Path folder) throws IOException {
    this.counter = folder.resolve("energy_uj");
    this.range = number(folder.resolve("max_energy_range_uj"));
    this.last = number(counter);
  }

  /** The word in the zone's {@code name}, such as {@code package-0} or {@code dram}. */
  static String name(Path folder) throws IOException {
    return Files.readString(folder.resolve("name")).strip();
  }

  /**
   * Energy since the first reading.
   *
   * @throws IOException when the counter cannot be read now; nothing is lost by that
   */
  Joules read() throws IOException {
    long now = number(counter);
    microjoules += now >= last ? now - last : Math.max(0, range - last) + now;
    last = now;
    return new Joules(microjoules / 1e6);
  }

  private static long number(Path file) throws IOException {
    String text = Files.readString(file).strip();
    try {
      return Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      throw new IOException(file + " is no number: " + text, e);
    }
  }
}
