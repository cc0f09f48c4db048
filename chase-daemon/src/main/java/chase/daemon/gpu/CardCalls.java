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
    Gpu gpu, Optional<LimitJournal> journal, Optional<PowerProfile> profile, InstantSource clock) {
  private static final Logger LOG = System.getLogger(CardCalls.class.getName());

  private GpuId id() {
    return gpu.traits().id();
  }

  /** Puts back what an earlier Chase left behind, and tells what the card shows then. */
  Event.GpuOpened introduce() throws GpuException {
    journal
        .flatMap(j -> j.entry(id()).map(entry -> new GpuRestore(gpu, j).restore(entry)))
        .ifPresent(outcome -> LOG.log(Level.INFO, outcome.line()));
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
    if (journal.isEmpty()) {
      return failed(order, GpuException.Kind.REFUSED, "without a journal nothing is written");
    }
    PowerLimits before = gpu.powerLimits();
    if (isForeign(before.requested(), order, journal.get())) {
      return new Event.ForeignLimitFound(id(), before, clock.instant());
    }
    guard.check();
    try {
      journal.get().intend(id(), gpu.traits().model(), order.original(), order.limit());
    } catch (IOException e) {
      return failed(
          order, GpuException.Kind.RETRY, "the journal cannot be written: " + e.getMessage());
    }
    guard.check();
    gpu.limitPower(order.limit());
    PowerLimits after = gpu.powerLimits();
    settle(order, after.requested(), journal.get());
    return new Event.LimitApplied(id(), after, clock.instant());
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
