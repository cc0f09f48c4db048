package chase.daemon.gpu;

import chase.zeus.engine.Event;
import chase.zeus.engine.Order;
import chase.zeus.engine.OriginalLimit;
import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuReading;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.profile.PowerProfile;
import chase.zeus.unit.Watts;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is done with one GPU, on the one thread that owns it. Every method blocks. */
final class GpuOperations {
  private static final String NO_JOURNAL = "without a journal nothing is written";

  /** A read-back that fails in passing is tried this often, so that a write has its answer. */
  private static final int READ_BACKS = 3;

  private static final Logger LOG = System.getLogger(GpuOperations.class.getName());

  private final Gpu gpu;
  private final Optional<GpuJournals> journals;
  private final Optional<PowerProfile> profile;
  private final InstantSource clock;

  /** What the card was last told to be. */
  private GpuTraits published;

  /** What it was at the last look: a change is believed when it is seen twice. */
  private GpuTraits lastRead;

  private boolean publishedLimits;

  GpuOperations(
      Gpu gpu,
      Optional<GpuJournals> journals,
      Optional<PowerProfile> profile,
      InstantSource clock) {
    this.gpu = gpu;
    this.journals = journals;
    this.profile = profile;
    this.clock = clock;
    this.published = gpu.traits();
    this.lastRead = published;
  }

  Gpu gpu() {
    return gpu;
  }

  InstantSource clock() {
    return clock;
  }

  private GpuId id() {
    return gpu.traits().id();
  }

  /** Tells what the card is and shows. */
  Event.GpuOpened describe() throws GpuException {
    Optional<PowerLimits> limits = limits();
    publishedLimits = limits.isPresent();
    published = gpu.traits();
    lastRead = published;
    Optional<OriginalLimit> original = limits.map(found -> original(found.requested()));
    // What the floor is taken of, so that a doubt lasts as long as its reason may.
    journals.ifPresent(
        known -> original.ifPresent(own -> known.limits().rememberOriginal(id(), own.floorOf())));
    return new Event.GpuOpened(published, limits, profile, original, clock.instant());
  }

  /** What is on record goes before what the card shows, if that is one of Chase's own limits. */
  private OriginalLimit original(Watts found) {
    return journals
        .flatMap(known -> known.limits().entry(id()))
        .filter(entry -> entry.isChaseLimit(found) && !entry.original().sameLimitAs(found))
        .map(entry -> OriginalLimit.onRecord(entry.original()))
        .orElseGet(() -> OriginalLimit.of(found, lastKnown(), published.defaultLimit()));
  }

  private Optional<Watts> lastKnown() {
    return journals.flatMap(known -> known.limits().lastKnownOriginal(id()));
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

  /** What the card shows, after what it has become where others changed that. */
  List<Event> read() throws GpuException {
    List<Event> events = new ArrayList<>();
    GpuReading reading = gpu.read();
    if (!publishedLimits && reading.limits().isPresent()) {
      // It answered once that it has no limit; what an earlier Chase left must go back first.
      journals
          .map(known -> new GpuRestorer(gpu, known).restore())
          .orElse(List.of())
          .forEach(outcome -> LOG.log(outcome.level(), outcome.line()));
      gpu.refreshTraits();
      events.add(describe());
      reading = gpu.read();
    } else {
      traitsChange().ifPresent(events::add);
    }
    events.add(new Event.ReadingTaken(id(), reading, clock.instant()));
    return events;
  }

  private Optional<Event> traitsChange() throws GpuException {
    GpuTraits before = lastRead;
    lastRead = readTraits();
    if (lastRead.equals(published) || !lastRead.equals(before)) {
      return Optional.empty();
    }
    published = lastRead;
    return Optional.of(new Event.TraitsChanged(published, clock.instant()));
  }

  /** A card that does not answer this now is what it was. */
  private GpuTraits readTraits() throws GpuException {
    try {
      return gpu.refreshTraits();
    } catch (GpuException e) {
      return switch (e.kind()) {
        case RETRY, REFUSED -> published;
        case LOST, REOPEN -> throw e;
      };
    }
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
    Optional<String> hindrance = obstacle(order);
    if (hindrance.isPresent()) {
      return failed(order, GpuException.Kind.RETRY, hindrance.get());
    }
    PowerLimits before = readLimits();
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
    PowerLimits after = readBack();
    recordResult(order, after.requested(), journal);
    return new Event.LimitApplied(id(), after, clock.instant());
  }

  /** Why nothing is written but what goes back: others may have switched MIG on a moment ago. */
  private Optional<String> obstacle(Order order) throws GpuException {
    return order.limit().sameLimitAs(order.original())
        ? Optional.empty()
        : gpu.refreshTraits().unwritable();
  }

  /** A card that had a limit and does not tell it now may tell it later. */
  private PowerLimits readLimits() throws GpuException {
    try {
      return gpu.powerLimits();
    } catch (GpuException e) {
      throw e.kind() == GpuException.Kind.REFUSED
          ? new GpuException(GpuException.Kind.RETRY, String.valueOf(e.getMessage()))
          : e;
    }
  }

  private PowerLimits readBack() throws GpuException {
    for (int left = READ_BACKS; left > 1; left--) {
      try {
        return readLimits();
      } catch (GpuException e) {
        if (e.kind() != GpuException.Kind.RETRY) {
          throw e;
        }
      }
    }
    return readLimits();
  }

  /** Turns a knob as a user asks, once it is on record what undoes that. */
  void change(SettingChange wish, Guard guard) throws GpuException {
    if (journals.isEmpty()) {
      throw new GpuException(GpuException.Kind.REFUSED, NO_JOURNAL);
    }
    Optional<String> hindrance = gpu.refreshTraits().unwritable();
    if (hindrance.isPresent() && !(wish instanceof SettingChange.UnlockClocks)) {
      throw new GpuException(GpuException.Kind.REFUSED, hindrance.get());
    }
    try {
      new SettingWriter(gpu, journals.get().settings(), guard).write(wish);
    } catch (IOException e) {
      throw new GpuException(
          GpuException.Kind.RETRY, "the journal cannot be written: " + e.getMessage());
    }
  }

  /** Undoes what users turned; what cannot be undone stays on record. */
  Optional<RestoreOutcome> undoChanges() {
    return journals
        .map(GpuJournals::settings)
        .flatMap(
            known -> known.entry(id()).map(new GpuRestorer.SettingsRestorer(gpu, known)::restore));
  }

  /** A write whose outcome nobody saw may have left one of our own limits behind. */
  private boolean isForeign(Watts shown, Order order, LimitJournal known) {
    boolean ours = known.entry(id()).filter(entry -> entry.isChaseLimit(shown)).isPresent();
    return !shown.sameLimitAs(order.expected()) && !ours;
  }

  /**
   * What the card shows straight after a write is what its driver made of it, and so ours, however
   * far from the order; the original stays on record until it is back because it was asked for. The
   * intended limit is on record already, so that trouble here costs nothing but a line.
   */
  private void recordResult(Order order, Watts shown, LimitJournal known) {
    try {
      if (shown.sameLimitAs(order.limit()) && isOriginal(shown, known)) {
        known.remove(id());
      } else {
        known.confirm(id(), order.limit(), shown);
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the journal cannot be written: " + e.getMessage());
    }
  }

  private boolean isOriginal(Watts shown, LimitJournal known) {
    return known.entry(id()).filter(entry -> entry.original().sameLimitAs(shown)).isPresent();
  }

  Event.LimitFailed failed(Order order, GpuException.Kind kind, String why) {
    return new Event.LimitFailed(id(), order.limit(), kind, why, clock.instant());
  }
}
