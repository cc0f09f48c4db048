package chase.carbon.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class WeightedMixTest {
  @Test
  void atFirstAllCountTheSame() {
    assertThat(new WeightedMix(3).mean(new double[] {1, 2, 6})).isCloseTo(3, within(1e-12));
  }

  @Test
  void aModelWithoutAForecastIsLeftOut() {
    assertThat(new WeightedMix(3).mean(new double[] {1, Double.NaN, 3}))
        .isCloseTo(2, within(1e-12));
    assertThat(new WeightedMix(2).mean(new double[] {Double.NaN, Double.NaN})).isNaN();
  }

  @Test
  void theOneThatIsRightWins() {
    WeightedMix mix = new WeightedMix(3);
    Random random = new Random(4);
    double[] levels = new double[3];
    for (int i = 0; i < 500; i++) {
      double truth = random.nextGaussian();
      levels[0] = truth + 0.3 * random.nextGaussian();
      levels[1] = truth;
      levels[2] = truth + 1;
      mix.learn(levels, mix.mean(levels), truth);
    }
    assertThat(mix.mean(new double[] {0, 10, 0})).isGreaterThan(9.5);
  }

  @Test
  void twoWhoErrInOppositeWaysAreBothKept() {
    WeightedMix mix = new WeightedMix(2);
    for (int i = 0; i < 500; i++) {
      double[] levels = {i + 1, i - 1};
      mix.learn(levels, mix.mean(levels), i);
    }
    assertThat(mix.mean(new double[] {1, -1})).isCloseTo(0, within(0.05));
  }

  @Test
  void aModelThatReturnsKeepsItsWeight() {
    WeightedMix mix = new WeightedMix(2);
    for (int i = 0; i < 200; i++) {
      double[] levels = {i, i + 1};
      mix.learn(levels, mix.mean(levels), i);
    }
    for (int i = 0; i < 200; i++) {
      double[] levels = {Double.NaN, i + 1};
      mix.learn(levels, mix.mean(levels), i);
    }
    assertThat(mix.mean(new double[] {0, 1})).isLessThan(0.1);
  }
}
