package chase.daemon.explain;

import chase.daemon.events.Notification;
import chase.daemon.text.Numbers;
import chase.zeus.engine.Event;
import chase.zeus.engine.JobId;
import chase.zeus.engine.JobView;
import chase.zeus.engine.ProfileView;
import chase.zeus.engine.Snapshot;
import chase.zeus.profile.ProfilingState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What becomes of jobs, in words for people; a pure function. */
final class JobNotificationText {
  private JobNotificationText() {}

  /** The notifications about jobs of one event, from the snapshots before and after it. */
  static List<Notification> of(Event event, Snapshot before, Snapshot after) {
    List<String> texts =
        event instanceof Event.StepsReported && before.jobs().size() == after.jobs().size()
            ? changed(before.jobs(), after.jobs())
            : all(event, before, after);
    return texts.stream().map(text -> notification(event, text)).toList();
  }

  /** Reports come often and begin no job: while none ends, the jobs stand where they stood. */
  private static List<String> changed(List<JobView> before, List<JobView> after) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < after.size(); i++) {
      changed(before.get(i), after.get(i)).forEach(texts::add);
    }
    return texts;
  }

  private static List<String> all(Event event, Snapshot before, Snapshot after) {
    Map<JobId, JobView> gone = new LinkedHashMap<>();
    before.jobs().forEach(job -> gone.put(job.id(), job));
    List<String> changed = new ArrayList<>();
    for (JobView job : after.jobs()) {
      JobView was = gone.remove(job.id());
      if (was == null) {
        changed.add(started(job, after));
      } else {
        changed(was, job).forEach(changed::add);
      }
    }
    return Stream.concat(gone.values().stream().map(job -> ended(job, event)), changed.stream())
        .toList();
  }

  private static String started(JobView job, Snapshot snapshot) {
    String gpus =
        job.spec().gpus().stream()
            .map(gpu -> NotificationText.name(snapshot, gpu))
            .collect(Collectors.joining(", "));
    return "%s began on %s under %s".formatted(name(job), gpus, promise(job));
  }

  private static String promise(JobView job) {
    String pauses = job.spec().idle().isPresent() ? ", and may pause" : "";
    return job.spec()
        .deadline()
        .map(end -> job.policy().spec() + ", is to be done by " + ReasonText.time(end) + pauses)
        .orElseGet(() -> NotificationText.words(job.policy()));
  }

  private static String ended(JobView job, Event event) {
    String how =
        switch (event) {
          case Event.JobEnded ended when ended.cause() == JobView.EndedJob.EndCause.PROCESS_GONE ->
              " ended with its process";
          case Event.JobEnded ended -> " ended";
          case Event.JobStarted later when later.replaces().equals(Optional.of(job.id())) ->
              " is taken over by job " + later.job();
          default -> " reported nothing for too long: ended";
        };
    return name(job) + how + slowdown(job);
  }

  private static String slowdown(JobView job) {
    return job.slowdown().isPresent()
        ? ", %s slower than at full power".formatted(Numbers.percent(job.slowdown().get()))
        : "";
  }

  private static Stream<String> changed(JobView was, JobView job) {
    if (was.equals(job)) { // nearly always: a report changes no other job
      return Stream.empty();
    }
    return Stream.of(
            measured(was, job),
            profiled(was, job),
            moved(was, job),
            paused(was, job),
            ignored(was, job))
        .flatMap(Optional::stream);
  }

  private static Optional<String> measured(JobView was, JobView job) {
    return was.fullSpeed().isEmpty() && job.fullSpeed().isPresent()
        ? Optional.of(
            "%s does %s steps a second at full power"
                .formatted(name(job), Numbers.threeDigits(job.fullSpeed().get())))
        : Optional.empty();
  }

  /** Each limit that is tried, and how it ends. */
  private static Optional<String> profiled(JobView was, JobView job) {
    Optional<ProfilingState> before = was.profile().flatMap(ProfileView::state);
    Optional<ProfilingState> now = job.profile().flatMap(ProfileView::state);
    return before.equals(now)
        ? Optional.empty()
        : now.flatMap(state -> profiled(state, job.profile().orElseThrow()))
            .map(text -> name(job) + text);
  }

  private static Optional<String> profiled(ProfilingState state, ProfileView profile) {
    String news = " " + ProfilingText.predicate(state);
    return switch (state) {
      case ProfilingState.Measuring m ->
          Optional.of(news + ProfilingText.progress(profile).map(", "::concat).orElse(""));
      case ProfilingState.Waiting w -> Optional.of(news);
      case ProfilingState.Done d ->
          Optional.of(
              String.format(
                  Locale.ROOT, "%s: %d limits%s", news, profile.points().size(), cost(profile)));
      case ProfilingState.Aborted a -> Optional.of(news);
      case ProfilingState.Settling s -> Optional.empty();
      case ProfilingState.Silent s -> Optional.empty();
    };
  }

  private static String cost(ProfileView profile) {
    return profile.secondsLost().isPresent()
        ? ", at a cost of %s s"
            .formatted(Numbers.threeDigits(Math.max(0, profile.secondsLost().get())))
        : "";
  }

  private static Optional<String> moved(JobView was, JobView job) {
    long before = was.profile().map(ProfileView::changes).orElse(0L);
    return job.profile().filter(now -> now.changes() > before).isPresent()
        ? Optional.of(name(job) + " has changed, and is measured again")
        : Optional.empty();
  }

  private static Optional<String> paused(JobView was, JobView job) {
    if (was.paused() == job.paused()) {
      return Optional.empty();
    }
    String until =
        job.advice()
            .flatMap(JobView.PauseAdvice::until)
            .map(at -> " until " + ReasonText.time(at))
            .orElse("");
    return Optional.of(
        job.paused() ? name(job) + " should pause" + until : name(job) + " should go on");
  }

  private static Optional<String> ignored(JobView was, JobView job) {
    return !was.ignoresPauses() && job.ignoresPauses()
        ? Optional.of(name(job) + " does not pause, and is planned as running from now on")
        : Optional.empty();
  }

  private static String name(JobView job) {
    return job.id().value().equals(job.spec().name())
        ? "job " + job.id()
        : "job %s (%s)".formatted(job.id(), job.spec().name());
  }

  private static Notification notification(Event event, String text) {
    return Notification.of(event.at(), Notification.NotificationKind.JOB, Optional.empty(), text);
  }
}
