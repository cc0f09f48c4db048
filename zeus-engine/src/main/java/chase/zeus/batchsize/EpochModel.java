package chase.zeus.batchsize;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Predicts the epochs to the target at each batch size: a Gaussian process over octaves (Rasmussen
 * and Williams 2006, algorithm 2.1), whose noise and roughness are unknown. Each pair of them is a
 * hypothesis, weighted by how well it explains the runs, so that a prediction has the wide tails of
 * Student's t. A batch size's place on the curve is its distance in octaves from the owner's.
 */
final class EpochModel {
  private static final double[] NOISES = {0.01, 0.02, 0.04, 0.08, 0.16, 0.32};
  private static final double[] ROUGHNESSES = {0.05, 0.1, 0.2, 0.4};

  /** How uncertain the guess of the noise is: a standard deviation of its logarithm. */
  private static final double GUESS_DEVIATION = 0.7;

  /**
   * How similar the noise of different batch sizes is: the degrees of freedom of an inverse-gamma
   * prior around the common one.
   */
  private static final double NOISE_FREEDOM = 4;

  private static final double NEGLIGIBLE = 1e-9;

  private final List<Runs> runs;
  private final List<Hypothesis> hypotheses;

  /**
   * The runs at one batch size.
   *
   * @param octaves its distance from the owner's
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

  /** What one more trial may gain and lose, in logarithms of cost: both are at least 0. */
  record ExpectedImprovement(double gain, double loss) {}

  /** One noise and one roughness, and the curve that follows. */
  private static final class Hypothesis {
    private final Kernel kernel;
    private final double level;
    private final Cholesky covariance;

    /** How much each batch size's runs move the curve: the inverse covariance times the rest. */
    private final double[] influence;

    private double weight;

    private Hypothesis(
        Kernel kernel, double level, Cholesky covariance, double[] influence, double logWeight) {
      this.kernel = kernel;
      this.level = level;
      this.covariance = covariance;
      this.influence = influence;
      this.weight = logWeight;
    }
  }

  /**
   * The model after these runs.
   *
   * @param noise a guess of how much runs of one batch size differ, in logarithms
   */
  EpochModel(List<Runs> runs, double noise) {
    this.runs = List.copyOf(runs);
    this.hypotheses = new ArrayList<>();
    for (double candidate : NOISES) {
      for (double roughness : ROUGHNESSES) {
        hypotheses.add(hypothesis(new Kernel(roughness), candidate, noise));
      }
    }
    double max = hypotheses.stream().mapToDouble(h -> h.weight).max().orElseThrow();
    double sum = hypotheses.stream().mapToDouble(h -> Math.exp(h.weight - max)).sum();
    hypotheses.forEach(h -> h.weight = Math.exp(h.weight - max) / sum);
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
      double squares = NOISE_FREEDOM * noise * noise + here.squares();
      double variance = squares / (NOISE_FREEDOM + count - 3);
      covariance[i][i] += Kernel.OWN * Kernel.OWN + variance / count;
      logLikelihood +=
          NOISE_FREEDOM * Math.log(noise) - (NOISE_FREEDOM + count - 1) / 2 * Math.log(squares);
    }
    Cholesky cholesky = Cholesky.of(covariance);
    double[] white = cholesky.solve(rest);
    for (double z : white) {
      logLikelihood -= z * z / 2;
    }
    double surprise = Math.log(noise / guess) / GUESS_DEVIATION;
    double weight = logLikelihood - cholesky.logDeterminant() - surprise * surprise / 2;
    return new Hypothesis(kernel, level, cholesky, cholesky.solveTransposed(white), weight);
  }

  /** The predicted logarithm of the epochs. */
  double mean(double octaves) {
    return hypotheses.stream().mapToDouble(h -> h.weight * mean(h, octaves)).sum();
  }

  /**
   * By how much {@code log epochs + cost} is expected to be less at {@code a} than at {@code b}, a
   * loss counting as nothing (the expected improvement of Mockus 1978), and by how much more, a
   * gain counting as nothing.
   *
   * @param variance how uncertain the difference of the costs is
   */
  ExpectedImprovement expectedImprovement(
      double a, double costA, double b, double costB, double variance) {
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
   * One joint draw of the logarithm of the epochs at all places.
   *
   * @param octaves the places
   * @param factor the share of the prediction's spread that is drawn; 1 for Thompson sampling as it
   *     was published
   */
  double[] draw(double[] octaves, RandomGenerator random, double factor) {
    Hypothesis h = pick(random);
    int n = octaves.length;
    double[][] covariance = new double[n][n];
    double[] means = new double[n];
    List<double[]> white = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      means[i] = mean(h, octaves[i]);
      white.add(h.covariance.solve(covariances(h, octaves[i])));
      for (int j = 0; j <= i; j++) {
        double left = prior(h, octaves[i], octaves[j]);
        for (int k = 0; k < runs.size(); k++) {
          left -= white.get(i)[k] * white.get(j)[k];
        }
        covariance[i][j] = left;
        covariance[j][i] = left;
      }
    }
    double[] normal = new double[n];
    for (int i = 0; i < n; i++) {
      normal[i] = factor * random.nextGaussian();
    }
    double[] drawn = Cholesky.of(covariance).times(normal);
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

  private double mean(Hypothesis h, double octaves) {
    double mean = h.level + Kernel.mean(octaves);
    double[] toRuns = covariances(h, octaves);
    for (int i = 0; i < toRuns.length; i++) {
      mean += toRuns[i] * h.influence[i];
    }
    return mean;
  }

  private double[] covariances(Hypothesis h, double octaves) {
    double[] covariances = new double[runs.size()];
    for (int i = 0; i < covariances.length; i++) {
      covariances[i] = prior(h, octaves, runs.get(i).octaves);
    }
    return covariances;
  }

  /** Two places are the same batch size when they have the same octaves. */
  private static double prior(Hypothesis h, double a, double b) {
    double own = a == b ? Kernel.OWN * Kernel.OWN : 0;
    return h.kernel.covariance(a, b) + own;
  }

  /** The probability that a standard normal number is below z (Page 1977, within 0.0002). */
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

    /** What is particular to one batch size, such as a learning rate that suits it. */
    static final double OWN = 0.03;

    static double mean(double octaves) {
      return MEAN_BEND * octaves * octaves / 2;
    }

    /** The covariance of two places, without what is particular to each. */
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
