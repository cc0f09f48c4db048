package chase.zeus.gpu;

import chase.zeus.unit.Watts;
import java.util.Optional;

/**
 * What a card is and what it allows, found when it is opened and at every {@link
 * Gpu#refreshTraits}.
 *
 * @param id its lasting name
 * @param index its place in the driver's list, which a reboot may change
 * @param model the product's name
 * @param pciBusId the PCI bus address, empty where the driver does not tell
 * @param driverVersion the driver's version
 * @param powerRange the limits that the card accepts, empty where power cannot be limited
 * @param defaultLimit the limit that the board boots with, empty where unknown
 * @param unwritable why Chase must never write this card's limit (MIG, vGPU, not supported), empty
 *     when it may
 * @param simulated whether the card is arithmetic and not hardware
 * @param modulePower whether the draw that it tells is that of CPU and GPU together, as of a Grace
 *     Hopper, while its limit is the GPU's
 */
public record GpuTraits(
    GpuId id,
    int index,
    String model,
    Optional<String> pciBusId,
    String driverVersion,
    Optional<PowerRange> powerRange,
    Optional<Watts> defaultLimit,
    Optional<String> unwritable,
    boolean simulated,
    boolean modulePower) {
  /** A card whose draw is its own. */
  public GpuTraits(
      GpuId id,
      int index,
      String model,
      Optional<String> pciBusId,
      String driverVersion,
      Optional<PowerRange> powerRange,
      Optional<Watts> defaultLimit,
      Optional<String> unwritable,
      boolean simulated) {
    this(
        id,
        index,
        model,
        pciBusId,
        driverVersion,
        powerRange,
        defaultLimit,
        unwritable,
        simulated,
        false);
  }

  /** The same card, of which only the draw of its whole module is known. */
  public GpuTraits withModulePower() {
    return new GpuTraits(
        id,
        index,
        model,
        pciBusId,
        driverVersion,
        powerRange,
        defaultLimit,
        unwritable,
        simulated,
        true);
  }
}
