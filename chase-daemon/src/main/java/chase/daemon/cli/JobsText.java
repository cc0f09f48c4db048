package chase.daemon.cli;

import static chase.daemon.text.Table.cell;
import static chase.daemon.text.Table.number;
import static chase.daemon.text.Table.text;

import chase.daemon.api.JobBody;
import chase.daemon.api.ProfileBody;
import chase.daemon.text.Durations;
import chase.daemon.text.Numbers;
import chase.daemon.text.Table;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** Jobs as text for a terminal. */
final class JobsText {
  private JobsText() {}

  /** A row for each job. */
  static String table(List<JobBody> jobs) {
    if (jobs.isEmpty()) {
      return "no job has registered, and no process is seen to compute";
    }
    return new Table(
            List.of(
                text("JOB"),
                text("NAME"),
                text("USER"),
                number("GPUS"),
                text("POLICY"),
                number("STEPS"),
                number("STEPS/S"),
                number("FULL POWER"),
                text("SOURCE"),
                number("SLOWER"),
                number("SLACK"),
                number("LIMIT W"),
                text("STATE")),
            jobs.stream().map(JobsText::row).toList())
        .render();
  }

  private static List<String> row(JobBody job) {
    return List.of(
        job.id(),
        job.name(),
        job.user().orElse("-"),
        Integer.toString(job.gpus().size()),
        job.policy(),
        steps(job),
        figure(job.stepsPerSecond()),
        figure(job.fullPowerStepsPerSecond()),
        job.throughputSource().orElse("-"),
        percent(job.slowdownRatio()),
        slack(job),
        cell(job.limitWatts()),
        state(job));
  }

  static String steps(JobBody job) {
    if (job.steps().isEmpty()) {
      return "-";
    }
    String done = Long.toString(job.steps().getAsLong());
    return job.totalSteps().isPresent() ? done + "/" + job.totalSteps().getAsLong() : done;
  }

  static String figure(OptionalDouble value) {
    return value.isPresent() ? Numbers.threeDigits(value.getAsDouble()) : "-";
  }

  static String percent(OptionalDouble share) {
    return share.isPresent() ? Numbers.percent(share.getAsDouble()) : "-";
  }

  static String slack(JobBody job) {
    if (job.slackSeconds().isEmpty()) {
      return "-";
    }
    double seconds = job.slackSeconds().getAsDouble();
    String text = Durations.format(Duration.ofSeconds(Math.round(Math.abs(seconds))));
    String share =
        job.slackRatio().isPresent() ? " " + Numbers.percent(job.slackRatio().getAsDouble()) : "";
    return seconds < 0 ? text + " late" : text + share;
  }

  static String state(JobBody job) {
    if (job.origin().equals("anonymous")) {
      return "anonymous";
    }
    if (job.pause()) {
      return "told to pause"
          + job.until().map(until -> " until " + StatusText.time(until)).orElse("");
    }
    return job.ignoresPauses()
        ? "runs, does not pause"
        : job.profile().flatMap(JobsText::measuring).orElse("runs");
  }

  /** What is tried; empty while nothing is. */
  private static Optional<String> measuring(ProfileBody profile) {
    String limit = cell(profile.limitWatts()) + " W";
    String count =
        String.format(Locale.ROOT, " (%d/%d)", profile.limitsMeasured(), profile.limitsPlanned());
    return switch (profile.state()) {
      case "settling", "measuring" -> Optional.of("is measured at " + limit + count);
      case "waiting" -> Optional.of("earns time to try " + limit + count);
      default -> Optional.empty();
    };
  }
}
