package chase.daemon.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import chase.zeus.unit.Joules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server with two sockets, of which the first has memory that is measured. */
class RaplZonesTest {
  private static final long RANGE = 262_143_328_850L;

  @TempDir private Path folder;
  private final List<String> remarks = new ArrayList<>();
  private final AtomicLong rejected = new AtomicLong();

  @BeforeEach
  void twoSockets() throws IOException {
    Files.createDirectory(folder.resolve("intel-rapl"));
    zone("intel-rapl:0", "package-0", 1_000_000);
    zone("intel-rapl:0:0", "core", 500);
    zone("intel-rapl:0:1", "dram", 7_000_000);
    zone("intel-rapl:1", "package-1", RANGE - 2_000_000);
    zone("intel-rapl:10", "psys", 900);
    zone("intel-rapl-mmio:0", "package-0", 1_000_000);
  }

  @Test
  void energyCountsFromTheFirstReading() throws IOException {
    RaplZones zones = zones();
    assertThat(zones.read())
        .containsExactly(
            new CpuEnergy(0, Joules.ZERO, Optional.of(Joules.ZERO)),
            new CpuEnergy(1, Joules.ZERO, Optional.empty()));
    count("intel-rapl:0", 3_500_000);
    count("intel-rapl:0:1", 7_250_000);
    assertThat(zones.read())
        .containsExactly(
            new CpuEnergy(0, new Joules(2.5), Optional.of(new Joules(0.25))),
            new CpuEnergy(1, Joules.ZERO, Optional.empty()));
    assertThat(remarks).isEmpty();
  }

  @Test
  void aCounterThatBeginsAgainGoesOn() throws IOException {
    RaplZones zones = zones();
    zones.read();
    count("intel-rapl:1", 1_000_000);
    assertThat(zones.read().get(1).cpu()).isEqualTo(new Joules(3));
    count("intel-rapl:1", 2_000_000);
    assertThat(zones.read().get(1).cpu()).isEqualTo(new Joules(4));
  }

  @Test
  void eachDieOfASocketIsAZoneOfIt() throws IOException {
    zone("intel-rapl:1", "package-0-die-1", 5);
    assertThat(zones().read().stream().map(CpuEnergy::index)).containsExactly(0, 0);
  }

  @Test
  void aCounterThatFailsOnceLosesNothing() throws IOException {
    RaplZones zones = zones();
    zones.read();
    count("intel-rapl:0", 2_000_000);
    Files.writeString(file("intel-rapl:1", "energy_uj"), "");
    assertThat(zones.read()).isEmpty();
    count("intel-rapl:0", 3_000_000);
    count("intel-rapl:1", RANGE - 1_000_000);
    assertThat(zones.read().stream().map(CpuEnergy::cpu))
        .containsExactly(new Joules(2), new Joules(1));
    assertThat(remarks)
        .containsExactly(
            "the CPUs' energy is not measured: "
                + file("intel-rapl:1", "energy_uj")
                + " is no number: ");
  }

  @Test
  void whatOnlyRootMayReadIsAbsentAndLoggedOnce() throws IOException {
    Path counter = file("intel-rapl:0", "energy_uj");
    Files.setPosixFilePermissions(counter, PosixFilePermissions.fromString("---------"));
    assumeFalse(Files.isReadable(counter), "root may read everything");
    RaplZones zones = zones();
    assertThat(zones.read()).isEmpty();
    assertThat(zones.read()).isEmpty();
    assertThat(remarks)
        .containsExactly(
            "the CPUs' energy is not measured: "
                + counter
                + " may not be read; systemd/README.md in the documentation shows how to let the group"
                + " chase read it, and nobody else");
  }

  @Test
  void aHostWithoutZonesWarnsOnce() {
    Path nowhere = folder.resolve("nowhere");
    RaplZones zones = new RaplZones(nowhere, remarks::add, () -> {}, System::nanoTime);
    assertThat(zones.read()).isEmpty();
    assertThat(zones.read()).isEmpty();
    assertThat(remarks)
        .containsExactly("the CPUs' energy is not measured: " + nowhere + " does not exist");
  }

  @Test
  void zonesWithoutAPackageAreNoCpu() throws IOException {
    for (String zone : new String[] {"intel-rapl:0", "intel-rapl:1"}) {
      Files.writeString(file(zone, "name"), "psys\n");
    }
    assertThat(zones().read()).isEmpty();
    assertThat(remarks)
        .containsExactly("the CPUs' energy is not measured: " + folder + " has no CPU package");
  }

  @Test
  void aZoneThatIsHalfThereIsAbsent() throws IOException {
    Files.delete(file("intel-rapl:0", "max_energy_range_uj"));
    assertThat(zones().read()).isEmpty();
    assertThat(remarks)
        .containsExactly(
            "the CPUs' energy is not measured: "
                + file("intel-rapl:0", "max_energy_range_uj")
                + " does not exist");
  }

  @Test
  void zonesThatAppearLaterAreFound() throws IOException {
    Path later = folder.resolve("later");
    RaplZones zones = new RaplZones(later, remarks::add, () -> {}, System::nanoTime);
    assertThat(zones.read()).isEmpty();
    Files.createDirectory(later);
    zone("later/intel-rapl:0", "package-0", 5);
    assertThat(zones.read()).containsExactly(new CpuEnergy(0, Joules.ZERO, Optional.empty()));
  }

  private RaplZones zones() {
    return new RaplZones(folder, remarks::add, () -> {}, System::nanoTime);
  }

  private void zone(String zone, String name, long microjoules) throws IOException {
    Files.createDirectories(folder.resolve(zone));
    Files.writeString(file(zone, "name"), name + "\n");
    Files.writeString(file(zone, "max_energy_range_uj"), RANGE + "\n");
    count(zone, microjoules);
  }

  private void count(String zone, long microjoules) throws IOException {
    Files.writeString(file(zone, "energy_uj"), microjoules + "\n");
  }

  private Path file(String zone, String name) {
    return folder.resolve(zone).resolve(name);
  }

  @Test
  void aStepThatNoProcessorCanHaveMadeIsNotCounted() throws IOException {
    AtomicLong nanos = new AtomicLong();
    RaplZones zones = new RaplZones(folder, remarks::add, rejected::incrementAndGet, nanos::get);
    zones.read();
    for (long odd : new long[] {0, RANGE / 2, 50, RANGE * 3, 7}) {
      nanos.addAndGet(1_000_000_000L);
      count("intel-rapl:0", odd);
      zones.read();
    }
    assertThat(zones.read().getFirst().cpu().value()).isLessThan(1);
    nanos.addAndGet(1_000_000_000L);
    count("intel-rapl:0", 200_000_007);
    assertThat(zones.read().getFirst().cpu().value()).isBetween(200.0, 201.0);
    assertThat(rejected).hasPositiveValue();
  }

  @Test
  void aCounterThatWasResetCountsFromZero() throws IOException {
    AtomicLong nanos = new AtomicLong();
    RaplZones zones = new RaplZones(folder, remarks::add, rejected::incrementAndGet, nanos::get);
    count("intel-rapl:0", RANGE / 2);
    zones.read();
    nanos.addAndGet(1_000_000_000L);
    count("intel-rapl:0", 150_000_000);
    assertThat(zones.read().getFirst().cpu()).isEqualTo(new Joules(150));
    assertThat(rejected).hasValue(0);
  }
}
