package chase.zeus.energy;

import chase.zeus.energy.GpuEnergy.EnergyBasis;
import chase.zeus.gpu.GpuReading;
import chase.zeus.gpu.PowerBound;
import chase.zeus.gpu.RejectedReadings;
import chase.zeus.gpu.RejectedReadings.ReadingFault;
import chase.zeus.unit.Joules;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
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
public record EnergyMeter(
    Optional<GpuEnergy> energy,
    Optional<MeteredEnergy.EnergyCounter> counter,
    Optional<OpenInterval> open,
    Optional<CounterCheck> proof,
    Optional<PowerSample> draw,
    Optional<Instant> readAt,
    RejectedReadings rejected) {
  /** Nothing read yet. */
  public static final EnergyMeter NEW =
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

  /** What the draw comes to since the counter was last believed; not counted yet. */
  record OpenInterval(Joules drawn, Instant since) {
    boolean isTooLong(Instant now) {
      return Duration.between(since, now).compareTo(LONGEST_DOUBT) > 0;
    }
  }

  /** A draw. */
  record PowerSample(Watts power, Instant at) {}

  /** How many steps in a row a counter in doubt has made as a counter should. */
  record CounterCheck(MeteredEnergy.EnergyCounter last, int steps) {
    CounterCheck after(MeteredEnergy.EnergyCounter now, PowerBound bound) {
      boolean sound = now.isAbove(last) && last.canBecome(now, bound);
      return new CounterCheck(now, sound ? steps + 1 : 0);
    }
  }

  /** Takes in a reading of a card that draws within {@code bound}. */
  public EnergyMeter after(GpuReading reading, Instant at, PowerBound bound) {
    Optional<ReadingFault> odd = bound.faultOf(reading);
    Optional<PowerSample> now =
        reading.power().filter(watts -> odd.isEmpty()).map(watts -> new PowerSample(watts, at));
    Joules drawn = now.map(this::drawnUntil).orElse(Joules.ZERO);
    EnergyMeter read =
        new EnergyMeter(
            energy, counter, open, proof, now.or(() -> draw), Optional.of(at), rejected);
    return (odd.isPresent() ? read.rejecting(odd.get(), at) : read)
        .counting(
            reading.energy().map(shown -> new MeteredEnergy.EnergyCounter(shown, at)),
            drawn,
            bound);
  }

  /** The trapezoid under the last two draws; nothing where they lie too far apart. */
  private Joules drawnUntil(PowerSample now) {
    return draw.filter(last -> isNear(last.at(), now.at()))
        .map(last ->
            last.power.plus(now.power).times(0.5).times(Duration.between(last.at(), now.at())))
        .orElse(Joules.ZERO);
  }

  private static boolean isNear(Instant from, Instant to) {
    Duration gap = Duration.between(from, to);
    return !gap.isNegative() && gap.compareTo(LONGEST_GAP) <= 0;
  }

  private EnergyMeter counting(
      Optional<MeteredEnergy.EnergyCounter> now, Joules drawn, PowerBound bound) {
    if (counter.isEmpty()) {
      EnergyMeter sum = draw.isPresent() ? plus(drawn, EnergyBasis.INTEGRATED) : this;
      return now.map(shown -> sum.proving(shown, bound)).orElseGet(sum::forgetting);
    }
    EnergyMeter later = opened(drawn);
    return now.map(shown -> later.following(shown, bound)).orElseGet(() -> later.settled(at()));
  }

  private Instant at() {
    return readAt.orElseThrow();
  }

  /** A counter that is new, or was lost, is believed at once; one in doubt once it is proven. */
  private EnergyMeter proving(MeteredEnergy.EnergyCounter now, PowerBound bound) {
    if (proof.isEmpty()) {
      boolean first = energy.filter(sum -> sum.joules().value() > 0).isEmpty();
      return first ? plus(Joules.ZERO, EnergyBasis.COUNTER).believing(now) : believing(now);
    }
    CounterCheck next = proof.get().after(now, bound);
    if (next.steps >= PROVEN) {
      return believing(now);
    }
    EnergyMeter doubted = doubting(next);
    return next.steps > 0 || now.shown().equals(proof.get().last.shown())
        ? doubted
        : doubted.rejecting(cause(proof.get().last, now), now.at());
  }

  private EnergyMeter following(MeteredEnergy.EnergyCounter now, PowerBound bound) {
    MeteredEnergy.EnergyCounter last = counter.orElseThrow();
    if (now.shown().equals(last.shown())) {
      return believingStill(last).stuck(now);
    }
    if (last.canBecome(now, bound)) {
      return plus(last.until(now), EnergyBasis.COUNTER).believing(now);
    }
    CounterCheck next =
        proof.map(before -> before.after(now, bound)).orElse(new CounterCheck(now, 0));
    EnergyMeter doubted = doubting(next);
    if (next.steps >= PROVEN) {
      return doubted.restarted(last, now, bound);
    }
    return (next.steps > 0 ? doubted : doubted.rejecting(cause(last, now), now.at()))
        .settled(now.at());
  }

  /** A counter on a new course that has proven itself. */
  private EnergyMeter restarted(
      MeteredEnergy.EnergyCounter last, MeteredEnergy.EnergyCounter now, PowerBound bound) {
    boolean fromZero = last.isAbove(now) && bound.allows(now.shown(), last.timeUntil(now));
    // The counter begins again at zero with the driver: what it shows then is all new.
    return (fromZero
            ? plus(now.shown(), EnergyBasis.COUNTER)
            : plus(drawn(), EnergyBasis.INTEGRATED))
        .believing(now);
  }

  private EnergyMeter stuck(MeteredEnergy.EnergyCounter now) {
    boolean stands = drawn().compareTo(STUCK) >= 0 && isOpenTooLong(now.at());
    return stands
        ? rejecting(ReadingFault.ENERGY_STUCK, now.at())
            .doubting(new CounterCheck(now, 0))
            .settled(now.at())
        : this;
  }

  private boolean isOpenTooLong(Instant now) {
    return open.filter(stretch -> stretch.isTooLong(now)).isPresent();
  }

  private Joules drawn() {
    return open.map(OpenInterval::drawn).orElse(Joules.ZERO);
  }

  /** Counts a stretch that was open for too long by the draw, where that is known. */
  private EnergyMeter settled(Instant now) {
    boolean known = draw.filter(last -> isNear(last.at(), now)).isPresent();
    return known && isOpenTooLong(now)
        ? plus(drawn(), EnergyBasis.INTEGRATED).with(Optional.empty(), Optional.empty(), proof)
        : this;
  }

  private static ReadingFault cause(
      MeteredEnergy.EnergyCounter last, MeteredEnergy.EnergyCounter now) {
    return last.isAbove(now) ? ReadingFault.ENERGY_BACK : ReadingFault.ENERGY_JUMP;
  }

  private EnergyMeter opened(Joules drawn) {
    OpenInterval longer =
        open.map(stretch -> new OpenInterval(stretch.drawn.plus(drawn), stretch.since))
            .orElseGet(() -> new OpenInterval(drawn, at()));
    return with(counter, Optional.of(longer), proof);
  }

  private EnergyMeter believing(MeteredEnergy.EnergyCounter now) {
    return with(Optional.of(now), Optional.empty(), Optional.empty());
  }

  private EnergyMeter believingStill(MeteredEnergy.EnergyCounter last) {
    return with(Optional.of(last), open, Optional.empty());
  }

  private EnergyMeter doubting(CounterCheck next) {
    return with(counter, open, Optional.of(next));
  }

  private EnergyMeter forgetting() {
    return with(counter, open, Optional.empty());
  }

  private EnergyMeter with(
      Optional<MeteredEnergy.EnergyCounter> believed,
      Optional<OpenInterval> stretch,
      Optional<CounterCheck> doubted) {
    return new EnergyMeter(energy, believed, stretch, doubted, draw, readAt, rejected);
  }

  private EnergyMeter rejecting(ReadingFault cause, Instant at) {
    return new EnergyMeter(energy, counter, open, proof, draw, readAt, rejected.plus(cause, at));
  }

  private EnergyMeter plus(Joules more, EnergyBasis by) {
    GpuEnergy sum = energy.orElse(GpuEnergy.NONE).plus(more, by);
    return new EnergyMeter(Optional.of(sum), counter, open, proof, draw, readAt, rejected);
  }

  /** What is known by now; the stretch that is not counted yet is in it by its draw. */
  public Optional<MeteredEnergy> metered() {
    return energy.map(sum ->
        isInDoubt() || counter.isEmpty()
            ? new MeteredEnergy(sum.joules().plus(drawn()), Optional.empty())
            : new MeteredEnergy(sum.joules(), counter));
  }

  private boolean isInDoubt() {
    return counter.isPresent() && proof.isPresent();
  }

  /**
   * What was taken by {@code at}, not before the last reading; empty when that is too long ago to
   * tell, and while the counter is in doubt.
   */
  public Optional<EnergyUsed> at(Instant at) {
    if (energy.isEmpty() || readAt.isEmpty() || isInDoubt() || !isNear(readAt.get(), at)) {
      return Optional.empty();
    }
    Instant from = counter.map(MeteredEnergy.EnergyCounter::at).orElse(readAt.get());
    Joules more =
        draw.filter(last -> isNear(last.at(), at) && isNear(from, at))
            .map(last -> last.power.times(Duration.between(from, at)))
            .orElse(Joules.ZERO);
    GpuEnergy sum = energy.get();
    return Optional.of(new EnergyUsed(sum.joules().plus(more), sum.basis(), readAt.get()));
  }

  /**
   * The energy that a card had taken by some moment.
   *
   * @param joules how much since Chase started
   * @param basis how it was counted
   * @param readAt when the card was last read; from then on its last draw is taken to go on
   */
  public record EnergyUsed(Joules joules, EnergyBasis basis, Instant readAt) {
    /** The mean over the GPUs of a job, as sure as the least sure of them; empty without any. */
    public static Optional<EnergyUsed> mean(List<EnergyUsed> each) {
      return each.stream()
          .map(EnergyUsed::readAt)
          .min(Comparator.naturalOrder())
          .map(oldest -> {
            boolean counted = each.stream().allMatch(spent -> spent.basis == EnergyBasis.COUNTER);
            double sum = each.stream().mapToDouble(spent -> spent.joules.value()).sum();
            return new EnergyUsed(
                new Joules(sum / each.size()),
                counted ? EnergyBasis.COUNTER : EnergyBasis.INTEGRATED,
                oldest);
          });
    }
  }
}
