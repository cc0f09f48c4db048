package chase.zeus.gpu.nvml;

/**
 * A field id of the batched call (nvml.h, NVML_FI_DEV_*) with its scope: 0 the GPU, 1 its module.
 */
enum Field {
  /** Averaged over 1 s; Ampere (but GA100) and newer. Milliwatts. */
  POWER_AVERAGE(185, 0),
  /** Every architecture. Milliwatts. */
  POWER_INSTANT(186, 0),
  /** Where only the module of CPU and GPU tells its draw, such as Grace Hopper. */
  MODULE_POWER_AVERAGE(185, 1),
  MODULE_POWER_INSTANT(186, 1),
  /** Millijoules since the driver was loaded. */
  ENERGY(83, 0),
  /** Milliwatts. */
  ENFORCED_LIMIT(190, 0),
  /** Milliwatts. */
  REQUESTED_LIMIT(192, 0),
  /** Nanoseconds slowed by the power limit since the driver was loaded. */
  POWER_CAPPED(74, 0);

  private final int id;
  private final int scope;

  Field(int id, int scope) {
    this.id = id;
    this.scope = scope;
  }

  int id() {
    return id;
  }

  int scope() {
    return scope;
  }
}
