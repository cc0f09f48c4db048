package chase.carbon;

import chase.carbon.CarbonUnavailable.Reason;
import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Spares a provider. A number is reused until its period ends, and at least for the minimum poll
 * period after it was fetched, because a provider that is late would otherwise be asked at every
 * call. A throttled answer is repeated until the provider's Retry-After (at most a day), or for the
 * minimum poll period where it names none. No other failure is remembered. However many threads
 * ask, one question is under way at a time, and all get its answer.
 */
public final class CachedSource implements CarbonSource {
  private static final Duration LONGEST_REST = Duration.ofDays(1);

  private final CarbonSource source;
  private final Duration minimumPoll;
  private final InstantSource clock;
  private final AsyncCache<Region, Outcome> outcomes;

  /**
   * An empty cache in front of {@code source}.
   *
   * @param minimumPoll the least time between two good answers, zero or more
   */
  public CachedSource(CarbonSource source, Duration minimumPoll, InstantSource clock) {
    if (minimumPoll.isNegative()) {
      throw new IllegalArgumentException("minimum poll period is negative: " + minimumPoll);
    }
    this.source = source;
    this.minimumPoll = minimumPoll;
    this.clock = clock;
    this.outcomes =
        Caffeine.newBuilder()
            .ticker(this::nanos)
            .executor(Runnable::run)
            .expireAfter(Expiry.creating((Region region, Outcome outcome) -> shelfLife(outcome)))
            .buildAsync();
  }

  @Override
  public String provider() {
    return source.provider();
  }

  @Override
  public Region region() {
    return source.region();
  }

  @Override
  public CarbonIntensity current() throws CarbonUnavailable, InterruptedException {
    while (true) {
      AtomicBoolean ours = new AtomicBoolean();
      CompletableFuture<Outcome> flight = outcomes.get(region(), (region, pool) -> begun(ours));
      if (ours.get()) {
        fly(flight);
      }
      Optional<Outcome> landed = await(flight);
      // A clock that went back makes the time until which the answer holds meaningless.
      if (landed.isPresent() && !clock.instant().isBefore(landed.get().at())) {
        return open(landed.get());
      }
      outcomes.asMap().remove(region(), flight);
    }
  }

  private static CompletableFuture<Outcome> begun(AtomicBoolean byUs) {
    byUs.set(true);
    return new CompletableFuture<>();
  }

  /** What the flight brought; empty when the thread that flew it was interrupted or failed. */
  private static Optional<Outcome> await(CompletableFuture<Outcome> flight)
      throws InterruptedException {
    try {
      return Optional.of(flight.get());
    } catch (CancellationException stranded) {
      return Optional.empty();
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible.getCause());
    }
  }

  /** Whatever goes wrong, the threads that wait for this flight are let go. */
  private void fly(CompletableFuture<Outcome> flight) throws InterruptedException {
    try {
      flight.complete(ask());
    } finally {
      flight.cancel(false);
    }
  }

  private Outcome ask() throws InterruptedException {
    try {
      CarbonIntensity intensity = source.current();
      return new Outcome.Told(intensity, clock.instant());
    } catch (CarbonUnavailable failure) {
      return new Outcome.Failed(failure, clock.instant());
    }
  }

  private Duration shelfLife(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Told told -> {
        Duration period = Duration.between(told.at(), told.intensity().validTo());
        yield period.compareTo(minimumPoll) > 0 ? period : minimumPoll;
      }
      case Outcome.Failed failed ->
          failed.failure().reason() == Reason.THROTTLED ? rest(failed.failure()) : Duration.ZERO;
    };
  }

  private Duration rest(CarbonUnavailable throttled) {
    Duration wanted = throttled.retryAfter().orElse(minimumPoll);
    return wanted.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : wanted;
  }

  private CarbonIntensity open(Outcome outcome) throws CarbonUnavailable {
    return switch (outcome) {
      case Outcome.Told told -> told.intensity();
      case Outcome.Failed failed -> throw failed.failure(clock.instant());
    };
  }

  private long nanos() {
    Instant now = clock.instant();
    return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
  }

  /** What a question brought, and when. */
  private sealed interface Outcome {
    Instant at();

    record Told(CarbonIntensity intensity, Instant at) implements Outcome {}

    record Failed(CarbonUnavailable failure, Instant at) implements Outcome {
      /** The failure with what is left at {@code now} of the time to rest. */
      CarbonUnavailable failure(Instant now) {
        Duration passed = Duration.between(at, now);
        return passed.isZero() || failure.retryAfter().isEmpty()
            ? failure
            : new CarbonUnavailable(
                failure.reason(),
                Objects.requireNonNull(failure.getMessage()),
                failure.retryAfter().map(whole -> whole.minus(passed)));
      }
    }
  }
}
