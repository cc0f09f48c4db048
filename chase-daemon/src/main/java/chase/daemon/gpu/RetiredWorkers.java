package chase.daemon.gpu;

import chase.zeus.gpu.GpuId;
import io.vertx.core.Future;
import java.util.List;
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
}
