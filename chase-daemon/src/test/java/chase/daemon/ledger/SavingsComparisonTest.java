package chase.daemon.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import chase.daemon.ledger.SavingsComparison.Aspect;
import chase.daemon.ledger.SavingsComparison.ComparedFigure;
import chase.zeus.profile.PowerProfile;
import chase.zeus.unit.Watts;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SavingsComparisonTest {
  private static final FigureSources SOURCES =
      new FigureSources(
          true,
          Optional.of("counter"),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.of("reported"));

  /** A job that did 100 s of work at full power in 100 s. */
  private static SavingsComparison of(double joules, PowerProfile profile) {
    Usage.UsageTotal total = new Usage.UsageTotal();
    total.add(
        SOURCES,
        Usage.used(100, joules, 0, 0, 0).with(new Usage.CompletedWork(1000, 100, 100, joules)));
    return SavingsComparison.of(total, profile).orElseThrow();
  }

  private static PowerProfile.Point point(double limit, double watts, double work) {
    return new PowerProfile.Point(new Watts(limit), new Watts(watts), work);
  }

  @Test
  void workThatALimitDoesNotSlowIsComparedWithItsDrawAtFullPower() {
    PowerProfile flat =
        new PowerProfile(List.of(point(420, 415, 18), point(580, 547, 18), point(700, 632, 18)));
    SavingsComparison comparison = of(41_500, flat);
    assertThat(comparison.fullPower())
        .containsEntry(Aspect.JOULES, new ComparedFigure(41_500, 63_200));
    assertThat(comparison.carbonBlind())
        .containsEntry(Aspect.JOULES, new ComparedFigure(41_500, 41_500));
  }

  @Test
  void noiseThatMakesALowLimitLookFasterChangesLittle() {
    PowerProfile noisy = new PowerProfile(List.of(point(420, 415, 18.2), point(700, 632, 18)));
    SavingsComparison comparison = of(41_500, noisy);
    assertThat(comparison.fullPower())
        .containsEntry(Aspect.JOULES, new ComparedFigure(41_500, 63_200));
    assertThat(comparison.carbonBlind())
        .hasEntrySatisfying(
            Aspect.JOULES,
            figure -> assertThat(figure.alternative()).isCloseTo(41_500 * 18 / 18.2, within(1.0)));
  }
}
