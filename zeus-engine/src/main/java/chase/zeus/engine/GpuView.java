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
 * One GPU as the engine knows it.
 *
 * @param traits what it is
 * @param original the original limit, which Chase restores; empty for a GPU without a power limit
 * @param allowed the limits that Chase may set; empty when it may set none
 * @param target the limit that Chase wants; in observe mode the one that it would set
 * @param reason why
 * @param limits the limits last read, also of a GPU that does not answer any more
 * @param pending whether an order is pending, or will follow without another decision
 * @param profile what jobs draw and achieve on it, where known
 * @param reading the last reading; empty when it is too old
 * @param readAt when the GPU was last read
 * @param energy the energy since Chase started
 * @param meteredEnergy the same, to compare with what the GPU's own energy counter shows
 * @param rejected the readings that were not believed
 * @param contact whether the GPU answers
 * @param counts the writes to it so far
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
    GpuContact contact,
    WriteCounts counts) {
  /** The GPU at {@code now}, if it was not read since: a reading that is too old is left out. */
  public GpuView asOf(Instant now) {
    GpuContact then = contact.asOf(now);
    return new GpuView(
        traits,
        original,
        allowed,
        target,
        reason,
        limits,
        pending,
        profile,
        reading.filter(last -> then.answers()),
        readAt,
        energy,
        meteredEnergy,
        rejected,
        then,
        counts);
  }

  /** The limits of a GPU that answers. */
  public Optional<PowerLimits> liveLimits() {
    return limits.filter(known -> contact.answers());
  }

  /** The limit that the driver made of the target; empty where it keeps the target. */
  public Optional<Watts> limitKeptByDriver() {
    boolean settled =
        !pending
            && switch (reason) {
              case Reason.Chosen r -> true;
              case Reason.Overridden r -> true;
              case Reason.Leased r -> true;
              case Reason.Profiling r -> true;
              case Reason.ChasePaused r -> true;
              case Reason.PausedGpu r -> true;
              default -> false;
            };
    return limits
        .map(PowerLimits::requested)
        .filter(shown -> settled)
        .filter(shown -> target.filter(limit -> !limit.sameLimitAs(shown)).isPresent());
  }

  /**
   * The writes to a GPU so far.
   *
   * @param applied limits that Chase set
   * @param refused writes that were refused for good
   * @param failed writes that failed and may be retried
   * @param foreign limits that an external process set
   * @param held decisions that had to wait, because the hour had no more writes or the hardware
   *     slowed the GPU
   * @param left how many more writes the hour has, before decisions have to wait
   */
  public record WriteCounts(
      long applied, long refused, long failed, long foreign, long held, int left) {
    /** None yet. */
    public static final WriteCounts NONE = new WriteCounts(0, 0, 0, 0, 0, Integer.MAX_VALUE);

    WriteCounts plusApplied() {
      return new WriteCounts(applied + 1, refused, failed, foreign, held, left);
    }

    WriteCounts plusRefused() {
      return new WriteCounts(applied, refused + 1, failed, foreign, held, left);
    }

    WriteCounts plusFailed() {
      return new WriteCounts(applied, refused, failed + 1, foreign, held, left);
    }

    WriteCounts plusForeign() {
      return new WriteCounts(applied, refused, failed, foreign + 1, held, left);
    }

    WriteCounts plusHeld() {
      return new WriteCounts(applied, refused, failed, foreign, held + 1, left);
    }

    WriteCounts withLeft(int writes) {
      return new WriteCounts(applied, refused, failed, foreign, held, writes);
    }
  }

  /**
   * Whether a GPU answers. A GPU that does not answer has no current readings.
   *
   * @param answeredAt when it was last read, or opened
   * @param goodUntil until when that reading is not too old
   * @param why what is wrong, where that is known
   */
  public record GpuContact(
      ContactState state, Instant answeredAt, Instant goodUntil, Optional<String> why) {
    /** A GPU that always answers. */
    public static final GpuContact GOOD =
        new GpuContact(ContactState.ANSWERING, Instant.EPOCH, Instant.MAX, Optional.empty());

    /** Whether and how a GPU answers. */
    public enum ContactState {
      /** It can be read. */
      ANSWERING,
      /** Every call fails, for longer than a reading is good for. */
      SILENT,
      /** A call has not returned. */
      HUNG,
      /** The driver reported its loss, or is gone itself. */
      LOST,
      /** An operator had the driver closed. */
      RELEASED
    }

    /** Whether the last reading may be shown. */
    public boolean answers() {
      return state == ContactState.ANSWERING;
    }

    /** Whether an operator had its driver closed. */
    public boolean isReleased() {
      return state == ContactState.RELEASED;
    }

    /** The contact at {@code now}, if the GPU was not read since. */
    GpuContact asOf(Instant now) {
      return answers() && now.isAfter(goodUntil)
          ? new GpuContact(ContactState.SILENT, answeredAt, goodUntil, why)
          : this;
    }

    GpuContact answered(Instant at, Instant until) {
      return new GpuContact(ContactState.ANSWERING, at, until, Optional.empty());
    }

    /** A call failed; that alone does not make the last reading old. */
    GpuContact failed(String failure) {
      return new GpuContact(state, answeredAt, goodUntil, Optional.of(failure));
    }

    GpuContact gone(ContactState how, String failure) {
      return new GpuContact(how, answeredAt, goodUntil, Optional.of(failure));
    }
  }
}
