package chase.zeus.batchsize.trace;

import chase.zeus.batchsize.TargetMetric;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * The two traces of a job that was never run: epochs to the target are least at some batch size and
 * rise to both sides, with a spread; an epoch is shorter with larger batches, until the GPU is
 * full; its draw and its speed rise and flatten with the power limit.
 *
 * @param train the epochs of recorded runs, as Zeus's traces have them
 * @param power the epochs under each power limit, likewise
 * @param defaultBatchSize what its owner uses, which reaches the target
 */
record SyntheticJob(String train, String power, int defaultBatchSize) {
  static final int MAX_EPOCHS = 60;
  private static final int RUNS = 4;
  private static final int LOWEST_LIMIT = 100;
  private static final int HIGHEST_LIMIT = 250;
  private static final int STEP = 25;

  static SyntheticJob of(long seed) {
    Random random = new Random(seed);
    int sizes = 6 + random.nextInt(5);
    int misses = random.nextInt(3);
    double best = random.nextDouble() * (sizes - misses - 1);
    double bend = 0.02 + 0.06 * random.nextDouble();
    double spread = 0.02 + 0.12 * random.nextDouble();
    double fastest = 8 + 20 * random.nextDouble();
    double full = 0.3 + 0.5 * random.nextDouble();
    List<Integer> defaults = new ArrayList<>();
    StringBuilder train =
        new StringBuilder("dataset,network,batch_size,optimizer,target_metric,target_epoch\n");
    StringBuilder power =
        new StringBuilder(
            "dataset,network,batch_size,optimizer,power_limit,time_per_epoch,average_power\n");
    for (int i = 0; i < sizes; i++) {
      int batch = 8 << i;
      double epochs = fastest * Math.exp(bend * (i - best) * (i - best));
      boolean never = i >= sizes - misses;
      if (!never && epochs < MAX_EPOCHS / 2.0) {
        defaults.add(batch);
      }
      for (int run = 0; run < RUNS; run++) {
        long took = Math.max(1, Math.round(epochs * Math.exp(spread * random.nextGaussian())));
        train.append(
            String.format(Locale.ROOT, "made-up,net,%d,sgd,0.5,%s\n", batch, never ? "" : took));
      }
      double load = Math.pow((i + 1.0) / sizes, full);
      for (int limit = LOWEST_LIMIT; limit <= HIGHEST_LIMIT; limit += STEP) {
        double draw = Math.min(limit, 60 + 180 * load);
        double speed = load * Math.pow(draw / (60 + 180 * load), 0.4);
        power.append(
            String.format(
                Locale.ROOT, "made-up,net,%d,sgd,%d,%.4f,%.3f\n", batch, limit, 100 / speed, draw));
      }
    }
    return new SyntheticJob(
        train.toString(), power.toString(), defaults.get(random.nextInt(defaults.size())));
  }

  JobTrace trace() {
    TracedJob job =
        new TracedJob(
            "made-up", "net", "sgd", new TargetMetric(0.5, true), MAX_EPOCHS, defaultBatchSize);
    return JobTrace.read(job, "train.csv", train, "power.csv", power);
  }
}
