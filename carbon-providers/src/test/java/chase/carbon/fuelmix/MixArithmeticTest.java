package chase.carbon.fuelmix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import chase.carbon.SignalKind.EmissionScope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class MixArithmeticTest {
  private final MixArithmetic lifecycle = new MixArithmetic("grid", EmissionScope.LIFECYCLE);
  private final MixArithmetic direct = new MixArithmetic("grid", EmissionScope.DIRECT);

  @Test
  void theIntensityIsPowerTimesFactorOverPower() {
    MixSample mix = mix(Map.of("Coal", 100.0, "Wind", 300.0));
    assertThat(lifecycle.grams(mix)).hasValue((100 * 820 + 300 * 11) / 400.0);
    assertThat(direct.grams(mix)).hasValue(100 * 760 / 400.0);
  }

  @Test
  void storageIsLeftOutWhetherItTakesOrGives() {
    MixSample alone = mix(Map.of("Natural Gas", 100.0, "Nuclear", 100.0));
    for (double battery : new double[] {-500, 0, 500}) {
      for (String word : List.of("Batteries", "Power Storage", "Battery Storage", "Storage")) {
        MixSample with = mix(Map.of("Natural Gas", 100.0, "Nuclear", 100.0, word, battery));
        assertThat(lifecycle.grams(with)).as(word + battery).isEqualTo(lifecycle.grams(alone));
      }
    }
  }

  @Test
  void importsCountAtTheirFactorAndExportsNotAtAll() {
    assertThat(direct.grams(mix(Map.of("Nuclear", 100.0, "Imports", 100.0)))).hasValue(214);
    assertThat(direct.grams(mix(Map.of("Nuclear", 100.0, "Imports", -90.0)))).hasValue(0);
  }

  @Test
  void plantsThatTakePowerFromTheGridAreLeftOut() {
    assertThat(lifecycle.grams(mix(Map.of("Solar", -48.0, "Natural Gas", 10.0)))).hasValue(490);
  }

  @Test
  void whereNothingFeedsTheGridThereIsNoIntensity() {
    assertThat(lifecycle.grams(mix(Map.of("Coal", 0.0, "Batteries", 900.0)))).isEmpty();
  }

  @Test
  void aFuelThatIsNotKnownCountsAsOtherAndIsToldOnce() {
    List<String> told = new ArrayList<>();
    Logger log = Logger.getLogger(MixArithmetic.class.getPackageName());
    Handler listener = listener(told);
    log.addHandler(listener);
    log.setUseParentHandlers(false);
    try {
      for (int time = 0; time < 3; time++) {
        assertThat(lifecycle.grams(mix(Map.of("Moon\n", 100.0, "Wind", 100.0)))).hasValue(355.5);
      }
      Map<String, Double> nonsense = new HashMap<>();
      for (int fuel = 0; fuel < 100; fuel++) {
        nonsense.put("fuel " + fuel, 1.0);
      }
      assertThat(lifecycle.grams(mix(nonsense))).hasValue(700);
    } finally {
      log.removeHandler(listener);
      log.setUseParentHandlers(true);
    }
    assertThat(told)
        .startsWith(
            "grid: a fuel that Chase does not know, 'Moon?', counts as other (700 gCO2/kWh)")
        .hasSize(20)
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "STORAGE")
  void everyFuelHasAFactorAndItsLifeEmitsNoLessThanItsFire(Fuel fuel) {
    assertThat(fuel.grams(EmissionScope.DIRECT)).isNotNegative();
    assertThat(fuel.grams(EmissionScope.LIFECYCLE))
        .isPositive()
        .isGreaterThanOrEqualTo(fuel.grams(EmissionScope.DIRECT));
  }

  @Test
  void aScopeThatIsNotStatedHasNoFactors() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MixArithmetic("grid", EmissionScope.UNSTATED))
        .withMessage("grid scope: must be lifecycle or direct");
  }

  private static MixSample mix(Map<String, Double> megawatts) {
    return new MixSample(Instant.EPOCH, megawatts);
  }

  private static Handler listener(List<String> told) {
    return new Handler() {
      @Override
      public void publish(LogRecord entry) {
        told.add(entry.getMessage());
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }
}
