package chase.daemon.gpu;

import chase.daemon.gpu.RestoreOutcome.RestoreResult;
import chase.daemon.gpu.journal.GpuJournals;
import chase.daemon.gpu.journal.LimitJournal;
import chase.daemon.gpu.journal.RestorePace;
import chase.daemon.gpu.journal.SettingsJournal;
import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuSettings;
import chase.zeus.unit.Watts;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Restores everything that is on record of one GPU, on the thread that owns it. Doing it twice does
 * no harm.
 */
record GpuRestorer(Gpu gpu, GpuJournals journals) {
  /** The outcomes; none when nothing is on record. */
  List<RestoreOutcome> restore() {
    GpuId id = gpu.traits().id();
    SettingsRestorer settings = new SettingsRestorer(gpu, journals.settings());
    LimitRestorer limits = new LimitRestorer(gpu, journals.limits(), journals.pace());
    Optional<RestoreOutcome> setting =
        journals
            .settings()
            .entry(id)
            .map(settings::restore)
            .or(() -> journals.settings().loss().map(settings::leftover));
    Optional<RestoreOutcome> limit =
        journals
            .limits()
            .entry(id)
            .map(limits::restore)
            .or(() -> journals.limits().loss().flatMap(loss -> limits.findLeftover()));
    return Stream.of(limit, setting).flatMap(Optional::stream).toList();
  }

  /** The outcomes when the GPU gave no answer. */
  List<RestoreOutcome> failed(String why) {
    GpuId id = gpu.traits().id();
    return Stream.of(
            journals.limits().entry(id).map(entry -> LimitRestorer.failed(gpu, entry, why)),
            journals.settings().entry(id).map(entry -> SettingsRestorer.failed(gpu, entry, why)))
        .flatMap(Optional::stream)
        .toList();
  }

  static String name(Gpu gpu) {
    return "GPU " + gpu.traits().index() + " (" + gpu.traits().id() + ")";
  }

  /** Restores the original limit. */
  private record LimitRestorer(Gpu gpu, LimitJournal journal, RestorePace pace) {
    /** A driver may round a limit by less than this. */
    private static final double ROUNDING_WATTS = 1;

    /**
     * Restores what is on record. That it is done need not be written, because doing it twice does
     * no harm.
     */
    RestoreOutcome restore(LimitJournal.LimitEntry entry) {
      try {
        Watts shown = gpu.requestedLimit();
        if (shown.sameLimitAs(entry.original())) {
          return done(RestoreResult.UNTOUCHED, "has its limit of " + shown + " already");
        }
        if (!entry.isChaseLimit(shown)) {
          return done(RestoreResult.FOREIGN, foreign(shown));
        }
        Watts legal = nearestLegal(entry.original());
        if (!legal.sameLimitAs(shown)) {
          pace.awaitTurn(shown, legal);
          gpu.limitPower(legal);
        }
        return verify(entry, legal, shown, gpu.requestedLimit());
      } catch (GpuException e) {
        RestoreOutcome failed = failed(gpu, entry, String.valueOf(e.getMessage()));
        return e.lacksPermission() ? failed.forbidden() : failed;
      }
    }

    /** A default limit may come from a reload of the driver or a reset of the GPU. */
    private String foreign(Watts shown) {
      return gpu.traits().defaultLimit().filter(shown::sameLimitAs).isPresent()
          ? "is at its driver's default of " + shown + ", which stays"
          : "was set to " + shown + " by an external process, which stays as it is";
    }

    /** A driver's range may have changed since, and what is outside of it would be refused. */
    private Watts nearestLegal(Watts original) {
      return gpu.traits().powerRange().map(range -> range.clamp(original)).orElse(original);
    }

    /**
     * A driver that rounds by next to nothing restored the limit. Whatever else it made of the
     * write is a limit of Chase, and the original stays on record until it is really restored.
     */
    private RestoreOutcome verify(
        LimitJournal.LimitEntry entry, Watts written, Watts before, Watts after)
        throws GpuException {
      if (Math.abs(after.value() - written.value()) < ROUNDING_WATTS) {
        return done(
            RestoreResult.RESTORED,
            "is back from " + before + " to " + after + remark(entry, written, after));
      }
      if (after.compareTo(entry.original()) > 0) {
        gpu.limitPower(before);
      }
      Watts left = gpu.requestedLimit();
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

    private static String remark(LimitJournal.LimitEntry entry, Watts written, Watts after) {
      if (!after.sameLimitAs(written)) {
        return ", which is what the driver makes of " + written;
      }
      return written.sameLimitAs(entry.original())
          ? ""
          : ", the nearest to " + entry.original() + " that the GPU allows";
    }

    private RestoreOutcome done(RestoreResult kind, String what) {
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
     * For a GPU without an entry, where entries are lost: whether an earlier Chase may have lowered
     * its limit, and then what restores the default. Empty when the GPU has its default.
     */
    Optional<RestoreOutcome> findLeftover() {
      if (gpu.traits().powerRange().isEmpty()) {
        return Optional.empty();
      }
      try {
        Watts shown = gpu.requestedLimit();
        Optional<Watts> defaultLimit = gpu.traits().defaultLimit();
        return defaultLimit.filter(known -> shown.compareTo(known) >= 0).isPresent()
            ? Optional.empty()
            : Optional.of(unknown("shows " + shown, command(defaultLimit)));
      } catch (GpuException e) {
        return Optional.of(
            unknown(
                "cannot be read (" + e.getMessage() + ")", command(gpu.traits().defaultLimit())));
      }
    }

    private RestoreOutcome unknown(String what, String command) {
      return new RestoreOutcome(
          gpu.traits().id(),
          RestoreResult.UNKNOWN,
          "%s %s; Chase may have lowered its limit, and no record is left of the original; %s"
              .formatted(name(gpu), what, command));
    }

    private String command(Optional<Watts> defaultLimit) {
      String command = "nvidia-smi -i " + gpu.traits().id();
      return defaultLimit
          .map(limit ->
              "its default of %s is restored by: %s -pl %s"
                  .formatted(
                      limit,
                      command,
                      BigDecimal.valueOf(limit.toMilliwatts(), 3)
                          .stripTrailingZeros()
                          .toPlainString()))
          .orElse("its default is shown by: " + command + " -q -d POWER");
    }

    static RestoreOutcome failed(Gpu gpu, LimitJournal.LimitEntry entry, String why) {
      return new RestoreOutcome(
          gpu.traits().id(),
          RestoreResult.FAILED,
          name(gpu) + " could not be set back to " + entry.original() + ": " + why);
    }
  }

  /** Undoes what users changed. */
  record SettingsRestorer(Gpu gpu, SettingsJournal journal) {
    private interface Undo {
      void run() throws GpuException;
    }

    /** Undoes each change, also where another one fails. */
    RestoreOutcome restore(SettingsJournal.ChangedSettings entry) {
      List<String> failures = new ArrayList<>();
      for (GpuSettings.ClockDomain domain : entry.locked()) {
        attempt(failures, () -> gpu.settings().unlockClocks(domain));
      }
      entry.originalPersistence().ifPresent(mode -> attempt(failures, () -> persistence(mode)));
      return failures.isEmpty() ? done(entry) : failed(gpu, entry, String.join("; ", failures));
    }

    /** A driver may accept the mode and keep another. */
    private void persistence(boolean original) throws GpuException {
      gpu.settings().persistenceMode(original);
      if (gpu.settings().persistenceMode() != original) {
        throw new GpuException(
            GpuException.Kind.RETRY,
            "the driver accepted persistence mode "
                + (original ? "on" : "off")
                + " and kept the other");
      }
    }

    private static void attempt(List<String> failures, Undo undo) {
      try {
        undo.run();
      } catch (GpuException e) {
        failures.add(String.valueOf(e.getMessage()));
      }
    }

    private RestoreOutcome done(SettingsJournal.ChangedSettings entry) {
      GpuId id = gpu.traits().id();
      String line = name(gpu) + " has its own " + describe(entry) + " again";
      try {
        journal.remove(id);
        return new RestoreOutcome(id, RestoreResult.RESTORED, line);
      } catch (IOException e) {
        return new RestoreOutcome(
            id, RestoreResult.RESTORED, line + "; it stays on record: " + e.getMessage());
      }
    }

    static RestoreOutcome failed(Gpu gpu, SettingsJournal.ChangedSettings entry, String why) {
      return new RestoreOutcome(
          gpu.traits().id(),
          RestoreResult.FAILED,
          "%s did not get back its own %s: %s".formatted(name(gpu), describe(entry), why));
    }

    /**
     * For a GPU without an entry, where entries are lost: no driver returns whether its clocks are
     * locked, but it is known what unlocks them.
     */
    RestoreOutcome leftover(String loss) {
      GpuId id = gpu.traits().id();
      return new RestoreOutcome(
          id,
          RestoreResult.UNKNOWN_SETTINGS,
          "%s may have clocks that a user locked through Chase: %s; they are unlocked by: nvidia-smi -i %s -rgc; nvidia-smi -i %s -rmc"
              .formatted(name(gpu), loss, id, id));
    }

    static String describe(SettingsJournal.ChangedSettings entry) {
      if (entry.locked().isEmpty()) {
        return "persistence mode";
      }
      return entry.originalPersistence().isPresent() ? "clocks and persistence mode" : "clocks";
    }
  }
}
