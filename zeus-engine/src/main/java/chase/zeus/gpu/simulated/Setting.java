package chase.zeus.gpu.simulated;

import chase.zeus.gpu.PowerLimits;
import chase.zeus.unit.Watts;

/**
 * How a card is set, and what is wrong with it.
 *
 * @param requested the limit last asked for
 * @param ceiling the limit that was set out of band; the card's highest when none was
 * @param writable whether the host may set limits
 * @param lost whether the card has fallen off the bus
 * @param knobs what a user may have turned
 */
record Setting(Watts requested, Watts ceiling, boolean writable, boolean lost, Knobs knobs) {
  static Setting fresh(Preset preset) {
    Watts highest = preset.powerRange().max();
    return new Setting(highest, highest, true, false, Knobs.FRESH);
  }

  PowerLimits limits() {
    return new PowerLimits(requested, requested.min(ceiling));
  }

  Setting requesting(Watts limit) {
    return new Setting(limit, ceiling, writable, lost, knobs);
  }

  Setting under(Watts limit) {
    return new Setting(requested, limit, writable, lost, knobs);
  }

  Setting writable(boolean allowed) {
    return new Setting(requested, ceiling, allowed, lost, knobs);
  }

  Setting lost(boolean gone) {
    return new Setting(requested, ceiling, writable, gone, knobs);
  }

  Setting turned(Knobs other) {
    return new Setting(requested, ceiling, writable, lost, other);
  }
}
