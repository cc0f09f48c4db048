package chase.zeus.engine;

import chase.zeus.engine.GpuView.Basis;
import chase.zeus.engine.GpuView.Energy;
import chase.zeus.gpu.GpuReading;
import chase.zeus.gpu.PowerBound;
import chase.zeus.gpu.RejectedReadings;
import chase.zeus.gpu.RejectedReadings.Cause;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Adds up a card's energy from its readings: by the card's own counter where it has one that can be
 * believed, else by its draw. Each stretch of time is counted once, by one of both: while a counter
 * is in doubt the stretch stays open, until the counter is back on its course and counts it, or
 * until its draw has to.
 *
 * @param energy what was counted so far, empty before the first usable reading
 * @param counter the counter last believed: from there on nothing is counted yet
 * @param open the stretch since then, once a reading did not end it
 * @param proof the counter that has to prove itself; empty when none is in doubt
 * @param draw the draw last believed
 * @param readAt when the card was last read
 * @param rejected what was not believed
 */
record EnergyMeter(
    Optional<Energy> energy,
    Optional<Counter> counter,
    Optional<Open> open,
    Optional<Proof> proof,
    Optional<Draw> draw,
    Optional<Instant> readAt,
    RejectedReadings rejected) {
  /** Nothing read yet. */
  static final EnergyMeter NEW =
      new EnergyMeter(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          RejectedReadings.NONE);

  /** A longer silence between two power samples says nothing about the energy between them. */
  private static final Duration LONGEST_GAP = Duration.ofMinutes(1);

  /** A stretch is not left open for longer, where the draw is known. */
  private static final Duration LONGEST_DOUBT = Duration.ofSeconds(10);

  /** A counter that stands still while the card draws this much more does not count. */
  private static final Joules STUCK = new Joules(50);

  /** So many steps in a row that the card can have made put a counter in doubt beyond doubt. */
  private static final int PROVEN = 3;

  /** What the counter showed. */
  record Counter(Joules shown, Instant at) {}

  /** What the draw comes to since the counter was last believed; not counted yet. */
  record Open(Joules drawn, Instant since) {
    boolean isTooLong(Instant now) {
      return Duration.between(since, now).compareTo(LONGEST_DOUBT) > 0;
    }
  }

  /** A draw. */
  record Draw(Watts power, Instant at) {}

  /** How many steps in a row a counter in doubt has made as a counter should. */
  record Proof(Counter last, int steps) {
    Proof after(Counter now, PowerBound bound) {
      boolean sound = now.shown.compareTo(last.shown) > 0 && canFollow(last, now, bound);
      return new Proof(now, sound ? steps + 1 : 0);
    }
  }

  /** Takes in a reading of a card that draws within {@code bound}. */
  EnergyMeter after(GpuReading reading, Instant at, PowerBound bound) {
    Optional<Cause> odd = bound.objection(reading);
    Optional<Draw> now =
        reading.power().filter(watts -> odd.isEmpty()).map(watts -> new Draw(watts, at));
    Joules drawn = now.map(this::drawnUntil).orElse(Joules.ZERO);
    EnergyMeter read =
        new EnergyMeter(
            energy, counter, open, proof, now.or(() -> draw), Optional.of(at), rejected);
    return (odd.isPresent() ? read.rejecting(odd.get(), at) : read)
        .counting(reading.energy().map(shown -> new Counter(shown, at)), drawn, bound);
  }

  /** The trapezoid under the last two draws; nothing where they lie too far apart. */
  private Joules drawnUntil(Draw now) {
    return draw.filter(last -> isNear(last.at, now.at))
        .map(last -> last.power.plus(now.power).times(0.5).times(Duration.between(last.at, now.at)))
        .orElse(Joules.ZERO);
  }

  private static boolean isNear(Instant from, Instant to) {
    Duration gap = Duration.between(from, to);
    return !gap.isNegative() && gap.compareTo(LONGEST_GAP) <= 0;
  }

  private EnergyMeter counting(Optional<Counter> now, Joules drawn, PowerBound bound) {
    if (counter.isEmpty()) {
      EnergyMeter sum = draw.isPresent() ? plus(drawn, Basis.INTEGRATED) : this;
      return now.map(shown -> sum.proving(shown, bound)).orElseGet(sum::forgetting);
    }
    EnergyMeter later = opened(drawn);
    return now.map(shown -> later.following(shown, bound)).orElseGet(() -> later.settled(at()));
  }

  private Instant at() {
    return readAt.orElseThrow();
  }

  /** A counter that is new, or was lost, is believed at once; one in doubt once it is proven. */
  private EnergyMeter proving(Counter now, PowerBound bound) {
    if (proof.isEmpty()) {
      boolean first = energy.filter(sum -> sum.joules().value() > 0).isEmpty();
      return first ? plus(Joules.ZERO, Basis.COUNTER).believing(now) : believing(now);
    }
    Proof next = proof.get().after(now, bound);
    if (next.steps >= PROVEN) {
      return believing(now);
    }
    EnergyMeter doubted = doubting(next);
    return next.steps > 0 || now.shown.equals(proof.get().last.shown)
        ? doubted
        : doubted.rejecting(cause(proof.get().last, now), now.at);
  }

  private EnergyMeter following(Counter now, PowerBound bound) {
    Counter last = counter.orElseThrow();
    if (now.shown.equals(last.shown)) {
      return believingStill(last).stuck(now);
    }
    if (now.shown.compareTo(last.shown) > 0 && canFollow(last, now, bound)) {
      return plus(since(last, now), Basis.COUNTER).believing(now);
    }
    Proof next = proof.map(before -> before.after(now, bound)).orElse(new Proof(now, 0));
    EnergyMeter doubted = doubting(next);
    if (next.steps >= PROVEN) {
      return doubted.restarted(last, now, bound);
    }
    return (next.steps > 0 ? doubted : doubted.rejecting(cause(last, now), now.at)).settled(now.at);
  }

  /** A counter on a new course that has proven itself. */
  private EnergyMeter restarted(Counter last, Counter now, PowerBound bound) {
    boolean fromZero =
        now.shown.compareTo(last.shown) < 0
            && bound.allows(now.shown, positive(Duration.between(last.at, now.at)));
    // The counter begins again at zero with the driver: what it shows then is all new.
    return (fromZero ? plus(now.shown, Basis.COUNTER) : plus(drawn(), Basis.INTEGRATED))
        .believing(now);
  }

  private EnergyMeter stuck(Counter now) {
    boolean stands = drawn().compareTo(STUCK) >= 0 && isOpenTooLong(now.at);
    return stands
        ? rejecting(Cause.ENERGY_STUCK, now.at).doubting(new Proof(now, 0)).settled(now.at)
        : this;
  }

  private boolean isOpenTooLong(Instant now) {
    return open.filter(stretch -> stretch.isTooLong(now)).isPresent();
  }

  private Joules drawn() {
    return open.map(Open::drawn).orElse(Joules.ZERO);
  }

  /** Counts a stretch that was open for too long by the draw, where that is known. */
  private EnergyMeter settled(Instant now) {
    boolean known = draw.filter(last -> isNear(last.at, now)).isPresent();
    return known && isOpenTooLong(now)
        ? plus(drawn(), Basis.INTEGRATED).with(Optional.empty(), Optional.empty(), proof)
        : this;
  }

  private static boolean canFollow(Counter last, Counter now, PowerBound bound) {
    return bound.allows(since(last, now), positive(Duration.between(last.at, now.at)));
  }

  /** A clock that was set back says nothing of the time that passed. */
  private static Duration positive(Duration gap) {
    return gap.isNegative() ? LONGEST_GAP : gap;
  }

  private static Joules since(Counter last, Counter now) {
    return new Joules(now.shown.value() - last.shown.value());
  }

  private static Cause cause(Counter last, Counter now) {
    return now.shown.compareTo(last.shown) < 0 ? Cause.ENERGY_BACK : Cause.ENERGY_JUMP;
  }

  private EnergyMeter opened(Joules drawn) {
    Open longer =
        open.map(stretch -> new Open(stretch.drawn.plus(drawn), stretch.since))
            .orElseGet(() -> new Open(drawn, at()));
    return with(counter, Optional.of(longer), proof);
  }

  private EnergyMeter believing(Counter now) {
    return with(Optional.of(now), Optional.empty(), Optional.empty());
  }

  private EnergyMeter believingStill(Counter last) {
    return with(Optional.of(last), open, Optional.empty());
  }

  private EnergyMeter doubting(Proof next) {
    return with(counter, open, Optional.of(next));
  }

  private EnergyMeter forgetting() {
    return with(counter, open, Optional.empty());
  }

  private EnergyMeter with(
      Optional<Counter> believed, Optional<Open> stretch, Optional<Proof> doubted) {
    return new EnergyMeter(energy, believed, stretch, doubted, draw, readAt, rejected);
  }

  private EnergyMeter rejecting(Cause cause, Instant at) {
    return new EnergyMeter(energy, counter, open, proof, draw, readAt, rejected.plus(cause, at));
  }

  private EnergyMeter plus(Joules more, Basis by) {
    Energy sum = energy.orElse(Energy.NONE).plus(more, by);
    return new EnergyMeter(Optional.of(sum), counter, open, proof, draw, readAt, rejected);
  }

  /**
   * What was taken by {@code at}, not before the last reading; empty when that is too long ago to
   * tell, and while the counter is in doubt.
   */
  Optional<Spent> at(Instant at) {
    boolean inDoubt = counter.isPresent() && proof.isPresent();
    if (energy.isEmpty() || readAt.isEmpty() || inDoubt || !isNear(readAt.get(), at)) {
      return Optional.empty();
    }
    Instant from = counter.map(Counter::at).orElse(readAt.get());
    Joules more =
        draw.filter(last -> isNear(last.at, at) && isNear(from, at))
            .map(last -> last.power.times(Duration.between(from, at)))
            .orElse(Joules.ZERO);
    Energy sum = energy.get();
    return Optional.of(new Spent(sum.joules().plus(more), sum.basis(), readAt.get()));
  }
}
