package chase.daemon.ledger;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Rows added up, each figure with how much of the time or energy it covers. For one thread. */
final class Known {
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
