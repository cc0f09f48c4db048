package chase.zeus.engine;

import java.time.Instant;
import java.util.Optional;

/**
 * An operator's pause of Chase as a whole, or of one GPU: the original limit meanwhile.
 *
 * @param since when it began
 * @param until when it ends automatically; empty until somebody resumes
 */
public record OperatorPause(Instant since, Optional<Instant> until) {
  /** Whether it still holds at {@code now}. */
  boolean holdsAt(Instant now) {
    return until.filter(end -> !now.isBefore(end)).isEmpty();
  }
}
