package chase.carbon.http;

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;

/**
 * How long a provider that complained is left alone: as long as its Retry-After says, at most a
 * day. A 429 that names no time counts as a minute, doubled with each in a row up to an hour, and
 * lengthened by chance by up to a quarter, so that many hosts do not come back at once.
 */
final class Rest {
  private static final Duration LONGEST = Duration.ofDays(1);
  private static final Duration FIRST_GUESS = Duration.ofMinutes(1);
  private static final Duration LONGEST_GUESS = Duration.ofHours(1);
  private static final int MOST_DOUBLINGS = 6;

  private final MonotonicTime time;
  private final AtomicReference<State> state =
      new AtomicReference<>(new State(0, 0, Optional.empty()));

  private record State(long untilNanos, int inARow, Optional<CarbonUnavailable> why) {}

  Rest(MonotonicTime time) {
    this.time = time;
  }

  /** Why the provider must not be asked now, with what is left of its rest; empty when it may. */
  Optional<CarbonUnavailable> current() {
    State now = state.get();
    long left = now.untilNanos() - time.currentTimeNanos();
    return left > 0 ? now.why().map(why -> again(why, Duration.ofNanos(left))) : Optional.empty();
  }

  /** The provider answered as it should. */
  void clear() {
    state.set(new State(0, 0, Optional.empty()));
  }

  /** The provider failed; rest begins where it asked for some, or sent a 429. */
  CarbonUnavailable onFailure(CarbonUnavailable failure) {
    if (failure.reason() != FailureReason.THROTTLED && failure.retryAfter().isEmpty()) {
      return failure;
    }
    int inARow = state.get().inARow() + 1;
    Duration rest = failure.retryAfter().map(Rest::bounded).orElseGet(() -> guess(inARow));
    CarbonUnavailable told = again(failure, rest);
    state.set(new State(time.currentTimeNanos() + rest.toNanos(), inARow, Optional.of(told)));
    return told;
  }

  private static Duration bounded(Duration wanted) {
    return wanted.compareTo(LONGEST) > 0 ? LONGEST : wanted;
  }

  private static Duration guess(int inARow) {
    Duration whole = FIRST_GUESS.multipliedBy(1L << Math.min(inARow - 1, MOST_DOUBLINGS));
    Duration rest = whole.compareTo(LONGEST_GUESS) > 0 ? LONGEST_GUESS : whole;
    return rest.plusMillis(ThreadLocalRandom.current().nextLong(rest.toMillis() / 4));
  }

  private static CarbonUnavailable again(CarbonUnavailable why, Duration left) {
    return new CarbonUnavailable(
        why.reason(), Objects.requireNonNull(why.getMessage()), Optional.of(left));
  }
}
