package chase.zeus.profile;

import chase.zeus.profile.MeasuredProfile.MeasuredPoint;
import chase.zeus.profile.ProfilingEvent.Abort;
import chase.zeus.profile.ProfilingEvent.AbortReason;
import chase.zeus.profile.ProfilingEvent.Affordable;
import chase.zeus.profile.ProfilingEvent.EpochEnd;
import chase.zeus.profile.ProfilingEvent.Sampled;
import chase.zeus.profile.ProfilingEvent.Tick;
import chase.zeus.profile.ProfilingEvent.Unaffordable;
import chase.zeus.profile.ProfilingState.Aborted;
import chase.zeus.profile.ProfilingState.Done;
import chase.zeus.profile.ProfilingState.Measuring;
import chase.zeus.profile.ProfilingState.Settling;
import chase.zeus.profile.ProfilingState.Silent;
import chase.zeus.profile.ProfilingState.Waiting;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Measures a job's profile while the job trains: it requests one limit after the other, measures
 * under each until it is known precisely enough, and ends when more limits would add little.
 * Immutable: each event returns the next session.
 *
 * <p>A pause at the end of an epoch costs only a new warm-up, and so does a wait. While the job is
 * silent, or the session waits, no limit is requested.
 */
public final class ProfilingSession {
  private final ProfilingPlan plan;
  private final MeasuredProfile before;
  private final MeasuredProfile fresh;
  private final ProfilingCost cost;
  private final Stage stage;

  private ProfilingSession(
      ProfilingPlan plan,
      MeasuredProfile before,
      MeasuredProfile fresh,
      ProfilingCost cost,
      Stage stage) {
    this.plan = plan;
    this.before = before;
    this.fresh = fresh;
    this.cost = cost;
    this.stage = stage;
  }

  /** The stage of a session. */
  private sealed interface Stage {}

  /**
   * The session is at a limit.
   *
   * @param since when the limit was first requested, or requested again
   * @param lastWork when the job last worked
   * @param waiting whether the limit is not available for now
   * @param silent whether the job is thought to have stopped
   */
  private record AtLimit(
      MeasurementWindow window, Instant since, Instant lastWork, boolean waiting, boolean silent)
      implements Stage {
    static AtLimit of(Watts limit, Instant at) {
      return new AtLimit(MeasurementWindow.of(limit), at, at, false, false);
    }

    AtLimit with(MeasurementWindow next) {
      return new AtLimit(next, since, lastWork, waiting, silent);
    }

    AtLimit workedAt(Instant at) {
      return new AtLimit(window, silent ? at : since, at, waiting, false);
    }

    AtLimit markedSilent() {
      return new AtLimit(window.interrupted(), since, lastWork, waiting, true);
    }

    AtLimit startWaiting(Instant at) {
      return new AtLimit(window.interrupted(), since, at, true, false);
    }

    AtLimit stopWaiting(Instant at) {
      return new AtLimit(window, at, at, false, false);
    }
  }

  /** The session is over. */
  private record Ended(ProfilingState state) implements Stage {}

  /**
   * A session that begins at {@code at}; it is done at once when nothing is left to measure.
   *
   * @param known what was measured before and still holds; limits that it knows to the plan's
   *     precision are not measured again
   */
  public static ProfilingSession start(ProfilingPlan plan, MeasuredProfile known, Instant at) {
    return new ProfilingSession(
            plan, known, MeasuredProfile.EMPTY, ProfilingCost.NONE, new Ended(new Done()))
        .nextStage(at);
  }

  /**
   * The session after {@code event}. A session that is over does not change, and an event older
   * than the job's last report changes nothing.
   */
  public ProfilingSession after(ProfilingEvent event) {
    return switch (stage) {
      case Ended ended -> this;
      case AtLimit current when event.at().isBefore(current.lastWork()) -> this;
      case AtLimit current ->
          switch (event) {
            case Abort abort -> inStage(new Ended(new Aborted(abort.reason())));
            case Unaffordable e -> current.waiting() ? this : inStage(current.startWaiting(e.at()));
            case Affordable e -> current.waiting() ? inStage(current.stopWaiting(e.at())) : this;
            case EpochEnd e when current.waiting() -> this;
            case Tick e when current.waiting() -> this;
            case Sampled e when current.waiting() -> this;
            case EpochEnd boundary ->
                inStage(current.with(current.window().interrupted()).workedAt(boundary.at()));
            case Tick tick -> onTime(current, tick.at());
            case Sampled sample -> onSample(current, sample);
          };
    };
  }

  private ProfilingSession inStage(Stage next) {
    return new ProfilingSession(plan, before, fresh, cost, next);
  }

  private ProfilingSession onTime(AtLimit current, Instant at) {
    if (current.silent()) {
      return this;
    }
    return isSilence(current, at) ? inStage(current.markedSilent()) : checkPatience(current, at);
  }

  private boolean isSilence(AtLimit current, Instant until) {
    return Duration.between(current.lastWork(), until).compareTo(plan.rules().silence()) > 0;
  }

  private ProfilingSession onSample(AtLimit current, Sampled sample) {
    if (sample.steps() == 0) {
      AtLimit idle = current.with(current.window().after(sample, plan.rules()));
      return onTime(idle, sample.at()).addingCost(current, sample);
    }
    boolean gap = current.silent() || isSilence(current, sample.at().minus(sample.over()));
    MeasurementWindow window = gap ? current.window().interrupted() : current.window();
    AtLimit next = current.workedAt(sample.at()).with(window.after(sample, plan.rules()));
    return inStage(next).addingCost(current, sample).checkWindow(next, sample.at());
  }

  private ProfilingSession addingCost(AtLimit current, Sampled sample) {
    return current.silent()
        ? this
        : new ProfilingSession(plan, before, fresh, cost.plus(sample), stage);
  }

  private ProfilingSession checkWindow(AtLimit current, Instant at) {
    return current
        .window()
        .point(plan.rules())
        .filter(point -> isKnown(point) || current.window().isFull(plan.rules()))
        .map(point -> record(point, at))
        .orElseGet(() -> checkPatience(current, at));
  }

  /** A limit that never settles ends the session, because the next would not either. */
  private ProfilingSession checkPatience(AtLimit current, Instant at) {
    if (Duration.between(current.since(), at).compareTo(plan.rules().patience()) <= 0) {
      return inStage(current);
    }
    return current
        .window()
        .point(plan.rules())
        .map(point -> record(point, at))
        .orElseGet(() -> inStage(new Ended(new Aborted(AbortReason.UNSETTLED))));
  }

  private ProfilingSession record(MeasuredPoint point, Instant at) {
    return new ProfilingSession(plan, before, fresh.with(point), cost, stage).nextStage(at);
  }

  private ProfilingSession nextStage(Instant at) {
    Stage next =
        new LimitSelector(plan, known())
            .select()
            .<Stage>map(limit -> AtLimit.of(limit, at))
            .orElseGet(() -> new Ended(new Done()));
    return inStage(next);
  }

  /**
   * What needs no measurement: the limits that this session has measured, and those known before.
   */
  private MeasuredProfile known() {
    return measured()
        .only(point ->
            plan.covers(point.limit()) && (isKnown(point) || fresh.at(point.limit()).isPresent()));
  }

  private boolean isKnown(MeasuredPoint point) {
    return point.relativeError() <= plan.precision(point.limit());
  }

  /**
   * The limit that the session requests now; empty while the job is silent or the session waits,
   * and at the end.
   */
  public Optional<Watts> requestedLimit() {
    return switch (stage) {
      case Ended ended -> Optional.empty();
      case AtLimit current when current.silent() || current.waiting() -> Optional.empty();
      case AtLimit current -> nextLimit();
    };
  }

  /** The limit that is measured, or will be once it is available; empty at the end. */
  public Optional<Watts> nextLimit() {
    return switch (stage) {
      case Ended ended -> Optional.empty();
      case AtLimit current -> Optional.of(current.window().limit());
    };
  }

  /** What the session is doing. */
  public ProfilingState state() {
    return switch (stage) {
      case Ended ended -> ended.state();
      case AtLimit current when current.waiting() -> new Waiting(current.window().limit());
      case AtLimit current when current.silent() -> new Silent(current.window().limit());
      case AtLimit current when current.window().isWarm(plan.rules()) ->
          new Measuring(current.window().limit());
      case AtLimit current -> new Settling(current.window().limit());
    };
  }

  /** Everything known: what was measured before, and by this session. */
  public MeasuredProfile measured() {
    return before.and(fresh);
  }

  /** How many limits this session has measured. */
  public int limitsMeasured() {
    return fresh.points().size();
  }

  /** What the session has taken so far. */
  public ProfilingCost cost() {
    return cost;
  }
}
