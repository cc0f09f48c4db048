package chase.carbon.forecast;

import chase.carbon.SignalKind.Margin;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** All that is known of a signal since its last break: its past, the members, and their review. */
final class Ensemble {
  private static final Duration REACH = Duration.ofDays(4);
  private static final Duration FINE_REACH = Duration.ofDays(2);

  /** Shorter steps tell little more; models are taught and scored at this pace at most. */
  private static final Duration FINE = Duration.ofMinutes(30);

  private static final Duration MARGINAL_REACH = Duration.ofHours(1);
  private static final int DAYS_KEPT = 8;

  private final Rhythm rhythm;
  private final Horizons horizons;
  private final int ownReach;
  private final Timeline past;
  private final DailyCourse course;
  private final Published published;
  private final List<Member> members;
  private final Review review;

  /**
   * Nothing known.
   *
   * @param margin whether the signal is an average or a marginal one
   */
  Ensemble(Rhythm rhythm, Margin margin) {
    this.rhythm = rhythm;
    boolean fine = rhythm.step().compareTo(FINE) < 0;
    int stride = fine ? Math.max(1, rhythm.steps(FINE)) : 1;
    int day = rhythm.slotsADay();
    horizons = Horizons.upTo(fine ? FINE_REACH : REACH, rhythm);
    past = new Timeline(DAYS_KEPT * day);
    course = new DailyCourse(day);
    published = new Published(2 * horizons.longest());
    ownReach = margin == Margin.MARGINAL ? rhythm.stepsToCover(MARGINAL_REACH) : reach();
    members =
        Stream.concat(
                Stream.of(
                        new Persistence(),
                        new Yesterday(day),
                        Profile.of(course, rhythm),
                        new Lite(rhythm, horizons, course, stride),
                        new Ridge(rhythm, horizons, course, stride))
                    .<Member>map(member -> new UpTo(member, ownReach)),
                Stream.of(published))
            .toList();
    review = new Review(rhythm, members, horizons, stride);
  }

  boolean hasStarted() {
    return !past.isEmpty();
  }

  long newest() {
    return past.newest();
  }

  /** How many steps after the newest value anything is foreseen. */
  int reach() {
    return horizons.longest();
  }

  void take(long slot, double level) {
    fillUpTo(slot);
    review.score(slot, level);
    past.add(slot, level);
    course.learn(past);
    members.forEach(member -> member.learn(past));
    review.note(past);
  }

  private void fillUpTo(long slot) {
    if (past.isEmpty()) {
      return;
    }
    double[] foreseen = new double[Math.toIntExact(slot - past.newest() - 1)];
    for (int i = 0; i < foreseen.length; i++) {
      foreseen[i] = review.mean(past, i + 1);
    }
    for (double level : foreseen) {
      past.add(past.newest() + 1, level);
    }
  }

  void hear(ProviderForecast forecast) {
    published.hear(forecast, rhythm);
    if (hasStarted()) {
      review.note(past);
    }
  }

  /** Whose forecast is used {@code steps} after the newest value. */
  Model used(int steps) {
    return steps > ownReach ? Model.PROVIDER : Model.MIX;
  }

  /** What {@code model} foresees {@code steps} after the newest value, or not a number. */
  double level(Model model, int steps) {
    for (Member member : members) {
      if (member.model() == model) {
        return member.ahead(past, steps);
      }
    }
    return review.mean(past, steps);
  }

  Spread spread(int steps) {
    return review.spread(steps);
  }

  Review review() {
    return review;
  }
}
