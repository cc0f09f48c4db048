package chase.daemon.host;

import chase.zeus.unit.Joules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;

/**
 * One energy counter of the kernel's power capping framework (Documentation/power/powercap). It
 * counts microjoules up to {@code max_energy_range_uj} and begins again at 0, so it must be read at
 * least once in the time of one round: 262 kJ on many CPUs, a quarter of an hour at 290 W.
 */
final class RaplZone {
  /** Counters move in steps of a millisecond or so, and a reading may be held up. */
  private static final double LAG_MICROS = 0.5e6;

  private final Path counter;
  private final long range;
  private final LongSupplier nanos;
  private final Runnable rejected;
  private long last;
  private long readAt;
  private double microjoules;

  /**
   * The zone of a folder, at its first reading.
   *
   * @param nanos the time, from anywhere on
   * @param rejected is told of every step that is not counted
   * @throws IOException when it is not readable, or not a zone
   */
  RaplZone(Path folder, LongSupplier nanos, Runnable rejected) throws IOException {
    this.counter = folder.resolve("energy_uj");
    this.range = number(folder.resolve("max_energy_range_uj"));
    this.nanos = nanos;
    this.rejected = rejected;
    this.last = number(counter);
    this.readAt = nanos.getAsLong();
  }

  /** The word in the zone's {@code name}, such as {@code package-0} or {@code dram}. */
  static String name(Path folder) throws IOException {
    return Files.readString(folder.resolve("name")).strip();
  }

  /**
   * Energy since the first reading. A step that no processor can have made is not counted: neither
   * forward, nor once round, nor from zero, as after a reset.
   *
   * @throws IOException when the counter cannot be read now; nothing is lost by that
   */
  Joules read() throws IOException {
    long now = number(counter);
    long at = nanos.getAsLong();
    double most = CpuEnergy.MAX_POWER.value() * ((at - readAt) / 1e3 + LAG_MICROS);
    OptionalLong made = steps(now).filter(step -> step >= 0 && step <= most).findFirst();
    microjoules += made.orElse(0);
    if (made.isEmpty()) {
      rejected.run();
    }
    last = now;
    readAt = at;
    return new Joules(microjoules / 1e6);
  }

  /** What the counter may have made since the last reading, if {@code now} is true. */
  private LongStream steps(long now) {
    return now >= last ? LongStream.of(now - last) : LongStream.of(range - last + now, now);
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
