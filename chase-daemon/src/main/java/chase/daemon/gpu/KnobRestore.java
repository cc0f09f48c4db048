package chase.daemon.gpu;

import chase.daemon.gpu.RestoreOutcome.Kind;
import chase.zeus.gpu.ClockDomain;
import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuId;
import java.io.IOException;

/** Undoes what users turned on one GPU, on the thread that owns it. Doing it twice does no harm. */
record KnobRestore(Gpu gpu, KnobJournal journal) {
  RestoreOutcome restore(TurnedKnobs turned) {
    GpuId id = gpu.traits().id();
    try {
      for (ClockDomain domain : turned.locked()) {
        gpu.knobs().unlockClocks(domain);
      }
      if (turned.persistenceFound().isPresent()) {
        gpu.knobs().persistenceMode(turned.persistenceFound().get());
      }
      journal.forget(id);
      return new RestoreOutcome(
          id, Kind.RESTORED, GpuRestore.name(gpu) + " has its own " + what(turned) + " again");
    } catch (GpuException | IOException e) {
      return failed(gpu, turned, String.valueOf(e.getMessage()));
    }
  }

  static RestoreOutcome failed(Gpu gpu, TurnedKnobs turned, String why) {
    return new RestoreOutcome(
        gpu.traits().id(),
        Kind.FAILED,
        "%s did not get back its own %s: %s".formatted(GpuRestore.name(gpu), what(turned), why));
  }

  static String what(TurnedKnobs turned) {
    if (turned.locked().isEmpty()) {
      return "persistence mode";
    }
    return turned.persistenceFound().isPresent() ? "clocks and persistence mode" : "clocks";
  }
}
