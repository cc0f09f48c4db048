package chase.daemon.gpu;

import chase.daemon.gpu.RestoreOutcome.Kind;
import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuId;
import chase.zeus.unit.Watts;
import java.io.IOException;

/** Puts back the limit of one GPU, on the thread that owns it. */
record GpuRestore(Gpu gpu, LimitJournal journal) {
  RestoreOutcome restore(JournalEntry entry) {
    try {
      Watts shown = gpu.powerLimits().requested();
      if (shown.sameLimitAs(entry.original())) {
        return done(Kind.UNTOUCHED, "has its limit of " + shown + " already");
      }
      if (!entry.isOurs(shown)) {
        return done(
            Kind.FOREIGN, "was set to " + shown + " by somebody else, which stays as it is");
      }
      gpu.limitPower(entry.original());
      return checked(entry, shown, gpu.powerLimits().requested());
    } catch (GpuException | IOException e) {
      return failed(gpu, entry, String.valueOf(e.getMessage()));
    }
  }

  private RestoreOutcome checked(JournalEntry entry, Watts before, Watts after) throws IOException {
    return after.sameLimitAs(entry.original())
        ? done(Kind.RESTORED, "is back from " + before + " to " + after)
        : failed(gpu, entry, "the card shows " + after + " after the write");
  }

  private RestoreOutcome done(Kind kind, String what) throws IOException {
    GpuId id = gpu.traits().id();
    journal.forget(id);
    return new RestoreOutcome(id, kind, name(gpu) + " " + what);
  }

  static RestoreOutcome failed(Gpu gpu, JournalEntry entry, String why) {
    return new RestoreOutcome(
        gpu.traits().id(),
        Kind.FAILED,
        name(gpu) + " could not be set back to " + entry.original() + ": " + why);
  }

  static String name(Gpu gpu) {
    return "GPU " + gpu.traits().index() + " (" + gpu.traits().id() + ")";
  }
}
