package chase.daemon.ledger;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What one row adds up. Figures without a basis are 0 here and absent wherever they show.
 *
 * @param seconds time
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
 * @param elapsedSeconds the time in which it did that work; rests and checkpoints are not in it
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
  static final Usage ZERO = new Usage(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  private static final double JOULES_PER_KWH = 3.6e6;
  private static final double JOULES_PER_MWH = 3.6e9;

  /** Energy used over a time at one intensity (gCO2/kWh) and price (money/MWh). */
  static Usage used(double seconds, double joules, double hostJoules, double carbon, double price) {
    return new Usage(
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

  /** These with work done meanwhile. */
  Usage doing(CompletedWork work) {
    return plus(
        new Usage(
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            work.steps(),
            work.doneSeconds(),
            work.elapsedSeconds(),
            work.joules()));
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

  Usage plus(Usage more) {
    return new Usage(
        seconds + more.seconds,
        joules + more.joules,
        hostJoules + more.hostJoules,
        grams + more.grams,
        hostGrams + more.hostGrams,
        money + more.money,
        hostMoney + more.hostMoney,
        intensitySeconds + more.intensitySeconds,
        priceSeconds + more.priceSeconds,
        steps + more.steps,
        doneSeconds + more.doneSeconds,
        elapsedSeconds + more.elapsedSeconds,
        workJoules + more.workJoules);
  }

  /** Rows added up, each figure with how much of the time or energy it covers. For one thread. */
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

    /** What was paid in one currency; for one thread. */
    static final class Paid {
      double joules;
      double seconds;
      double priceSeconds;
      double money;
      double hostMoney;
    }

    /** Adds rows of one basis. */
    void add(FigureSources basis, Usage sums) {
      boolean energy = basis.energy().isPresent();
      seconds += sums.seconds();
      joules += sums.joules();
      energySeconds += energy ? sums.seconds() : 0;
      hostJoules += sums.hostJoules();
      hostSeconds += basis.host().isPresent() ? sums.seconds() : 0;
      if (basis.carbon().isPresent()) {
        weighedJoules += sums.joules();
        grams += sums.grams();
        hostGrams += sums.hostGrams();
        carbonSeconds += sums.seconds();
        intensitySeconds += sums.intensitySeconds();
      }
      basis.price().ifPresent(price -> pay(price.currency(), sums));
      steps += sums.steps();
      doneSeconds += sums.doneSeconds();
      elapsedSeconds += sums.elapsedSeconds();
      workJoules += sums.workJoules();
    }

    private void pay(String currency, Usage sums) {
      Paid to = paid.computeIfAbsent(currency, fresh -> new Paid());
      to.joules += sums.joules();
      to.seconds += sums.seconds();
      to.priceSeconds += sums.priceSeconds();
      to.money += sums.money();
      to.hostMoney += sums.hostMoney();
    }

    /** The money, where it is of one currency. */
    Optional<Paid> onlyPaid() {
      return paid.size() == 1 ? Optional.of(paid.values().iterator().next()) : Optional.empty();
    }

    double paidJoules() {
      return paid.values().stream().mapToDouble(money -> money.joules).sum();
    }
  }
}
