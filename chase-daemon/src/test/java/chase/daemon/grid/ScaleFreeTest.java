package chase.daemon.grid;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.grid.EnergyWeight.Component.Period;
import chase.zeus.gpu.PowerRange;
import chase.zeus.policy.EnergyOutlook;
import chase.zeus.policy.JobProgress;
import chase.zeus.policy.PolicyDecision;
import chase.zeus.policy.PolicyInput;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.profile.PowerProfile;
import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** A signal multiplied by any constant changes no decision. */
class ScaleFreeTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Duration STEP = Duration.ofMinutes(30);
  private static final List<PowerPolicy> POLICIES =
      List.of(
          PowerPolicy.parse("chase:0.24"),
          PowerPolicy.parse("chase:0.8"),
          PowerPolicy.parse("zeus:0.5"),
          PowerPolicy.parse("budget:0.01"),
          PowerPolicy.parse("budget:0.05"));
  private static final List<SignalWeights> WEIGHTS =
      List.of(
          SignalWeights.CARBON,
          new SignalWeights(0, 1),
          new SignalWeights(1, 1),
          new SignalWeights(1, 0.3));
  private static final PowerProfile PROFILE =
      new PowerProfile(
          List.of(
              point(120, 118, 61),
              point(160, 155, 78),
              point(200, 190, 90),
              point(240, 223, 97),
              point(280, 250, 100)));

  private static Point point(double limit, double power, double throughput) {
    return new Point(new Watts(limit), new Watts(power), throughput);
  }

  @RepeatedTest(40)
  void noConstantChangesADecision(RepetitionInfo repetition) {
    long seed = repetition.getCurrentRepetition();
    Random random = new Random(seed);
    double[] carbon = walk(random, 40, 700, 0);
    double[] price = walk(random, 5, 180, -60);
    double grams = Math.exp(random.nextDouble(-12, 12));
    double money = Math.exp(random.nextDouble(-12, 12));
    JobProgress progress = JobProgress.of(NOW.minusSeconds(7200), NOW, 7150, 60_000);
    for (SignalWeights weights : WEIGHTS) {
      for (PowerPolicy policy : POLICIES) {
        PolicyDecision plain = verdict(policy, progress, weights, carbon, 1, price, 1);
        PolicyDecision scaled = verdict(policy, progress, weights, carbon, grams, price, money);
        assertThat(rounded(scaled))
            .as(
                "seed %d, %s, %s, carbon x %g, price x %g",
                seed, policy.spec(), weights, grams, money)
            .isEqualTo(rounded(plain));
      }
    }
  }

  private static PolicyDecision verdict(
      PowerPolicy policy,
      JobProgress progress,
      SignalWeights weights,
      double[] carbon,
      double grams,
      double[] price,
      double money) {
    EnergyWeight blend =
        EnergyWeight.of(
                weights, Optional.of(strand(carbon, grams)), Optional.of(strand(price, money)))
            .orElseThrow();
    EnergyOutlook outlook =
        new EnergyOutlook(blend.slots(), blend.reference(), NOW.plus(Duration.ofDays(9)));
    return policy.decide(
        new PolicyInput(
            new PowerRange(new Watts(120), new Watts(280)),
            Optional.of(PROFILE),
            Optional.of(outlook),
            NOW,
            Optional.of(progress),
            Optional.empty()));
  }

  /** Half a day of a grid, in any unit, with its highest value as the reference. */
  private static EnergyWeight.Component strand(double[] values, double factor) {
    List<Period> periods = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      Instant from = NOW.plus(STEP.multipliedBy(i));
      periods.add(new Period(from, from.plus(STEP), factor * values[i]));
    }
    double highest = factor * DoubleStream.of(values).max().orElseThrow();
    return new EnergyWeight.Component(periods, EnergyWeight.Component.reference(highest));
  }

  private static double[] walk(Random random, double low, double high, double lowest) {
    double[] values = new double[48];
    double value = random.nextDouble(low, high);
    for (int i = 0; i < values.length; i++) {
      value = Math.clamp(value + random.nextGaussian() * (high - low) / 6, lowest, high);
      values[i] = value;
    }
    return values;
  }

  /** To the milliwatt and the second, the finest that anybody acts on. */
  private static String rounded(PolicyDecision verdict) {
    return switch (verdict) {
      case PolicyDecision.Limit limit ->
          String.format(
              Locale.ROOT,
              "limit %d until %s",
              limit.limit().toMilliwatts(),
              limit.until().map(Instant::getEpochSecond));
      case PolicyDecision.Pause pause ->
          "pause until " + pause.until().map(Instant::getEpochSecond);
      case PolicyDecision.NeedsProfile n -> "needs a profile";
      case PolicyDecision.NeedsSignal n -> "needs a signal";
    };
  }
}
