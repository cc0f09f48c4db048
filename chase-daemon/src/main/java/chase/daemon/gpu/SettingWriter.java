package chase.daemon.gpu;

import chase.daemon.gpu.GpuOperations.Guard;
import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuSettings;
import java.io.IOException;

/**
 * Turns the knobs of one GPU, on the thread that owns it: journal first, then the card.
 *
 * @param guard asked before the journal and again before the card
 */
record SettingWriter(Gpu gpu, SettingsJournal journal, Guard guard) {
  void write(SettingChange wish) throws GpuException, IOException {
    guard.check();
    switch (wish) {
      case SettingChange.LockClocks lock -> lock(lock);
      case SettingChange.UnlockClocks unlock -> unlock(unlock.domain());
      case SettingChange.PersistenceMode persistence -> persistence(persistence.on());
    }
  }

  private GpuId id() {
    return gpu.traits().id();
  }

  private void lock(SettingChange.LockClocks lock) throws GpuException, IOException {
    boolean locked =
        journal.entry(id()).filter(e -> e.locked().contains(lock.domain())).isPresent();
    journal.intendLock(id(), gpu.traits().model(), lock.domain());
    guard.check();
    try {
      gpu.settings().lockClocks(lock.domain(), lock.range());
    } catch (GpuException e) {
      // What was refused need not be undone, and on a card without the knob it never could be.
      if (e.kind() == GpuException.Kind.REFUSED && !locked) {
        journal.recordUnlock(id(), lock.domain());
      }
      throw e;
    }
  }

  private void unlock(GpuSettings.ClockDomain domain) throws GpuException, IOException {
    gpu.settings().unlockClocks(domain);
    journal.recordUnlock(id(), domain);
  }

  /** A mode that the card has already is left alone. */
  private void persistence(boolean on) throws GpuException, IOException {
    boolean found = gpu.settings().persistenceMode();
    if (found != on) {
      journal.intendPersistence(id(), gpu.traits().model(), found);
      guard.check();
      gpu.settings().persistenceMode(on);
    }
  }
}
