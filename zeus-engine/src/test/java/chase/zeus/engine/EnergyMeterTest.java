package chase.zeus.engine;

import static chase.zeus.engine.Given.at;
import static chase.zeus.engine.Given.reading;
import static chase.zeus.engine.Given.watts;
import static org.assertj.core.api.Assertions.assertThat;

import chase.zeus.engine.GpuView.Basis;
import chase.zeus.engine.GpuView.Energy;
import chase.zeus.unit.Joules;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EnergyMeterTest {
  private static EnergyMeter counter(EnergyMeter meter, double joules, long second) {
    return meter.after(reading(250, Optional.empty(), Optional.of(new Joules(joules))), at(second));
  }

  private static EnergyMeter power(EnergyMeter meter, double watts, long second) {
    return meter.after(reading(250, Optional.of(watts(watts)), Optional.empty()), at(second));
  }

  @Test
  void theCardsCounterIsBelieved() {
    EnergyMeter meter = counter(counter(EnergyMeter.NEW, 1000, 0), 1250, 1);
    assertThat(meter.energy()).contains(new Energy(new Joules(250), Basis.COUNTER));
  }

  @Test
  void aCounterThatRestartedWithTheDriverCountsFromZero() {
    EnergyMeter meter = counter(counter(counter(EnergyMeter.NEW, 1000, 0), 1250, 1), 40, 2);
    assertThat(meter.energy()).contains(new Energy(new Joules(290), Basis.COUNTER));
  }

  @Test
  void withoutACounterPowerIsAddedUpAndSaidSo() {
    EnergyMeter meter = power(power(EnergyMeter.NEW, 100, 0), 200, 2);
    assertThat(meter.energy()).contains(new Energy(new Joules(300), Basis.INTEGRATED));
  }

  @Test
  void aLongSilenceIsNotFilledWithAGuess() {
    EnergyMeter meter = power(power(EnergyMeter.NEW, 100, 0), 100, 61);
    assertThat(meter.energy()).contains(new Energy(Joules.ZERO, Basis.INTEGRATED));
  }

  @Test
  void aCardThatTellsNeitherHasNoEnergy() {
    EnergyMeter meter =
        EnergyMeter.NEW.after(reading(250, Optional.empty(), Optional.empty()), at(0));
    assertThat(meter.energy()).isEmpty();
  }
}
