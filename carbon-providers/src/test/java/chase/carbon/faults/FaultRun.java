package chase.carbon.faults;

import static org.assertj.core.api.Assertions.assertThat;

import chase.carbon.CarbonIntensity;
import chase.carbon.Provenance;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.Margin;
import chase.carbon.fallback.FallbackChain;
import chase.carbon.fallback.FallbackLevel;
import chase.carbon.fallback.FallbackRules;
import chase.carbon.fallback.GridSignal;
import chase.carbon.fixtures.TestClock;
import chase.carbon.plausibility.RejectedValues;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * A day with every fault, a day of outage, and an hour to recover, in simulated time. At each step
 * it looks at the signal with the eyes of the control loop and holds it to its promises.
 */
final class FaultRun {
  private static final Duration DAY = Duration.ofHours(24);
  private static final Duration LATE_AVERAGE = Duration.ofMinutes(15);
  private static final Duration LONGEST_STEP = Duration.ofMinutes(5);
  private static final Duration JUMP = Duration.ofHours(3);

  private final TestClock trueTime;
  private final TestClock hostTime;
  private final FaultyServer server;
  private final SignalKind kind;
  private final FallbackRules rules;
  private final ToDoubleFunction<Instant> truth;
  private final List<FallbackChain.LevelChange> announced = new ArrayList<>();
  private final Map<Fault, Set<FallbackLevel>> levels = new EnumMap<>(Fault.class);
  private final Map<FallbackLevel, Integer> steps = new EnumMap<>(FallbackLevel.class);
  private final FallbackChain chain;
  private Duration lasted = Duration.ZERO;
  private int polls;

  FaultRun(
      TestClock trueTime,
      TestClock hostTime,
      FaultyServer server,
      SignalKind kind,
      FallbackRules rules,
      ToDoubleFunction<Instant> truth,
      Function<FallbackChain.ChainListener, FallbackChain> chain) {
    this.trueTime = trueTime;
    this.hostTime = hostTime;
    this.server = server;
    this.kind = kind;
    this.rules = rules;
    this.truth = truth;
    this.chain =
        chain.apply(
            new FallbackChain.ChainListener() {
              @Override
              public void onValue(CarbonIntensity sample) {}

              @Override
              public void onLevelChange(FallbackChain.LevelChange change) {
                announced.add(change);
              }
            });
  }

  /**
   * How long everything lasts.
   *
   * @param faulty most faults
   * @param brief those that take their time, or would be believed after half an hour
   * @param outage nothing at all
   */
  record FaultTimes(Duration faulty, Duration brief, Duration outage) {
    /** For a provider that is called every five minutes. */
    static final FaultTimes USUAL =
        new FaultTimes(Duration.ofMinutes(30), Duration.ofMinutes(10), DAY);

    /** For one that is called every quarter of an hour, and shorter. */
    static final FaultTimes QUARTERS =
        new FaultTimes(Duration.ofMinutes(46), Duration.ofMinutes(20), Duration.ofHours(6));
  }

  /** Runs all of it. */
  void run(Set<Fault> faults, FaultTimes times, long seed) throws InterruptedException {
    List<Fault> order = new ArrayList<>(faults);
    Collections.shuffle(order, new Random(seed));
    Instant begin = trueTime.instant();
    Instant end = begin.plus(DAY);
    Duration slot = DAY.dividedBy(order.size());
    goOn(Fault.NONE, Duration.ofMinutes(90));
    for (Fault fault : order) {
      boolean brief = fault.isSlow() || fault == Fault.FLAPPING_VALUE;
      Duration faulty = brief ? times.brief() : times.faulty();
      goOn(fault, faulty);
      goOn(Fault.NONE, slot.minus(faulty));
    }
    assertThat(trueTime.instant()).isAfterOrEqualTo(end);
    goOn(Fault.OUTAGE, times.outage());
    goOn(Fault.NONE, Duration.ofHours(1).plusMinutes(30));
    lasted = Duration.between(begin, trueTime.instant());
  }

  /**
   * The clock of the host runs wrong for the time of a clock's fault, and is set right after it.
   */
  private void goOn(Fault fault, Duration howLong) throws InterruptedException {
    server.breaksBy(fault);
    Duration wrongBy =
        switch (fault) {
          case CLOCK_AHEAD -> JUMP;
          case CLOCK_BEHIND -> JUMP.negated();
          default -> Duration.ZERO;
        };
    hostTime.pass(wrongBy);
    Instant end = trueTime.instant().plus(howLong);
    while (trueTime.instant().isBefore(end)) {
      step(fault);
      pass(end);
    }
    hostTime.pass(wrongBy.negated());
  }

  private void step(Fault fault) throws InterruptedException {
    Instant now = hostTime.instant();
    if (!now.isBefore(chain.nextPoll(now))) {
      chain.poll();
      polls++;
    }
    GridSignal answer = chain.at(now);
    levels.computeIfAbsent(fault, f -> EnumSet.noneOf(FallbackLevel.class)).add(answer.level());
    steps.merge(answer.level(), 1, Integer::sum);
    holdToPromises(answer, now, fault);
  }

  private void pass(Instant end) {
    Instant now = hostTime.instant();
    Duration step = LONGEST_STEP;
    for (Duration other :
        List.of(
            Duration.between(now, chain.nextPoll(now)),
            Duration.between(now, chain.at(now).validUntil()),
            Duration.between(trueTime.instant(), end))) {
      step = other.isPositive() && other.compareTo(step) < 0 ? other : step;
    }
    trueTime.pass(step);
    hostTime.pass(step);
  }

  private void holdToPromises(GridSignal answer, Instant now, Fault fault) {
    String where = "%s at %s, %s".formatted(fault, now, answer);
    assertThat(announced.getLast().to()).as(where).isEqualTo(answer.level());
    assertThat(answer.current().isEmpty()).as(where).isEqualTo(!answer.level().usable());
    if (answer.current().isEmpty()) {
      return;
    }
    CarbonIntensity number = answer.current().get();
    assertThat(number.kind()).as(where).isEqualTo(kind);
    assertThat(number.validFrom()).as(where).isBeforeOrEqualTo(now);
    Duration sincePublished = Duration.between(number.publishedAt(), now);
    switch (answer.level()) {
      case LIVE -> {
        boolean shortAverage =
            kind.margin() == Margin.AVERAGE && number.period().compareTo(LATE_AVERAGE) < 0;
        assertThat(number.age(now))
            .as(where)
            .isLessThan(shortAverage ? LATE_AVERAGE : number.period());
        isTrue(number, where);
      }
      case PROVIDER_FORECAST -> {
        assertThat(number.covers(now)).as(where).isTrue();
        assertThat(sincePublished).as(where).isLessThan(rules.forecastMaxAge());
        isTrue(number, where);
      }
      case OWN_FORECAST -> {
        assertThat(number.covers(now)).as(where).isTrue();
        assertThat(number.provenance()).as(where).isInstanceOf(Provenance.ForecastByChase.class);
        Duration ahead = ((Provenance.ForecastByChase) number.provenance()).ahead();
        assertThat(ahead).as(where).isLessThanOrEqualTo(rules.ownForecastReach());
      }
      case LAST_VALUE -> {
        assertThat(number.age(now)).as(where).isLessThan(rules.maxAge());
        isTrue(number, where);
      }
      case STATIC ->
          assertThat(number.provenance()).as(where).isInstanceOf(Provenance.Static.class);
      case NO_SIGNAL -> throw new AssertionError(where);
    }
  }

  /** Nothing that was spoiled got through. */
  private void isTrue(CarbonIntensity number, String where) {
    assertThat(Math.abs(number.value().value() - truth.applyAsDouble(number.validFrom())))
        .as(where)
        .isLessThan(0.01);
  }

  Optional<FallbackChain.LevelChange> last() {
    return announced.isEmpty() ? Optional.empty() : Optional.of(announced.getLast());
  }

  RejectedValues rejected() {
    return chain.statuses().getFirst().rejected();
  }

  Map<Fault, Set<FallbackLevel>> levels() {
    return levels;
  }

  /** What was survived, as a table. */
  String report(String title, int budget, Duration real) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%s: %.1f simulated hours in %d s; %d polls, %d calls, at most %d in an hour (budget"
                + " %d); %d changes of level, all announced%n%n",
            title,
            lasted.toMinutes() / 60.0,
            real.toSeconds(),
            polls,
            server.total(),
            server.mostInAnHour(),
            budget,
            announced.size()));
    text.append(
        String.format(
            Locale.ROOT, "%-28s %8s  %s%n", "fault", "survived", "levels that control saw"));
    for (Fault fault : levels.keySet()) {
      text.append(
          String.format(
              Locale.ROOT,
              "%-28s %8d  %s%n",
              fault.words(),
              server.served().getOrDefault(fault, 0),
              String.join(", ", levels.get(fault).stream().map(FallbackLevel::label).toList())));
    }
    text.append(String.format(Locale.ROOT, "%nsteps by level: %s%n", steps));
    text.append(String.format(Locale.ROOT, "held back: %s%n", rejected().counts()));
    return text.toString();
  }
}
