package chase.zeus.energy;

import chase.zeus.unit.Joules;

/**
 * Energy since Chase started.
 *
 * @param counted what the card's own counter counted
 * @param integrated what was counted by its draw, in stretches of time without a counter to believe
 * @param basis how the last stretch was counted
 */
public record GpuEnergy(Joules counted, Joules integrated, EnergyBasis basis) {
  static final GpuEnergy NONE = new GpuEnergy(Joules.ZERO, Joules.ZERO, EnergyBasis.COUNTER);

  /** Energy that was all counted in one way. */
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

  /** What was counted in that way. */
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

  /** How energy was counted. */
  public enum EnergyBasis {
    /** The card's own counter. */
    COUNTER,
    /** Power samples added up, which misses what lies between them. */
    INTEGRATED
  }
}
