package chase.daemon.cli.live;

import chase.daemon.api.GpuBody;
import chase.daemon.api.JobBody;
import chase.daemon.api.NotificationBody;
import chase.daemon.api.SignalBody;
import chase.daemon.api.StatusBody;
import java.util.List;
import java.util.Optional;

/**
 * What {@code chase top} knows.
 *
 * @param known the daemon's last answer; empty before the first
 * @param explanation why a GPU is at its limit, where that was asked for
 * @param events the latest last
 * @param trouble why there is no newer answer
 */
public record TopState(
    Optional<Answer> known,
    Optional<ExplainedGpu> explanation,
    List<NotificationBody> events,
    Optional<String> trouble) {
  /** Before the first answer. */
  public static final TopState NONE =
      new TopState(Optional.empty(), Optional.empty(), List.of(), Optional.empty());

  /** Copies the list. */
  public TopState {
    events = List.copyOf(events);
  }

  /** Why the GPU with this UUID is at its limit, or why that is not known. */
  public record ExplainedGpu(String gpu, String text) {}

  /**
   * What the daemon answered.
   *
   * @param signal with its outlook
   */
  public record Answer(StatusBody status, SignalBody signal, List<JobBody> jobs) {
    /** Copies the list. */
    public Answer {
      jobs = List.copyOf(jobs);
    }
  }

  List<GpuBody> gpus() {
    return known.map(answer -> answer.status().gpus()).orElse(List.of());
  }
}
