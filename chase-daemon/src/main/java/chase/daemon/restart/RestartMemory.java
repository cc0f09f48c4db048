package chase.daemon.restart;

import chase.daemon.host.ProcessTable;
import chase.daemon.restart.SavedState.SavedProcess;
import chase.daemon.text.Durations;
import chase.zeus.engine.JobView.EndedJob;
import chase.zeus.engine.JobView.EndedJob.EndCause;
import chase.zeus.engine.KeptState;
import chase.zeus.engine.KeptState.KeptGpu;
import chase.zeus.engine.KeptState.KeptJob;
import chase.zeus.engine.KeptState.PolicyChoice;
import chase.zeus.engine.Lease;
import chase.zeus.engine.PolicyScope;
import chase.zeus.policy.PowerPolicy;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What comes back after a restart: all that was kept, but for what is too old and for what has
 * ended meanwhile.
 *
 * @param state what the engine takes back
 * @param lines what people should know of it, a line each
 */
public record RestartMemory(KeptState state, List<String> lines) {
  /** Copies the list. */
  public RestartMemory {
    lines = List.copyOf(lines);
  }

  /**
   * Reads the file, and looks which processes still run. Blocks.
   *
   * @param watched gets the processes of jobs and leases that still run
   * @param maxAge how long ago the daemon may last have run; zero for a daemon that forgets
   * @param configured the policy of the configuration
   * @param warnings gets one line on a file that cannot be used
   */
  public static Optional<RestartMemory> read(
      RestartFile file,
      WatchedProcesses watched,
      ProcessTable table,
      Duration maxAge,
      PowerPolicy configured,
      Instant now,
      Consumer<String> warnings) {
    return maxAge.isZero()
        ? Optional.empty()
        : file.read(warnings)
            .flatMap(saved -> new Recall(saved, watched, table, maxAge, configured, now).memory());
  }

  /** What is remembered of one saved state. */
  private record Recall(
      SavedState saved,
      WatchedProcesses watched,
      ProcessTable table,
      Duration maxAge,
      PowerPolicy configured,
      Instant now,
      List<String> lines) {
    Recall(
        SavedState saved,
        WatchedProcesses watched,
        ProcessTable table,
        Duration maxAge,
        PowerPolicy configured,
        Instant now) {
      this(saved, watched, table, maxAge, configured, now, new ArrayList<>());
    }

    Optional<RestartMemory> memory() {
      KeptState was = saved.state();
      if (isTooOld(saved.savedAt())) {
        return Optional.of(
            new RestartMemory(
                new KeptState(
                    now,
                    was.configured(),
                    Optional.empty(),
                    Map.of(),
                    List.of(),
                    List.of(),
                    List.of()),
                List.of(
                    "what was asked for before %s is dropped: Chase last ran longer ago than %s (control.remember)"
                        .formatted(time(saved.savedAt()), Durations.format(maxAge)))));
      }
      List<KeptJob> running = was.jobs().stream().filter(this::stillRuns).toList();
      List<EndedJob> gone =
          was.jobs().stream()
              .filter(job -> !running.contains(job))
              .map(job -> new EndedJob(job.id(), job.spec().name(), now, EndCause.PROCESS_GONE))
              .toList();
      KeptState state =
          new KeptState(
              was.at(),
              was.configured(),
              was.pause(),
              was.policies(),
              was.gpus().stream().flatMap(gpu -> kept(gpu).stream()).toList(),
              running,
              Stream.concat(gone.stream(), was.ended().stream()).toList());
      describe(state, gone);
      return Optional.of(new RestartMemory(state, lines));
    }

    private boolean isTooOld(Instant at) {
      return at.plus(maxAge).isBefore(now);
    }

    private boolean sameBoot() {
      return saved.boot().equals(table.bootId());
    }

    /** A job ends with the process that it named, and with one that reported twice in a row. */
    private boolean stillRuns(KeptJob job) {
      String id = job.id().value();
      Optional<SavedProcess> named = Optional.ofNullable(saved.named().get(id));
      Optional<ProcessHandle> alive = named.flatMap(this::running);
      alive.ifPresent(process -> watched.named().put(job.id(), process));
      Optional<SavedState.SavedReporter> reporter = Optional.ofNullable(saved.reporters().get(id));
      Optional<ProcessHandle> reports = reporter.flatMap(last -> running(last.process()));
      reports.ifPresent(process ->
          watched
              .reporters()
              .put(
                  job.id(),
                  new WatchedProcesses.Reporter(process, reporter.orElseThrow().again())));
      boolean ended =
          (named.isPresent() && alive.isEmpty())
              || (reporter.filter(SavedState.SavedReporter::again).isPresent()
                  && reports.isEmpty());
      return sameBoot() && !ended;
    }

    private Optional<ProcessHandle> running(SavedProcess process) {
      return sameBoot() ? process.running(table) : Optional.empty();
    }

    private Optional<KeptGpu> kept(KeptGpu gpu) {
      if (isTooOld(gpu.seenAt())) {
        lines.add(
            "what was asked for GPU %s is dropped: it was last there at %s"
                .formatted(gpu.gpu(), time(gpu.seenAt())));
        return Optional.empty();
      }
      return Optional.of(
          new KeptGpu(
              gpu.gpu(),
              gpu.pause().filter(pause -> isAhead(pause.until())),
              gpu.override().filter(held -> held.until().isAfter(now)),
              gpu.lease().filter(lease -> isHeld(gpu, lease)),
              gpu.seenAt()));
    }

    private boolean isAhead(Optional<Instant> until) {
      return until.isEmpty() || until.get().isAfter(now);
    }

    /** A lease stays with a holder that still runs. */
    private boolean isHeld(KeptGpu gpu, Lease lease) {
      Optional<ProcessHandle> holder =
          Optional.ofNullable(saved.holders().get(gpu.gpu().uuid())).flatMap(this::running);
      holder.ifPresent(process -> watched.holders().put(gpu.gpu(), process));
      return holder.isPresent() && lease.until().isAfter(now);
    }

    private void describe(KeptState state, List<EndedJob> gone) {
      state
          .pause()
          .filter(pause -> isAhead(pause.until()))
          .ifPresent(pause -> addKept("Chase is paused" + until(pause.until())));
      state
          .policies()
          .forEach((scope, choice) -> lines.add(policy(scope, choice, state.configured())));
      for (KeptGpu gpu : state.gpus()) {
        gpu.pause()
            .ifPresent(pause -> addKept("GPU " + gpu.gpu() + " is paused" + until(pause.until())));
        gpu.override()
            .ifPresent(held ->
                addKept(
                    "GPU %s is held at %s until %s"
                        .formatted(gpu.gpu(), held.limit(), time(held.until()))));
        gpu.lease()
            .ifPresent(lease ->
                addKept(
                    "GPU %s is leased by %s until %s"
                        .formatted(gpu.gpu(), lease.holder(), time(lease.until()))));
      }
      state.jobs().forEach(job -> addKept("job %s (%s)".formatted(job.id(), job.spec().name())));
      gone.forEach(job ->
          lines.add(
              "job %s (%s) has ended with its process while Chase did not run"
                  .formatted(job.id(), job.name())));
    }

    private void addKept(String what) {
      lines.add("kept over a restart: " + what);
    }

    private String policy(PolicyScope scope, PolicyChoice choice, PowerPolicy before) {
      String where =
          switch (scope) {
            case PolicyScope.WholeHost h -> "";
            case PolicyScope.OneGpu one -> " of GPU " + one.gpu();
            case PolicyScope.OneJob one -> " of job " + one.job();
          };
      if (scope instanceof PolicyScope.WholeHost && !configured.equals(before)) {
        return "the policy %s, chosen by command, is dropped: the configuration has %s since"
            .formatted(choice.policy().spec(), configured.spec());
      }
      return choice.trial().isPresent()
          ? "the policy%s %s was not confirmed before the restart, and is rolled back"
              .formatted(where, choice.policy().spec())
          : "kept over a restart: the policy%s is %s".formatted(where, choice.policy().spec());
    }

    private static String until(Optional<Instant> end) {
      return end.map(at -> " until " + time(at)).orElse("");
    }

    private static String time(Instant instant) {
      return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
  }
}
