package chase.daemon.governor;

import static org.assertj.core.api.Assertions.assertThat;

import chase.zeus.energy.MeteredEnergy;
import chase.zeus.unit.Joules;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MonotonicEnergyTest {
  private static MeteredEnergy metered(double joules, double shown) {
    return new MeteredEnergy(
        new Joules(joules),
        Optional.of(new MeteredEnergy.EnergyCounter(new Joules(shown), Instant.EPOCH)));
  }

  private static final MonotonicEnergy FIRST =
      MonotonicEnergy.first(metered(100, 5_100), new Joules(120));

  @Test
  void theFirstAnswerIsWhatTheCounterShows() {
    assertThat(FIRST.joules()).isEqualTo(new Joules(5_120));
  }

  @Test
  void itGrowsWithWhatTheGpuUsedAndNeverGoesBack() {
    MonotonicEnergy later = FIRST.next(new Joules(150));
    assertThat(later.joules()).isEqualTo(new Joules(5_150));
    MonotonicEnergy back = later.next(new Joules(140));
    assertThat(back.joules()).isEqualTo(new Joules(5_150));
    assertThat(back.next(new Joules(160)).joules()).isEqualTo(new Joules(5_160));
  }

  @Test
  void aCounterThatBeganAgainBeforeTheFirstAnswerCostsNothing() {
    MonotonicEnergy first = MonotonicEnergy.first(metered(9_000, 40), new Joules(9_010));
    assertThat(first.joules()).isEqualTo(new Joules(9_010));
  }

  @Test
  void aCounterInDoubtIsAnsweredByWhatWasMetered() {
    MeteredEnergy doubted = new MeteredEnergy(new Joules(300), Optional.empty());
    MonotonicEnergy first = MonotonicEnergy.first(doubted, new Joules(300));
    assertThat(first.joules()).isEqualTo(new Joules(300));
  }
}
