package chase.daemon.gpu;

import chase.daemon.gpu.RestoreOutcome.Kind;
import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Undoes what users turned on one GPU, on the thread that owns it. Doing it twice does no harm. */
record KnobRestore(Gpu gpu, SettingsJournal journal) {
  private interface Undo {
    void run() throws GpuException;
  }

  /**
   * Undoes each turn, whatever comes of the others; that this is done need not be written, because
   * doing it twice does no harm.
   */
  RestoreOutcome restore(TurnedKnobs turned) {
    List<String> troubles = new ArrayList<>();
    for (GpuSettings.ClockDomain domain : turned.locked()) {
      attempt(troubles, () -> gpu.settings().unlockClocks(domain));
    }
    turned.originalPersistence().ifPresent(found -> attempt(troubles, () -> persistence(found)));
    return troubles.isEmpty() ? done(turned) : failed(gpu, turned, String.join("; ", troubles));
  }

  /** A driver may accept the mode and keep another. */
  private void persistence(boolean found) throws GpuException {
    gpu.settings().persistenceMode(found);
    if (gpu.settings().persistenceMode() != found) {
      throw new GpuException(
          GpuException.Kind.RETRY,
          "the driver accepted persistence mode " + (found ? "on" : "off") + " and kept the other");
    }
  }

  private static void attempt(List<String> troubles, Undo undo) {
    try {
      undo.run();
    } catch (GpuException e) {
      troubles.add(String.valueOf(e.getMessage()));
    }
  }

  private RestoreOutcome done(TurnedKnobs turned) {
    GpuId id = gpu.traits().id();
    String line = GpuRestore.name(gpu) + " has its own " + describe(turned) + " again";
    try {
      journal.remove(id);
      return new RestoreOutcome(id, Kind.RESTORED, line);
    } catch (IOException e) {
      return new RestoreOutcome(
          id, Kind.RESTORED, line + "; it stays on record: " + e.getMessage());
    }
  }

  static RestoreOutcome failed(Gpu gpu, TurnedKnobs turned, String why) {
    return new RestoreOutcome(
        gpu.traits().id(),
        Kind.FAILED,
        "%s did not get back its own %s: %s"
            .formatted(GpuRestore.name(gpu), describe(turned), why));
  }

  /**
   * For a card without an entry, where entries are lost: no driver tells whether its clocks are
   * locked, but it is known what unlocks them.
   */
  RestoreOutcome leftover(String loss) {
    GpuId id = gpu.traits().id();
    return new RestoreOutcome(
        id,
        Kind.UNKNOWN_SETTINGS,
        "%s may have clocks that a user locked through Chase: %s; they are unlocked by: nvidia-smi -i %s -rgc; nvidia-smi -i %s -rmc"
            .formatted(GpuRestore.name(gpu), loss, id, id));
  }

  static String describe(TurnedKnobs turned) {
    if (turned.locked().isEmpty()) {
      return "persistence mode";
    }
    return turned.originalPersistence().isPresent() ? "clocks and persistence mode" : "clocks";
  }
}
