package chase.daemon.cli.signal;

import chase.daemon.cli.signal.WaitPlan.GridReading;
import chase.daemon.cli.signal.WaitPlan.WaitDecision;
import chase.daemon.cli.signal.WaitPlan.WaitState;
import chase.daemon.text.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Waits until a plan starts: reads the grid again and again, and passes on what changes. What a
 * daemon said last counts while it does not answer.
 */
public final class GridWait {
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(200);
  private static final Duration SHORTEST_POLL = Duration.ofSeconds(1);

  private final WaitPlan plan;
  private final Supplier<GridAnswer> grid;
  private final InstantSource clock;
  private final WaitPause pause;
  private final WaitListener listener;
  private Optional<GridReading> last = Optional.empty();
  private Optional<String> trouble = Optional.empty();

  /** What a daemon said, or why none did. */
  public sealed interface GridAnswer {
    /** The grid. */
    record Read(GridReading reading) implements GridAnswer {}

    /** No answer, in one line. */
    record Unread(String why) implements GridAnswer {}
  }

  /** Lets time pass. */
  public interface WaitPause {
    /** Waits; returns false where whoever waits has gone. */
    boolean pause(Duration time);
  }

  /** Is told what people may want to know. */
  public interface WaitListener {
    /** The decision is another one; {@code first} for the first. */
    void onDecision(WaitDecision decision, Optional<GridReading> reading, boolean first);

    /** The daemon does not answer any more. */
    void onLost(String why);

    /** It answers again. */
    void onBack();
  }

  /** A wait that has not begun. */
  public GridWait(
      WaitPlan plan,
      Supplier<GridAnswer> grid,
      InstantSource clock,
      WaitPause pause,
      WaitListener listener) {
    this.plan = plan;
    this.grid = grid;
    this.clock = clock;
    this.pause = pause;
    this.listener = listener;
  }

  /** How a wait ended, with the first and the last that was known of the grid. */
  public record WaitEnd(
      WaitDecision decision, Optional<GridReading> first, Optional<GridReading> last) {}

  /** Waits; returns the decision that starts, or nothing where whoever waits has gone. */
  public Optional<WaitEnd> run() {
    read();
    Optional<GridReading> first = last;
    WaitDecision decision = plan.decide(last, clock.instant());
    listener.onDecision(decision, last, true);
    while (!decision.state().starts()) {
      if (!pause.pause(untilNext(decision))) {
        return Optional.empty();
      }
      read();
      first = first.or(() -> last);
      WaitDecision next = plan.decide(last, clock.instant());
      if (!next.sameAs(decision) || next.state().starts()) {
        listener.onDecision(next, last, false);
        decision = next;
      }
    }
    return Optional.of(new WaitEnd(decision, first, last));
  }

  private void read() {
    switch (grid.get()) {
      case GridAnswer.Read(GridReading reading) -> {
        if (trouble.isPresent()) {
          listener.onBack();
        }
        trouble = Optional.empty();
        last = Optional.of(reading);
      }
      case GridAnswer.Unread(String why) -> {
        if (trouble.isEmpty()) {
          listener.onLost(why);
        }
        trouble = Optional.of(why);
      }
    }
  }

  /** As soon as something may be decided; in a recording that is played fast, soon. */
  private Duration untilNext(WaitDecision decision) {
    Instant now = clock.instant();
    Instant next =
        decision.state() == WaitState.EXPECTED && decision.at().isBefore(plan.latest())
            ? decision.at()
            : plan.latest();
    Duration poll =
        last.map(reading -> reading.period().dividedBy(10))
            .map(tenth -> tenth.compareTo(SHORTEST_POLL) < 0 ? SHORTEST_POLL : tenth)
            .map(tenth -> Durations.shorter(tenth, LONGEST_PAUSE))
            .orElse(LONGEST_PAUSE);
    Duration left = Durations.shorter(poll, Duration.between(now, next));
    return left.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : left;
  }
}
