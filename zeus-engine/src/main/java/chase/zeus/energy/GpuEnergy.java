package chase.zeus.energy;

import chase.zeus.unit.Joules;

/**
 * One GPU's energy since Chase started.
 *
 * @param counted what the GPU's own energy counter measured
 * @param integrated what was integrated from its power draw, while no counter could be believed
 * @param basis how the last interval was measured
 */
public record GpuEnergy(Joules counted, Joules integrated, EnergyBasis basis) {
  static final GpuEnergy NONE = new GpuEnergy(Joules.ZERO, Joules.ZERO, EnergyBasis.COUNTER);

  /** Energy that was all measured in one way. */
  public GpuEnergy(Joules joules, EnergyBasis basis) {
    this(
        basis == EnergyBasis.COUNTER ? joules : Joules.ZERO,
        basis == EnergyBasis.INTEGRATED ? joules : Joules.ZERO,
        basis);
  }

  /** All of it. */
  public Joules joules() {
    return counted.plus(integrated);
  }

  /** What was measured in that way. */
  public Joules by(EnergyBasis way) {
    return switch (way) {
      case COUNTER -> counted;
      case INTEGRATED -> integrated;
    };
  }

  GpuEnergy plus(Joules more, EnergyBasis by) {
    return switch (by) {
      case COUNTER -> new GpuEnergy(counted.plus(more), integrated, by);
      case INTEGRATED -> new GpuEnergy(counted, integrated.plus(more), by);
    };
  }

  /** How energy is measured. */
  public enum EnergyBasis {
    /** By the GPU's own energy counter. */
    COUNTER,
    /** By adding up power samples, which misses what lies between them. */
    INTEGRATED
  }
}
