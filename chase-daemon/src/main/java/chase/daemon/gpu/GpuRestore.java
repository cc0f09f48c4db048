package chase.daemon.gpu;

import chase.daemon.gpu.RestoreOutcome.Kind;
import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuId;
import chase.zeus.unit.Watts;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Optional;

/** Puts back the limit of one GPU, on the thread that owns it. */
record GpuRestore(Gpu gpu, LimitJournal journal) {
  /** A driver may round a limit by less than this. */
  private static final double ROUNDING_WATTS = 1;

  /**
   * Puts back what is on record; that this is done need not be written, because doing it twice does
   * no harm.
   */
  RestoreOutcome restore(JournalEntry entry) {
    try {
      Watts shown = gpu.powerLimits().requested();
      if (shown.sameLimitAs(entry.original())) {
        return done(Kind.UNTOUCHED, "has its limit of " + shown + " already");
      }
      if (!entry.isChaseLimit(shown)) {
        return done(Kind.FOREIGN, foreign(shown));
      }
      Watts legal = nearestLegal(entry.original());
      if (!legal.sameLimitAs(shown)) {
        gpu.limitPower(legal);
      }
      return verify(entry, legal, shown, gpu.powerLimits().requested());
    } catch (GpuException e) {
      RestoreOutcome failed = failed(gpu, entry, String.valueOf(e.getMessage()));
      return e.lacksPermission() ? failed.forbidden() : failed;
    }
  }

  /** Nobody wrote the default of a driver that was loaded again, or of a card that was reset. */
  private String foreign(Watts shown) {
    return gpu.traits().defaultLimit().filter(shown::sameLimitAs).isPresent()
        ? "is at its driver's default of " + shown + ", which stays"
        : "was set to " + shown + " by somebody else, which stays as it is";
  }

  /** A driver's range may have changed since, and what is outside of it would be refused. */
  private Watts nearestLegal(Watts original) {
    return gpu.traits().powerRange().map(range -> range.clamp(original)).orElse(original);
  }

  /**
   * A driver that rounds by next to nothing put the limit back. What else it made of the write is
   * Chase's own, and the original stays on record until it is really back.
   */
  private RestoreOutcome verify(JournalEntry entry, Watts written, Watts before, Watts after)
      throws GpuException {
    if (Math.abs(after.value() - written.value()) < ROUNDING_WATTS) {
      return done(
          Kind.RESTORED, "is back from " + before + " to " + after + remark(entry, written, after));
    }
    if (after.compareTo(entry.original()) > 0) {
      gpu.limitPower(before);
    }
    Watts left = gpu.powerLimits().requested();
    return failed(
        gpu,
        entry,
        "the driver made %s of it%s%s"
            .formatted(
                after,
                left.sameLimitAs(after) ? "" : ", and has " + left + " now",
                confirmLimit(left)));
  }

  private String confirmLimit(Watts left) {
    try {
      journal.confirm(gpu.traits().id(), left, left);
      return "";
    } catch (IOException e) {
      return "; the journal cannot be written: " + e.getMessage();
    }
  }

  private static String remark(JournalEntry entry, Watts written, Watts after) {
    if (!after.sameLimitAs(written)) {
      return ", which is what the driver makes of " + written;
    }
    return written.sameLimitAs(entry.original())
        ? ""
        : ", the nearest to " + entry.original() + " that the card allows";
  }

  private RestoreOutcome done(Kind kind, String what) {
    GpuId id = gpu.traits().id();
    return new RestoreOutcome(id, kind, name(gpu) + " " + what + removeEntry(journal, id));
  }

  private static String removeEntry(LimitJournal journal, GpuId id) {
    try {
      journal.remove(id);
      return "";
    } catch (IOException e) {
      return "; it stays on record: " + e.getMessage();
    }
  }

  /**
   * For a card without an entry, where entries are lost: whether an earlier Chase may have lowered
   * its limit, and then what puts the default back. Empty when the card has its default.
   */
  Optional<RestoreOutcome> findLeftover() {
    if (gpu.traits().powerRange().isEmpty()) {
      return Optional.empty();
    }
    try {
      Watts shown = gpu.powerLimits().requested();
      Optional<Watts> usual = gpu.traits().defaultLimit();
      return usual.filter(known -> shown.compareTo(known) >= 0).isPresent()
          ? Optional.empty()
          : Optional.of(unknown("shows " + shown, command(usual)));
    } catch (GpuException e) {
      return Optional.of(
          unknown("cannot be read (" + e.getMessage() + ")", command(gpu.traits().defaultLimit())));
    }
  }

  private RestoreOutcome unknown(String what, String command) {
    return new RestoreOutcome(
        gpu.traits().id(),
        Kind.UNKNOWN,
        "%s %s; Chase may have lowered its limit, and no record is left of the original; %s"
            .formatted(name(gpu), what, command));
  }

  private String command(Optional<Watts> usual) {
    String card = "nvidia-smi -i " + gpu.traits().id();
    return usual
        .map(limit ->
            "its default of %s is put back by: %s -pl %s"
                .formatted(
                    limit,
                    card,
                    BigDecimal.valueOf(limit.toMilliwatts(), 3)
                        .stripTrailingZeros()
                        .toPlainString()))
        .orElse("its default is shown by: " + card + " -q -d POWER");
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
