package chase.daemon.gpu;

import chase.daemon.gpu.RestoreOutcome.Kind;
import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuId;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Puts back the limits, and what users turned, that are on record: at the start after a crash, at
 * the stop, and by {@code chase restore} without a daemon. Doing it twice does no harm.
 */
public final class LimitRestore {
  private final Journals journals;
  private final Duration deadline;

  /**
   * A restore that waits at most {@code deadline} for each GPU; one that hangs holds up no other.
   */
  public LimitRestore(Journals journals, Duration deadline) {
    this.journals = journals;
    this.deadline = deadline;
  }

  /** Whether everything that could be put back is back: nothing failed. */
  public static boolean complete(List<RestoreOutcome> outcomes) {
    return outcomes.stream()
        .noneMatch(outcome -> outcome.kind() == Kind.FAILED || outcome.kind() == Kind.UNKNOWN);
  }

  /**
   * Goes through the journals, all GPUs at once, and says what became of each. Nobody else may call
   * these GPUs meanwhile. Blocks.
   */
  public List<RestoreOutcome> restore(List<Gpu> gpus) {
    Set<GpuId> known = new LinkedHashSet<>(journals.limits().entries().keySet());
    known.addAll(journals.knobs().entries().keySet());
    if (journals.haveLosses()) {
      gpus.forEach(gpu -> known.add(gpu.traits().id()));
    }
    List<CompletableFuture<List<RestoreOutcome>>> all =
        known.stream()
            .map(id ->
                find(gpus, id)
                    .map(this::started)
                    .orElseGet(() -> CompletableFuture.completedFuture(absent(id))))
            .toList();
    return all.stream().map(CompletableFuture::join).flatMap(List::stream).toList();
  }

  private static Optional<Gpu> find(List<Gpu> gpus, GpuId id) {
    return gpus.stream().filter(gpu -> gpu.traits().id().equals(id)).findFirst();
  }

  private CompletableFuture<List<RestoreOutcome>> started(Gpu gpu) {
    CardRestore card = new CardRestore(gpu, journals);
    return CompletableFuture.supplyAsync(
            card::restore,
            task -> Thread.ofPlatform().daemon().name("restore-" + gpu.traits().id()).start(task))
        .orTimeout(deadline.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(failure -> card.failed(reason(failure)));
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

  private List<RestoreOutcome> absent(GpuId id) {
    Optional<String> limit =
        journals
            .limits()
            .entry(id)
            .map(entry ->
                "%s (%s) is not here; its limit of %s stays on record"
                    .formatted(entry.model(), id, entry.original()));
    Optional<String> knobs =
        journals
            .knobs()
            .entry(id)
            .map(turned ->
                "%s (%s) is not here; its knobs stay on record".formatted(turned.model(), id));
    return Stream.of(limit, knobs)
        .flatMap(Optional::stream)
        .map(line -> new RestoreOutcome(id, Kind.ABSENT, line))
        .toList();
  }
}
