package chase.daemon.gpu;

import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuSlot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Sets one GPU back, on a thread of its own, as often as it takes until the time is over. What it
 * has found so far may be asked from any thread, also while a call hangs.
 */
final class SlotRestore {
  private final GpuSlot slot;
  private final GpuJournals journals;
  private final Set<GpuId> untouchable;
  private final CompletableFuture<?> over;
  private volatile Optional<Gpu> gpu = Optional.empty();
  private volatile List<RestoreOutcome> finished = List.of();
  private volatile List<RestoreOutcome> failed = List.of();
  private volatile Optional<String> trouble = Optional.empty();

  /**
   * Not begun yet.
   *
   * @param untouchable GPUs that are left alone
   * @param over completes when there is no more time
   */
  SlotRestore(
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
    Retries retries = new Retries(over);
    boolean tried = attempt();
    while (!tried && retries.waitForRetry()) {
      tried = attempt();
    }
    return tried;
  }

  /** One try; false when another one may do better. */
  private boolean attempt() {
    try {
      Gpu found = slot.identify();
      gpu = Optional.of(found);
      trouble = Optional.empty();
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
      trouble = Optional.of(String.valueOf(e.getMessage()));
      return false;
    }
  }

  int index() {
    return slot.index();
  }

  /** Which GPU is there, as far as it told. */
  Optional<GpuId> id() {
    return gpu.map(found -> found.traits().id());
  }

  /** Why the last try did not get as far as the GPU's settings. */
  Optional<String> trouble() {
    return trouble;
  }

  /** What became of the GPU's entries, when its calls are over. */
  List<RestoreOutcome> outcomes() {
    List<RestoreOutcome> all = new ArrayList<>(finished);
    all.addAll(trouble.isEmpty() ? failed : outcomesWithoutAnswer(trouble.get()));
    return all;
  }

  /** What became of them while a call hangs. */
  List<RestoreOutcome> outcomesWithoutAnswer(String why) {
    return gpu.map(found -> new GpuRestorer(found, journals).failed(why)).orElse(List.of());
  }
}
