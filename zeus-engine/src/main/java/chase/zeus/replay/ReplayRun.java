package chase.zeus.replay;

import chase.zeus.engine.Engine;
import chase.zeus.engine.Event;
import chase.zeus.engine.JobView;
import chase.zeus.engine.Order;
import chase.zeus.engine.SafetyRules;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuTraits;
import chase.zeus.gpu.PowerLimits;
import chase.zeus.gpu.PowerRange;
import chase.zeus.policy.JobProgress;
import chase.zeus.policy.JobProgress.PauseState;
import chase.zeus.policy.PowerPolicy;
import chase.zeus.profile.PowerProfile;
import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.replay.JobOutcome.Span;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One job on one GPU that carries out the engine's orders at once. */
final class ReplayRun {
  private static final GpuId GPU = new GpuId("replay");

  /** As on a host, except for the floor: the whole profile may be used. */
  private static final SafetyRules RULES =
      new SafetyRules(
          SafetyRules.Mode.CONTROL,
          1e-3,
          Duration.ofMinutes(1),
          Duration.ofMinutes(10),
          Duration.ofSeconds(5));

  /** A job that is this close to its end, in seconds of work, is done. */
  private static final double DONE = 1e-6;

  private final WeightTrace trace;
  private final PowerProfile profile;
  private final ReplayJob job;
  private final ForecastView forecast;
  private final Engine engine;
  private final List<Span> spans = new ArrayList<>();
  private Instant now;
  private Watts limit;
  private double done;
  private boolean paused;
  private Optional<Instant> pauseChangedAt = Optional.empty();

  ReplayRun(
      WeightTrace trace,
      PowerProfile profile,
      ReplayJob job,
      PowerPolicy policy,
      ForecastView forecast) {
    this.trace = trace;
    this.profile = profile;
    this.job = job;
    this.forecast = forecast;
    this.now = job.start();
    this.limit = profile.highestLimit();
    this.engine = new Engine(RULES, policy, now);
  }

  /**
   * What the job did from its start to its end. Its work is counted whenever its speed changes; in
   * between the engine expects exactly what the job does here, so that counting it with every
   * outlook would only repeat the same decision.
   */
  List<Span> spans() {
    handle(new Event.GpuOpened(traits(), Optional.of(limits()), Optional.of(profile), now));
    sendProgress();
    sendOutlook();
    while (job.work() - done > DONE) {
      Instant next = next();
      runUntil(next);
      if (next.equals(trace.at(next).from())) {
        sendOutlook();
      } else {
        sendProgress();
      }
    }
    return spans;
  }

  private GpuTraits traits() {
    PowerRange range = new PowerRange(profile.points().getFirst().limit(), profile.highestLimit());
    return new GpuTraits(
        GPU,
        0,
        "replay",
        Optional.empty(),
        "",
        Optional.of(range),
        Optional.of(range.max()),
        Optional.empty(),
        true);
  }

  private PowerLimits limits() {
    return new PowerLimits(limit, limit);
  }

  private void handle(Event event) {
    List<Order> orders = engine.on(event).orders();
    for (Order order : orders) {
      limit = order.limit();
      handle(new Event.LimitApplied(GPU, limits(), now));
      sendProgress();
    }
    setPaused(
        engine.advice(GPU).filter(JobView.PauseAdvice::pause).isPresent()
            && job.idle().isPresent());
  }

  private void setPaused(boolean pause) {
    if (pause != paused) {
      paused = pause;
      pauseChangedAt = Optional.of(now);
      sendProgress();
    }
  }

  private void sendOutlook() {
    handle(new Event.OutlookChanged(forecast.outlook(trace, now, trace.to()), now));
  }

  private void sendProgress() {
    JobProgress progress =
        new JobProgress(
            job.start(),
            now,
            done,
            Optional.of(Math.max(0, job.work() - done)),
            Optional.empty(),
            job.idle().map(idle -> new PauseState(idle, paused, pauseChangedAt)));
    handle(new Event.WorkReported(GPU, progress, now));
  }

  private double rate() {
    return paused ? 0 : profile.at(limit).orElseThrow().throughput() / profile.fullThroughput();
  }

  /** The next moment at which anything may change. */
  private Instant next() {
    Instant next = trace.at(now).to();
    Optional<Instant> until = engine.advice(GPU).flatMap(JobView.PauseAdvice::until);
    if (until.isPresent() && until.get().isAfter(now) && until.get().isBefore(next)) {
      next = until.get();
    }
    if (rate() > 0) {
      Instant end = now.plusNanos((long) Math.ceil((job.work() - done) / rate() * 1e9));
      next = end.isBefore(next) ? end : next;
    }
    if (!next.isAfter(now)) {
      throw new IllegalArgumentException(
          "the signal ends at " + trace.to() + ", before the job that began at " + job.start());
    }
    return next;
  }

  private void runUntil(Instant next) {
    Watts power =
        paused ? job.idle().orElseThrow() : profile.at(limit).map(Point::power).orElseThrow();
    spans.add(new Span(now, next, paused ? Optional.empty() : Optional.of(limit), power));
    done += rate() * Span.seconds(now, next);
    now = next;
  }
}
