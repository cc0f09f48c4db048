package chase.daemon.gpu;

import chase.zeus.engine.Event;
import chase.zeus.engine.Order;
import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.profile.PowerProfile;
import chase.zeus.unit.Watts;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.Optional;

/** What is done with one GPU, on the one thread that owns it. Every method blocks. */
record CardCalls(
    Gpu gpu, Optional<Journals> journals, Optional<PowerProfile> profile, InstantSource clock) {
  private static final String NO_JOURNAL = "without a journal nothing is written";
  private static final Logger LOG = System.getLogger(CardCalls.class.getName());

  private GpuId id() {
    return gpu.traits().id();
  }

  /** Tells what the card is and shows. */
  Event.GpuOpened introduce() throws GpuException {
    return new Event.GpuOpened(gpu.traits(), limits(), profile, clock.instant());
  }

  private Optional<PowerLimits> limits() throws GpuException {
    try {
      return Optional.of(gpu.powerLimits());
    } catch (GpuException e) {
      if (e.kind() == GpuException.Kind.REFUSED) {
        return Optional.empty();
      }
      throw e;
    }
  }

  Event.ReadingTaken read() throws GpuException {
    return new Event.ReadingTaken(id(), gpu.read(), clock.instant());
  }

  /** Objects when nobody wants the call any more. */
  interface Guard {
    void check() throws GpuException;
  }

  /**
   * Journal first, then the card, then a look at what came of it.
   *
   * @param guard asked before the journal and again before the card, because what came before may
   *     have hung
   */
  Event carryOut(Order order, Guard guard) throws GpuException {
    if (journals.isEmpty()) {
      return failed(order, GpuException.Kind.REFUSED, NO_JOURNAL);
    }
    LimitJournal journal = journals.get().limits();
    PowerLimits before = gpu.powerLimits();
    if (isForeign(before.requested(), order, journal)) {
      return new Event.ForeignLimitFound(id(), before, clock.instant());
    }
    guard.check();
    try {
      journal.intend(id(), gpu.traits().model(), order.original(), order.limit());
    } catch (IOException e) {
      // The original goes back whatever the disk is like: no other limit is ours then.
      if (!order.limit().sameLimitAs(order.original())) {
        return failed(
            order, GpuException.Kind.RETRY, "the journal cannot be written: " + e.getMessage());
      }
    }
    guard.check();
    gpu.limitPower(order.limit());
    PowerLimits after = gpu.powerLimits();
    settle(order, after.requested(), journal);
    return new Event.LimitApplied(id(), after, clock.instant());
  }

  /** Turns a knob as a user asks, once it is on record what undoes that. */
  void turn(KnobTurn wish, Guard guard) throws GpuException {
    if (journals.isEmpty()) {
      throw new GpuException(GpuException.Kind.REFUSED, NO_JOURNAL);
    }
    try {
      new KnobCalls(gpu, journals.get().knobs(), guard).turn(wish);
    } catch (IOException e) {
      throw new GpuException(
          GpuException.Kind.RETRY, "the journal cannot be written: " + e.getMessage());
    }
  }

  /** Undoes what users turned; what cannot be undone stays on record. */
  Optional<RestoreOutcome> undoTurns() {
    return journals
        .map(Journals::knobs)
        .flatMap(known -> known.entry(id()).map(new KnobRestore(gpu, known)::restore));
  }

  /** A write whose outcome nobody saw may have left one of our own limits behind. */
  private boolean isForeign(Watts shown, Order order, LimitJournal known) {
    boolean ours = known.entry(id()).filter(entry -> entry.isOurs(shown)).isPresent();
    return !shown.sameLimitAs(order.expected()) && !ours;
  }

  /** The intended limit is on record already, so that trouble here costs nothing but a line. */
  private void settle(Order order, Watts shown, LimitJournal known) {
    try {
      if (known.entry(id()).filter(entry -> entry.original().sameLimitAs(shown)).isPresent()) {
        known.forget(id());
      } else if (order.isMetBy(shown)) {
        known.confirm(id(), order.limit(), shown);
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the journal cannot be written: " + e.getMessage());
    }
  }

  Event.LimitFailed failed(Order order, GpuException.Kind kind, String why) {
    return new Event.LimitFailed(id(), order.limit(), kind, why, clock.instant());
  }
}
