package chase.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.config.ChaseConfig;
import chase.daemon.host.HostName;
import chase.zeus.engine.Engine;
import chase.zeus.engine.Event;
import chase.zeus.engine.PolicyScope;
import chase.zeus.engine.SafetyRules;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuId;
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

  private static Optional<String> trouble(String text) throws Exception {
    StartLines lines = lines(text);
    return lines.trouble(engine(lines.config().policy(), Optional.empty()).snapshot());
  }

  @Test
  void withoutAProviderTheLogSaysWhatToDo() throws Exception {
    assertThat(trouble("").orElseThrow())
        .isEqualTo(
            "no provider is configured, so every GPU keeps its original limit: set carbon.provider"
                + " and carbon.region in /etc/chase/chase.yaml; 'chase signal zones' lists both,"
                + " those without a key first");
    assertThat(trouble("carbon: {region: GB}").orElseThrow())
        .isEqualTo(
            "no provider is configured, so every GPU keeps its original limit: neso serves GB"
                + " (Great Britain) without a key: write \"provider: neso\" and \"region: GB\""
                + " under carbon in /etc/chase/chase.yaml");
    assertThat(trouble("policy: fixed:300").orElseThrow())
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
    return engine(PowerPolicy.budget(0.03), profile).snapshot();
  }

  private static Engine engine(PowerPolicy policy, Optional<PowerProfile> profile) {
    Engine engine =
        new Engine(
            new SafetyRules(
                SafetyRules.Mode.OBSERVE, 0.6, Duration.ZERO, Duration.ZERO, Duration.ZERO),
            policy,
            Instant.EPOCH);
    SimulatedGpus.named(List.of("v100", "h100-sxm"), InstantSource.system())
        .all()
        .forEach(gpu ->
            engine.on(new Event.GpuOpened(gpu.traits(), Optional.empty(), profile, Instant.EPOCH)));
    return engine;
  }

  @Test
  void itIsReadyWithWhatIsInForceAndNotWithWhatTheConfigurationHas() throws Exception {
    StartLines lines = lines("policy: 'chase:0.5'");
    Engine engine = engine(lines.config().policy(), Optional.empty());
    assertThat(lines.ready(engine.snapshot())).contains("GPUs, policy chase:0.5, provider none;");
    List<GpuId> gpus = engine.snapshot().gpus().stream().map(gpu -> gpu.traits().id()).toList();
    choose(engine, new PolicyScope.WholeHost(), "max");
    choose(engine, new PolicyScope.OneGpu(gpus.getFirst()), "fixed:9999");
    engine.on(new Event.GpuPaused(gpus.get(1), Optional.empty(), Instant.EPOCH));
    assertThat(lines.ready(engine.snapshot()))
        .contains(
            "policy max (chosen by command; the configuration has chase:0.5), but GPU 0 fixed:9999,"
                + " GPU 1 paused, provider none;");
  }

  private static void choose(Engine engine, PolicyScope scope, String policy) {
    engine.on(new Event.PolicyChosen(PowerPolicy.parse(policy), scope, Instant.EPOCH));
  }

  @Test
  void observingSaysOfWhichGpusNoProfileIsKnownAndHowToGetOne() throws Exception {
    Snapshot without = snapshotOf(Optional.empty());
    assertThat(lines("mode: observe").unknown(without).orElseThrow())
        .startsWith("observe mode measures no power profile, and none is known of GPU 0, 1:")
        .contains("no saving is estimated", "set gpu.profile in /etc/chase/chase.yaml");
    assertThat(lines("mode: control").unknown(without)).isEmpty();
    assertThat(
            lines("mode: observe")
                .unknown(engine(PowerPolicy.parse("max"), Optional.empty()).snapshot()))
        .isEmpty();
    assertThat(lines("mode: observe").unknown(snapshotOf(Optional.of(GpuPreset.V100.profile()))))
        .isEmpty();
  }

  @Test
  void aSignalThatCountsIsNoTrouble() throws Exception {
    assertThat(trouble("carbon: {provider: neso, region: GB}")).isEmpty();
    String price = "price: {provider: energinet, region: DK1}\n";
    assertThat(trouble(price + "weights: {carbon: 0, price: 1}")).isEmpty();
    assertThat(trouble(price)).as("a price that does not count").isPresent();
  }
}
