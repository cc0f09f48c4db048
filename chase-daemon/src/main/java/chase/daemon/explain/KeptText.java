package chase.daemon.explain;

import chase.zeus.engine.JobView;
import chase.zeus.engine.KeptState.PolicyChoice;
import chase.zeus.engine.PolicyScope;
import chase.zeus.engine.Snapshot;
import chase.zeus.gpu.GpuId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What was asked for before the daemon was started and still counts, in words. */
public final class KeptText {
  private KeptText() {}

  /** A few words for each, such as {@code the override of GPU 0} or {@code job 1f0c9a3e}. */
  public static List<String> of(Snapshot snapshot) {
    List<String> kept = new ArrayList<>();
    snapshot
        .pauses()
        .host()
        .filter(pause -> snapshot.isKept(pause.since()))
        .ifPresent(pause -> kept.add("the pause"));
    policy(snapshot, new PolicyScope.WholeHost()).ifPresent(choice -> kept.add("the policy"));
    snapshot.gpus().forEach(gpu -> kept.addAll(of(snapshot, gpu.traits().id())));
    snapshot.jobs().stream()
        .filter(job -> snapshot.isKept(job.startedAt()))
        .forEach(job -> kept.add("job " + job.id()));
    return kept;
  }

  private static Optional<PolicyChoice> policy(Snapshot snapshot, PolicyScope scope) {
    return snapshot.requests().policy(scope).filter(choice -> snapshot.isKept(choice.since()));
  }

  private static List<String> of(Snapshot snapshot, GpuId gpu) {
    List<String> kept = new ArrayList<>();
    String name = " of " + NotificationText.name(snapshot, gpu);
    Optional.ofNullable(snapshot.pauses().gpus().get(gpu))
        .filter(pause -> snapshot.isKept(pause.since()))
        .ifPresent(pause -> kept.add("the pause" + name));
    Optional.ofNullable(snapshot.requests().overrides().get(gpu))
        .filter(held -> snapshot.isKept(held.since()))
        .ifPresent(held -> kept.add("the override" + name));
    policy(snapshot, new PolicyScope.OneGpu(gpu))
        .ifPresent(choice -> kept.add("the policy" + name));
    return kept;
  }

  /** A sentence on what of it concerns one GPU; empty where nothing does. */
  static Optional<String> sentence(Snapshot snapshot, GpuId gpu) {
    List<String> kept = new ArrayList<>(of(snapshot, gpu));
    snapshot
        .jobOn(gpu)
        .filter(job -> snapshot.isKept(job.startedAt()))
        .map(JobView::id)
        .ifPresent(job -> kept.add("job " + job));
    return kept.isEmpty()
        ? Optional.empty()
        : Optional.of("Kept over a restart: " + String.join(", ", kept) + ".");
  }
}
