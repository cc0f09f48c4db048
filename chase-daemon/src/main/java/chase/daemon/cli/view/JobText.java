package chase.daemon.cli.view;

import static chase.daemon.text.Table.cell;
import static chase.daemon.text.Table.number;
import static chase.daemon.text.Table.text;

import chase.daemon.api.JobBody;
import chase.daemon.api.ProfileBody;
import chase.daemon.api.ReportBody.EndedJobBody;
import chase.daemon.api.ReportBody.Receipt;
import chase.daemon.text.Durations;
import chase.daemon.text.Numbers;
import chase.daemon.text.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Jobs as text for a terminal. */
public final class JobText {
  private static final int WIDTH = 12;

  private final List<String> lines = new ArrayList<>();

  private JobText() {}

  /** A line for each thing that is known of it, then why its limit is what it is. */
  public static String of(JobBody job) {
    JobText text = new JobText();
    text.identity(job);
    text.work(job);
    text.decision(job);
    job.profile().filter(profile -> !profile.state().equals("none")).ifPresent(text::measured);
    text.metrics(job.metrics());
    job.text().ifPresent(explanation -> text.lines.add("\n" + explanation));
    return String.join("\n", text.lines);
  }

  private void identity(JobBody job) {
    line("job", job.identity().id());
    line("name", job.identity().name());
    line(
        "origin",
        job.identity().origin().equals("anonymous")
            ? "anonymous: no job registered"
            : job.identity().origin());
    job.identity().user().ifPresent(user -> line("user", user));
    if (!job.identity().labels().isEmpty()) {
      line(
          "labels",
          job.identity().labels().entrySet().stream()
              .map(label -> label.getKey() + "=" + label.getValue())
              .collect(Collectors.joining(", ")));
    }
    line("GPUs", String.join(", ", job.identity().gpus()));
    line("started", StatusText.time(job.startedAt()));
    job.heardAt().ifPresent(at -> line("last report", StatusText.time(at)));
  }

  private void work(JobBody job) {
    job.goal().batchSize().ifPresent(size -> line("batch size", Integer.toString(size)));
    if (job.goal().steps().isPresent() || job.goal().totalSteps().isPresent()) {
      line("steps", steps(job));
    }
    figure("steps/s", job.speed().stepsPerSecond(), "recently");
    figure("", job.speed().fullPowerStepsPerSecond(), "at full power");
    job.throughputSource().ifPresent(source -> line("source", source));
    line("slower", job.speed().slowdownRatio(), percent(job.speed().slowdownRatio()) + " so far");
    job.goal()
        .deadline()
        .ifPresent(at ->
            line("deadline", StatusText.time(at) + (job.goal().deferrable() ? ", may pause" : "")));
    line("slack", job.speed().slackSeconds(), slack(job));
  }

  private void decision(JobBody job) {
    line("policy", job.policy());
    line("limit", job.advice().limitWatts(), cell(job.advice().limitWatts()) + " W for each GPU");
    line("state", state(job));
  }

  private void measured(ProfileBody profile) {
    line(
        "profile",
        String.format(
            Locale.ROOT,
            "%s%s, %d of at most %d limits measured",
            profile.state(),
            profile.because().map(why -> " (" + why + ")").orElse(""),
            profile.limitsMeasured(),
            profile.limitsPlanned()));
    profile
        .points()
        .forEach(point ->
            line(
                "",
                "%s W: %s W a GPU, %s steps/s"
                    .formatted(
                        Numbers.oneDecimal(point.limitWatts()),
                        Numbers.oneDecimal(point.powerWatts()),
                        Numbers.threeDigits(point.stepsPerSecond()))));
  }

  private void metrics(Map<String, JobBody.ReportedMetric> metrics) {
    Optional<String> first = metrics.keySet().stream().findFirst();
    metrics.forEach((name, metric) ->
        line(
            first.filter(name::equals).isPresent() ? "metrics" : "",
            String.format(
                Locale.ROOT,
                "%s %s at step %d, %s",
                name,
                metric.value(),
                metric.steps(),
                StatusText.time(metric.at()))));
  }

  private void figure(String title, Optional<Double> value, String what) {
    line(title, value, figure(value) + " " + what);
  }

  private void line(String title, Optional<Double> known, String text) {
    if (known.isPresent()) {
      line(title, text);
    }
  }

  private void line(String title, String text) {
    lines.add(title + " ".repeat(WIDTH - title.length()) + text);
  }

  /** A row for each job. */
  public static String table(List<JobBody> jobs) {
    if (jobs.isEmpty()) {
      return "no job is registered, and no process computes on a GPU";
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
            jobs.stream().map(JobText::row).toList())
        .render();
  }

  private static List<String> row(JobBody job) {
    return List.of(
        job.identity().id(),
        job.identity().name(),
        job.identity().user().orElse("-"),
        Integer.toString(job.identity().gpus().size()),
        job.policy(),
        steps(job),
        figure(job.speed().stepsPerSecond()),
        figure(job.speed().fullPowerStepsPerSecond()),
        job.throughputSource().orElse("-"),
        percent(job.speed().slowdownRatio()),
        slack(job),
        cell(job.advice().limitWatts()),
        state(job));
  }

  private static String steps(JobBody job) {
    if (job.goal().steps().isEmpty()) {
      return "-";
    }
    String done = Long.toString(job.goal().steps().get());
    return job.goal().totalSteps().isPresent() ? done + "/" + job.goal().totalSteps().get() : done;
  }

  private static String figure(Optional<Double> value) {
    return cell(value, Numbers::threeDigits);
  }

  private static String percent(Optional<Double> share) {
    return cell(share, Numbers::percent);
  }

  private static String slack(JobBody job) {
    if (job.speed().slackSeconds().isEmpty()) {
      return "-";
    }
    double seconds = job.speed().slackSeconds().get();
    String text = Durations.format(Duration.ofSeconds(Math.round(Math.abs(seconds))));
    String share =
        job.speed().slackRatio().isPresent()
            ? " " + Numbers.percent(job.speed().slackRatio().get())
            : "";
    return seconds < 0 ? text + " late" : text + share;
  }

  private static String state(JobBody job) {
    if (job.identity().origin().equals("anonymous")) {
      return "anonymous";
    }
    if (job.advice().pause()) {
      return "asked to pause"
          + job.advice().until().map(until -> " until " + StatusText.time(until)).orElse("");
    }
    return job.advice().ignoresPauses()
        ? "runs, does not pause"
        : job.profile().flatMap(JobText::measuring).orElse("runs");
  }

  /** Which limit is being measured; empty while none is. */
  private static Optional<String> measuring(ProfileBody profile) {
    String limit = cell(profile.limitWatts()) + " W";
    String count =
        String.format(Locale.ROOT, " (%d/%d)", profile.limitsMeasured(), profile.limitsPlanned());
    return switch (profile.state()) {
      case "settling", "measuring" -> Optional.of("is being measured at " + limit + count);
      case "waiting" -> Optional.of("waits for slack to test " + limit + count);
      default -> Optional.empty();
    };
  }

  /** A job that has ended: its receipt. */
  public static String ended(EndedJobBody job) {
    Receipt receipt = job.receipt();
    String when = job.endedAt().map(at -> "ended at " + StatusText.time(at)).orElse("has ended");
    return "job %s %s; its receipt:\n\n%s"
        .formatted(job.id(), when, ReceiptText.of(receipt.line(), receipt.method()));
  }
}
