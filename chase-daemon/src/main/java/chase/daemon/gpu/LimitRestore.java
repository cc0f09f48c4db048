package chase.daemon.gpu;

import chase.daemon.gpu.RestoreOutcome.Kind;
import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Puts back the limits of a journal: at the start after a crash, at the stop, and by {@code chase
 * restore} without a daemon. Doing it twice does no harm.
 */
public final class LimitRestore {
  private final LimitJournal journal;
  private final Duration deadline;

  /**
   * A restore that waits at most {@code deadline} for each GPU; one that hangs holds up no other.
   */
  public LimitRestore(LimitJournal journal, Duration deadline) {
    this.journal = journal;
    this.deadline = deadline;
  }

  /** Whether every limit that could be put back is back: nothing failed. */
  public static boolean complete(List<RestoreOutcome> outcomes) {
    return outcomes.stream().noneMatch(outcome -> outcome.kind() == Kind.FAILED);
  }

  /**
   * Goes through the journal, all GPUs at once, and says what became of each. Nobody else may call
   * these GPUs meanwhile. Blocks.
   */
  public List<RestoreOutcome> restore(List<Gpu> gpus) {
    List<CompletableFuture<RestoreOutcome>> all = new ArrayList<>();
    for (Map.Entry<GpuId, JournalEntry> entry : journal.entries().entrySet()) {
      all.add(
          find(gpus, entry.getKey())
              .map(gpu -> started(gpu, entry.getValue()))
              .orElseGet(() ->
                  CompletableFuture.completedFuture(absent(entry.getKey(), entry.getValue()))));
    }
    return all.stream().map(CompletableFuture::join).toList();
  }

  private static Optional<Gpu> find(List<Gpu> gpus, GpuId id) {
    return gpus.stream().filter(gpu -> gpu.traits().id().equals(id)).findFirst();
  }

  private CompletableFuture<RestoreOutcome> started(Gpu gpu, JournalEntry entry) {
    return CompletableFuture.supplyAsync(
            () -> new GpuRestore(gpu, journal).restore(entry),
            task -> Thread.ofPlatform().daemon().name("restore-" + gpu.traits().id()).start(task))
        .orTimeout(deadline.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(failure -> GpuRestore.failed(gpu, entry, reason(failure)));
  }

  private String reason(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof TimeoutException
        ? "no answer within " + GpuTiming.words(deadline)
        : cause.toString();
  }

  private static RestoreOutcome absent(GpuId id, JournalEntry entry) {
    return new RestoreOutcome(
        id,
        Kind.ABSENT,
        entry.model()
            + " ("
            + id
            + ") is not here; its limit of "
            + entry.original()
            + " stays on record");
  }
}
