package chase.daemon.ledger;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The figures of one row. Those without a source are 0 here, NULL in the database and absent in
 * reports.
 *
 * @param seconds the time
 * @param joules energy of the GPU
 * @param hostJoules energy of the host for this GPU
 * @param grams CO2 (equivalent) of the GPU
 * @param hostGrams CO2 (equivalent) of the host for this GPU
 * @param money what the GPU's energy cost
 * @param hostMoney what the host's energy cost
 * @param intensitySeconds the carbon intensity over time, gCO2/kWh times seconds
 * @param priceSeconds the price over time, money/MWh times seconds
 * @param steps the steps that the job counted
 * @param doneSeconds its work, in seconds at full power
 * @param elapsedSeconds the time in which it did that work, without pauses and checkpoints
 * @param workJoules the energy of the GPU in that time
 */
record Usage(
    double seconds,
    double joules,
    double hostJoules,
    double grams,
    double hostGrams,
    double money,
    double hostMoney,
    double intensitySeconds,
    double priceSeconds,
    double steps,
    double doneSeconds,
    double elapsedSeconds,
    double workJoules) {
  static final Usage ZERO = of(new double[13]);

  /** The columns of its figures, in order. */
  static final List<String> COLUMNS =
      List.of(
          "seconds",
          "joules",
          "host_joules",
          "grams",
          "host_grams",
          "money",
          "host_money",
          "intensity_seconds",
          "price_seconds",
          "steps",
          "done_seconds",
          "elapsed_seconds",
          "work_joules");

  private static final double JOULES_PER_KWH = 3.6e6;
  private static final double JOULES_PER_MWH = 3.6e9;

  /** The usage with these figures, in the order of {@link #COLUMNS}. */
  static Usage of(double... f) {
    return new Usage(
        f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7], f[8], f[9], f[10], f[11], f[12]);
  }

  private double[] figures() {
    return new double[] {
      seconds,
      joules,
      hostJoules,
      grams,
      hostGrams,
      money,
      hostMoney,
      intensitySeconds,
      priceSeconds,
      steps,
      doneSeconds,
      elapsedSeconds,
      workJoules
    };
  }

  /** Its figures in the order of {@link #COLUMNS}; those that {@code sources} lack are empty. */
  List<Optional<Double>> known(FigureSources sources) {
    boolean energy = sources.energy().isPresent();
    boolean host = sources.host().isPresent();
    boolean carbon = sources.carbon().isPresent();
    boolean price = sources.price().isPresent();
    boolean work = sources.work().isPresent();
    boolean[] known = {
      true,
      energy,
      host,
      energy && carbon,
      host && carbon,
      energy && price,
      host && price,
      carbon,
      price,
      work,
      work,
      work,
      energy && work
    };
    double[] figures = figures();
    return IntStream.range(0, figures.length)
        .mapToObj(i -> known[i] ? Optional.of(figures[i]) : Optional.<Double>empty())
        .toList();
  }

  /** Energy used over a time at one intensity (gCO2/kWh) and price (money/MWh). */
  static Usage used(double seconds, double joules, double hostJoules, double carbon, double price) {
    return of(
        seconds,
        joules,
        hostJoules,
        joules / JOULES_PER_KWH * carbon,
        hostJoules / JOULES_PER_KWH * carbon,
        joules / JOULES_PER_MWH * price,
        hostJoules / JOULES_PER_MWH * price,
        carbon * seconds,
        price * seconds,
        0,
        0,
        0,
        0);
  }

  /**
   * Work that became known.
   *
   * @param steps as the job counts them
   * @param doneSeconds in seconds at full power
   * @param elapsedSeconds the time that it took
   * @param joules the energy that it took
   */
  record CompletedWork(double steps, double doneSeconds, double elapsedSeconds, double joules) {
    static final CompletedWork NONE = new CompletedWork(0, 0, 0, 0);
  }

  /** This usage, with the work completed meanwhile. */
  Usage with(CompletedWork work) {
    double[] sum = figures();
    sum[9] += work.steps();
    sum[10] += work.doneSeconds();
    sum[11] += work.elapsedSeconds();
    sum[12] += work.joules();
    return of(sum);
  }

  Usage plus(Usage more) {
    double[] sum = figures();
    double[] added = more.figures();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += added[i];
    }
    return of(sum);
  }

  /** The sum of rows, each figure with the time or energy that it covers. For one thread. */
  static final class UsageTotal {
    double seconds;
    double energySeconds;
    double joules;
    double hostSeconds;
    double hostJoules;

    /** GPU energy of which the grams are known. */
    double weighedJoules;

    double grams;
    double hostGrams;
    double carbonSeconds;
    double intensitySeconds;
    final Map<String, Paid> paid = new TreeMap<>();
    double steps;
    double doneSeconds;
    double elapsedSeconds;
    double workJoules;

    /** The cost in one currency; for one thread. */
    static final class Paid {
      double joules;
      double seconds;
      double priceSeconds;
      double money;
      double hostMoney;
    }

    /** Adds rows with the same sources. */
    void add(FigureSources sources, Usage usage) {
      boolean energy = sources.energy().isPresent();
      seconds += usage.seconds();
      joules += usage.joules();
      energySeconds += energy ? usage.seconds() : 0;
      hostJoules += usage.hostJoules();
      hostSeconds += sources.host().isPresent() ? usage.seconds() : 0;
      if (sources.carbon().isPresent()) {
        weighedJoules += usage.joules();
        grams += usage.grams();
        hostGrams += usage.hostGrams();
        carbonSeconds += usage.seconds();
        intensitySeconds += usage.intensitySeconds();
      }
      sources.price().ifPresent(price -> addCost(price.currency(), usage));
      steps += usage.steps();
      doneSeconds += usage.doneSeconds();
      elapsedSeconds += usage.elapsedSeconds();
      workJoules += usage.workJoules();
    }

    private void addCost(String currency, Usage usage) {
      Paid to = paid.computeIfAbsent(currency, fresh -> new Paid());
      to.joules += usage.joules();
      to.seconds += usage.seconds();
      to.priceSeconds += usage.priceSeconds();
      to.money += usage.money();
      to.hostMoney += usage.hostMoney();
    }

    /** The cost, where it is in one currency. */
    Optional<Paid> paidInOneCurrency() {
      return paid.size() == 1 ? Optional.of(paid.values().iterator().next()) : Optional.empty();
    }

    double paidJoules() {
      return paid.values().stream().mapToDouble(money -> money.joules).sum();
    }
  }
}
