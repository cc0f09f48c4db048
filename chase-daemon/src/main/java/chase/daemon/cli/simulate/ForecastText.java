package chase.daemon.cli.simulate;

import chase.carbon.forecast.Backtest;
import chase.carbon.forecast.ModelKind;
import chase.daemon.cli.view.Table;
import chase.daemon.cli.view.TextLayout;
import chase.daemon.simulation.ForecastBacktest;
import chase.daemon.text.Numbers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** The errors of all models as a table: a row for each model, a column for each horizon. */
final class ForecastText {
  private ForecastText() {}

  static String of(
      ForecastBacktest backtest, List<Backtest.ModelAccuracy> rows, TextLayout layout) {
    List<Optional<Duration>> horizons =
        rows.stream().map(Backtest.ModelAccuracy::horizon).distinct().toList();
    List<Table.Column> columns = new ArrayList<>();
    columns.add(Table.text("ERROR %").cutTo(12));
    horizons.forEach(horizon -> columns.add(Table.number(name(horizon))));
    List<List<String>> lines = new ArrayList<>();
    for (ModelKind model : ModelKind.values()) {
      if (rows.stream().anyMatch(row -> row.model() == model)) {
        lines.add(line(model.label(), horizons, horizon -> error(rows, model, horizon)));
      }
    }
    lines.add(line("in 80 % interval", horizons, horizon -> coverage(rows, horizon)));
    return Table.of(columns, lines).render(layout) + "\n" + layout.verbatim(basis(backtest, rows));
  }

  private static String name(Optional<Duration> horizon) {
    return horizon.map(ForecastText::name).orElse("DAY AHEAD");
  }

  private static String name(Duration ahead) {
    return ahead.toHours() > 0
        ? Numbers.oneDecimal(ahead.toMinutes() / 60.0) + " h"
        : ahead.toMinutes() + " min";
  }

  private static List<String> line(
      String name, List<Optional<Duration>> horizons, Function<Optional<Duration>, String> cell) {
    List<String> line = new ArrayList<>();
    line.add(name);
    horizons.forEach(horizon -> line.add(cell.apply(horizon)));
    return line;
  }

  private static String error(
      List<Backtest.ModelAccuracy> rows, ModelKind model, Optional<Duration> horizon) {
    return row(rows, model, horizon).map(row -> percent("%.2f", row.errorRatio())).orElse("-");
  }

  private static String coverage(List<Backtest.ModelAccuracy> rows, Optional<Duration> horizon) {
    return row(rows, ModelKind.MIX, horizon)
        .flatMap(Backtest.ModelAccuracy::coverage)
        .map(ratio -> percent("%.0f", ratio))
        .orElse("-");
  }

  private static Optional<Backtest.ModelAccuracy> row(
      List<Backtest.ModelAccuracy> rows, ModelKind model, Optional<Duration> horizon) {
    return rows.stream()
        .filter(row -> row.model() == model && row.horizon().equals(horizon))
        .findFirst();
  }

  private static String percent(String form, double ratio) {
    return String.format(Locale.ROOT, form, 100 * ratio);
  }

  private static String basis(ForecastBacktest backtest, List<Backtest.ModelAccuracy> rows) {
    long most = rows.stream().mapToLong(Backtest.ModelAccuracy::count).max().orElse(0);
    return String.format(
        Locale.ROOT,
        "Mean of |truth - forecast| / truth over %s to %s of %s, up to %d values a column; learned"
            + " online from %s.",
        backtest.from(),
        backtest.to(),
        backtest.trace().file().getFileName(),
        most,
        backtest.begin());
  }
}
