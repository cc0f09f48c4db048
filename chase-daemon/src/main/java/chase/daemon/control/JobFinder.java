package chase.daemon.control;

import chase.zeus.engine.JobView;
import chase.zeus.engine.Snapshot;
import java.util.stream.Collectors;

/** Finds a registered job by its id. */
final class JobFinder {
  private JobFinder() {}

  /**
   * The job that runs under that id.
   *
   * @throws ApiException 410 when it has ended, 404 when nobody knows of it
   */
  static JobView job(Snapshot snapshot, String id) {
    return snapshot.jobs().stream()
        .filter(job -> job.id().value().equals(id))
        .findFirst()
        .orElseThrow(() -> missing(snapshot, id));
  }

  private static ApiException missing(Snapshot snapshot, String id) {
    return snapshot.ended().stream()
        .filter(job -> job.id().value().equals(id))
        .findFirst()
        .map(job -> new ApiException(410, "job_ended", job.text()))
        .orElseGet(() -> unknown(snapshot, id));
  }

  private static ApiException unknown(Snapshot snapshot, String id) {
    return new ApiException(
        404,
        "unknown_job",
        "no job '%s' runs here; it may have ended long ago or under an earlier daemon; %s"
            .formatted(id, known(snapshot)));
  }

  private static String known(Snapshot snapshot) {
    return snapshot.jobs().isEmpty()
        ? "there are none"
        : snapshot.jobs().stream()
            .map(job -> job.id().value())
            .collect(Collectors.joining(", ", "known: ", ""));
  }
}
