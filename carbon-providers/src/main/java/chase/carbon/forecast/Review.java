package chase.carbon.forecast;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Compares what was foreseen with what came, and says whom to follow and how far to trust him. */
final class Review {
  private static final Duration MEMORY = Duration.ofDays(28);
  private static final double LOW = 0.1;
  private static final double HIGH = 0.9;

  /** With fewer errors than these at a horizon, an interval also leans on a wide guess. */
  private static final double FEW = 20;

  private static final double GUESS = 0.1;

  private final List<Model> models;
  private final Horizons horizons;
  private final int stride;
  private final Issued issued;
  private final Scoreboard scores;
  private final List<Quantiles> errors = new ArrayList<>();
  private final List<Tally> inside = new ArrayList<>();

  Review(List<Model> models, Horizons horizons, int stride, Rhythm rhythm) {
    this.models = models;
    this.horizons = horizons;
    this.stride = stride;
    int origins = Math.ceilDiv(horizons.longest(), stride) + 1;
    issued = new Issued(origins, stride, models.size() + 3, horizons.count());
    double kept = Math.exp(-(double) stride / rhythm.steps(MEMORY));
    scores = new Scoreboard(models.size(), horizons.count(), kept);
    for (int i = 0; i < horizons.count(); i++) {
      errors.add(new Quantiles(kept));
      inside.add(new Tally(kept));
    }
  }

  /** Scores every forecast that was made for {@code slot}, whose value is {@code truth}. */
  void score(long slot, double truth) {
    for (int i = 0; i < horizons.count(); i++) {
      long origin = slot - horizons.steps(i);
      for (int model = 0; model < models.size(); model++) {
        scores.score(model, i, issued.at(origin, model, i), truth);
      }
      double used = issued.at(origin, used(), i);
      if (!Double.isNaN(used)) {
        errors.get(i).add(truth - used);
        inside
            .get(i)
            .add(issued.at(origin, low(), i) <= truth && truth <= issued.at(origin, high(), i));
      }
    }
  }

  /** Notes what all members foresee from the newest slot of {@code past}. */
  void note(Timeline past, List<Member> members) {
    long origin = past.newest();
    if (Math.floorMod(origin, (long) stride) != 0) {
      return;
    }
    issued.open(origin);
    for (int i = 0; i < horizons.count(); i++) {
      int steps = horizons.steps(i);
      for (int model = 0; model < members.size(); model++) {
        issued.put(origin, model, i, members.get(model).ahead(past, steps));
      }
      double log = members.get(choice(past, members, steps)).ahead(past, steps);
      issued.put(origin, used(), i, log);
      issued.put(origin, low(), i, log + error(LOW, steps));
      issued.put(origin, high(), i, log + error(HIGH, steps));
    }
  }

  /** The best of the members that can say something. */
  int choice(Timeline past, List<Member> members, int steps) {
    int winner = scores.winner(horizons.covering(steps));
    return Double.isNaN(members.get(winner).ahead(past, steps)) ? 0 : winner;
  }

  double lowError(int steps) {
    return error(LOW, steps);
  }

  double highError(int steps) {
    return error(HIGH, steps);
  }

  private double error(double share, int steps) {
    Quantiles seen = errors.get(horizons.covering(steps));
    double known = seen.weight() / (seen.weight() + FEW);
    double guess = (share < 0.5 ? -1 : 1) * GUESS * Math.sqrt(1 + horizons.covering(steps));
    return known * seen.at(share) + (1 - known) * guess;
  }

  List<Score> scores(Rhythm rhythm) {
    List<Score> all = new ArrayList<>();
    for (int model = 0; model < models.size(); model++) {
      for (int i = 0; i < horizons.count(); i++) {
        if (scores.count(model, i) > 0) {
          all.add(
              new Score(
                  models.get(model),
                  rhythm.step().multipliedBy(horizons.steps(i)),
                  scores.error(model, i),
                  scores.count(model, i),
                  scores.winner(i) == model));
        }
      }
    }
    return all;
  }

  List<Coverage> coverage(Rhythm rhythm) {
    List<Coverage> all = new ArrayList<>();
    for (int i = 0; i < horizons.count(); i++) {
      Tally tally = inside.get(i);
      if (tally.count() > 0) {
        Duration horizon = rhythm.step().multipliedBy(horizons.steps(i));
        all.add(new Coverage(horizon, tally.ratio(), tally.count()));
      }
    }
    return all;
  }

  private int used() {
    return models.size();
  }

  private int low() {
    return models.size() + 1;
  }

  private int high() {
    return models.size() + 2;
  }
}
