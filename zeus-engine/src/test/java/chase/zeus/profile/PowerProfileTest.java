package chase.zeus.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import chase.zeus.gpu.PowerRange;
import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.unit.Watts;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PowerProfileTest {
  private static final PowerProfile PROFILE =
      new PowerProfile(List.of(point(100, 90, 2), point(200, 170, 6), point(250, 200, 7)));

  @Test
  void aMeasuredLimitIsAnsweredAsMeasured() {
    assertThat(PROFILE.at(new Watts(200))).contains(point(200, 170, 6));
  }

  @Test
  void betweenTwoLimitsTheLineIsFollowed() {
    assertThat(PROFILE.at(new Watts(150))).contains(point(150, 130, 4));
    assertThat(PROFILE.at(new Watts(225))).contains(point(225, 185, 6.5));
  }

  @Test
  void beyondTheMeasuredLimitsNothingIsGuessed() {
    assertThat(PROFILE.at(new Watts(99.9))).isEmpty();
    assertThat(PROFILE.at(new Watts(250.1))).isEmpty();
  }

  @Test
  void theEndsOfTheAllowedRangeArePointsToo() {
    assertThat(within(150, 225))
        .containsExactly(point(150, 130, 4), point(200, 170, 6), point(225, 185, 6.5));
  }

  @Test
  void aRangeBetweenTwoMeasuredLimitsHasItsOwnEnds() {
    assertThat(within(120, 150)).containsExactly(point(120, 106, 2.8), point(150, 130, 4));
  }

  @Test
  void aRangeOfOneLimitHasOnePoint() {
    assertThat(within(150, 150)).containsExactly(point(150, 130, 4));
    assertThat(within(200, 200)).containsExactly(point(200, 170, 6));
  }

  @Test
  void aRangeWiderThanTheProfileAddsNothing() {
    assertThat(within(50, 300)).isEqualTo(PROFILE.points());
  }

  @ParameterizedTest
  @CsvSource({"10, 99", "251, 300"})
  void aRangeBesideTheProfileHasNoPoint(double min, double max) {
    assertThat(PROFILE.within(range(min, max))).isEmpty();
  }

  @Test
  void aProfileOfOnePointServesRangesAroundIt() {
    PowerProfile one = new PowerProfile(List.of(point(200, 170, 6)));
    assertThat(one.within(range(100, 250))).contains(one);
    assertThat(one.within(range(210, 250))).isEmpty();
  }

  @Test
  void limitsMustRise() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PowerProfile(List.of(point(200, 1, 1), point(100, 1, 1))))
        .withMessage("power limits must rise, but 100 W follows 200 W");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PowerProfile(List.of(point(200, 1, 1), point(200, 1, 1))));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PowerProfile(List.of()))
        .withMessage("a power profile needs at least one point");
  }

  @ParameterizedTest
  @CsvSource({"0, 1, 1", "1, 0, 1", "1, 1, 0", "1, 1, -1", "1, 1, NaN", "1, 1, Infinity"})
  void aPointOfNothingIsRefused(double limit, double power, double throughput) {
    assertThatIllegalArgumentException().isThrownBy(() -> point(limit, power, throughput));
  }

  private static List<Point> within(double min, double max) {
    return PROFILE.within(range(min, max)).orElseThrow().points();
  }

  private static PowerRange range(double min, double max) {
    return new PowerRange(new Watts(min), new Watts(max));
  }

  private static Point point(double limit, double power, double throughput) {
    return new Point(new Watts(limit), new Watts(power), throughput);
  }
}
