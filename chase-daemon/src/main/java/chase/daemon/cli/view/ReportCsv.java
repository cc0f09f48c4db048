package chase.daemon.cli.view;

import chase.daemon.api.ReportBody;
import chase.daemon.api.ReportBody.Against;
import chase.daemon.api.ReportBody.LineBody;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A report as CSV: named cells in a lasting order; what is unknown is empty. */
public final class ReportCsv {
  private static final String BETWEEN = "; ";

  private static final List<String> COMPARED =
      List.of("joules", "joules_with_host", "grams", "grams_with_host", "money", "money_with_host");

  private final List<String> currencies;

  private ReportCsv(ReportBody report) {
    this.currencies = ReportText.currencies(report);
  }

  /** A row for each line, and none for the total: programs add up for themselves. */
  public static String of(ReportBody report) {
    ReportCsv csv = new ReportCsv(report);
    List<Map<String, String>> rows =
        report.lines().stream().map(line -> csv.cells(report.by(), line)).toList();
    CsvSchema.Builder schema = CsvSchema.builder();
    csv.cells(report.by(), report.total()).keySet().forEach(schema::addColumn);
    try {
      return new CsvMapper()
          .writer(schema.build().withHeader())
          .writeValueAsString(rows)
          .stripTrailing();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write the report", e);
    }
  }

  /** Every figure of {@code line} by name, as a program wants it. */
  private Map<String, String> cells(String by, LineBody line) {
    Map<String, String> cells = new LinkedHashMap<>();
    cells.put(by.replace(':', '_'), line.group().orElse(""));
    cells.put("name", line.name().orElse(""));
    job(cells, line.job());
    cells.put("gpu_seconds", Double.toString(line.gpuSeconds()));
    cells.put("steps", whole(line.steps()));
    cells.put("slowdown_ratio", figure(line.slowdownRatio()));
    cells.put("joules", figure(line.used().joules()));
    cells.put("joules_with_host", figure(line.used().joulesWithHost()));
    cells.put("grams", figure(line.used().grams()));
    cells.put("grams_with_host", figure(line.used().gramsWithHost()));
    for (String currency : currencies) {
      String name = "money_" + currency.toLowerCase(Locale.ROOT);
      Optional<ReportBody.MoneyBody> paid = ReportText.paid(line, currency);
      cells.put(name, paid.map(money -> Double.toString(money.amount())).orElse(""));
      cells.put(name + "_with_host", paid.map(money -> figure(money.amountWithHost())).orElse(""));
    }
    compared(cells, "full_power_", line.fullPower());
    compared(cells, "blind_", line.blind());
    cells.put("joules_without_signal", figure(line.joulesWithoutSignal()));
    cells.put("joules_without_price", figure(line.joulesWithoutPrice()));
    cells.put("seconds_without_host", figure(line.secondsWithoutHost()));
    cells.put("limits_watts_seconds", limits(line));
    basis(cells, line.basis());
    return cells;
  }

  private static void job(Map<String, String> cells, Optional<ReportBody.ReportedJobBody> job) {
    cells.put("user", job.flatMap(ReportBody.ReportedJobBody::user).orElse(""));
    cells.put(
        "labels",
        job.map(ReportBody.ReportedJobBody::labels).orElse(Map.of()).entrySet().stream()
            .map(label -> label.getKey() + "=" + label.getValue())
            .collect(Collectors.joining(BETWEEN)));
    cells.put("origin", job.map(ReportBody.ReportedJobBody::origin).orElse(""));
    cells.put("gpus", job.map(known -> String.join(BETWEEN, known.gpus())).orElse(""));
    cells.put("policy", job.flatMap(ReportBody.ReportedJobBody::policy).orElse(""));
    cells.put("started_at", job.map(known -> known.startedAt().toString()).orElse(""));
    cells.put(
        "ended_at",
        job.flatMap(ReportBody.ReportedJobBody::endedAt).map(Object::toString).orElse(""));
  }

  private static void compared(
      Map<String, String> cells, String prefix, Optional<Map<String, Against>> figures) {
    for (String name : COMPARED) {
      Optional<Against> one = figures.map(known -> known.get(name));
      cells.put(prefix + name, one.map(known -> Double.toString(known.would())).orElse(""));
      cells.put(
          prefix + name + "_used", one.map(known -> Double.toString(known.used())).orElse(""));
      cells.put(prefix + name + "_saved_ratio", one.map(k -> figure(k.savedRatio())).orElse(""));
    }
  }

  private static String limits(LineBody line) {
    return line.limits().stream()
        .map(time -> time.limitWatts() + "=" + time.gpuSeconds())
        .collect(Collectors.joining(BETWEEN));
  }

  private static void basis(Map<String, String> cells, ReportBody.BasisBody basis) {
    cells.put("gpu_basis", String.join(BETWEEN, basis.gpus()));
    cells.put("energy_basis", String.join(BETWEEN, basis.energy()));
    cells.put("carbon_basis", String.join(BETWEEN, basis.carbon()));
    cells.put("price_basis", String.join(BETWEEN, basis.price()));
    cells.put("host_basis", String.join(BETWEEN, basis.host()));
    cells.put("work_basis", String.join(BETWEEN, basis.work()));
  }

  private static String figure(Optional<Double> value) {
    return value.isPresent() ? Double.toString(value.get()) : "";
  }

  private static String whole(Optional<Long> value) {
    return value.isPresent() ? Long.toString(value.get()) : "";
  }
}
