package chase.daemon.host;

import chase.zeus.unit.Joules;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The energy of this host's CPUs as they measure it themselves (RAPL: Intel since Sandy Bridge, AMD
 * since Zen), package and memory. Graphics, cores (both part of the package) and whole platforms
 * are left out, and so is the second view of the same package through its memory-mapped registers.
 * For one thread.
 *
 * <p>Since Linux 5.10 only root may read the counters (CVE-2020-8694), unless the host's owner
 * allows more.
 */
public final class RaplZones {
  /** Where the kernel shows the zones. */
  public static final Path SYSTEM = Path.of("/sys/class/powercap");

  private static final String HOW =
      "systemd/README.md in the documentation shows how to let only the group chase read it";

  private static final Pattern TOP_LEVEL = Pattern.compile("intel-rapl:\\d+");

  /** Sockets, some of several dies with a zone each: package-1, package-0-die-1. */
  private static final Pattern PACKAGE = Pattern.compile("package-(\\d+)(-die-\\d+)?");

  private final Path folder;
  private final Consumer<String> warnings;
  private final LongSupplier nanos;
  private final Runnable rejected;
  private final List<Socket> sockets = new ArrayList<>();
  private boolean warned;

  /**
   * Zones under {@code folder}, looked for at the first reading.
   *
   * @param warnings takes once, in a line, why nothing can be read
   * @param rejected is run for every step of a counter that is not counted, because no processor
   *     can have made it
   * @param nanos the time, from anywhere on
   */
  public RaplZones(Path folder, Consumer<String> warnings, Runnable rejected, LongSupplier nanos) {
    this.folder = folder;
    this.warnings = warnings;
    this.rejected = rejected;
    this.nanos = nanos;
  }

  /** One package zone, and its memory's where there is one. */
  private record Socket(int index, Zone cpu, Optional<Zone> dram) {
    private CpuEnergy read() throws IOException {
      return new CpuEnergy(
          index, cpu.read(), dram.isPresent() ? Optional.of(dram.get().read()) : Optional.empty());
    }
  }

  /**
   * What each package has used since the first call that could read them all, one entry a zone;
   * empty when any cannot be read now, because the rest would pass for the whole. Call it at least
   * every few minutes: {@link Zone} says why.
   */
  public List<CpuEnergy> read() {
    try {
      if (sockets.isEmpty()) {
        sockets.addAll(find());
      }
      List<CpuEnergy> packages = new ArrayList<>();
      for (Socket socket : sockets) {
        packages.add(socket.read());
      }
      return List.copyOf(packages);
    } catch (IOException e) {
      warnOnce(why(e));
      return List.of();
    }
  }

  private List<Socket> find() throws IOException {
    List<Path> zones = zones();
    List<Socket> found = new ArrayList<>();
    for (Path zone : zones) {
      Matcher socket = PACKAGE.matcher(nameOf(zone));
      if (socket.matches()) {
        found.add(
            new Socket(
                Integer.parseInt(socket.group(1)),
                new Zone(zone, nanos, rejected),
                dramOf(zone, zones)));
      }
    }
    if (found.isEmpty()) {
      throw new IOException(folder + " has no CPU package");
    }
    found.sort(Comparator.comparingInt(Socket::index));
    return found;
  }

  private List<Path> zones() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    }
  }

  /** The name of a top-level zone, nothing for every other entry. */
  private static String nameOf(Path zone) throws IOException {
    return TOP_LEVEL.matcher(zone.getFileName().toString()).matches() ? Zone.name(zone) : "";
  }

  private Optional<Zone> dramOf(Path socket, List<Path> zones) throws IOException {
    for (Path zone : zones) {
      boolean part = zone.getFileName().toString().startsWith(socket.getFileName() + ":");
      if (part && Zone.name(zone).equals("dram")) {
        return Optional.of(new Zone(zone, nanos, rejected));
      }
    }
    return Optional.empty();
  }

  private void warnOnce(String why) {
    if (!warned) {
      warned = true;
      warnings.accept("the CPUs' energy is not measured: " + why);
    }
  }

  private static String why(IOException e) {
    return switch (e) {
      case AccessDeniedException denied -> denied.getFile() + " may not be read; " + HOW;
      case NoSuchFileException missing -> missing.getFile() + " does not exist";
      case NotDirectoryException file -> file.getFile() + " is not a directory";
      default -> String.valueOf(e.getMessage());
    };
  }

  /**
   * One energy counter of the kernel's power capping framework (Documentation/power/powercap). It
   * counts microjoules up to {@code max_energy_range_uj} and begins again at 0, so it must be read
   * at least once in the time of one round: 262 kJ on many CPUs, a quarter of an hour at 290 W.
   */
  static final class Zone {
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
     * @param rejected is run for every step that is not counted
     * @throws IOException when it is not readable, or not a zone
     */
    Zone(Path folder, LongSupplier nanos, Runnable rejected) throws IOException {
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
     * Energy since the first reading. A step that no processor can have made is not counted:
     * neither forward, nor once round, nor from zero, as after a reset.
     *
     * @throws IOException when the counter cannot be read now; nothing is lost by that
     */
    Joules read() throws IOException {
      long now = number(counter);
      long at = nanos.getAsLong();
      double maximum = CpuEnergy.MAX_POWER.value() * ((at - readAt) / 1e3 + LAG_MICROS);
      OptionalLong made = steps(now).filter(step -> step >= 0 && step <= maximum).findFirst();
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
}
