package chase.daemon.restart;

import chase.daemon.host.HostProcess;
import chase.daemon.host.ProcessTable;
import chase.daemon.restart.WatchedProcesses.Reporter;
import chase.zeus.engine.KeptState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What is on the disk.
 *
 * @param savedAt when it was written
 * @param boot which boot of the host that was, since process ids begin anew with the next
 * @param state what the engine keeps
 * @param named the processes that jobs named as their own, by the job's id
 * @param reporters those that report for jobs, by the job's id
 * @param holders the holders of leases, by the GPU's UUID
 */
record SavedState(
    Instant savedAt,
    String boot,
    KeptState state,
    Map<String, SavedProcess> named,
    Map<String, SavedReporter> reporters,
    Map<String, SavedProcess> holders) {

  /**
   * A process that no later one of the same number is.
   *
   * @param pid its number
   * @param startedAfterBoot when it started; negative for one that had ended already
   */
  record SavedProcess(long pid, Duration startedAfterBoot) {
    static SavedProcess of(ProcessHandle process, ProcessTable table) {
      Duration start =
          Optional.of(process)
              .filter(table::runs)
              .flatMap(alive -> table.find(alive.pid()))
              .map(HostProcess::startedAfterBoot)
              .orElse(Duration.ofSeconds(-1));
      return new SavedProcess(process.pid(), start);
    }

    /** The process, while it runs. */
    Optional<ProcessHandle> running(ProcessTable table) {
      return table
          .find(pid)
          .filter(found -> found.startedAfterBoot().equals(startedAfterBoot))
          .flatMap(found -> ProcessHandle.of(pid));
    }
  }

  /** The process that last reported for a job, and whether it had reported before. */
  record SavedReporter(SavedProcess process, boolean again) {}

  /** Everything as it is now; reads the process table. */
  static SavedState of(KeptState state, WatchedProcesses watched, ProcessTable table, Instant now) {
    Map<String, SavedProcess> holders =
        new HashMap<>(
            mapped(
                watched.holders(), gpu -> gpu.uuid(), process -> SavedProcess.of(process, table)));
    // A lease is saved before its holder is watched.
    state
        .gpus()
        .forEach(gpu ->
            gpu.lease()
                .flatMap(lease -> lease.holder().pid())
                .flatMap(ProcessHandle::of)
                .ifPresent(holder ->
                    holders.putIfAbsent(gpu.gpu().uuid(), SavedProcess.of(holder, table))));
    return new SavedState(
        now,
        table.bootId(),
        state,
        mapped(watched.named(), job -> job.value(), process -> SavedProcess.of(process, table)),
        mapped(watched.reporters(), job -> job.value(), reporter -> saved(reporter, table)),
        Map.copyOf(holders));
  }

  private static SavedReporter saved(Reporter reporter, ProcessTable table) {
    return new SavedReporter(SavedProcess.of(reporter.process(), table), reporter.again());
  }

  private static <K, V, T> Map<String, T> mapped(
      Map<K, V> map, Function<K, String> key, Function<V, T> value) {
    return Map.copyOf(map).entrySet().stream()
        .collect(
            Collectors.toMap(
                entry -> key.apply(entry.getKey()), entry -> value.apply(entry.getValue())));
  }
}
