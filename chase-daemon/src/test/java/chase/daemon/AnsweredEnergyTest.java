package chase.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import chase.zeus.engine.MeteredEnergy;
import chase.zeus.unit.Joules;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AnsweredEnergyTest {
  private static MeteredEnergy metered(double joules, double shown) {
    return new MeteredEnergy(
        new Joules(joules),
        Optional.of(new MeteredEnergy.EnergyCounter(new Joules(shown), Instant.EPOCH)));
  }

  private static final AnsweredEnergy FIRST =
      AnsweredEnergy.first(metered(100, 5_100), new Joules(120));

  @Test
  void theFirstAnswerIsWhatTheCounterShows() {
    assertThat(FIRST.joules()).isEqualTo(new Joules(5_120));
  }

  @Test
  void itGrowsWithWhatTheCardUsedAndNeverGoesBack() {
    AnsweredEnergy later = FIRST.after(new Joules(150));
    assertThat(later.joules()).isEqualTo(new Joules(5_150));
    AnsweredEnergy back = later.after(new Joules(140));
    assertThat(back.joules()).isEqualTo(new Joules(5_150));
    assertThat(back.after(new Joules(160)).joules()).isEqualTo(new Joules(5_160));
  }

  @Test
  void aCounterThatBeganAgainBeforeTheFirstAnswerCostsNothing() {
    AnsweredEnergy first = AnsweredEnergy.first(metered(9_000, 40), new Joules(9_010));
    assertThat(first.joules()).isEqualTo(new Joules(9_010));
  }

  @Test
  void aCounterInDoubtIsAnsweredByWhatWasMetered() {
    MeteredEnergy doubted = new MeteredEnergy(new Joules(300), Optional.empty());
    AnsweredEnergy first = AnsweredEnergy.first(doubted, new Joules(300));
    assertThat(first.joules()).isEqualTo(new Joules(300));
  }
}
