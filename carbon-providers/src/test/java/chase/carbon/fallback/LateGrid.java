package chase.carbon.fallback;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonProvider;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.GramsPerKwh;
import chase.carbon.Provenance;
import chase.carbon.ProviderCheck.Ability;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.EmissionScope;
import chase.carbon.SignalKind.Margin;
import chase.carbon.fixtures.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * A grid whose operator measures late, and publishes what it measured every quarter of an hour. As
 * long as a value is not half an hour late it is the value for now, later a forecast is, which is
 * wrong by a share that is known.
 */
final class LateGrid implements CarbonProvider {
  static final long SEED = 20_261_130;

  private static final Duration QUARTER = Duration.ofMinutes(15);
  private static final Duration STILL_NOW = Duration.ofMinutes(30);
  private static final SignalKind KIND = new SignalKind(Margin.AVERAGE, EmissionScope.LIFECYCLE);

  private final Duration step;
  private final Duration lateness;
  private final double error;
  private final TestClock clock;
  private final List<Instant> pastAskedAt = new ArrayList<>();
  private Optional<FailureReason> pastFails = Optional.empty();
  private Optional<Instant> glitch = Optional.empty();
  private int valueCalls;

  /** A grid of periods of {@code step}, whose forecasts are {@code error} too high. */
  LateGrid(Duration step, Duration lateness, double error, TestClock clock) {
    this.step = step;
    this.lateness = lateness;
    this.error = error;
    this.clock = clock;
  }

  /** The truth: a course of the day, and chance. */
  double truth(Instant from) {
    double hours = from.getEpochSecond() / 3600.0;
    Random chance = new Random(SEED + from.getEpochSecond());
    return 300 + 90 * Math.sin(hours * Math.PI / 12) + 8 * chance.nextGaussian();
  }

  void failsToTellThePast(FailureReason why) {
    pastFails = Optional.of(why);
  }

  void measuresWrongAt(Instant from) {
    glitch = Optional.of(from);
  }

  /** When its past was asked for. */
  List<Instant> pastAskedAt() {
    return pastAskedAt;
  }

  int valueCalls() {
    return valueCalls;
  }

  @Override
  public String provider() {
    return "late";
  }

  @Override
  public Region region() {
    return new Region("X");
  }

  @Override
  public SignalKind kind() {
    return KIND;
  }

  @Override
  public Set<Ability> abilities() {
    return EnumSet.allOf(Ability.class);
  }

  @Override
  public CarbonIntensity current() {
    valueCalls++;
    Instant now = clock.instant();
    Instant newest = measuredUntil(now).minus(step);
    return newest.plus(step).plus(STILL_NOW).isAfter(now)
        ? measured(newest)
        : expected(floor(now, step));
  }

  @Override
  public List<CarbonIntensity> forecast() {
    List<CarbonIntensity> points = new ArrayList<>();
    Instant first = floor(clock.instant(), step);
    Instant end = first.plus(Duration.ofHours(36));
    for (Instant from = first; from.isBefore(end); from = from.plus(step)) {
      points.add(expected(from));
    }
    return points;
  }

  @Override
  public List<CarbonIntensity> history(Instant from, Instant to) throws CarbonUnavailable {
    pastAskedAt.add(clock.instant());
    if (pastFails.isPresent()) {
      throw new CarbonUnavailable(pastFails.get(), "late: " + pastFails.get());
    }
    Instant known = measuredUntil(clock.instant());
    List<CarbonIntensity> past = new ArrayList<>();
    for (Instant at = floor(from, step); !at.plus(step).isAfter(to); at = at.plus(step)) {
      if (!at.plus(step).isAfter(known)) {
        past.add(measured(at));
      }
    }
    return past;
  }

  /** The end of what is published at {@code now}. */
  Instant measuredUntil(Instant now) {
    return floor(floor(now, QUARTER).minus(lateness), step);
  }

  private static Instant floor(Instant at, Duration step) {
    long seconds = step.toSeconds();
    return Instant.ofEpochSecond(Math.floorDiv(at.getEpochSecond(), seconds) * seconds);
  }

  private CarbonIntensity measured(Instant from) {
    boolean wrong = glitch.equals(Optional.of(from));
    return intensity(from, wrong ? 1_400 : truth(from), new Provenance.Measured());
  }

  private CarbonIntensity expected(Instant from) {
    return intensity(
        from, truth(from) * (1 + error), new Provenance.ForecastByProvider(Duration.ZERO));
  }

  private CarbonIntensity intensity(Instant from, double grams, Provenance provenance) {
    return new CarbonIntensity(
        new GramsPerKwh(grams),
        KIND,
        provenance,
        provider(),
        region(),
        from,
        from.plus(step),
        clock.instant(),
        clock.instant(),
        Optional.empty());
  }
}
