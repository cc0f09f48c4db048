package chase.zeus.policy;

import chase.zeus.unit.Watts;

/** What a policy answers. */
public sealed interface Verdict {
  /**
   * The best limit, always one of the allowed ones.
   *
   * @param limit the limit
   */
  record Limit(Watts limit) implements Verdict {}

  /** The policy weighs energy by the grid, and there is no signal to trust. */
  record NeedsSignal() implements Verdict {}

  /** The policy needs to know what the job achieves at the allowed limits, and nobody does. */
  record NeedsProfile() implements Verdict {}
}
