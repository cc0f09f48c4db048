package chase.daemon.governor;

import chase.daemon.events.CommandFailed;
import chase.daemon.explain.NotificationText;
import chase.zeus.engine.Event;
import chase.zeus.engine.GpuView;
import chase.zeus.engine.JobView;
import chase.zeus.engine.PolicyScope;
import chase.zeus.engine.Reason;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuId;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Completes a command once its GPUs have no pending order. */
final class PendingCommand {
  private final Predicate<GpuId> awaited;
  private final List<String> failures = new ArrayList<>();
  private boolean refused;
  private final Promise<Snapshot> promise = Promise.promise();

  private PendingCommand(Predicate<GpuId> awaited) {
    this.awaited = awaited;
  }

  /** Waits for all GPUs. */
  static PendingCommand forAllGpus() {
    return new PendingCommand(gpu -> true);
  }

  /**
   * Waits for those GPUs that {@code command} may change. What a job reports is done once it is
   * known: no job waits for a driver.
   *
   * @param before the state in which the command comes
   */
  static PendingCommand of(Event.Command command, Snapshot before) {
    return switch (command) {
      case Event.GpuEvent concerned -> new PendingCommand(concerned.gpu()::equals);
      case Event.JobEvent j -> new PendingCommand(gpu -> false);
      case Event.PolicyChosen chosen -> new PendingCommand(in(chosen.scope(), before));
      case Event.PolicyConfirmed c -> new PendingCommand(gpu -> false);
      case Event.PolicyCleared cleared -> new PendingCommand(in(cleared.scope(), before));
      case Event.Paused c -> forAllGpus();
      case Event.Resumed c -> forAllGpus();
    };
  }

  /** A job's GPUs move together. */
  private static Predicate<GpuId> in(PolicyScope scope, Snapshot before) {
    return switch (scope) {
      case PolicyScope.WholeHost h -> gpu -> true;
      case PolicyScope.OneGpu one ->
          before.jobOn(one.gpu()).map(PendingCommand::of).orElse(one.gpu()::equals);
      case PolicyScope.OneJob one ->
          before.job(one.job()).map(PendingCommand::of).orElse(gpu -> false);
    };
  }

  private static Predicate<GpuId> of(JobView job) {
    return job.spec().gpus()::contains;
  }

  Promise<Snapshot> promise() {
    return promise;
  }

  /** Handles an event; returns whether the command is complete, well or not. */
  boolean handle(Event event, Snapshot snapshot) {
    failure(event, snapshot)
        .ifPresent(line -> {
          failures.add(line);
          refused |=
              event instanceof Event.LimitFailed failed
                  && failed.kind() == GpuException.Kind.REFUSED;
        });
    if (snapshot.gpus().stream()
        .anyMatch(gpu -> awaited.test(gpu.traits().id()) && gpu.pending())) {
      return false;
    }
    if (failures.isEmpty()) {
      promise.tryComplete(snapshot);
    } else {
      promise.tryFail(new CommandFailed(String.join("; ", failures), refused));
    }
    return true;
  }

  private Optional<String> failure(Event event, Snapshot snapshot) {
    return switch (event) {
      case Event.LimitFailed e ->
          line(snapshot, e.gpu(), "was not set to " + e.limit() + ": " + e.why());
      case Event.GpuLost e -> line(snapshot, e.gpu(), NotificationText.lost(e).strip());
      case Event.ForeignLimitFound e ->
          line(
              snapshot,
              e.gpu(),
              "was set to " + e.found().requested() + " by an external process meanwhile");
      case Event.LimitApplied e ->
          snapshot
              .gpu(e.gpu())
              .flatMap(PendingCommand::deviation)
              .flatMap(why -> line(snapshot, e.gpu(), "is not where it should be: " + why));
      default -> Optional.empty();
    };
  }

  /** What a driver made of a limit that it accepted, where that is not the limit. */
  private static Optional<String> deviation(GpuView gpu) {
    return switch (gpu.reason()) {
      case Reason.Retrying retrying -> Optional.of(retrying.why());
      case Reason.WithoutEffect write -> Optional.of(write.text());
      default -> Optional.empty();
    };
  }

  private Optional<String> line(Snapshot snapshot, GpuId gpu, String what) {
    return awaited.test(gpu)
        ? Optional.of(NotificationText.name(snapshot, gpu) + " " + what)
        : Optional.empty();
  }

  /** A fault that one command met, and its caller receives; any other one ends the daemon. */
  static final class CommandFault extends RuntimeException {
    private CommandFault(RuntimeException fault) {
      super(fault);
    }
  }

  static <T> T guarded(Supplier<T> work) {
    try {
      return work.get();
    } catch (RuntimeException fault) {
      throw new CommandFault(fault);
    }
  }
}
