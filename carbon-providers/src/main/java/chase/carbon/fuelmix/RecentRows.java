package chase.carbon.fuelmix;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import chase.carbon.http.PeriodRows;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The rows that a provider's last call brought: what was called within a minute says what there is.
 * One call at a time, so that who comes second finds what the first was answered.
 *
 * @param <S> what a call asks for
 */
public final class RecentRows<S> {
  /** How long rows are as good as those of another call. */
  public static final Duration SHORTEST_PAUSE = Duration.ofMinutes(1);

  private final InstantSource clock;
  private final ReentrantLock calling = new ReentrantLock();
  private Optional<FetchedRows<S>> newest = Optional.empty();

  private record FetchedRows<S>(PeriodRows<CarbonIntensity> rows, S asked, Instant at) {}

  /**
   * Makes one call.
   *
   * @param <S> what it asks for
   */
  public interface RowCall<S> {
    /** The rows of the response. */
    PeriodRows<CarbonIntensity> fetch(S asked) throws CarbonUnavailable, InterruptedException;
  }

  /** Without rows. */
  public RecentRows(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * The rows of a call that was made a moment ago, else of a call.
   *
   * @param enough whether the rows of a call for that have what is wanted
   * @param next what to ask for, by when the last call was made that was answered
   */
  public PeriodRows<CarbonIntensity> get(
      Predicate<S> enough, Function<Optional<Instant>, S> next, RowCall<S> call)
      throws CarbonUnavailable, InterruptedException {
    calling.lockInterruptibly();
    try {
      Instant now = clock.instant();
      Optional<FetchedRows<S>> fresh =
          newest
              .filter(rows -> !now.isBefore(rows.at())) // a clock may be set back
              .filter(rows -> now.isBefore(rows.at().plus(SHORTEST_PAUSE)))
              .filter(rows -> enough.test(rows.asked()));
      if (fresh.isPresent()) {
        return fresh.get().rows();
      }
      S asked = next.apply(newest.map(FetchedRows::at));
      PeriodRows<CarbonIntensity> rows = call.fetch(asked);
      newest = Optional.of(new FetchedRows<>(rows, asked, now));
      return rows;
    } finally {
      calling.unlock();
    }
  }
}
