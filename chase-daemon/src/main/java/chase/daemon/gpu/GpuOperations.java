package chase.daemon.gpu;

import chase.daemon.gpu.journal.GpuJournals;
import chase.daemon.gpu.journal.LimitJournal;
import chase.daemon.gpu.journal.SettingsJournal;
import chase.zeus.engine.Event;
import chase.zeus.engine.Order;
import chase.zeus.engine.OriginalLimit;
import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuReading;
import chase.zeus.gpu.GpuSettings.ClockDomain;
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
import java.util.stream.Collectors;

/** The calls to one GPU, on the one thread that owns it. Every method blocks. */
final class GpuOperations {
  private static final String NO_JOURNAL = "without a journal nothing is written";

  /** Tries of a read-back that fails transiently, so that a write has its result. */
  private static final int READ_BACKS = 3;

  private static final Logger LOG = System.getLogger(GpuOperations.class.getName());

  private final Gpu gpu;
  private final Optional<GpuJournals> journals;
  private final Optional<PowerProfile> profile;
  private final InstantSource clock;

  /** The traits in the last event. */
  private GpuTraits published;

  /** The traits read last: a change counts when it was read twice. */
  private GpuTraits lastRead;

  /** Whether the last event of an opened GPU had limits. */
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

  /** What the GPU is and shows. */
  Event.GpuOpened describe() throws GpuException {
    Optional<PowerLimits> limits = limits();
    publishedLimits = limits.isPresent();
    published = gpu.traits();
    lastRead = published;
    Optional<OriginalLimit> original = limits.map(shown -> original(shown.requested()));
    // The limit that the floor is a share of, so that a doubt lasts as long as its reason.
    journals.ifPresent(
        known -> original.ifPresent(own -> known.limits().rememberOriginal(id(), own.floorOf())));
    return new Event.GpuOpened(published, limits, profile, original, clock.instant());
  }

  /** The limit on record takes precedence if the GPU shows one of Chase's own limits. */
  private OriginalLimit original(Watts shown) {
    return journals
        .flatMap(known -> known.limits().entry(id()))
        .filter(entry -> entry.isChaseLimit(shown) && !entry.original().sameLimitAs(shown))
        .map(entry -> OriginalLimit.onRecord(entry.original()))
        .orElseGet(() -> OriginalLimit.of(shown, lastKnown(), published.defaultLimit()));
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

  /** A reading, after a change of the traits where there was one. */
  List<Event> read() throws GpuException {
    List<Event> events = new ArrayList<>();
    GpuReading reading = gpu.read();
    if (!publishedLimits && reading.limits().isPresent()) {
      // It had no limit before; what an earlier Chase left must be restored first.
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
    Optional<Watts> shown = reading.limits().map(PowerLimits::requested);
    journals.ifPresent(
        known -> shown.ifPresent(now -> known.limits().forgetOverwritten(id(), now)));
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

  /** A GPU that does not answer this keeps its traits. */
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

  /** Fails once a call was cancelled. */
  interface Guard {
    void check() throws GpuException;
  }

  /**
   * Writes the journal first, then the limit, and reads it back.
   *
   * @param guard checked before the journal and again before the GPU, because the step before may
   *     have hung
   */
  Event carryOut(Order order, Guard guard) throws GpuException {
    if (journals.isEmpty()) {
      return failed(order, GpuException.Kind.REFUSED, NO_JOURNAL);
    }
    LimitJournal journal = journals.get().limits();
    Optional<String> obstacle = obstacle(order);
    if (obstacle.isPresent()) {
      return failed(order, GpuException.Kind.RETRY, obstacle.get());
    }
    PowerLimits before = readLimits();
    if (isForeign(before.requested(), order, journal)) {
      return foreign(before);
    }
    guard.check();
    try {
      journal.intend(id(), gpu.traits().model(), order.original(), order.limit());
    } catch (IOException e) {
      // The original is restored whatever the disk is like: no other limit is Chase's then.
      if (!order.limit().sameLimitAs(order.original())) {
        return failed(
            order, GpuException.Kind.RETRY, "the journal cannot be written: " + e.getMessage());
      }
    }
    guard.check();
    PowerLimits now = readLimits(); // the disk took its time
    if (isForeign(now.requested(), order, journal)) {
      return foreign(now);
    }
    gpu.limitPower(order.limit());
    PowerLimits after = readBack();
    recordResult(order, after.requested(), journal);
    return new Event.LimitApplied(id(), after, clock.instant());
  }

  private Event foreign(PowerLimits found) {
    journals.ifPresent(known -> known.limits().forgetOverwritten(id(), found.requested()));
    return new Event.ForeignLimitFound(id(), found, clock.instant());
  }

  /** Why only the original may be written: MIG may have been enabled a moment ago. */
  private Optional<String> obstacle(Order order) throws GpuException {
    return order.limit().sameLimitAs(order.original())
        ? Optional.empty()
        : gpu.refreshTraits().unwritable();
  }

  /** A GPU that had a limit and does not return it now may return it later. */
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

  /** Changes a setting for a user, once it is on record how that is undone. */
  void change(SettingChange change, Guard guard) throws GpuException {
    if (journals.isEmpty()) {
      throw new GpuException(GpuException.Kind.REFUSED, NO_JOURNAL);
    }
    Optional<String> obstacle = gpu.refreshTraits().unwritable();
    if (obstacle.isPresent() && !(change instanceof SettingChange.UnlockClocks)) {
      throw new GpuException(GpuException.Kind.REFUSED, obstacle.get());
    }
    try {
      SettingsJournal journal = journals.get().settings();
      guard.check();
      switch (change) {
        case SettingChange.LockClocks lock -> lock(lock, journal, guard);
        case SettingChange.UnlockClocks unlock -> unlock(unlock.domain(), journal);
        case SettingChange.PersistenceMode mode -> persistence(mode.on(), journal, guard);
      }
    } catch (IOException e) {
      throw new GpuException(
          GpuException.Kind.RETRY, "the journal cannot be written: " + e.getMessage());
    }
  }

  private void lock(SettingChange.LockClocks lock, SettingsJournal journal, Guard guard)
      throws GpuException, IOException {
    boolean locked =
        journal.entry(id()).filter(entry -> entry.locked().contains(lock.domain())).isPresent();
    journal.intendLock(id(), gpu.traits().model(), lock.domain());
    guard.check();
    try {
      gpu.settings().lockClocks(lock.domain(), lock.range());
    } catch (GpuException e) {
      // What was refused need not be undone, and on a GPU without the setting it never could be.
      if (e.kind() == GpuException.Kind.REFUSED && !locked) {
        journal.recordUnlock(id(), lock.domain());
      }
      throw e;
    }
  }

  private void unlock(ClockDomain domain, SettingsJournal journal)
      throws GpuException, IOException {
    gpu.settings().unlockClocks(domain);
    journal.recordUnlock(id(), domain);
  }

  /** A mode that the GPU has already is left alone. */
  private void persistence(boolean on, SettingsJournal journal, Guard guard)
      throws GpuException, IOException {
    boolean present = gpu.settings().persistenceMode();
    if (present != on) {
      journal.intendPersistence(id(), gpu.traits().model(), present);
      guard.check();
      gpu.settings().persistenceMode(on);
    }
  }

  /**
   * Restores the limit and the settings that are on record.
   *
   * @throws GpuException with one line for what could not be restored, which stays on record
   */
  List<RestoreOutcome> restore() throws GpuException {
    List<RestoreOutcome> outcomes =
        journals.map(known -> new GpuRestorer(gpu, known).restore()).orElse(List.of());
    String failed =
        outcomes.stream()
            .filter(outcome -> !outcome.isDone())
            .map(RestoreOutcome::line)
            .collect(Collectors.joining("; "));
    if (!failed.isEmpty()) {
      throw new GpuException(GpuException.Kind.RETRY, failed);
    }
    outcomes.forEach(outcome -> LOG.log(outcome.level(), outcome.line()));
    return outcomes;
  }

  /** Undoes what users changed; what cannot be undone stays on record. */
  Optional<RestoreOutcome> undoChanges() {
    return journals
        .map(GpuJournals::settings)
        .flatMap(
            known -> known.entry(id()).map(new GpuRestorer.SettingsRestorer(gpu, known)::restore));
  }

  /** A write without a result may have left one of Chase's own limits. */
  private boolean isForeign(Watts shown, Order order, LimitJournal known) {
    boolean isOurs = known.entry(id()).filter(entry -> entry.isChaseLimit(shown)).isPresent();
    return !shown.sameLimitAs(order.expected()) && !isOurs;
  }

  /**
   * The limit straight after a write is what the driver made of it, and so Chase's own, however far
   * from the order; the original stays on record until an order restored it. The intended limit is
   * on record already, so that a failure here costs only a line in the log.
   */
  private void recordResult(Order order, Watts shown, LimitJournal known) {
    try {
      Optional<Watts> original = known.entry(id()).map(LimitJournal.LimitEntry::original);
      if (shown.sameLimitAs(order.limit()) && original.filter(shown::sameLimitAs).isPresent()) {
        known.remove(id());
      } else {
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
