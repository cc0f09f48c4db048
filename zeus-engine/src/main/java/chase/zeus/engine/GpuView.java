package chase.zeus.engine;

import chase.zeus.energy.GpuEnergy;
import chase.zeus.energy.MeteredEnergy;
import chase.zeus.gpu.GpuReading;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.gpu.PowerRange;
import chase.zeus.gpu.RejectedReadings;
import chase.zeus.profile.PowerProfile;
import chase.zeus.unit.Watts;
import java.time.Instant;
import java.util.Optional;

/**
 * One card as the engine knows it.
 *
 * @param traits what it is
 * @param original the limit found, which Chase puts back; absent when the card has none
 * @param allowed the limits that Chase may set; absent when it may set none
 * @param target the limit that Chase wants; in observe mode the one that it would set
 * @param reason why
 * @param limits the limits last read, also where the card answers no more
 * @param pending whether an order is on its way
 * @param profile what jobs draw and achieve on it, where known
 * @param reading the last sample; empty when it is too old
 * @param readAt when the card was last read
 * @param energy the energy since Chase started
 * @param meteredEnergy the same for whoever compares it with what the card's counter shows
 * @param rejected the readings that were not believed
 * @param contact whether the card answers
 * @param counts what happened to it so far
 */
public record GpuView(
    GpuTraits traits,
    Optional<Watts> original,
    Optional<PowerRange> allowed,
    Optional<Watts> target,
    Reason reason,
    Optional<PowerLimits> limits,
    boolean pending,
    Optional<PowerProfile> profile,
    Optional<GpuReading> reading,
    Optional<Instant> readAt,
    Optional<GpuEnergy> energy,
    Optional<MeteredEnergy> meteredEnergy,
    RejectedReadings rejected,
    Contact contact,
    WriteCounts counts) {
  /** A card that answers, and whose readings were all believed. */
  public GpuView(
      GpuTraits traits,
      Optional<Watts> original,
      Optional<PowerRange> allowed,
      Optional<Watts> target,
      Reason reason,
      Optional<PowerLimits> limits,
      boolean pending,
      Optional<PowerProfile> profile,
      Optional<GpuReading> reading,
      Optional<Instant> readAt,
      Optional<GpuEnergy> energy,
      WriteCounts counts) {
    this(
        traits,
        original,
        allowed,
        target,
        reason,
        limits,
        pending,
        profile,
        reading,
        readAt,
        energy,
        Optional.empty(),
        RejectedReadings.NONE,
        Contact.GOOD,
        counts);
  }

  /** The card at {@code now}, if nothing was heard of it since: what is too old is left out. */
  public GpuView asOf(Instant now) {
    Contact then = contact.asOf(now);
    return new GpuView(
        traits,
        original,
        allowed,
        target,
        reason,
        limits,
        pending,
        profile,
        reading.filter(sample -> then.answers()),
        readAt,
        energy,
        meteredEnergy,
        rejected,
        then,
        counts);
  }

  /** The limits of a card that answers. */
  public Optional<PowerLimits> liveLimits() {
    return limits.filter(known -> contact.answers());
  }

  /** The limit that the driver made of the target, where it keeps another one. */
  public Optional<Watts> limitKeptByDriver() {
    boolean settled =
        !pending
            && switch (reason) {
              case Reason.Chosen r -> true;
              case Reason.Overridden r -> true;
              case Reason.Leased r -> true;
              case Reason.Profiling r -> true;
              case Reason.ChasePaused r -> true;
              default -> false;
            };
    return limits
        .map(PowerLimits::requested)
        .filter(shown -> settled)
        .filter(shown -> target.filter(wish -> !wish.sameLimitAs(shown)).isPresent());
  }

  /**
   * What happened so far.
   *
   * @param applied limits that Chase set
   * @param refused writes that were refused for good
   * @param failed writes that failed in passing
   * @param foreign limits that somebody else set
   */
  public record WriteCounts(long applied, long refused, long failed, long foreign) {
    /** Nothing yet. */
    public static final WriteCounts NONE = new WriteCounts(0, 0, 0, 0);

    WriteCounts plusApplied() {
      return new WriteCounts(applied + 1, refused, failed, foreign);
    }

    WriteCounts plusRefused() {
      return new WriteCounts(applied, refused + 1, failed, foreign);
    }

    WriteCounts plusFailed() {
      return new WriteCounts(applied, refused, failed + 1, foreign);
    }

    WriteCounts plusForeign() {
      return new WriteCounts(applied, refused, failed, foreign + 1);
    }
  }

  /**
   * Whether a card answers. Figures of a card that does not are none.
   *
   * @param state in one word
   * @param answeredAt when it last told its readings, or was opened
   * @param goodUntil until when what it told then is not too old
   * @param why what is wrong, where that is known
   */
  public record Contact(State state, Instant answeredAt, Instant goodUntil, Optional<String> why) {
    /** A card that answers, whenever it is asked. */
    public static final Contact GOOD =
        new Contact(State.ANSWERING, Instant.EPOCH, Instant.MAX, Optional.empty());

    /** What contact there is. */
    public enum State {
      /** It tells its readings. */
      ANSWERING,
      /** Every call fails, for longer than a reading is good for. */
      SILENT,
      /** A call has not come back. */
      HUNG,
      /** The driver says that it is gone, or is gone itself. */
      LOST
    }

    /** Whether what the card told last may be shown. */
    public boolean answers() {
      return state == State.ANSWERING;
    }

    /** The contact at {@code now}, if nothing was heard of the card since. */
    Contact asOf(Instant now) {
      return answers() && now.isAfter(goodUntil)
          ? new Contact(State.SILENT, answeredAt, goodUntil, why)
          : this;
    }

    Contact answered(Instant at, Instant until) {
      return new Contact(State.ANSWERING, at, until, Optional.empty());
    }

    /** A call failed; that alone does not make the last reading old. */
    Contact failed(String trouble) {
      return new Contact(state, answeredAt, goodUntil, Optional.of(trouble));
    }

    Contact gone(State how, String trouble) {
      return new Contact(how, answeredAt, goodUntil, Optional.of(trouble));
    }
  }
}
