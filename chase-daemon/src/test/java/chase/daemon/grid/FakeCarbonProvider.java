package chase.daemon.grid;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonProvider;
import chase.carbon.CarbonUnavailable;
import chase.carbon.GramsPerKwh;
import chase.carbon.Provenance;
import chase.carbon.ProviderCheck.Ability;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** A grid that says what a test wants, and remembers who asked. */
public final class FakeCarbonProvider implements CarbonProvider {
  static final SignalKind KIND =
      new SignalKind(SignalKind.Margin.AVERAGE, SignalKind.EmissionScope.DIRECT);

  private final InstantSource clock;
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger atOnce = new AtomicInteger();
  private volatile int mostAtOnce;
  private volatile double grams;
  private volatile Optional<CarbonUnavailable> failure = Optional.empty();
  private volatile Optional<RuntimeException> bug = Optional.empty();
  private volatile Optional<Instant> absurd = Optional.empty();
  private volatile boolean silent;
  private volatile boolean silentForecast;
  private volatile String lastThread = "";

  /** A grid at this intensity. */
  public FakeCarbonProvider(double grams, InstantSource clock) {
    this.grams = grams;
    this.clock = clock;
  }

  static CarbonIntensity number(double grams, Instant from, Instant to) {
    return new CarbonIntensity(
        new GramsPerKwh(grams),
        KIND,
        new Provenance.Measured(),
        "fake",
        new Region("TEST"),
        from,
        to,
        from,
        from,
        Optional.empty());
  }

  @Override
  public String provider() {
    return "fake";
  }

  @Override
  public Region region() {
    return new Region("TEST");
  }

  @Override
  public SignalKind kind() {
    return KIND;
  }

  @Override
  public CarbonIntensity current() throws CarbonUnavailable, InterruptedException {
    asked.incrementAndGet();
    mostAtOnce = Math.max(mostAtOnce, atOnce.incrementAndGet());
    lastThread = Thread.currentThread().toString();
    try {
      if (silent) {
        new java.util.concurrent.CountDownLatch(1).await();
      }
      if (bug.isPresent()) {
        throw bug.get();
      }
      if (absurd.isPresent()) {
        return number(grams, absurd.get().minusSeconds(1), absurd.get());
      }
      if (failure.isPresent()) {
        throw failure.get();
      }
      Instant now = clock.instant();
      return number(grams, now, now.plus(Duration.ofMillis(50)));
    } finally {
      atOnce.decrementAndGet();
    }
  }

  @Override
  public Set<Ability> abilities() {
    return silentForecast
        ? EnumSet.of(Ability.LATEST, Ability.FORECAST)
        : EnumSet.of(Ability.LATEST);
  }

  @Override
  public List<CarbonIntensity> forecast() throws InterruptedException {
    new java.util.concurrent.CountDownLatch(1).await();
    return List.of();
  }

  /** The grid changes. */
  public void grams(double now) {
    grams = now;
  }

  /** Every question fails from now on, or none. */
  public void fail(Optional<CarbonUnavailable> with) {
    failure = with;
  }

  /** Every question breaks from now on, or none. */
  public void breakDown(Optional<RuntimeException> with) {
    bug = with;
  }

  /** Every number ends at that time from now on, or as it should. */
  public void date(Optional<Instant> end) {
    absurd = end;
  }

  /** Every question hangs from now on. */
  public void fallSilent() {
    silent = true;
  }

  /** It has a forecast, and a question for that hangs; before it is polled only. */
  public void fallSilentAboutTheFuture() {
    silentForecast = true;
  }

  /** How often it was asked. */
  public int asked() {
    return asked.get();
  }

  /** How many asked at the same time, at most. */
  public int mostAtOnce() {
    return mostAtOnce;
  }

  /** Who asked last. */
  public String lastThread() {
    return lastThread;
  }
}
