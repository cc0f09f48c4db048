package chase.daemon.control;

import chase.zeus.engine.JobView;
import chase.zeus.engine.Snapshot;
import java.util.stream.Collectors;

/** Finds a job by its id. */
final class JobFinder {
  private JobFinder() {}

  /**
   * The job that runs under that id.
   *
   * @throws ApiFailure 404 when none does
   */
  static JobView find(Snapshot snapshot, String id) {
    return snapshot.jobs().stream()
        .filter(job -> job.id().value().equals(id))
        .findFirst()
        .orElseThrow(() ->
            new ApiFailure(
                404,
                "unknown_job",
                "no job '%s' runs here; it may have ended, or been silent for too long; %s"
                    .formatted(id, known(snapshot))));
  }

  private static String known(Snapshot snapshot) {
    return snapshot.jobs().isEmpty()
        ? "there are none"
        : snapshot.jobs().stream()
            .map(job -> job.id().value())
            .collect(Collectors.joining(", ", "known: ", ""));
  }
}
