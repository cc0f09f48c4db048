package chase.daemon.cli;

import static chase.daemon.text.Table.cell;

import chase.daemon.api.JobBody;
import chase.daemon.api.ProfileBody;
import chase.daemon.text.Numbers;
import chase.daemon.text.RoundedNumbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** Everything about one job as text for a terminal. */
final class JobText {
  private static final int WIDTH = 12;

  private final List<String> lines = new ArrayList<>();

  private JobText() {}

  /** A line for each thing that is known of it, then why its limit is what it is. */
  static String of(JobBody job) {
    JobText text = new JobText();
    text.identity(job);
    text.work(job);
    text.decision(job);
    job.profile().filter(profile -> !profile.state().equals("none")).ifPresent(text::measured);
    text.metrics(job.metrics());
    job.text().ifPresent(story -> text.lines.add("\n" + story));
    return String.join("\n", text.lines);
  }

  private void identity(JobBody job) {
    line("job", job.id());
    line("name", job.name());
    line(
        "origin", job.origin().equals("anonymous") ? "anonymous: no job registered" : job.origin());
    job.user().ifPresent(user -> line("user", user));
    if (!job.labels().isEmpty()) {
      line(
          "labels",
          job.labels().entrySet().stream()
              .map(label -> label.getKey() + "=" + label.getValue())
              .collect(Collectors.joining(", ")));
    }
    line("GPUs", String.join(", ", job.gpus()));
    line("started", StatusText.time(job.startedAt()));
    job.heardAt().ifPresent(at -> line("last heard", StatusText.time(at)));
  }

  private void work(JobBody job) {
    job.batchSize().ifPresent(size -> line("batch size", Integer.toString(size)));
    if (job.steps().isPresent() || job.totalSteps().isPresent()) {
      line("steps", JobsText.steps(job));
    }
    figure("steps/s", job.stepsPerSecond(), "of late");
    figure("", job.fullPowerStepsPerSecond(), "at full power");
    job.throughputSource().ifPresent(source -> line("source", source));
    line("slower", job.slowdownRatio(), JobsText.percent(job.slowdownRatio()) + " so far");
    job.deadline()
        .ifPresent(
            at -> line("deadline", StatusText.time(at) + (job.deferrable() ? ", may pause" : "")));
    line("slack", job.slackSeconds(), JobsText.slack(job));
  }

  private void decision(JobBody job) {
    line("policy", job.policy());
    line("limit", job.limitWatts(), cell(job.limitWatts()) + " W for each GPU");
    line("state", JobsText.state(job));
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
                        RoundedNumbers.oneDecimal(point.limitWatts()),
                        RoundedNumbers.oneDecimal(point.powerWatts()),
                        Numbers.threeDigits(point.stepsPerSecond()))));
  }

  private void metrics(Map<String, JobBody.Metric> metrics) {
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

  private void figure(String title, OptionalDouble value, String what) {
    line(title, value, JobsText.figure(value) + " " + what);
  }

  private void line(String title, OptionalDouble known, String text) {
    if (known.isPresent()) {
      line(title, text);
    }
  }

  private void line(String title, String text) {
    lines.add(title + " ".repeat(WIDTH - title.length()) + text);
  }
}
