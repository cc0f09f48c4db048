package chase.daemon.gpu;

import chase.daemon.gpu.journal.GpuJournals;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuId;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Workers that take no order any more, as long as a call of theirs is pending. On one context. */
final class RetiredWorkers {
  private volatile List<GpuWorker> pending = List.of();
  private Future<Void> idle = Future.succeededFuture();

  /** Closes workers; completes when no call of theirs is pending, which a hung one prevents. */
  Future<Void> close(List<GpuWorker> workers) {
    Future<Void> closed = Future.join(workers.stream().map(GpuWorker::close).toList()).mapEmpty();
    add(workers, closed);
    return closed;
  }

  /** Keeps workers that are closed once {@code closed} completes. */
  void add(List<GpuWorker> workers, Future<Void> closed) {
    idle = Future.join(idle, closed).mapEmpty();
    pending = Stream.concat(pending.stream(), workers.stream()).toList();
    closed.onComplete(
        done -> pending = pending.stream().filter(worker -> !workers.contains(worker)).toList());
  }

  /** Completes when no call of any of them is pending. */
  Future<Void> idle() {
    return idle;
  }

  /** The GPUs with a write that has not returned; any thread may call. */
  Stream<GpuId> hungWrites() {
    return pending.stream().flatMap(worker -> worker.hungWrite().stream());
  }

  /**
   * The GPUs that an operator's release of the driver took out of use; each was asked to restore
   * what is on record of it.
   *
   * @param workers that take no order any more
   * @param restored for each worker: completes once it is restored, and fails with one line
   */
  record ReleasedGpus(List<GpuWorker> workers, List<Future<Void>> restored) {
    /** Of a driver that had no GPU in use. */
    static final ReleasedGpus NONE = new ReleasedGpus(List.of(), List.of());

    /** Restores them. */
    static ReleasedGpus of(List<GpuWorker> workers) {
      return new ReleasedGpus(workers, workers.stream().map(GpuWorker::restore).toList());
    }

    /** Completes when no call of theirs is pending, which a hung one prevents. */
    Future<Void> close() {
      return Future.join(restored)
          .transform(
              done -> Future.join(workers.stream().map(GpuWorker::close).toList()).mapEmpty());
    }

    /**
     * Completes once everything is restored and {@code driver} closed; fails with one line for each
     * thing that is not, GPUs included that are on record and were not in use.
     */
    Future<Void> result(Future<Void> driver, Optional<GpuJournals> journals) {
      return Future.join(Stream.concat(restored.stream(), Stream.of(driver)).toList())
          .transform(done -> {
            Set<GpuId> onRecord = journals.map(GpuJournals::gpus).orElseGet(Set::of);
            String failed =
                Stream.of(failures(onRecord), notInUse(onRecord), message(driver))
                    .flatMap(lines -> lines)
                    .collect(Collectors.joining("; "));
            return failed.isEmpty()
                ? Future.succeededFuture()
                : Future.failedFuture(new GpuException(GpuException.Kind.RETRY, failed));
          });
    }

    /** A GPU that did not answer, and of which nothing is on record, needs nothing. */
    private Stream<String> failures(Set<GpuId> onRecord) {
      return IntStream.range(0, workers.size())
          .filter(i -> workers.get(i).id().map(onRecord::contains).orElse(!onRecord.isEmpty()))
          .mapToObj(restored::get)
          .flatMap(ReleasedGpus::message);
    }

    private static Stream<String> message(Future<Void> ended) {
      return Stream.of(ended).filter(Future::failed).map(one -> one.cause().getMessage());
    }

    private Stream<String> notInUse(Set<GpuId> onRecord) {
      List<GpuId> inUse = workers.stream().flatMap(worker -> worker.id().stream()).toList();
      return onRecord.stream()
          .filter(id -> !inUse.contains(id))
          .map(id -> id + " is not here; what is on record of it stays there");
    }
  }
}
