package chase.daemon.faults;

import chase.daemon.config.ChaseConfig;
import chase.daemon.config.ConfigException;
import chase.daemon.config.ConfigFile;
import chase.daemon.fixtures.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code chase.yaml}, as the daemon and {@code chase config} read it. */
record ConfigInput(Path directory) implements FuzzedInput {
  private static final String NAME = "chase.yaml";

  /** With every key that the example leaves out but those that contradict others. */
  private static final String FULL =
      """
      mode: control
      carbon:
        provider: neso
        stand-ins: [electricity-maps]
        mix-kinds: true
        country: US
        poll-period: 5m
        neso: {region: GB, calls-per-hour: 60}
        energinet: {region: DK1}
        watttime: {username-env: A, password-file: b, latitude: 37.77, longitude: -122.42}
        electricity-maps: {token-env: C, region: US-CAL-CISO, horizon-hours: 48}
        trace: {file: trace.csv, speed: 60, start: 2021-01-01T00:00:00Z}
      policy: "budget:3%"
      gpu:
        backend: simulated
        simulated: [v100, a100-sxm4]
        profiles: {V100: v.csv}
      http: {proxy: "http://chase@proxy.example.org:3128", no-proxy: [10.0.0.0/8], ca-file: ca.pem}
      price: {provider: energinet, region: DK1, currency: DKK, reference: 200}
      weights: {carbon: 1, price: 0.5}
      batch-sizes:
        database: jdbc:postgresql://db.example:5432/chase
        zeus-api: {enabled: true, port: 0, method: zeus}
      metrics: {allowed-hosts: [.example.org], user-names: false}
      log: {level: debug}
      state-directory: state
      """;

  @Override
  public String name() {
    return "configurations";
  }

  @Override
  public List<byte[]> originals() {
    return List.of(
        Repository.text(Repository.root().resolve("config/chase.yaml"))
            .getBytes(StandardCharsets.UTF_8),
        FULL.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public Optional<String> read(byte[] text) throws IOException {
    Path file = Files.write(directory.resolve(NAME), text);
    List<String> faults = faults(file);
    try {
      ChaseConfig.load(file, Map.of());
      if (!faults.isEmpty()) {
        throw new AssertionError("taken by the daemon, but chase config says " + faults);
      }
      return Optional.empty();
    } catch (ConfigException e) {
      if (faults.isEmpty()) {
        throw new AssertionError("refused by the daemon alone: " + e.getMessage());
      }
      faults.forEach(fault -> FuzzedInputsTest.requireReadable(fault, offender()));
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** All that {@code chase config validate} finds. */
  private static List<String> faults(Path file) {
    try {
      ConfigFile read = ConfigFile.read(file, Map.of());
      List<String> faults = read.faults();
      if (faults.isEmpty()) {
        read.settings();
      }
      return faults;
    } catch (ConfigException e) {
      return List.of(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public String offender() {
    return NAME;
  }

  @Override
  public int share() {
    return 4;
  }
}
