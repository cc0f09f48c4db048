package chase.zeus.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chase.zeus.gpu.PowerRange;
import chase.zeus.policy.EnergyOutlook.Slot;
import chase.zeus.policy.JobProgress.PauseState;
import chase.zeus.policy.PolicyInput.CurrentLimit;
import chase.zeus.profile.PowerProfile;
import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlowdownBudgetTest {
  static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
  static final Watts FULL = new Watts(250);
  private static final PowerRange RANGE = new PowerRange(new Watts(100), FULL);
  private static final PowerProfile PROFILE =
      new PowerProfile(
          List.of(
              point(100, 98, 52),
              point(150, 145, 85),
              point(175, 166, 91),
              point(200, 185, 95),
              point(225, 205, 98),
              point(250, 220, 100)));

  private static Point point(double limit, double power, double throughput) {
    return new Point(new Watts(limit), new Watts(power), throughput);
  }

  static EnergyOutlook outlook(Instant from, double... weights) {
    List<Slot> slots = new ArrayList<>();
    for (double weight : weights) {
      Instant at = from.plusSeconds(3600L * slots.size());
      slots.add(new Slot(at, at.plusSeconds(3600), weight));
    }
    return new EnergyOutlook(slots, 700, from.plus(Duration.ofDays(9)));
  }

  static PolicyInput input(EnergyOutlook outlook, JobProgress progress, Watts limit) {
    return new PolicyInput(
        RANGE,
        Optional.of(PROFILE),
        Optional.of(outlook),
        progress.asOf(),
        Optional.of(progress),
        Optional.of(new CurrentLimit(limit, Optional.empty())));
  }

  private static Watts limit(double bound, EnergyOutlook outlook, JobProgress progress) {
    return limitOf(PowerPolicy.budget(bound).decide(input(outlook, progress, FULL)));
  }

  static Watts limitOf(PolicyDecision decision) {
    assertThat(decision).isInstanceOf(PolicyDecision.Limit.class);
    return ((PolicyDecision.Limit) decision).limit();
  }

  @Test
  void aDirtyHourIsSlowAndACleanOneIsFast() {
    JobProgress begun = JobProgress.of(NOW, NOW, 0, 2 * 3600);
    assertThat(limit(0.05, outlook(NOW, 600, 50, 50), begun)).isLessThan(new Watts(200));
    assertThat(limit(0.05, outlook(NOW, 50, 600, 600), begun)).isEqualTo(FULL);
  }

  /** A limit that was set ten seconds ago: a moment of the present, an hour of the recording. */
  @Test
  void limitsFollowARecordingThatIsPlayedFaster() {
    EnergyOutlook clean = outlook(NOW, 50, 600, 600);
    EnergyOutlook fast =
        new EnergyOutlook(clean.slots(), clean.reference(), clean.trustedUntil(), "", 360);
    JobProgress begun = JobProgress.of(NOW.minusSeconds(1000), NOW, 995, 2 * 3600);
    CurrentLimit changed = new CurrentLimit(new Watts(200), Optional.of(NOW.minusSeconds(10)));
    assertThat(limitOf(PowerPolicy.budget(0.05).decide(in(clean, begun, changed))))
        .isEqualTo(new Watts(200));
    assertThat(limitOf(PowerPolicy.budget(0.05).decide(in(fast, begun, changed)))).isEqualTo(FULL);
  }

  private static PolicyInput in(EnergyOutlook outlook, JobProgress progress, CurrentLimit limit) {
    return new PolicyInput(
        RANGE,
        Optional.of(PROFILE),
        Optional.of(outlook),
        progress.asOf(),
        Optional.of(progress),
        Optional.of(limit));
  }

  @Test
  void withoutSlackItIsFullPower() {
    EnergyOutlook dirty = outlook(NOW, 900, 10, 10);
    assertThat(limit(0, dirty, JobProgress.of(NOW, NOW, 0, 3600))).isEqualTo(FULL);
    JobProgress late = JobProgress.of(NOW.minusSeconds(8000), NOW, 7000, 3600);
    assertThat(limit(0.02, dirty, late)).isEqualTo(FULL);
  }

  @Test
  void aDeadlineThatCannotBeMetOrIsOverMeansFullPower() {
    for (long seconds : List.of(-3600L, 0L, 3599L)) {
      JobProgress hurried =
          new JobProgress(
              NOW,
              NOW,
              0,
              Optional.of(3600.0),
              Optional.of(NOW.plusSeconds(seconds)),
              Optional.empty());
      assertThat(limit(0.5, outlook(NOW, 900, 10), hurried)).isEqualTo(FULL);
    }
  }

  @Test
  void aLateDeadlineGivesMoreSlackThanTheBound() {
    JobProgress relaxed =
        new JobProgress(
            NOW, NOW, 0, Optional.of(3600.0), Optional.of(NOW.plusSeconds(7200)), Optional.empty());
    assertThat(limit(0.01, outlook(NOW, 100, 100), relaxed)).isLessThan(new Watts(200));
  }

  @Test
  void aJobThatMayPauseIsPausedWhileItIsDirty() {
    JobProgress patient =
        new JobProgress(
            NOW,
            NOW,
            0,
            Optional.of(3600.0),
            Optional.of(NOW.plusSeconds(3 * 3600)),
            Optional.of(new PauseState(new Watts(30), false, Optional.empty())));
    PolicyDecision decision =
        PowerPolicy.budget(0.03).decide(input(outlook(NOW, 900, 90, 80), patient, FULL));
    assertThat(decision).isInstanceOf(PolicyDecision.Pause.class);
    assertThat(((PolicyDecision.Pause) decision).until()).contains(NOW.plusSeconds(3600));
  }

  @Test
  void whileTheWorkIsNotCountedOneLimitInsideTheBoundIsUsed() {
    PolicyInput uncounted =
        new PolicyInput(RANGE, Optional.of(PROFILE), Optional.of(outlook(NOW, 500)), NOW);
    assertThat(limitOf(PowerPolicy.budget(0.03).decide(uncounted))).isEqualTo(new Watts(225));
    assertThat(limitOf(PowerPolicy.budget(0.06).decide(uncounted))).isEqualTo(new Watts(200));
    assertThat(limitOf(PowerPolicy.budget(0).decide(uncounted))).isEqualTo(FULL);
  }

  @Test
  void withoutProfileOrSignalItSaysSo() {
    PolicyInput nothing = new PolicyInput(RANGE, Optional.empty(), Optional.empty(), NOW);
    assertThat(PowerPolicy.budget(0.03).decide(nothing))
        .isEqualTo(new PolicyDecision.NeedsProfile());
    PolicyInput blind = new PolicyInput(RANGE, Optional.of(PROFILE), Optional.empty(), NOW);
    assertThat(PowerPolicy.budget(0.03).decide(blind)).isEqualTo(new PolicyDecision.NeedsSignal());
  }

  @Test
  void aProfileOfOnePointLeavesNothingToChoose() {
    PowerProfile single = new PowerProfile(List.of(point(250, 220, 100)));
    PolicyInput input =
        new PolicyInput(
            RANGE,
            Optional.of(single),
            Optional.of(outlook(NOW, 500, 100)),
            NOW,
            Optional.of(JobProgress.of(NOW, NOW, 0, 5000)),
            Optional.empty());
    assertThat(limitOf(PowerPolicy.budget(0.1).decide(input))).isEqualTo(FULL);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.01, Double.NaN, Double.POSITIVE_INFINITY})
  void anImpossibleBoundIsRefused(double bound) {
    assertThatThrownBy(() -> PowerPolicy.budget(bound))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bound must lie in 0 to 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"budget:0.025", "budget:0", "budget:1"})
  void itIsReadAsItIsWritten(String spec) {
    assertThat(PowerPolicy.parse(spec).spec()).isEqualTo(spec);
  }

  @Test
  void scalingTheSignalChangesNoDecision() {
    for (long seed = 1; seed <= 500; seed++) {
      Random random = new Random(seed);
      double[] weights = random.doubles(1 + random.nextInt(40), 1, 700).toArray();
      double factor = Math.exp(random.nextDouble(-12, 12));
      double[] scaled = weights.clone();
      for (int i = 0; i < scaled.length; i++) {
        scaled[i] *= factor;
      }
      double elapsed = random.nextDouble(0, 40_000);
      JobProgress progress =
          new JobProgress(
              NOW.minusNanos((long) (elapsed * 1e9)),
              NOW,
              elapsed * random.nextDouble(0.96, 1),
              random.nextBoolean() ? Optional.of(72_000.0) : Optional.empty(),
              Optional.empty(),
              Optional.empty());
      Watts inForce = PROFILE.points().get(random.nextInt(6)).limit();
      PowerPolicy policy = PowerPolicy.budget(0.05);
      assertThat(limitOf(policy.decide(input(outlook(NOW, scaled), progress, inForce))))
          .as("seed %d", seed)
          .isEqualTo(limitOf(policy.decide(input(outlook(NOW, weights), progress, inForce))));
    }
  }

  @Test
  void aJobOfUnknownLengthIsInsideItsBoundWheneverItEnds() {
    for (long seed = 1; seed <= 20; seed++) {
      Random random = new Random(seed);
      double bound = random.nextDouble(0.01, 0.1);
      Walk walk = new Walk(PowerPolicy.budget(bound), random.doubles(72, 50, 700).toArray());
      double slowest = 0;
      for (int hour = 1; hour <= 48; hour++) {
        walk.onUntil(NOW.plusSeconds(3600L * hour));
        assertThat(3600 * hour / walk.done - 1)
            .as("seed %d after %d h", seed, hour)
            .isLessThan(bound + 1e-3);
        slowest = Math.max(slowest, 3600 * hour / walk.done - 1);
      }
      assertThat(slowest).as("seed %d uses its budget", seed).isGreaterThan(bound * 0.8);
    }
  }

  private static JobProgress ofUnknownLength(double elapsed, double done) {
    return new JobProgress(
        NOW.minusNanos((long) (elapsed * 1e9)),
        NOW,
        done,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void norMayItBeLateWithinAnHourAndCatchUpByItsEnd() {
    EnergyOutlook dirty = outlook(NOW, 900, 890, 10, 10);
    Watts slow = new Watts(175);
    PowerPolicy policy = PowerPolicy.budget(0.1);
    JobProgress late = ofUnknownLength(11_001, 10_000);
    assertThat(limitOf(policy.decide(input(dirty, late, slow)))).isEqualTo(FULL);

    JobProgress thirtySeconds = ofUnknownLength(10_970, 10_000);
    PolicyDecision.Limit decision =
        (PolicyDecision.Limit) policy.decide(input(dirty, thirtySeconds, slow));
    assertThat(decision.limit()).isEqualTo(slow);
    assertThat(decision.until().orElseThrow()).isBefore(NOW.plusSeconds(30 * 100 / 9 + 1));
  }

  @Test
  void limitsStayAtLeastFiveMinutesUnlessTheSlackIsGone() {
    Random random = new Random(5);
    double[] weights = random.doubles(60, 50, 700).toArray();
    Walk walk = new Walk(PowerPolicy.budget(0.05), weights);
    walk.onUntil(NOW.plusSeconds(3600 * 36));
    assertThat(walk.changes.size()).isGreaterThan(10);
    for (int i = 1; i < walk.changes.size(); i++) {
      assertThat(Duration.between(walk.changes.get(i - 1), walk.changes.get(i)))
          .isGreaterThanOrEqualTo(Duration.ofMinutes(5));
    }
  }

  /** A job of unknown length that is decided every minute. */
  private static final class Walk {
    private final PowerPolicy policy;
    private final double[] weights;
    private final List<Instant> changes = new ArrayList<>();
    private Instant now = NOW;
    private Watts limit = FULL;
    private double done;

    Walk(PowerPolicy policy, double[] weights) {
      this.policy = policy;
      this.weights = weights;
    }

    void onUntil(Instant end) {
      while (now.isBefore(end)) {
        JobProgress progress =
            new JobProgress(NOW, now, done, Optional.empty(), Optional.empty(), Optional.empty());
        PolicyInput input =
            new PolicyInput(
                RANGE,
                Optional.of(PROFILE),
                Optional.of(outlook(NOW, weights)),
                now,
                Optional.of(progress),
                Optional.of(new CurrentLimit(limit, changes.reversed().stream().findFirst())));
        Watts next = limitOf(policy.decide(input));
        if (!next.equals(limit)) {
          changes.add(now);
          limit = next;
        }
        done += 60 * PROFILE.at(limit).orElseThrow().throughput() / 100;
        now = now.plusSeconds(60);
      }
    }
  }
}
