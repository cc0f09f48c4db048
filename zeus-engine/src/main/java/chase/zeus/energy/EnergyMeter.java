package chase.zeus.energy;

import chase.zeus.energy.GpuEnergy.EnergyBasis;
import chase.zeus.energy.MeteredEnergy.EnergyCounter;
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
 * Adds up a GPU's energy from its readings: by the GPU's own energy counter where it has one that
 * can be believed, else by its power draw. Each interval is measured once, by one of both: while a
 * counter is in doubt the interval stays open, until the counter is plausible again and covers it,
 * or until the power draw has to.
 *
 * @param energy what was measured so far; empty before the first usable reading
 * @param counter the last counter value that was believed: from there on nothing is added yet
 * @param open the interval since then, once a reading did not end it
 * @param check the check of a counter in doubt; empty when none is
 * @param draw the last power draw that was believed
 * @param readAt when the GPU was last read
 * @param rejected what was not believed
 */
public record EnergyMeter(
    Optional<GpuEnergy> energy,
    Optional<EnergyCounter> counter,
    Optional<OpenInterval> open,
    Optional<CounterCheck> check,
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

  /** A longer gap between two power samples says nothing about the energy between them. */
  private static final Duration LONGEST_GAP = Duration.ofMinutes(1);

  /** An interval does not stay open for longer, where the power draw is known. */
  private static final Duration LONGEST_DOUBT = Duration.ofSeconds(10);

  /** A counter that does not move while the GPU draws this much energy is stuck. */
  private static final Joules STUCK = new Joules(50);

  /** A counter in doubt is believed again after so many plausible steps in a row. */
  private static final int PLAUSIBLE_STEPS = 3;

  /** The energy drawn since the counter was last believed; not added yet. */
  record OpenInterval(Joules drawn, Instant since) {
    boolean isTooLong(Instant now) {
      return Duration.between(since, now).compareTo(LONGEST_DOUBT) > 0;
    }
  }

  /** A power draw at one moment. */
  record PowerSample(Watts power, Instant at) {}

  /** How many plausible steps in a row a counter in doubt has made. */
  record CounterCheck(EnergyCounter last, int steps) {
    CounterCheck after(EnergyCounter now, PowerBound bound) {
      boolean sound = now.isAbove(last) && last.canBecome(now, bound);
      return new CounterCheck(now, sound ? steps + 1 : 0);
    }
  }

  /** The meter after a reading of a GPU that draws within {@code bound}. */
  public EnergyMeter after(GpuReading reading, Instant at, PowerBound bound) {
    Optional<ReadingFault> fault = bound.faultOf(reading);
    Optional<PowerSample> now =
        reading.power().filter(watts -> fault.isEmpty()).map(watts -> new PowerSample(watts, at));
    Joules drawn = now.map(this::drawnUntil).orElse(Joules.ZERO);
    EnergyMeter read =
        new EnergyMeter(
            energy, counter, open, check, now.or(() -> draw), Optional.of(at), rejected);
    return (fault.isPresent() ? read.rejecting(fault.get(), at) : read)
        .counting(reading.energy().map(shown -> new EnergyCounter(shown, at)), drawn, bound);
  }

  /** The trapezoid under the last two power samples; zero where they lie too far apart. */
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

  private EnergyMeter counting(Optional<EnergyCounter> now, Joules drawn, PowerBound bound) {
    if (counter.isEmpty()) {
      EnergyMeter sum = draw.isPresent() ? plus(drawn, EnergyBasis.INTEGRATED) : this;
      return now.map(shown -> sum.checking(shown, bound)).orElseGet(sum::forgetting);
    }
    EnergyMeter later = opened(drawn);
    return now.map(shown -> later.following(shown, bound)).orElseGet(() -> later.settled(at()));
  }

  private Instant at() {
    return readAt.orElseThrow();
  }

  /** A counter that is new, or was lost, is believed at once; one in doubt after its check. */
  private EnergyMeter checking(EnergyCounter now, PowerBound bound) {
    if (check.isEmpty()) {
      boolean first = energy.filter(sum -> sum.joules().value() > 0).isEmpty();
      return first ? plus(Joules.ZERO, EnergyBasis.COUNTER).believing(now) : believing(now);
    }
    CounterCheck next = check.get().after(now, bound);
    if (next.steps >= PLAUSIBLE_STEPS) {
      return believing(now);
    }
    EnergyMeter doubted = doubting(next);
    return next.steps > 0 || now.shown().equals(check.get().last.shown())
        ? doubted
        : doubted.rejecting(cause(check.get().last, now), now.at());
  }

  private EnergyMeter following(EnergyCounter now, PowerBound bound) {
    EnergyCounter last = counter.orElseThrow();
    if (now.shown().equals(last.shown())) {
      return believingStill(last).stuck(now);
    }
    if (last.canBecome(now, bound)) {
      return plus(last.until(now), EnergyBasis.COUNTER).believing(now);
    }
    CounterCheck next =
        check.map(before -> before.after(now, bound)).orElse(new CounterCheck(now, 0));
    EnergyMeter doubted = doubting(next);
    if (next.steps >= PLAUSIBLE_STEPS) {
      return doubted.restarted(last, now, bound);
    }
    return (next.steps > 0 ? doubted : doubted.rejecting(cause(last, now), now.at()))
        .settled(now.at());
  }

  /** A counter that went on from another value, and passed its check. */
  private EnergyMeter restarted(EnergyCounter last, EnergyCounter now, PowerBound bound) {
    boolean fromZero = last.isAbove(now) && bound.allows(now.shown(), last.timeUntil(now));
    // The counter begins again at zero with the driver: what it shows then is all new.
    return (fromZero
            ? plus(now.shown(), EnergyBasis.COUNTER)
            : plus(drawn(), EnergyBasis.INTEGRATED))
        .believing(now);
  }

  private EnergyMeter stuck(EnergyCounter now) {
    boolean stands = drawn().compareTo(STUCK) >= 0 && isOpenTooLong(now.at());
    return stands
        ? rejecting(ReadingFault.ENERGY_STUCK, now.at())
            .doubting(new CounterCheck(now, 0))
            .settled(now.at())
        : this;
  }

  private boolean isOpenTooLong(Instant now) {
    return open.filter(interval -> interval.isTooLong(now)).isPresent();
  }

  private Joules drawn() {
    return open.map(OpenInterval::drawn).orElse(Joules.ZERO);
  }

  /** Adds an interval that was open for too long by the power draw, where that is known. */
  private EnergyMeter settled(Instant now) {
    boolean known = draw.filter(last -> isNear(last.at(), now)).isPresent();
    return known && isOpenTooLong(now)
        ? plus(drawn(), EnergyBasis.INTEGRATED).with(Optional.empty(), Optional.empty(), check)
        : this;
  }

  private static ReadingFault cause(EnergyCounter last, EnergyCounter now) {
    return last.isAbove(now) ? ReadingFault.ENERGY_BACK : ReadingFault.ENERGY_JUMP;
  }

  private EnergyMeter opened(Joules drawn) {
    OpenInterval longer =
        open.map(interval -> new OpenInterval(interval.drawn.plus(drawn), interval.since))
            .orElseGet(() -> new OpenInterval(drawn, at()));
    return with(counter, Optional.of(longer), check);
  }

  private EnergyMeter believing(EnergyCounter now) {
    return with(Optional.of(now), Optional.empty(), Optional.empty());
  }

  private EnergyMeter believingStill(EnergyCounter last) {
    return with(Optional.of(last), open, Optional.empty());
  }

  private EnergyMeter doubting(CounterCheck next) {
    return with(counter, open, Optional.of(next));
  }

  private EnergyMeter forgetting() {
    return with(counter, open, Optional.empty());
  }

  private EnergyMeter with(
      Optional<EnergyCounter> believed,
      Optional<OpenInterval> interval,
      Optional<CounterCheck> doubted) {
    return new EnergyMeter(energy, believed, interval, doubted, draw, readAt, rejected);
  }

  private EnergyMeter rejecting(ReadingFault cause, Instant at) {
    return new EnergyMeter(energy, counter, open, check, draw, readAt, rejected.plus(cause, at));
  }

  private EnergyMeter plus(Joules more, EnergyBasis by) {
    GpuEnergy sum = energy.orElse(GpuEnergy.NONE).plus(more, by);
    return new EnergyMeter(Optional.of(sum), counter, open, check, draw, readAt, rejected);
  }

  /** The energy by now; the open interval counts by its power draw. */
  public Optional<MeteredEnergy> metered() {
    return energy.map(sum ->
        isInDoubt() || counter.isEmpty()
            ? new MeteredEnergy(sum.joules().plus(drawn()), Optional.empty())
            : new MeteredEnergy(sum.joules(), counter));
  }

  private boolean isInDoubt() {
    return counter.isPresent() && check.isPresent();
  }

  /**
   * The energy used by {@code at}, not before the last reading; empty when that is too long ago,
   * and while the counter is in doubt.
   */
  public Optional<EnergyUsed> at(Instant at) {
    if (energy.isEmpty() || readAt.isEmpty() || isInDoubt() || !isNear(readAt.get(), at)) {
      return Optional.empty();
    }
    Instant from = counter.map(EnergyCounter::at).orElse(readAt.get());
    Joules more =
        draw.filter(last -> isNear(last.at(), at) && isNear(from, at))
            .map(last -> last.power.times(Duration.between(from, at)))
            .orElse(Joules.ZERO);
    GpuEnergy sum = energy.get();
    return Optional.of(new EnergyUsed(sum.joules().plus(more), sum.basis(), readAt.get()));
  }

  /**
   * The energy that a GPU has used by some moment.
   *
   * @param joules how much since Chase started
   * @param basis how it was measured
   * @param readAt when the GPU was last read; from then on its last power draw is assumed
   */
  public record EnergyUsed(Joules joules, EnergyBasis basis, Instant readAt) {
    /**
     * The mean over the GPUs of a job, measured by counters if all are; empty without any, and
     * where one is not known.
     */
    public static Optional<EnergyUsed> mean(List<Optional<EnergyUsed>> perGpu) {
      List<EnergyUsed> each = perGpu.stream().flatMap(Optional::stream).toList();
      return each.stream()
          .filter(used -> each.size() == perGpu.size())
          .map(EnergyUsed::readAt)
          .min(Comparator.naturalOrder())
          .map(oldest -> {
            boolean counted = each.stream().allMatch(used -> used.basis == EnergyBasis.COUNTER);
            double sum = each.stream().mapToDouble(used -> used.joules.value()).sum();
            return new EnergyUsed(
                new Joules(sum / each.size()),
                counted ? EnergyBasis.COUNTER : EnergyBasis.INTEGRATED,
                oldest);
          });
    }
  }
}
