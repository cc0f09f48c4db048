package chase.zeus.profile;

import chase.zeus.profile.ProfilingEvent.Abort;
import chase.zeus.profile.ProfilingEvent.AbortReason;
import chase.zeus.profile.ProfilingEvent.EpochEnd;
import chase.zeus.profile.ProfilingEvent.Held;
import chase.zeus.profile.ProfilingEvent.Released;
import chase.zeus.profile.ProfilingEvent.Sampled;
import chase.zeus.profile.ProfilingEvent.Tick;
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
 * <p>A pause at the end of an epoch costs only a new warm-up, and so does being held. While the job
 * is silent, or the session is held, no limit is requested.
 */
public final class ProfilingSession {
  private final ProfilingPlan plan;
  private final MeasuredProfile before;
  private final MeasuredProfile found;
  private final ProfilingCost cost;
  private final Stage course;

  private ProfilingSession(
      ProfilingPlan plan,
      MeasuredProfile before,
      MeasuredProfile found,
      ProfilingCost cost,
      Stage course) {
    this.plan = plan;
    this.before = before;
    this.found = found;
    this.cost = cost;
    this.course = course;
  }

  /** The stage of a session. */
  private sealed interface Stage {}

  /**
   * The session is at a limit.
   *
   * @param since when the limit was first requested, or requested again
   * @param lastWork when the job last worked
   * @param held whether the limit is not available for now
   * @param silent whether the job is thought to have stopped
   */
  private record AtLimit(
      MeasurementWindow window, Instant since, Instant heard, boolean held, boolean silent)
      implements Stage {
    static AtLimit of(Watts limit, Instant at) {
      return new AtLimit(MeasurementWindow.of(limit), at, at, false, false);
    }

    AtLimit with(MeasurementWindow next) {
      return new AtLimit(next, since, heard, held, silent);
    }

    AtLimit heardAt(Instant at) {
      return new AtLimit(window, silent ? at : since, at, held, false);
    }

    AtLimit silenced() {
      return new AtLimit(window.disturbed(), since, heard, held, true);
    }

    AtLimit holding(Instant at) {
      return new AtLimit(window.disturbed(), since, at, true, false);
    }

    AtLimit goingOn(Instant at) {
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
        .goingOn(at);
  }

  /**
   * The session after {@code event}. A session that is over does not change, and an event older
   * than the job's last report changes nothing.
   */
  public ProfilingSession after(ProfilingEvent event) {
    return switch (course) {
      case Ended over -> this;
      case AtLimit visit when event.at().isBefore(visit.heard()) -> this;
      case AtLimit visit ->
          switch (event) {
            case Abort abort -> on(new Ended(new Aborted(abort.reason())));
            case Held held -> visit.held() ? this : on(visit.holding(held.at()));
            case Released go -> visit.held() ? on(visit.goingOn(go.at())) : this;
            case EpochEnd e when visit.held() -> this;
            case Tick e when visit.held() -> this;
            case Sampled e when visit.held() -> this;
            case EpochEnd boundary ->
                on(visit.with(visit.window().disturbed()).heardAt(boundary.at()));
            case Tick tick -> waited(visit, tick.at());
            case Sampled sample -> sampled(visit, sample);
          };
    };
  }

  private ProfilingSession on(Stage next) {
    return new ProfilingSession(plan, before, found, cost, next);
  }

  private ProfilingSession waited(AtLimit visit, Instant at) {
    if (visit.silent()) {
      return this;
    }
    return isSilence(visit, at) ? on(visit.silenced()) : patient(visit, at);
  }

  private boolean isSilence(AtLimit visit, Instant until) {
    return Duration.between(visit.heard(), until).compareTo(plan.rules().silence()) > 0;
  }

  private ProfilingSession sampled(AtLimit visit, Sampled sample) {
    if (sample.steps() == 0) {
      AtLimit idle = visit.with(visit.window().after(sample, plan.rules()));
      return waited(idle, sample.at()).paying(visit, sample);
    }
    boolean gap = visit.silent() || isSilence(visit, sample.at().minus(sample.over()));
    MeasurementWindow window = gap ? visit.window().disturbed() : visit.window();
    AtLimit next = visit.heardAt(sample.at()).with(window.after(sample, plan.rules()));
    return on(next).paying(visit, sample).settled(next, sample.at());
  }

  private ProfilingSession paying(AtLimit visit, Sampled sample) {
    return visit.silent()
        ? this
        : new ProfilingSession(plan, before, found, cost.plus(sample), course);
  }

  private ProfilingSession settled(AtLimit visit, Instant at) {
    Optional<MeasuredProfile.MeasuredPoint> point = visit.window().point(plan.rules());
    return point
        .filter(seen -> isKnown(seen) || visit.window().isFull(plan.rules()))
        .map(seen -> finding(seen, at))
        .orElseGet(() -> patient(visit, at));
  }

  /** A limit that never settles ends the session, because the next would not either. */
  private ProfilingSession patient(AtLimit visit, Instant at) {
    if (Duration.between(visit.since(), at).compareTo(plan.rules().patience()) <= 0) {
      return on(visit);
    }
    return visit
        .window()
        .point(plan.rules())
        .map(seen -> finding(seen, at))
        .orElseGet(() -> on(new Ended(new Aborted(AbortReason.UNSETTLED))));
  }

  private ProfilingSession finding(MeasuredProfile.MeasuredPoint seen, Instant at) {
    return new ProfilingSession(plan, before, found.with(seen), cost, course).goingOn(at);
  }

  private ProfilingSession goingOn(Instant at) {
    Stage next =
        new LimitSelector(plan, known())
            .select()
            .<Stage>map(limit -> AtLimit.of(limit, at))
            .orElseGet(() -> new Ended(new Done()));
    return on(next);
  }

  /**
   * What needs no measurement: the limits that this session has measured, and those known before.
   */
  private MeasuredProfile known() {
    return measured()
        .only(point ->
            plan.covers(point.limit()) && (isKnown(point) || found.at(point.limit()).isPresent()));
  }

  private boolean isKnown(MeasuredProfile.MeasuredPoint point) {
    return point.relativeError() <= plan.precision(point.limit());
  }

  /**
   * The limit that the session requests now; empty while the job is silent or the session is held,
   * and at the end.
   */
  public Optional<Watts> requestedLimit() {
    return switch (course) {
      case Ended over -> Optional.empty();
      case AtLimit visit when visit.silent() || visit.held() -> Optional.empty();
      case AtLimit visit -> nextLimit();
    };
  }

  /** The limit that is measured, or will be once it is available; empty at the end. */
  public Optional<Watts> nextLimit() {
    return switch (course) {
      case Ended over -> Optional.empty();
      case AtLimit visit -> Optional.of(visit.window().limit());
    };
  }

  /** What the session is doing. */
  public ProfilingState state() {
    return switch (course) {
      case Ended over -> over.state();
      case AtLimit visit when visit.held() -> new Waiting(visit.window().limit());
      case AtLimit visit when visit.silent() -> new Silent(visit.window().limit());
      case AtLimit visit when visit.window().isWarm(plan.rules()) ->
          new Measuring(visit.window().limit());
      case AtLimit visit -> new Settling(visit.window().limit());
    };
  }

  /** Everything known: what was measured before, and by this session. */
  public MeasuredProfile measured() {
    return before.and(found);
  }

  /**
   * The profile for policies, with the plan's other limits filled in between the measured ones;
   * empty before the first window is done.
   */
  public Optional<PowerProfile> profile() {
    return measured().toPowerProfile(plan.limits());
  }

  /** How many limits this session has measured. */
  public int limitsMeasured() {
    return found.points().size();
  }

  /** What the session has taken so far. */
  public ProfilingCost cost() {
    return cost;
  }
}
