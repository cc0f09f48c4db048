package chase.daemon.explain;

import chase.daemon.text.Durations;
import chase.daemon.text.Numbers;
import chase.zeus.engine.JobView;
import chase.zeus.engine.ProfileView;
import chase.zeus.policy.EnergyOutlook;
import chase.zeus.policy.PolicyDecision;
import chase.zeus.policy.Slack;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a job gets on, in words.
 *
 * @param job the job
 * @param now the moment at which the words have to be true
 */
record JobExplanation(JobView job, Instant now) {

  /**
   * Who it is, how far it has come, what is left of its budget, what was measured and what comes
   * next.
   */
  List<String> sentences() {
    return Stream.of(Optional.of(work()), budget(), measured(), pause(), next())
        .flatMap(Optional::stream)
        .toList();
  }

  private String work() {
    String slowdown = slowdown();
    Optional<ProfileView.WorkSource> counted =
        job.profile()
            .map(ProfileView::workSource)
            .filter(by -> by != ProfileView.WorkSource.REPORTED);
    return counted
        .map(by -> "%s; work is counted by %s%s.".formatted(silent(), by(by), slowdown))
        .orElseGet(() -> reported(slowdown));
  }

  private String silent() {
    return job.id().value().startsWith("unregistered-")
        ? "No job has registered"
        : "Job %s (%s) reports no steps".formatted(job.id(), job.spec().name());
  }

  private static String by(ProfileView.WorkSource source) {
    return switch (source) {
      case REPORTED -> "the job (reported)";
      case GPM -> "hardware counters (gpm)";
      case CLOCK -> "SM clock times utilization (clock), which overstates a slowdown";
    };
  }

  private String slowdown() {
    return job.slowdown().isPresent()
        ? " and is %s slower than at full power"
            .formatted(Numbers.percent(Math.max(0, job.slowdown().get())))
        : "";
  }

  private String reported(String slowdown) {
    String done =
        job.steps().isPresent()
            ? String.format(Locale.ROOT, "reports %d%s steps", job.steps().get(), ofTotal())
            : "has not reported a step yet";
    return "Job %s (%s) %s%s.".formatted(job.id(), job.spec().name(), done, slowdown);
  }

  private String ofTotal() {
    return job.spec().totalSteps().isPresent() ? " of " + job.spec().totalSteps().get() : "";
  }

  private Optional<String> budget() {
    return job.slack().map(slack -> slack.seconds() >= 0 ? left(slack) : late(slack));
  }

  private String left(Slack slack) {
    String share = slack.share().map(left -> " (%s)".formatted(Numbers.percent(left))).orElse("");
    return "Of its budget%s, %s%s is left."
        .formatted(until().orElse(""), seconds(slack.seconds()), share);
  }

  private String late(Slack slack) {
    String behind = seconds(-slack.seconds());
    return until()
        .map(deadline ->
            "Its deadline%s cannot be met: at full power it comes %s late."
                .formatted(deadline, behind))
        .orElse("Its budget is used up, and it is %s behind: full power.".formatted(behind));
  }

  private Optional<String> until() {
    return job.progress()
        .flatMap(progress -> progress.deadline())
        .map(deadline -> " until " + ReasonText.time(deadline));
  }

  private Optional<String> measured() {
    return job.profile().flatMap(profile -> ProfilingText.sentence(profile, now));
  }

  private Optional<String> pause() {
    if (job.ignoresPauses()) {
      return Optional.of("It did not pause when asked to, and is planned as running.");
    }
    return job.paused()
        ? Optional.of(
            "It is asked to pause%s."
                .formatted(
                    job.advice()
                        .flatMap(JobView.PauseAdvice::until)
                        .map(at -> " until " + ReasonText.time(at))
                        .orElse("")))
        : Optional.empty();
  }

  private Optional<String> next() {
    return job.nextDecision()
        .filter(ahead -> ahead.at().isAfter(now))
        .flatMap(ahead -> job.limit().map(limit -> next(ahead, limit)));
  }

  private static String next(JobView.NextDecision ahead, Watts limit) {
    String when = ReasonText.time(ahead.at());
    String then =
        switch (ahead.evaluate(limit)) {
          case PolicyDecision.Limit next when next.limit().sameLimitAs(limit) -> "still " + limit;
          case PolicyDecision.Limit next -> next.limit().toString();
          case PolicyDecision.Pause p -> "a pause";
          case PolicyDecision.NeedsSignal n -> "the original limit, for want of a signal";
          case PolicyDecision.NeedsProfile n -> "the original limit, for want of a profile";
        };
    return "Next, at %s: %s%s.".formatted(when, then, why(ahead));
  }

  /** The grid where it is forecast to change, else the mixing of limits that meets the budget. */
  private static String why(JobView.NextDecision ahead) {
    Optional<EnergyOutlook> outlook = ahead.input().outlook();
    double before = outlook.map(o -> o.weightAt(ahead.input().at())).orElse(0.0);
    double after = outlook.map(o -> o.weightAt(ahead.at())).orElse(0.0);
    return before == after
        ? ", as the budget asks"
        : ", when " + change(outlook.map(EnergyOutlook::unit).orElse(""), before, after);
  }

  /** Of money it is the price that changes; a blend has no unit, and its numbers are small. */
  private static String change(String unit, double before, double after) {
    String form = unit.isEmpty() && before < 10 && after < 10 ? "%.2f to %.2f" : "%.0f to %.0f";
    String what = unit.endsWith("/MWh") ? "the price" : "the grid";
    return "%s goes from %s %s"
        .formatted(what, String.format(Locale.ROOT, form, before, after), unit)
        .strip();
  }

  private static String seconds(double seconds) {
    return Durations.format(Duration.ofSeconds(Math.round(seconds)));
  }
}
