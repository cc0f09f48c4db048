package chase.zeus.profile;

import chase.zeus.profile.ProfilingEvent.AbortReason;
import chase.zeus.unit.Watts;

/** What a {@link ProfilingSession} is doing. */
public sealed interface ProfilingState {
  /**
   * It waits for a steady speed: for the limit to be in force, for its warm-up, or for the end of a
   * short pause.
   */
  record Settling(Watts limit) implements ProfilingState {}

  /** It measures. */
  record Measuring(Watts limit) implements ProfilingState {}

  /**
   * It waits until the job's slowdown budget covers the next limit.
   *
   * @param limit that limit
   */
  record Waiting(Watts limit) implements ProfilingState {}

  /**
   * The job does nothing; the session continues when it works again.
   *
   * @param limit the limit that was being measured
   */
  record Silent(Watts limit) implements ProfilingState {}

  /** Everything worth measuring is known. */
  record Done() implements ProfilingState {}

  /**
   * It ended early; what was measured stays.
   *
   * @param reason why
   */
  record Aborted(AbortReason reason) implements ProfilingState {}
}
