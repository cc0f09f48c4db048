package chase.zeus.batchsize;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What is believed of the epochs to the target at each batch size: a Gaussian process over octaves
 * (Rasmussen and Williams 2006, algorithm 2.1), whose noise and roughness are unknown. Each pair of
 * them is a hypothesis that weighs as much as it explains the runs, so that a belief has the wide
 * tails of Student's t.
 */
final class EpochModel {
  private static final double[] NOISES = {0.01, 0.02, 0.04, 0.08, 0.16, 0.32};
  private static final double[] ROUGHNESSES = {0.05, 0.1, 0.2, 0.4};

  /** How sure the guess of the noise is: a standard deviation of its logarithm. */
  private static final double GUESS = 0.7;

  /**
   * How alike the noise of different batch sizes is: the degrees of freedom of an inverse-gamma
   * prior around the common one.
   */
  private static final double ALIKE = 4;

  private static final double NEGLIGIBLE = 1e-9;

  private final List<Runs> runs;
  private final List<Hypothesis> hypotheses;

  /**
   * The runs at one batch size.
   *
   * @param octaves how far it lies from the owner's
   * @param logEpochs one for each run, at least one
   */
  record Runs(double octaves, List<Double> logEpochs) {
    private double mean() {
      return logEpochs.stream().mapToDouble(y -> y).average().orElseThrow();
    }

    private double squares() {
      double mean = mean();
      return logEpochs.stream().mapToDouble(y -> (y - mean) * (y - mean)).sum();
    }
  }

  /** A place on the curve; runs with the same octaves are there. */
  record Place(double octaves) {}

  /** What a try may bring, in logarithms of cost: both are at least 0. */
  record ExpectedImprovement(double gain, double loss) {}

  /** One noise and one roughness, and the curve that follows. */
  private static final class Hypothesis {
    private final Kernel kernel;
    private final double level;
    private final Cholesky covariance;

    /** How hard each batch size's runs pull at the curve: the inverse covariance times the rest. */
    private final double[] pull;

    private double weight;

    private Hypothesis(
        Kernel kernel, double level, Cholesky covariance, double[] pull, double logWeight) {
      this.kernel = kernel;
      this.level = level;
      this.covariance = covariance;
      this.pull = pull;
      this.weight = logWeight;
    }
  }

  /**
   * The curve after these runs.
   *
   * @param noise a guess of how much equal runs differ, in logarithms
   */
  EpochModel(List<Runs> runs, double noise) {
    this.runs = List.copyOf(runs);
    this.hypotheses = new ArrayList<>();
    for (double hypothetic : NOISES) {
      for (double roughness : ROUGHNESSES) {
        hypotheses.add(hypothesis(new Kernel(roughness), hypothetic, noise));
      }
    }
    double most = hypotheses.stream().mapToDouble(h -> h.weight).max().orElseThrow();
    double sum = hypotheses.stream().mapToDouble(h -> Math.exp(h.weight - most)).sum();
    hypotheses.forEach(h -> h.weight = Math.exp(h.weight - most) / sum);
  }

  /** One hypothesis; its weight is the logarithm of how well it explains the runs. */
  private Hypothesis hypothesis(Kernel kernel, double noise, double guess) {
    int n = runs.size();
    double level = runs.stream().mapToDouble(Runs::mean).average().orElse(0);
    double[][] covariance = new double[n][n];
    double[] rest = new double[n];
    double logLikelihood = 0;
    for (int i = 0; i < n; i++) {
      Runs here = runs.get(i);
      rest[i] = here.mean() - level - Kernel.mean(here.octaves);
      for (int j = 0; j <= i; j++) {
        covariance[i][j] = kernel.covariance(here.octaves, runs.get(j).octaves);
        covariance[j][i] = covariance[i][j];
      }
      int count = here.logEpochs.size();
      double squares = ALIKE * noise * noise + here.squares();
      double variance = squares / (ALIKE + count - 3);
      covariance[i][i] += Kernel.OWN * Kernel.OWN + variance / count;
      logLikelihood += ALIKE * Math.log(noise) - (ALIKE + count - 1) / 2 * Math.log(squares);
    }
    Cholesky cholesky = Cholesky.of(covariance);
    double[] white = cholesky.solve(rest);
    for (double z : white) {
      logLikelihood -= z * z / 2;
    }
    double surprise = Math.log(noise / guess) / GUESS;
    double weight = logLikelihood - cholesky.logDeterminant() - surprise * surprise / 2;
    return new Hypothesis(kernel, level, cholesky, cholesky.solveTransposed(white), weight);
  }

  /** The believed logarithm of the epochs at a place. */
  double mean(Place place) {
    return hypotheses.stream().mapToDouble(h -> h.weight * mean(h, place)).sum();
  }

  /**
   * By how much {@code log epochs + cost} is expected to be less at {@code a} than at {@code b}, a
   * loss counting as nothing (the expected improvement of Mockus 1978), and by how much more, a
   * gain counting as nothing.
   *
   * @param variance how unsure the difference of the costs is
   */
  ExpectedImprovement expectedImprovement(
      Place a, double costA, Place b, double costB, double variance) {
    double gain = 0;
    double lead = 0;
    for (Hypothesis h : hypotheses) {
      if (h.weight < NEGLIGIBLE) {
        continue;
      }
      double[] gap = new double[runs.size()];
      double[] toA = covariances(h, a);
      double[] toB = covariances(h, b);
      for (int i = 0; i < gap.length; i++) {
        gap[i] = toA[i] - toB[i];
      }
      double spread = prior(h, a, a) + prior(h, b, b) - 2 * prior(h, a, b) + variance;
      for (double z : h.covariance.solve(gap)) {
        spread -= z * z;
      }
      double deviation = Math.sqrt(Math.max(spread, NEGLIGIBLE));
      double less = mean(h, b) + costB - mean(h, a) - costA;
      double z = less / deviation;
      gain += h.weight * (less * normal(z) + deviation * density(z));
      lead += h.weight * less;
    }
    return new ExpectedImprovement(gain, gain - lead);
  }

  /**
   * One draw of the logarithm of the epochs at all places together.
   *
   * @param boldness the share of the belief's spread that is drawn; 1 for Thompson's own sampling
   */
  double[] draw(List<Place> places, RandomGenerator random, double boldness) {
    Hypothesis h = pick(random);
    int n = places.size();
    double[][] covariance = new double[n][n];
    double[] means = new double[n];
    List<double[]> white = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      means[i] = mean(h, places.get(i));
      white.add(h.covariance.solve(covariances(h, places.get(i))));
      for (int j = 0; j <= i; j++) {
        double left = prior(h, places.get(i), places.get(j));
        for (int k = 0; k < runs.size(); k++) {
          left -= white.get(i)[k] * white.get(j)[k];
        }
        covariance[i][j] = left;
        covariance[j][i] = left;
      }
    }
    double[] chance = new double[n];
    for (int i = 0; i < n; i++) {
      chance[i] = boldness * random.nextGaussian();
    }
    double[] drawn = Cholesky.of(covariance).times(chance);
    for (int i = 0; i < n; i++) {
      drawn[i] += means[i];
    }
    return drawn;
  }

  private Hypothesis pick(RandomGenerator random) {
    double left = random.nextDouble();
    for (Hypothesis h : hypotheses) {
      left -= h.weight;
      if (left < 0) {
        return h;
      }
    }
    return hypotheses.getLast();
  }

  private double mean(Hypothesis h, Place place) {
    double mean = h.level + Kernel.mean(place.octaves);
    double[] toRuns = covariances(h, place);
    for (int i = 0; i < toRuns.length; i++) {
      mean += toRuns[i] * h.pull[i];
    }
    return mean;
  }

  private double[] covariances(Hypothesis h, Place place) {
    double[] covariances = new double[runs.size()];
    for (int i = 0; i < covariances.length; i++) {
      covariances[i] = prior(h, place, new Place(runs.get(i).octaves));
    }
    return covariances;
  }

  /** Two places are the same batch size when they have the same octaves. */
  private static double prior(Hypothesis h, Place a, Place b) {
    double own = a.octaves == b.octaves ? Kernel.OWN * Kernel.OWN : 0;
    return h.kernel.covariance(a.octaves, b.octaves) + own;
  }

  /** The chance that a standard normal number is below z (Page 1977, within 0.0002). */
  private static double normal(double z) {
    return 1 / (1 + Math.exp(-1.5976 * z - 0.07056 * z * z * z));
  }

  private static double density(double z) {
    return Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
  }

  /**
   * How the logarithm of the epochs to a target varies over octaves of batch size, before anything
   * is seen: a slope, a bend, and an integrated Wiener process (the prior of a smoothing spline;
   * Wahba 1978), which may bend anywhere. Its zero is the batch size that the job's owner uses.
   *
   * @param roughness how much the slope may change in an octave, as a standard deviation
   */
  record Kernel(double roughness) {
    /** Standard deviations and means of the prior, in natural logarithms; wide on purpose. */
    private static final double LEVEL = 1;

    private static final double SLOPE = 0.3;
    private static final double BEND = 0.05;

    /** Epochs are convex in the logarithm of the batch size, if weakly (McCandlish et al. 2018). */
    private static final double MEAN_BEND = 0.05;

    /** What a batch size has of its own, such as a learning rate that suits it. */
    static final double OWN = 0.03;

    static double mean(double octaves) {
      return MEAN_BEND * octaves * octaves / 2;
    }

    /** The covariance of two places, without what each has of its own. */
    double covariance(double a, double b) {
      double smooth = LEVEL * LEVEL + SLOPE * SLOPE * a * b + BEND * BEND * a * a * b * b / 4;
      if (a * b <= 0) {
        return smooth;
      }
      double near = Math.min(Math.abs(a), Math.abs(b));
      double far = Math.max(Math.abs(a), Math.abs(b));
      return smooth + roughness * roughness * near * near * (far / 2 - near / 6);
    }
  }
}
