package chase.daemon;

import chase.daemon.bus.CommandFailed;
import chase.zeus.engine.Event;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuId;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Somebody who waits until no order is on its way any more, to one GPU or to all. */
final class Waiter {
  private final Optional<GpuId> only;
  private final List<String> failures = new ArrayList<>();
  private final Promise<Snapshot> promise = Promise.promise();

  Waiter(Optional<GpuId> only) {
    this.only = only;
  }

  /** Waits for those GPUs that {@code command} may change. */
  static Waiter of(Event.Command command) {
    return new Waiter(
        switch (command) {
          case Event.OverrideSet set -> Optional.of(set.gpu());
          case Event.OverrideReleased released -> Optional.of(released.gpu());
          case Event.PolicyChosen c -> Optional.empty();
          case Event.Paused c -> Optional.empty();
          case Event.Resumed c -> Optional.empty();
        });
  }

  Promise<Snapshot> promise() {
    return promise;
  }

  /** Takes in what happened; answers whether the waiting is over. */
  boolean after(Event event, Snapshot snapshot) {
    trouble(event, snapshot).ifPresent(failures::add);
    if (snapshot.gpus().stream().anyMatch(gpu -> concerns(gpu.traits().id()) && gpu.pending())) {
      return false;
    }
    if (failures.isEmpty()) {
      promise.tryComplete(snapshot);
    } else {
      promise.tryFail(new CommandFailed(String.join("; ", failures)));
    }
    return true;
  }

  private Optional<String> trouble(Event event, Snapshot snapshot) {
    return switch (event) {
      case Event.LimitFailed e ->
          line(snapshot, e.gpu(), "was not set to " + e.limit() + ": " + e.why());
      case Event.GpuLost e -> line(snapshot, e.gpu(), "is lost: " + e.why());
      case Event.ForeignLimitFound e ->
          line(
              snapshot,
              e.gpu(),
              "was set to " + e.found().requested() + " by somebody else meanwhile");
      case Event.GpuOpened e -> Optional.empty();
      case Event.ReadingTaken e -> Optional.empty();
      case Event.LimitApplied e -> Optional.empty();
      case Event.OutlookChanged e -> Optional.empty();
      case Event.Progressed e -> Optional.empty();
      case Event.JobEnded e -> Optional.empty();
      case Event.TimePassed e -> Optional.empty();
      case Event.Stopping e -> Optional.empty();
      case Event.Command e -> Optional.empty();
    };
  }

  private Optional<String> line(Snapshot snapshot, GpuId gpu, String what) {
    return concerns(gpu)
        ? Optional.of(NoticeText.name(snapshot, gpu) + " " + what)
        : Optional.empty();
  }

  private boolean concerns(GpuId gpu) {
    return only.isEmpty() || only.get().equals(gpu);
  }
}
