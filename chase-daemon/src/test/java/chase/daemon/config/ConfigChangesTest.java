package chase.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chase.daemon.config.ConfigChanges.ConfigChange;
import chase.daemon.config.TakesEffect.Moment;
import chase.zeus.engine.SafetyRules;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a reload would change, what of that counts at once, and what is left in force. */
class ConfigChangesTest {
  @Test
  void everyKeySaysWhenAChangeOfItCounts() {
    List<String> undecided = new ArrayList<>();
    collectUndecided(ChaseConfig.class, "", undecided);
    assertThat(undecided)
        .as("write @TakesEffect(ON_RELOAD) or (ON_RESTART) before the record component")
        .isEmpty();
  }

  private static void collectUndecided(Class<?> section, String path, List<String> undecided) {
    for (RecordComponent component : section.getRecordComponents()) {
      String key = path + ConfigSetting.key(component.getName());
      boolean decided = component.isAnnotationPresent(TakesEffect.class);
      if (!decided && ConfigChanges.isSection(component)) {
        collectUndecided(component.getType(), key + ".", undecided);
      } else if (!decided) {
        undecided.add(key);
      }
    }
  }

  @Test
  void theSameConfigurationChangesNothing() throws Exception {
    ConfigChanges none = ConfigChanges.between(config("mode: observe"), config("mode: observe"));
    assertThat(none.changes()).isEmpty();
    assertThat(none.inForce()).isEqualTo(config("mode: observe"));
  }

  @Test
  void aKeyThatCountsAtOnceIsTakenAndOneThatTakesARestartIsKept() throws Exception {
    ChaseConfig running = config("mode: observe\ngpu: {backend: simulated}");
    ChaseConfig wanted =
        config("mode: control\ngpu: {backend: simulated, floor-ratio: 0.5}\nlog: {level: debug}");
    ConfigChanges changes = ConfigChanges.between(running, wanted);
    assertThat(changes.waiting())
        .extracting(ConfigChange::text)
        .containsExactly("mode observe -> control");
    assertThat(changes.applied())
        .extracting(ConfigChange::text)
        .containsExactly("gpu.floor-ratio 0.6 -> 0.5", "log.level info -> debug");
    assertThat(changes.inForce().mode()).isEqualTo(SafetyRules.Mode.OBSERVE);
    assertThat(changes.inForce().gpu().floorRatio()).isEqualTo(0.5);
    assertThat(changes.touches("gpu")).isTrue();
    assertThat(changes.touches("mode")).isFalse();
    assertThat(changes.touches("carbon")).isFalse();
  }

  @Test
  void aKeyThatAppearsOrGoesIsAChangeToo() throws Exception {
    ConfigChanges appeared = ConfigChanges.between(config(""), config("carbon: {region: GB}"));
    assertThat(appeared.applied())
        .extracting(ConfigChange::text)
        .containsExactly("carbon.region (none) -> GB");
    ConfigChanges gone =
        ConfigChanges.between(config("gpu: {profiles: {GPU-1: a.csv}}"), config(""));
    assertThat(gone.waiting())
        .extracting(ConfigChange::text)
        .containsExactly("gpu.profiles.GPU-1 a.csv -> (none)");
  }

  @Test
  void ofASecretOnlyThePlaceIsShown() throws Exception {
    ConfigChanges moved =
        ConfigChanges.between(
            config("carbon: {electricity-maps: {token-file: a}}"),
            config("carbon: {electricity-maps: {token-env: B}}"));
    assertThat(moved.applied())
        .extracting(ConfigChange::text)
        .containsExactly(
            "carbon.electricity-maps.token-file a -> (none)",
            "carbon.electricity-maps.token-env (none) -> B");
  }

  @Test
  void whatCountsAtOnceMustNotContradictWhatTakesARestart() throws Exception {
    ChaseConfig running = config("");
    ChaseConfig wanted = config("gpu: {telemetry-period: 20s, call-deadline: 30s}");
    assertThatThrownBy(() -> ConfigChanges.between(running, wanted))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "gpu: call-deadline must not be below telemetry-period; this follows from keys that"
                + " take a restart (gpu.call-deadline): restart the daemon instead");
  }

  @Test
  void theDurationsInForceAreThoseOfTheFile() throws Exception {
    ConfigChanges changes =
        ConfigChanges.between(config(""), config("jobs: {silence: 20m, process-period: 1m}"));
    assertThat(changes.inForce().jobs().silence()).isEqualTo(Duration.ofMinutes(20));
  }

  @Test
  void aChosenNameUnderAKeyIsDecidedByTheKey() {
    assertThat(ConfigChanges.momentOf("gpu.profiles.GPU-1.2")).isEqualTo(Moment.ON_RESTART);
    assertThat(ConfigChanges.momentOf("batch-sizes.zeus-api.port")).isEqualTo(Moment.ON_RESTART);
    assertThat(ConfigChanges.momentOf("batch-sizes.password-env")).isEqualTo(Moment.ON_RESTART);
    assertThat(ConfigChanges.momentOf("carbon.neso.region")).isEqualTo(Moment.ON_RELOAD);
    assertThat(ConfigChanges.momentOf("control.lease")).isEqualTo(Moment.ON_RELOAD);
  }

  private static ChaseConfig config(String yaml) throws ConfigException {
    return ChaseConfig.parse("chase.yaml", yaml, Path.of(""), Map.of());
  }
}
