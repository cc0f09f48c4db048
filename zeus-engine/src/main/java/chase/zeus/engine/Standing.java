package chase.zeus.engine;

import chase.zeus.unit.Watts;
import java.time.Instant;

/** Whether a card may be written now, apart from what anybody wants of it. */
sealed interface Standing {
  /** Nothing speaks against it. */
  record Free() implements Standing {}

  /** Somebody else set {@code foreign}; theirs stays until {@code until}. */
  record HandsOff(Watts foreign, Instant until) implements Standing {}

  /** The last write failed in passing, for the {@code tries}th time in a row. */
  record Retrying(String why, Instant until, int tries) implements Standing {}

  /** The last write was refused. */
  record Refused(String why) implements Standing {}

  /** The card is gone. */
  record Lost(String why) implements Standing {}
}
