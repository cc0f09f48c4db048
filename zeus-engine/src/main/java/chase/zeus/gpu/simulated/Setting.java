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
 * @param userSettings what a user may have turned
 * @param driver how the driver treats it
 */
record Setting(
    Watts requested,
    Watts ceiling,
    boolean writable,
    boolean lost,
    Knobs userSettings,
    Driver driver) {
  /**
   * How a driver treats a card.
   *
   * @param migEnabled whether MIG is enabled
   * @param stored what it keeps of a limit that it accepted, from that and the limit before
   */
  record Driver(boolean migEnabled, BinaryOperator<Watts> stored) {
    private static final Driver PLAIN = new Driver(false, (asked, before) -> asked);
  }

  static Setting fresh(GpuPreset preset) {
    Watts highest = preset.powerRange().max();
    return new Setting(highest, highest, true, false, Knobs.FRESH, Driver.PLAIN);
  }

  PowerLimits limits() {
    return new PowerLimits(requested, requested.min(ceiling));
  }

  Setting withRequested(Watts limit) {
    return new Setting(limit, ceiling, writable, lost, userSettings, driver);
  }

  /** The same after the host asked for {@code limit}. */
  Setting request(Watts limit) {
    return withRequested(driver.stored().apply(limit, requested));
  }

  Setting withDriver(Driver other) {
    return new Setting(requested, ceiling, writable, lost, userSettings, other);
  }

  Setting withCeiling(Watts limit) {
    return new Setting(requested, limit, writable, lost, userSettings, driver);
  }

  Setting writable(boolean allowed) {
    return new Setting(requested, ceiling, allowed, lost, userSettings, driver);
  }

  Setting lost(boolean gone) {
    return new Setting(requested, ceiling, writable, gone, userSettings, driver);
  }

  Setting withUserSettings(Knobs other) {
    return new Setting(requested, ceiling, writable, lost, other, driver);
  }
}
