package chase.daemon.host;

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
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
      "systemd.md in the documentation shows how to let the group chase read it, and nobody else";

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
   * @param remarks hears once, in a line, why nothing can be read
   */
  public RaplZones(Path folder, Consumer<String> remarks) {
    this(folder, remarks, () -> {});
  }

  /**
   * The same.
   *
   * @param rejected is told of every step of a counter that is not counted, because no processor
   *     can have made it
   */
  public RaplZones(Path folder, Consumer<String> remarks, Runnable rejected) {
    this(folder, remarks, rejected, System::nanoTime);
  }

  RaplZones(Path folder, Consumer<String> remarks, Runnable rejected, LongSupplier nanos) {
    this.folder = folder;
    this.warnings = remarks;
    this.rejected = rejected;
    this.nanos = nanos;
  }

  /** One package zone, and its memory's where there is one. */
  private record Socket(int index, RaplZone cpu, Optional<RaplZone> dram) {
    private CpuEnergy read() throws IOException {
      return new CpuEnergy(
          index, cpu.read(), dram.isPresent() ? Optional.of(dram.get().read()) : Optional.empty());
    }
  }

  /**
   * What each package has used since the first call that could read them all, one entry a zone;
   * empty when any cannot be read now, because the rest would pass for the whole. Call it at least
   * every few minutes: {@link RaplZone} says why.
   */
  public List<CpuEnergy> read() {
    try {
      if (sockets.isEmpty()) {
        sockets.addAll(find());
      }
      List<CpuEnergy> told = new ArrayList<>();
      for (Socket socket : sockets) {
        told.add(socket.read());
      }
      return List.copyOf(told);
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
                new RaplZone(zone, nanos, rejected),
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
    return TOP_LEVEL.matcher(zone.getFileName().toString()).matches() ? RaplZone.name(zone) : "";
  }

  private Optional<RaplZone> dramOf(Path socket, List<Path> zones) throws IOException {
    for (Path zone : zones) {
      boolean part = zone.getFileName().toString().startsWith(socket.getFileName() + ":");
      if (part && RaplZone.name(zone).equals("dram")) {
        return Optional.of(new RaplZone(zone, nanos, rejected));
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
}
