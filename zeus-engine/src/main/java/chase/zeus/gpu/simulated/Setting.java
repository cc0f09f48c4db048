package chase.zeus.gpu.simulated;

import chase.zeus.gpu.PowerLimits;
import chase.zeus.unit.Watts;
import java.util.function.BinaryOperator;

/**
 * How a card is set, and what is wrong with it.
 *
 * @param requested the limit last asked for
 * @param ceiling the limit that was set out of band; the card's highest when none was
 * @param writable whether the host may set limits
 * @param lost whether the card has fallen off the bus
 * @param knobs what a user may have turned
 * @param driver how the driver treats it
 */
record Setting(
    Watts requested, Watts ceiling, boolean writable, boolean lost, Knobs knobs, Driver driver) {
  /**
   * How a driver treats a card.
   *
   * @param partitioned whether MIG is enabled
   * @param keeps what it keeps of a limit that it accepted, from that and the limit before
   */
  record Driver(boolean partitioned, BinaryOperator<Watts> keeps) {
    private static final Driver PLAIN = new Driver(false, (asked, before) -> asked);
  }

  static Setting fresh(Preset preset) {
    Watts highest = preset.powerRange().max();
    return new Setting(highest, highest, true, false, Knobs.FRESH, Driver.PLAIN);
  }

  PowerLimits limits() {
    return new PowerLimits(requested, requested.min(ceiling));
  }

  Setting requesting(Watts limit) {
    return new Setting(limit, ceiling, writable, lost, knobs, driver);
  }

  /** The same after the host asked for {@code limit}. */
  Setting asked(Watts limit) {
    return requesting(driver.keeps().apply(limit, requested));
  }

  Setting treated(Driver other) {
    return new Setting(requested, ceiling, writable, lost, knobs, other);
  }

  Setting under(Watts limit) {
    return new Setting(requested, limit, writable, lost, knobs, driver);
  }

  Setting writable(boolean allowed) {
    return new Setting(requested, ceiling, allowed, lost, knobs, driver);
  }

  Setting lost(boolean gone) {
    return new Setting(requested, ceiling, writable, gone, knobs, driver);
  }

  Setting turned(Knobs other) {
    return new Setting(requested, ceiling, writable, lost, other, driver);
  }
}
