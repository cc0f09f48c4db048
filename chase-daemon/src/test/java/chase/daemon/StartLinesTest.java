package chase.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.config.ChaseConfig;
import chase.daemon.host.HostName;
import chase.zeus.engine.Engine;
import chase.zeus.engine.Event;
import chase.zeus.engine.SafetyRules;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.simulated.GpuPreset;
import chase.zeus.gpu.simulated.SimulatedGpus;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.profile.PowerProfile;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StartLinesTest {
  private static StartLines lines(String text) throws Exception {
    ChaseConfig config = ChaseConfig.parse("chase.yaml", text, Path.of("/etc/chase"), Map.of());
    return new StartLines(config, Optional.of(Path.of("/etc/chase/chase.yaml")), Optional.of(9478));
  }

  @Test
  void withoutAProviderTheLogSaysWhatToDo() throws Exception {
    assertThat(lines("").trouble().orElseThrow())
        .isEqualTo(
            "no provider is configured, so every GPU keeps its original limit: set carbon.provider"
                + " and carbon.region in /etc/chase/chase.yaml; 'chase signal zones' lists both,"
                + " those without a key first");
    assertThat(lines("carbon: {region: GB}").trouble().orElseThrow())
        .isEqualTo(
            "no provider is configured, so every GPU keeps its original limit: neso serves GB"
                + " (Great Britain) without a key: write \"provider: neso\" and \"region: GB\""
                + " under carbon in /etc/chase/chase.yaml");
    assertThat(lines("policy: fixed:300").trouble().orElseThrow())
        .startsWith("no provider is configured, so nothing follows the grid");
  }

  @Test
  void aPageOnEveryAddressIsNamedByTheHostAndOneOnIpv6InBrackets() throws Exception {
    Snapshot snapshot = snapshotOf(Optional.empty());
    String tls = "tls: {certificate: c.pem, key: k.pem}, token-file: t}";
    assertThat(lines("metrics: {host: 0.0.0.0, " + tls).ready(snapshot))
        .endsWith("page https://" + HostName.read() + ":9478/");
    assertThat(lines("metrics: {host: '::1'}").ready(snapshot)).endsWith("http://[::1]:9478/");
  }

  private static Snapshot snapshotOf(Optional<PowerProfile> profile) {
    Engine engine =
        new Engine(
            new SafetyRules(
                SafetyRules.Mode.OBSERVE, 0.6, Duration.ZERO, Duration.ZERO, Duration.ZERO),
            PowerPolicy.budget(0.03),
            Instant.EPOCH);
    SimulatedGpus.named(List.of("v100", "h100-sxm"), InstantSource.system())
        .all()
        .forEach(gpu ->
            engine.on(new Event.GpuOpened(gpu.traits(), Optional.empty(), profile, Instant.EPOCH)));
    return engine.snapshot();
  }

  @Test
  void observingSaysOfWhichGpusNoProfileIsKnownAndHowToGetOne() throws Exception {
    Snapshot without = snapshotOf(Optional.empty());
    assertThat(lines("mode: observe").unknown(without).orElseThrow())
        .startsWith("observe mode measures no power profile, and none is known of GPU 0, 1:")
        .contains("no saving is estimated", "set gpu.profile in /etc/chase/chase.yaml");
    assertThat(lines("mode: control").unknown(without)).isEmpty();
    assertThat(lines("mode: observe\npolicy: max").unknown(without)).isEmpty();
    assertThat(lines("mode: observe").unknown(snapshotOf(Optional.of(GpuPreset.V100.profile()))))
        .isEmpty();
  }

  @Test
  void aSignalThatCountsIsNoTrouble() throws Exception {
    assertThat(lines("carbon: {provider: neso, region: GB}").trouble()).isEmpty();
    String price = "price: {provider: energinet, region: DK1}\n";
    assertThat(lines(price + "weights: {carbon: 0, price: 1}").trouble()).isEmpty();
    assertThat(lines(price).trouble()).as("a price that does not count").isPresent();
  }
}
