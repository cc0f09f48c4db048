package chase.zeus.writes;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** The writes that one GPU has in an hour. Used by the engine's thread only. */
public final class WriteBudget {
  private int perHour;
  private Duration hour;

  /** The last writes, the oldest first, and no more than the budget has. */
  private final Deque<Instant> writes = new ArrayDeque<>();

  /** Nothing written yet. */
  public WriteBudget(WriteBounds bounds) {
    this.perHour = bounds.perHour();
    this.hour = bounds.hour();
  }

  void apply(WriteBounds changed) {
    perHour = changed.perHour();
    hour = changed.hour();
    shrink();
  }

  /** A limit was written, or may have been. */
  void add(Instant at) {
    drop(at);
    writes.addLast(at);
    shrink();
  }

  /** Those that no budget holds up may exceed it. */
  private void shrink() {
    while (writes.size() > perHour) {
      writes.removeFirst();
    }
  }

  /** How many more writes the hour before {@code at} has. */
  public int left(Instant at) {
    drop(at);
    return perHour - writes.size();
  }

  /** When the next write is free; {@code at} while one is left. */
  public Instant freeAt(Instant at) {
    return left(at) > 0 ? at : writes.getFirst().plus(hour);
  }

  private void drop(Instant at) {
    while (!writes.isEmpty() && !at.isBefore(writes.getFirst().plus(hour))) {
      writes.removeFirst();
    }
  }
}
