package chase.daemon.ledger;

import chase.daemon.api.ReportBody;
import chase.daemon.ledger.SavingsComparison.Aspect;
import chase.daemon.ledger.SavingsComparison.ComparedFigure;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** One line of a report as it adds up. For one thread. */
final class ReportLine {
  private final Optional<String> group;
  private final Usage.UsageTotal total = new Usage.UsageTotal();
  private final Set<FigureSources> sources = new HashSet<>();
  private final Map<Aspect, ComparedFigure> fullPower = new EnumMap<>(Aspect.class);
  private final Map<Aspect, ComparedFigure> blind = new EnumMap<>(Aspect.class);
  private final Map<Long, Double> secondsAt = new TreeMap<>();
  private double steps;

  /**
   * A line with nothing in it.
   *
   * @param group what it is about; empty for usage without an owner, and for the total
   */
  ReportLine(Optional<String> group) {
    this.group = group;
  }

  Optional<String> group() {
    return group;
  }

  void add(FigureSources from, Usage usage) {
    total.add(from, usage);
    sources.add(from);
  }

  /** Each GPU of a job counts all of its steps. */
  void stepsOfOneGpu(double counted) {
    steps = Math.max(steps, counted);
  }

  void compare(SavingsComparison comparison) {
    comparison
        .fullPower()
        .forEach((what, figure) -> fullPower.merge(what, figure, ComparedFigure::plus));
    comparison
        .carbonBlind()
        .forEach((what, figure) -> blind.merge(what, figure, ComparedFigure::plus));
  }

  void addLimitTime(long milliwatts, double seconds) {
    secondsAt.merge(milliwatts, seconds, Double::sum);
  }

  double joules() {
    return total.joules;
  }

  boolean simulated() {
    return sources.stream().anyMatch(FigureSources::simulated);
  }

  /** The line as the API returns it. */
  ReportBody.LineBody line(Optional<String> name, Optional<ReportBody.ReportedJobBody> job) {
    return new ReportBody.LineBody(
        group,
        name,
        job,
        round(total.seconds),
        job.isPresent() && steps > 0 ? Optional.of(Math.round(steps)) : Optional.empty(),
        total.doneSeconds > 0
            ? Optional.of(ratio(total.elapsedSeconds / total.doneSeconds - 1))
            : Optional.empty(),
        used(),
        where(total.joules > total.weighedJoules, total.joules - total.weighedJoules),
        where(
            !total.paid.isEmpty() && total.joules > total.paidJoules(),
            total.joules - total.paidJoules()),
        where(
            total.hostSeconds > 0 && total.seconds > total.hostSeconds,
            total.seconds - total.hostSeconds),
        compared(fullPower),
        compared(blind),
        secondsAt.entrySet().stream()
            .map(time -> new ReportBody.LimitTime(time.getKey() / 1000.0, round(time.getValue())))
            .toList(),
        basis());
  }

  private ReportBody.Used used() {
    boolean energy = total.energySeconds > 0;
    boolean host = energy && total.hostSeconds > 0;
    boolean carbon = energy && total.carbonSeconds > 0;
    return new ReportBody.Used(
        where(energy, total.joules),
        where(host, total.joules + total.hostJoules),
        where(carbon, total.grams),
        where(carbon && host, total.grams + total.hostGrams),
        total.paid.isEmpty() || !energy ? Optional.empty() : Optional.of(money(host)));
  }

  private List<ReportBody.MoneyBody> money(boolean host) {
    return total.paid.entrySet().stream()
        .map(paid ->
            new ReportBody.MoneyBody(
                paid.getKey(),
                micro(paid.getValue().money),
                host
                    ? Optional.of(micro(paid.getValue().money + paid.getValue().hostMoney))
                    : Optional.empty()))
        .toList();
  }

  private static Optional<Map<String, ReportBody.Against>> compared(
      Map<Aspect, ComparedFigure> figures) {
    if (figures.isEmpty()) {
      return Optional.empty();
    }
    Map<String, ReportBody.Against> named = new TreeMap<>();
    figures.forEach((what, figure) ->
        named.put(
            what.name().toLowerCase(Locale.ROOT),
            new ReportBody.Against(
                micro(figure.used()),
                micro(figure.alternative()),
                figure.alternative() > 0
                    ? Optional.of(ratio(1 - figure.used() / figure.alternative()))
                    : Optional.empty())));
    return Optional.of(named);
  }

  private ReportBody.BasisBody basis() {
    return new ReportBody.BasisBody(
        labels(basis -> Optional.of(basis.simulated() ? "simulated" : "hardware")),
        labels(FigureSources::energy),
        labels(basis -> basis.carbon().map(FigureSources.IntensityProvenance::description)),
        labels(basis -> basis.price().map(FigureSources.PriceProvenance::description)),
        labels(FigureSources::host),
        labels(FigureSources::work));
  }

  private List<String> labels(Function<FigureSources, Optional<String>> word) {
    return sources.stream().map(word).flatMap(Optional::stream).distinct().sorted().toList();
  }

  private static Optional<Double> where(boolean holds, double value) {
    return holds ? Optional.of(round(value)) : Optional.empty();
  }

  private static double round(double value) {
    return Math.rint(value * 1e3) / 1e3;
  }

  private static double micro(double value) {
    return Math.rint(value * 1e6) / 1e6;
  }

  private static double ratio(double value) {
    return Math.rint(value * 1e5) / 1e5 + 0.0; // minus zero is written as zero
  }
}
