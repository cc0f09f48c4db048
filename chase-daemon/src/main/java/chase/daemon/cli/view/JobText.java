package chase.daemon.cli.view;

import static chase.daemon.cli.view.Table.cell;

import chase.daemon.api.JobBody;
import chase.daemon.api.ProfileBody;
import chase.daemon.api.ReportBody.EndedJobBody;
import chase.daemon.api.ReportBody.Receipt;
import chase.daemon.cli.view.Listing.ListColumn;
import chase.daemon.text.Durations;
import chase.daemon.text.Numbers;
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

  /** {@code chase jobs}. */
  public static final Listing<JobBody> JOBS =
      new Listing<>(
          List.of(
              ListColumn.<JobBody>words("job", "JOB", job -> job.identity().id()).keep(),
              ListColumn.<JobBody>words("name", "NAME", job -> job.identity().name()).cutTo(8),
              ListColumn.<JobBody>figures("slack", "SLACK", JobText::slack).keep(),
              ListColumn.<JobBody>figures("left", "LEFT", JobText::slackShare).wide(),
              ListColumn.figures("slower", "SLOWER", job -> percent(job.speed().slowdownRatio())),
              ListColumn.figures("limit", "LIMIT W", job -> cell(job.advice().limitWatts())),
              ListColumn.figures("done", "DONE", JobText::done),
              ListColumn.<JobBody>words("user", "USER", job -> job.identity().user().orElse("-"))
                  .cutTo(4),
              ListColumn.figures(
                  "gpus", "GPUS", job -> Integer.toString(job.identity().gpus().size())),
              ListColumn.<JobBody>words("policy", "POLICY", JobBody::policy).wide(),
              ListColumn.<JobBody>figures("steps", "STEPS", JobText::steps).wide(),
              ListColumn.<JobBody>figures(
                      "speed", "STEPS/S", job -> figure(job.speed().stepsPerSecond()))
                  .wide(),
              ListColumn.<JobBody>figures(
                      "full", "FULL POWER", job -> figure(job.speed().fullPowerStepsPerSecond()))
                  .wide(),
              ListColumn.<JobBody>words(
                      "source", "SOURCE", job -> job.throughputSource().orElse("-"))
                  .wide(),
              ListColumn.<JobBody>of("state", Table.text("STATE"), JobText::state)
                  .cutTo(20)
                  .keep()
                  .toned(JobText::tone)));

  private final List<String> lines = new ArrayList<>();
  private final TextLayout layout;

  private JobText(TextLayout layout) {
    this.layout = layout;
  }

  /** A row for each job. */
  public static String table(List<JobBody> jobs, TextLayout layout) {
    return jobs.isEmpty()
        ? layout.sentences("no job is registered, and no process computes on a GPU")
        : JOBS.render(jobs, layout);
  }

  /** A line for each thing that is known of it, then why its limit is what it is. */
  public static String of(JobBody job, TextLayout layout) {
    JobText text = new JobText(layout);
    text.identity(job);
    text.work(job);
    text.decision(job);
    job.profile().filter(profile -> !profile.state().equals("none")).ifPresent(text::measured);
    text.metrics(job.metrics());
    job.text().ifPresent(story -> text.lines.add("\n" + layout.sentences(story)));
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
    line(
        "started", layout.time(job.startedAt()) + " (" + layout.times().ago(job.startedAt()) + ")");
    job.heardAt().ifPresent(at -> line("last report", layout.times().ago(at)));
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
            line(
                "deadline",
                layout.time(at)
                    + " ("
                    + layout.times().more(at)
                    + ")"
                    + (job.goal().deferrable() ? ", may pause" : "")));
    line("slack", job.speed().slackSeconds(), slack(job) + ofBudget(job));
  }

  private static String ofBudget(JobBody job) {
    boolean left = job.speed().slackSeconds().filter(seconds -> seconds >= 0).isPresent();
    return left && job.speed().slackRatio().isPresent()
        ? ", " + slackShare(job) + " of its budget"
        : "";
  }

  private void decision(JobBody job) {
    line("policy", job.policy());
    line("limit", job.advice().limitWatts(), cell(job.advice().limitWatts()) + " W for each GPU");
    line("state", state(job, layout));
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
                "%s W: %s W a GPU, %s %s"
                    .formatted(
                        Numbers.oneDecimal(point.limitWatts()),
                        Numbers.oneDecimal(point.powerWatts()),
                        Numbers.threeDigits(point.stepsPerSecond()),
                        profile.throughputSource().equals("reported")
                            ? "steps/s"
                            : "thousand SM cycles/s")));
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
                layout.times().ago(metric.at()))));
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
    lines.add(layout.fact(title, text, WIDTH));
  }

  private static String steps(JobBody job) {
    if (job.goal().steps().isEmpty()) {
      return "-";
    }
    String done = Long.toString(job.goal().steps().get());
    return job.goal().totalSteps().isPresent() ? done + "/" + job.goal().totalSteps().get() : done;
  }

  /** The share of its steps; their number where nobody said how many there are. */
  private static String done(JobBody job) {
    return job.goal().steps().isPresent() && job.goal().totalSteps().isPresent()
        ? Numbers.wholePercent(
            job.goal().steps().get() / (double) Math.max(1, job.goal().totalSteps().get()))
        : steps(job);
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
    return seconds < 0 ? text + " late" : text;
  }

  private static String slackShare(JobBody job) {
    return percent(job.speed().slackRatio());
  }

  /** The daemon's words, with the time that is left. */
  static String state(JobBody job, TextLayout layout) {
    return job.advice().state()
        + job.advice()
            .until()
            .filter(until -> job.advice().pause())
            .map(until -> ", " + layout.times().more(until))
            .orElse("");
  }

  private static Tone tone(JobBody job) {
    boolean late = job.speed().slackSeconds().filter(seconds -> seconds < 0).isPresent();
    if (late || job.advice().ignoresPauses()) {
      return Tone.BAD;
    }
    return job.advice().pause() ? Tone.NOTE : Tone.PLAIN;
  }

  /** A job that has ended: its receipt. */
  public static String ended(EndedJobBody job, TextLayout layout) {
    Receipt receipt = job.receipt();
    String when = job.endedAt().map(at -> "ended at " + layout.time(at)).orElse("has ended");
    return layout.sentences("job %s %s; its receipt:".formatted(job.id(), when))
        + "\n\n"
        + ReceiptText.of(receipt.line(), receipt.method(), layout);
  }
}
