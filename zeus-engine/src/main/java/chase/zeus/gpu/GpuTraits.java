package chase.zeus.gpu;

import chase.zeus.unit.Watts;
import java.util.Optional;

/**
 * What a GPU is and what it allows, read when it is opened and at every {@link Gpu#refreshTraits}.
 *
 * @param id its identity
 * @param index its position in the driver's list, which a reboot may change
 * @param model the product's name
 * @param pciBusId the PCI bus address, empty where the driver does not report it
 * @param driverVersion the driver's version
 * @param powerRange the limits that the GPU accepts, empty where power cannot be limited
 * @param defaultLimit the limit that the board boots with, empty where unknown
 * @param unwritable why Chase must never write this GPU's limit (MIG, vGPU, not supported), empty
 *     when it may
 * @param simulated whether the GPU is simulated
 * @param modulePower whether the draw that it reports is that of CPU and GPU together, as on a
 *     Grace Hopper, while its limit is the GPU's alone
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
  /** A GPU that reports its own draw. */
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

  /** The same GPU with what others may change while it is open. */
  public GpuTraits with(
      Optional<PowerRange> range, Optional<Watts> bootLimit, Optional<String> whyUnwritable) {
    return new GpuTraits(
        id,
        index,
        model,
        pciBusId,
        driverVersion,
        range,
        bootLimit,
        whyUnwritable,
        simulated,
        modulePower);
  }

  /** The same GPU when it reports only the draw of its whole module. */
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
