package chase.carbon.forecast;

import chase.carbon.GramsPerKwh;
import chase.carbon.Signal.Margin;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Foresees one region's signal. Feed it every value once, in order; history on disk is fed in the
 * same way and brings back the same state. For one thread at a time.
 *
 * <p>Several models foresee at once. Each is scored at each horizon when the time foreseen arrives,
 * and the one with the least error lately is used there. A marginal signal jumps, so that its past
 * says little about its future: beyond an hour only its provider's own forecast is used.
 */
public final class Forecaster {
  private static final Duration REACH = Duration.ofDays(4);
  private static final Duration FINE_REACH = Duration.ofDays(2);
  private static final Duration MARGINAL_REACH = Duration.ofHours(1);
  private static final Duration FINE = Duration.ofMinutes(30);
  private static final int DAYS_KEPT = 8;

  private final Rhythm rhythm;
  private final Horizons horizons;
  private final int stride;
  private final int ownReach;
  private final Timeline past;
  private final Published published;
  private List<Member> members;
  private Review review;
  private Optional<LocalDate> modelDate = Optional.empty();

  /**
   * A forecaster that has seen nothing.
   *
   * @param margin whether the signal is an average or a marginal one
   */
  public Forecaster(Rhythm rhythm, Margin margin) {
    this.rhythm = rhythm;
    boolean fine = rhythm.step().compareTo(FINE) < 0;
    horizons = Horizons.upTo(fine ? FINE_REACH : REACH, rhythm);
    stride = fine ? rhythm.steps(FINE) : 1;
    int hour = Math.max(1, rhythm.steps(MARGINAL_REACH));
    ownReach = margin == Margin.MARGINAL ? hour : horizons.longest();
    past = new Timeline(DAYS_KEPT * rhythm.slotsADay());
    published = new Published(2 * horizons.longest());
    members = members();
    review = review();
  }

  private List<Member> members() {
    int day = rhythm.slotsADay();
    return List.of(new Persistence(), new Yesterday(day), new Profile(day), published);
  }

  private Review review() {
    return new Review(members.stream().map(Member::model).toList(), horizons, stride, rhythm);
  }

  /** Learns from {@code sample}, unless it is not newer than what is known. */
  public Reception take(Sample sample) {
    long slot = rhythm.slot(sample.from());
    if (!past.isEmpty() && slot <= past.newest()) {
      return slot == past.newest() ? Reception.REPEATED : Reception.BACKDATED;
    }
    boolean anew = !past.isEmpty() && breaks(sample, slot);
    if (anew) {
      past.clear();
      members = members();
      review = review();
    }
    modelDate = sample.modelDate().or(() -> modelDate);
    double log = Timeline.log(sample.value().value());
    review.score(slot, log);
    past.add(slot, log);
    members.forEach(member -> member.learn(past));
    review.note(past, members);
    return anew ? Reception.STARTED_ANEW : Reception.TAKEN;
  }

  /** A new model of the provider's shifts the level; after a long silence nothing is known. */
  private boolean breaks(Sample sample, long slot) {
    boolean newModel =
        sample.modelDate().isPresent()
            && modelDate.isPresent()
            && !sample.modelDate().equals(modelDate);
    return newModel || slot - past.newest() > (long) DAYS_KEPT * rhythm.slotsADay();
  }

  /**
   * Replaces what the provider foresaw before. It is scored against what came from the newest value
   * on, like the models' own forecasts.
   */
  public void hear(ProviderForecast forecast) {
    published.hear(forecast, rhythm);
    if (!past.isEmpty()) {
      review.note(past, members);
    }
  }

  /**
   * What is foreseen from {@code now} on, slot by slot: first the slot after the newest value, or
   * the slot around {@code now} where that is later. It ends where {@code horizon} or the reach
   * ends, which is four days after the newest value, two days where the step is under half an hour,
   * and for a marginal signal one hour or as far as the provider's forecast goes. Empty before the
   * first value.
   */
  public List<Foreseen> ahead(Instant now, Duration horizon) {
    List<Foreseen> ahead = new ArrayList<>();
    if (past.isEmpty()) {
      return ahead;
    }
    long end =
        Math.min(rhythm.slot(now.plus(horizon).minusNanos(1)), past.newest() + horizons.longest());
    for (long slot = Math.max(past.newest() + 1, rhythm.slot(now)); slot <= end; slot++) {
      Optional<Foreseen> one = one(slot);
      if (one.isEmpty()) {
        break;
      }
      ahead.add(one.get());
    }
    return ahead;
  }

  private Optional<Foreseen> one(long slot) {
    int steps = Math.toIntExact(slot - past.newest());
    int member =
        steps <= ownReach ? review.choice(past, members, steps) : members.indexOf(published);
    double log = members.get(member).ahead(past, steps);
    return Double.isNaN(log)
        ? Optional.empty()
        : Optional.of(
            new Foreseen(
                rhythm.start(slot),
                rhythm.start(slot + 1),
                grams(log),
                grams(log + review.lowError(steps)),
                grams(log + review.highError(steps)),
                members.get(member).model()));
  }

  private static GramsPerKwh grams(double log) {
    return new GramsPerKwh(Timeline.value(log));
  }

  /** How every model did at every horizon where one of its forecasts has come due. */
  public List<Score> scores() {
    return review.scores(rhythm);
  }

  /** How often the truth lay inside the intervals, at every horizon. */
  public List<Coverage> coverage() {
    return review.coverage(rhythm);
  }
}
