package chase.zeus.profile;

import static chase.zeus.fixtures.MeasuredProfiles.limits;
import static chase.zeus.fixtures.MeasuredProfiles.point;
import static chase.zeus.fixtures.MeasuredProfiles.profile;
import static chase.zeus.fixtures.MeasuredProfiles.watts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import chase.zeus.profile.MeasuredProfile.MeasuredPoint;
import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.unit.Watts;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeasuredProfileTest {
  private static final MeasuredProfile CURVE =
      profile(
          point(100, 98, 147), point(150, 145, 241), point(200, 185, 270), point(250, 220, 284));

  @Test
  void nothingMeasuredIsNoProfile() {
    assertThat(MeasuredProfile.EMPTY.toPowerProfile()).isEmpty();
    assertThat(MeasuredProfile.EMPTY.expected(new Watts(100))).isEmpty();
  }

  @Test
  void onePointIsAProfileOfOnePoint() {
    PowerProfile one =
        profile(point(200, 170, 6)).toPowerProfile(watts(150, 200, 250)).orElseThrow();
    assertThat(one.points()).containsExactly(new Point(new Watts(200), new Watts(170), 6));
  }

  @Test
  void aCleanCurveStandsAsItWasMeasured() {
    List<Point> curve = CURVE.toPowerProfile().orElseThrow().points();
    assertThat(curve).hasSize(4);
    for (Point point : curve) {
      MeasuredPoint measured = CURVE.at(point.limit()).orElseThrow();
      assertThat(point.power().value()).isCloseTo(measured.power().mean(), within(1e-3));
      assertThat(point.throughput()).isCloseTo(measured.throughput().mean(), within(1e-3));
    }
  }

  @Test
  void aPointThatIsWorseInBothBeyondNoiseIsLeftOut() {
    MeasuredProfile odd = CURVE.with(point(175, 200, 220));
    assertThat(limits(odd.toPowerProfile().orElseThrow())).isEqualTo(limits(CURVE));
    assertThat(limits(odd.toPowerProfile(watts(175)).orElseThrow()))
        .as("and is not filled in either")
        .isEqualTo(limits(CURVE));
  }

  @Test
  void aPointThatIsWorseWithinNoiseStaysAndIsNoWorse() {
    MeasuredProfile flat =
        profile(point(150, 145, 241), point(200, 181, 285), point(250, 180, 284));
    List<Point> curve = flat.toPowerProfile().orElseThrow().points();
    assertThat(curve).hasSize(3);
    assertThat(curve.get(1).power()).isEqualTo(curve.get(2).power());
    assertThat(curve.get(1).throughput()).isEqualTo(curve.get(2).throughput());
    assertThat(PowerHull.of(flat.toPowerProfile().orElseThrow()).fastest().limit())
        .isEqualTo(new Watts(250));
  }

  @Test
  void aSlowerPointThatDrawsLessIsNoMistake() {
    MeasuredProfile falling = profile(point(200, 180, 285), point(250, 150, 240));
    assertThat(falling.toPowerProfile().orElseThrow().points()).hasSize(2);
  }

  @Test
  void limitsBetweenAreFilledInAboveTheChordAndOthersAreNot() {
    PowerProfile filled = CURVE.toPowerProfile(watts(75, 175, 200, 225, 275)).orElseThrow();
    assertThat(limits(filled)).isEqualTo(watts(100, 150, 175, 200, 225, 250));
    assertThat(filled.at(new Watts(175)).orElseThrow().throughput()).isBetween(255.5, 262.0);
    assertThat(CURVE.expected(new Watts(175))).isEqualTo(filled.at(new Watts(175)));
  }

  @Test
  void windowsOfOneLimitAreOnePoint() {
    MeasuredProfile twice = CURVE.with(point(200, 187, 274));
    assertThat(twice.points()).hasSize(4);
    MeasuredPoint both = twice.at(new Watts(200)).orElseThrow();
    assertThat(both.samples()).isEqualTo(50);
    assertThat(both.throughput().mean()).isEqualTo(272);
    assertThat(both.relativeError())
        .isLessThan(CURVE.at(new Watts(200)).orElseThrow().relativeError());
    assertThat(MeasuredProfile.EMPTY.and(CURVE)).isEqualTo(CURVE);
  }

  @Test
  void aShiftMovesAllPointsAndAgesThoseThatWereNotSeen() {
    MeasuredProfile shifted = CURVE.shifted(point(200, 167.5, 135));
    assertThat(shifted.at(new Watts(200))).contains(point(200, 167.5, 135));
    MeasuredPoint full = shifted.at(new Watts(250)).orElseThrow();
    assertThat(full.throughput().mean()).isCloseTo(142, within(0.5));
    assertThat(full.power().mean()).isCloseTo(220 * 167.5 / 185, within(0.5));
    assertThat(full.relativeError()).isCloseTo(0.05, within(1e-9));
  }

  @Test
  void anAgedPointGivesWayToAFreshOne() {
    MeasuredProfile shifted = CURVE.shifted(point(200, 185, 135));
    MeasuredProfile fresh = shifted.with(point(250, 210, 160));
    assertThat(fresh.at(new Watts(250))).contains(point(250, 210, 160));
  }

  @Test
  void unsortedAndDoubleLimitsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> profile(point(200, 1, 1), point(100, 1, 1)))
        .withMessage("power limits must rise, but 100 W follows 200 W");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> profile(point(200, 1, 1), point(200, 1, 1)));
    assertThatIllegalArgumentException().isThrownBy(() -> point(0, 1, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MeasuredPoint(new Watts(1), Estimate.of(1), new Estimate(2, 1, 0)))
        .withMessage("power has 1.0 samples, throughput 2.0");
  }
}
