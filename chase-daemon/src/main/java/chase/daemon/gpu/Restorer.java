package chase.daemon.gpu;

import chase.daemon.gpu.RestoreOutcome.RestoreResult;
import chase.daemon.gpu.journal.GpuJournals;
import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuSlot;
import chase.zeus.gpu.Gpus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Restores the limits and the settings that are on record, without the process that changed them:
 * at the stop, and by {@code chase restore}. Opens the driver anew, and every GPU on a thread of
 * its own; what fails is retried until the deadline. Doing it twice does no harm.
 */
public final class Restorer {
  /** A driver that takes longer to close hangs. */
  private static final Duration CLOSING_DEADLINE = Duration.ofSeconds(1);

  private final GpuJournals journals;
  private final GpuBackend backend;
  private final Duration deadline;
  private boolean hangs;
  private boolean identifiedAll;

  /** A restore that takes at most {@code deadline}, and one second to close the driver. */
  public Restorer(GpuJournals journals, GpuBackend backend, Duration deadline) {
    this.journals = journals;
    this.backend = backend;
    this.deadline = deadline;
  }

  /** Whether everything on record is restored. */
  public static boolean allDone(List<RestoreOutcome> outcomes) {
    return outcomes.stream().allMatch(RestoreOutcome::isDone);
  }

  /** Whether a call still hangs, which may yet change a GPU or a journal. */
  public boolean hangs() {
    return hangs;
  }

  /** Whether every GPU of this host returned its UUID. */
  public boolean identifiedAll() {
    return identifiedAll;
  }

  /**
   * Restores everything in the journals, all GPUs at once, and returns each outcome. Blocks.
   *
   * @param untouchable GPUs that must be left alone, because a write of Chase hangs there and may
   *     still take effect after what is restored now
   */
  public List<RestoreOutcome> restore(Set<GpuId> untouchable) {
    Set<GpuId> known = new LinkedHashSet<>(journals.limits().entries().keySet());
    known.addAll(journals.settings().entries().keySet());
    if (journals.areEmpty()) {
      return List.of();
    }
    CompletableFuture<Void> over = new CompletableFuture<>();
    over.completeOnTimeout(null, deadline.toMillis(), TimeUnit.MILLISECONDS);
    try {
      return restore(known, untouchable, over);
    } finally {
      over.complete(null);
    }
  }

  private List<RestoreOutcome> restore(
      Set<GpuId> known, Set<GpuId> untouchable, CompletableFuture<Void> over) {
    DriverCall<Gpus> opening = DriverCall.start("restore-driver", () -> openDriver(over));
    awaitWithin(over, opening.result());
    Gpus gpus;
    try {
      gpus = opening.resultAfter(deadline);
    } catch (GpuException e) {
      hangs |= !opening.result().isDone();
      opening.onLateResult(Gpus::close);
      String why = String.valueOf(e.getMessage());
      if (known.isEmpty()) {
        return List.of(unidentified("no GPU", why));
      }
      return known.stream()
          .flatMap(id -> leftOnRecord(id, RestoreResult.FAILED, why).stream())
          .toList();
    }
    List<RestoreOutcome> outcomes = restore(gpus, known, untouchable, over);
    close(gpus);
    return outcomes;
  }

  /** The driver, as soon as it opens; runs on a thread that may hang. */
  private Gpus openDriver(CompletableFuture<Void> over) throws GpuException {
    DriverCall.Retries retries = new DriverCall.Retries(over);
    while (true) {
      try {
        return backend.open();
      } catch (GpuException e) {
        if (e.kind() == GpuException.Kind.REFUSED || !retries.waitForRetry()) {
          throw e;
        }
      }
    }
  }

  /** A pause between two tries ends shortly after the deadline; only a hung call does not. */
  private static void awaitWithin(CompletableFuture<Void> over, CompletableFuture<?> end) {
    CompletableFuture.anyOf(over, end.handle((result, failure) -> true)).join();
    DriverCall.Retries.await(end, CLOSING_DEADLINE);
  }

  private List<RestoreOutcome> restore(
      Gpus gpus, Set<GpuId> known, Set<GpuId> untouchable, CompletableFuture<Void> over) {
    List<SlotTask> slots =
        gpus.slots().stream().map(slot -> new SlotTask(slot, journals, untouchable, over)).toList();
    List<DriverCall<Boolean>> calls = slots.stream().map(SlotTask::start).toList();
    awaitWithin(
        over,
        CompletableFuture.allOf(
            calls.stream().map(DriverCall::result).toArray(CompletableFuture[]::new)));
    List<RestoreOutcome> outcomes = new ArrayList<>();
    Set<GpuId> found = new LinkedHashSet<>();
    List<String> unknown = new ArrayList<>();
    for (int i = 0; i < slots.size(); i++) {
      SlotTask slot = slots.get(i);
      Optional<String> failure = failure(calls.get(i));
      slot.id()
          .ifPresentOrElse(
              found::add, () -> unknown.add(named(slot, failure.or(slot::failure).orElse(""))));
      if (slot.id().filter(untouchable::contains).isEmpty()) {
        outcomes.addAll(failure.map(slot::outcomesWithoutAnswer).orElseGet(slot::outcomes));
      }
    }
    identifiedAll = unknown.isEmpty();
    if (journals.haveLosses()) {
      unknown.forEach(why -> outcomes.add(unidentified("not every GPU", why)));
    }
    known.stream()
        .filter(untouchable::contains)
        .forEach(
            id -> outcomes.addAll(leftOnRecord(id, RestoreResult.FAILED, "a write to it hangs")));
    known.stream()
        .filter(id -> !found.contains(id) && !untouchable.contains(id))
        .forEach(id -> outcomes.addAll(missing(id, unknown)));
    return outcomes;
  }

  /** Why the calls of a GPU did not end well; empty when they did. */
  private Optional<String> failure(DriverCall<Boolean> call) {
    if (!call.result().isDone()) {
      hangs = true;
      return Optional.of(DriverCall.noAnswer(deadline));
    }
    return call.result().isCompletedExceptionally()
        ? Optional.of(String.valueOf(call.result().exceptionNow()))
        : Optional.empty();
  }

  private static String named(SlotTask slot, String why) {
    String name = "GPU " + slot.index();
    return why.startsWith(name) ? why : name + ": " + why;
  }

  /** While entries are lost, a GPU that does not return its UUID may have one of them. */
  private static RestoreOutcome unidentified(String what, String why) {
    return new RestoreOutcome(
        new GpuId("unknown"), RestoreResult.FAILED, what + " could be read: " + why);
  }

  /** A GPU is absent only where all GPUs of the host returned their UUIDs. */
  private List<RestoreOutcome> missing(GpuId id, List<String> unknown) {
    return unknown.isEmpty()
        ? leftOnRecord(id, RestoreResult.ABSENT, "it is not here")
        : leftOnRecord(id, RestoreResult.FAILED, String.join("; ", unknown));
  }

  private List<RestoreOutcome> leftOnRecord(GpuId id, RestoreResult kind, String why) {
    Optional<String> limit =
        journals
            .limits()
            .entry(id)
            .map(entry ->
                "%s (%s) is not back at %s, which stays on record: %s"
                    .formatted(entry.model(), id, entry.original(), why));
    Optional<String> settings =
        journals
            .settings()
            .entry(id)
            .map(entry ->
                "%s (%s) has not its own %s again, which stays on record: %s"
                    .formatted(
                        entry.model(), id, GpuRestorer.SettingsRestorer.describe(entry), why));
    return Stream.of(limit, settings)
        .flatMap(Optional::stream)
        .map(line -> new RestoreOutcome(id, kind, line))
        .toList();
  }

  private void close(Gpus gpus) {
    DriverCall<Boolean> closing =
        DriverCall.start(
            "restore-close",
            () -> {
              gpus.close();
              return true;
            });
    try {
      closing.await(CLOSING_DEADLINE);
    } catch (GpuException e) {
      hangs = true;
    }
  }

  /**
   * Restores one GPU, on a thread of its own, with retries until the deadline. Its outcomes so far
   * may be read from any thread, also while a call hangs.
   */
  private static final class SlotTask {
    private final GpuSlot slot;
    private final GpuJournals journals;
    private final Set<GpuId> untouchable;
    private final CompletableFuture<?> over;
    private volatile Optional<Gpu> gpu = Optional.empty();
    private volatile List<RestoreOutcome> finished = List.of();
    private volatile List<RestoreOutcome> failed = List.of();
    private volatile Optional<String> failure = Optional.empty();

    /**
     * Not begun yet.
     *
     * @param untouchable GPUs that are left alone
     * @param over completes when there is no more time
     */
    SlotTask(
        GpuSlot slot, GpuJournals journals, Set<GpuId> untouchable, CompletableFuture<?> over) {
      this.slot = slot;
      this.journals = journals;
      this.untouchable = untouchable;
      this.over = over;
    }

    DriverCall<Boolean> start() {
      return DriverCall.start("restore-" + slot.index(), this::run);
    }

    private boolean run() {
      DriverCall.Retries retries = new DriverCall.Retries(over);
      boolean tried = attempt();
      while (!tried && retries.waitForRetry()) {
        tried = attempt();
      }
      return tried;
    }

    /** One try; false when another one may succeed. */
    private boolean attempt() {
      try {
        Gpu found = slot.identify();
        gpu = Optional.of(found);
        failure = Optional.empty();
        if (untouchable.contains(found.traits().id())) {
          return true;
        }
        List<RestoreOutcome> outcomes = new GpuRestorer(found, journals).restore();
        List<RestoreOutcome> done = new ArrayList<>(finished);
        outcomes.stream().filter(RestoreOutcome::isDone).forEach(done::add);
        finished = List.copyOf(done);
        failed = outcomes.stream().filter(outcome -> !outcome.isDone()).toList();
        return failed.stream().noneMatch(RestoreOutcome::isRetryable);
      } catch (GpuException e) {
        failure = Optional.of(String.valueOf(e.getMessage()));
        return false;
      }
    }

    int index() {
      return slot.index();
    }

    /** Which GPU it is, once it returned its UUID. */
    Optional<GpuId> id() {
      return gpu.map(found -> found.traits().id());
    }

    /** Why the last try did not reach the GPU. */
    Optional<String> failure() {
      return failure;
    }

    /** The outcomes of the GPU's entries, when its calls are over. */
    List<RestoreOutcome> outcomes() {
      List<RestoreOutcome> all = new ArrayList<>(finished);
      all.addAll(failure.isEmpty() ? failed : outcomesWithoutAnswer(failure.get()));
      return all;
    }

    /** Their outcomes while a call hangs. */
    List<RestoreOutcome> outcomesWithoutAnswer(String why) {
      return gpu.map(found -> new GpuRestorer(found, journals).failed(why)).orElse(List.of());
    }
  }
}
