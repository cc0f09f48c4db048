package chase.zeus.profile;

import chase.zeus.profile.ProfileEvent.Abort;
import chase.zeus.profile.ProfileEvent.Boundary;
import chase.zeus.profile.ProfileEvent.Held;
import chase.zeus.profile.ProfileEvent.Reason;
import chase.zeus.profile.ProfileEvent.Released;
import chase.zeus.profile.ProfileEvent.Sampled;
import chase.zeus.profile.ProfileEvent.Tick;
import chase.zeus.profile.ProfileState.Aborted;
import chase.zeus.profile.ProfileState.Done;
import chase.zeus.profile.ProfileState.Measuring;
import chase.zeus.profile.ProfileState.Settling;
import chase.zeus.profile.ProfileState.Silent;
import chase.zeus.profile.ProfileState.Waiting;
import chase.zeus.unit.Watts;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Measures a job's profile while the job trains: it asks for one limit after the other, measures
 * under each until it is known well enough, and ends when more limits would tell little. Immutable:
 * an event in, the run after it out.
 *
 * <p>A pause at the end of an epoch costs a new warm-up and nothing else, and so does being held.
 * While the job is silent, or the run is held, no limit is wanted.
 */
public final class ProfileRun {
  private final ProfilePlan plan;
  private final MeasuredProfile before;
  private final MeasuredProfile found;
  private final ProfilingCost cost;
  private final Course course;

  private ProfileRun(
      ProfilePlan plan,
      MeasuredProfile before,
      MeasuredProfile found,
      ProfilingCost cost,
      Course course) {
    this.plan = plan;
    this.before = before;
    this.found = found;
    this.cost = cost;
    this.course = course;
  }

  /** Where a run stands. */
  private sealed interface Course {}

  /**
   * It is at a limit.
   *
   * @param since when the limit was first wanted, or wanted again
   * @param heard when the job last worked
   * @param held whether the limit cannot be had for now
   * @param silent whether the job is thought to have stopped
   */
  private record Visit(Window window, Instant since, Instant heard, boolean held, boolean silent)
      implements Course {
    static Visit of(Watts limit, Instant at) {
      return new Visit(Window.of(limit), at, at, false, false);
    }

    Visit with(Window next) {
      return new Visit(next, since, heard, held, silent);
    }

    Visit heardAt(Instant at) {
      return new Visit(window, silent ? at : since, at, held, false);
    }

    Visit silenced() {
      return new Visit(window.disturbed(), since, heard, held, true);
    }

    Visit holding(Instant at) {
      return new Visit(window.disturbed(), since, at, true, false);
    }

    Visit goingOn(Instant at) {
      return new Visit(window, at, at, false, false);
    }
  }

  /** It is over. */
  private record Ended(ProfileState state) implements Course {}

  /**
   * A run that begins at {@code at}; it is done at once when nothing is left to measure.
   *
   * @param known what was measured before and still holds; limits that it knows to the plan's
   *     precision are not measured again
   */
  public static ProfileRun start(ProfilePlan plan, MeasuredProfile known, Instant at) {
    return new ProfileRun(
            plan, known, MeasuredProfile.EMPTY, ProfilingCost.NONE, new Ended(new Done()))
        .goingOn(at);
  }

  /**
   * The run after {@code event}. A run that is over stays as it is, and an event from before the
   * last sign of the job changes nothing.
   */
  public ProfileRun after(ProfileEvent event) {
    return switch (course) {
      case Ended over -> this;
      case Visit visit when event.at().isBefore(visit.heard()) -> this;
      case Visit visit ->
          switch (event) {
            case Abort abort -> on(new Ended(new Aborted(abort.reason())));
            case Held held -> visit.held() ? this : on(visit.holding(held.at()));
            case Released go -> visit.held() ? on(visit.goingOn(go.at())) : this;
            case Boundary e when visit.held() -> this;
            case Tick e when visit.held() -> this;
            case Sampled e when visit.held() -> this;
            case Boundary boundary ->
                on(visit.with(visit.window().disturbed()).heardAt(boundary.at()));
            case Tick tick -> waited(visit, tick.at());
            case Sampled sample -> sampled(visit, sample);
          };
    };
  }

  private ProfileRun on(Course next) {
    return new ProfileRun(plan, before, found, cost, next);
  }

  private ProfileRun waited(Visit visit, Instant at) {
    if (visit.silent()) {
      return this;
    }
    return isSilence(visit, at) ? on(visit.silenced()) : patient(visit, at);
  }

  private boolean isSilence(Visit visit, Instant until) {
    return Duration.between(visit.heard(), until).compareTo(plan.rules().silence()) > 0;
  }

  private ProfileRun sampled(Visit visit, Sampled sample) {
    if (sample.steps() == 0) {
      Visit idle = visit.with(visit.window().after(sample, plan.rules()));
      return waited(idle, sample.at()).paying(visit, sample);
    }
    boolean gap = visit.silent() || isSilence(visit, sample.at().minus(sample.over()));
    Window window = gap ? visit.window().disturbed() : visit.window();
    Visit next = visit.heardAt(sample.at()).with(window.after(sample, plan.rules()));
    return on(next).paying(visit, sample).settled(next, sample.at());
  }

  private ProfileRun paying(Visit visit, Sampled sample) {
    return visit.silent() ? this : new ProfileRun(plan, before, found, cost.plus(sample), course);
  }

  private ProfileRun settled(Visit visit, Instant at) {
    Optional<MeasuredPoint> point = visit.window().point(plan.rules());
    return point
        .filter(seen -> isKnown(seen) || visit.window().isFull(plan.rules()))
        .map(seen -> finding(seen, at))
        .orElseGet(() -> patient(visit, at));
  }

  /** A limit that stays unsettled ends the run, because the next would fare no better. */
  private ProfileRun patient(Visit visit, Instant at) {
    if (Duration.between(visit.since(), at).compareTo(plan.rules().patience()) <= 0) {
      return on(visit);
    }
    return visit
        .window()
        .point(plan.rules())
        .map(seen -> finding(seen, at))
        .orElseGet(() -> on(new Ended(new Aborted(Reason.UNSETTLED))));
  }

  private ProfileRun finding(MeasuredPoint seen, Instant at) {
    return new ProfileRun(plan, before, found.with(seen), cost, course).goingOn(at);
  }

  private ProfileRun goingOn(Instant at) {
    Course next =
        new NextLimit(plan, known())
            .choose()
            .<Course>map(limit -> Visit.of(limit, at))
            .orElseGet(() -> new Ended(new Done()));
    return on(next);
  }

  /** What needs no measuring: the limits that this run has visited, and those known before. */
  private MeasuredProfile known() {
    return measured()
        .only(point ->
            plan.covers(point.limit()) && (isKnown(point) || found.at(point.limit()).isPresent()));
  }

  private boolean isKnown(MeasuredPoint point) {
    return point.relativeError() <= plan.precision(point.limit());
  }

  /**
   * The limit that the run wants in force now; empty while the job is silent or the run is held,
   * and at the end.
   */
  public Optional<Watts> wanted() {
    return switch (course) {
      case Ended over -> Optional.empty();
      case Visit visit when visit.silent() || visit.held() -> Optional.empty();
      case Visit visit -> next();
    };
  }

  /** The limit that is being measured, or would be; empty at the end. */
  public Optional<Watts> next() {
    return switch (course) {
      case Ended over -> Optional.empty();
      case Visit visit -> Optional.of(visit.window().limit());
    };
  }

  /** What the run is doing. */
  public ProfileState state() {
    return switch (course) {
      case Ended over -> over.state();
      case Visit visit when visit.held() -> new Waiting(visit.window().limit());
      case Visit visit when visit.silent() -> new Silent(visit.window().limit());
      case Visit visit when visit.window().isWarm(plan.rules()) ->
          new Measuring(visit.window().limit());
      case Visit visit -> new Settling(visit.window().limit());
    };
  }

  /** All that is known: what was measured before, and by this run. */
  public MeasuredProfile measured() {
    return before.and(found);
  }

  /**
   * The profile for policies, with the plan's other limits filled in between the measured ones;
   * empty before the first window is done.
   */
  public Optional<PowerProfile> profile() {
    return measured().standing(plan.limits());
  }

  /** How many limits this run has measured. */
  public int limitsMeasured() {
    return found.points().size();
  }

  /** What the run has taken so far. */
  public ProfilingCost cost() {
    return cost;
  }
}
