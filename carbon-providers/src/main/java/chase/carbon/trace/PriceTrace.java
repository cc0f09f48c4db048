package chase.carbon.trace;

import chase.carbon.MoneyPerMwh;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Currency;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Recorded prices: rows in ascending order, with the same periods as those of a {@link Trace}. */
public final class PriceTrace {
  private final Trace rows;
  private final Currency currency;

  private PriceTrace(Trace rows, Currency currency) {
    this.rows = rows;
    this.currency = currency;
  }

  /**
   * Reads a CSV file with the header {@code time,eur_per_mwh}, or with any other ISO 4217 currency.
   *
   * @throws IllegalArgumentException with {@code FILE:LINE: what} when it is not such a file, or
   *     {@code FILE: what} when it cannot be read
   */
  public static PriceTrace read(Path file) {
    return read(file, Optional.empty());
  }

  /**
   * The same, without the rows that cannot be read where those are at most one in ten.
   *
   * @param warnings is given one line that names the first of them
   */
  public static PriceTrace read(Path file, Consumer<String> warnings) {
    return read(file, Optional.of(warnings));
  }

  private static PriceTrace read(Path file, Optional<Consumer<String>> warnings) {
    PriceFormat format = new PriceFormat();
    Trace rows = TraceReader.read(file, format, warnings);
    return new PriceTrace(rows, format.currency.orElseThrow());
  }

  Trace rows() {
    return rows;
  }

  /** The money that it counts in. */
  public Currency currency() {
    return currency;
  }

  /** How many rows it has, two at least. */
  public int size() {
    return rows.rows();
  }

  /** When the period of a row begins; rows count from 0. */
  public Instant from(int row) {
    return rows.from(row);
  }

  /** When the period of a row ends: at the next row, or earlier where a gap follows. */
  public Instant to(int row) {
    return rows.to(row);
  }

  /** The price in a row. */
  public MoneyPerMwh value(int row) {
    return new MoneyPerMwh(rows.number(row), currency);
  }

  private static final class PriceFormat implements TraceReader.TraceFormat {
    private static final Pattern HEADER = Pattern.compile("time,([a-z]{3})_per_mwh");

    private Optional<Currency> currency = Optional.empty();

    @Override
    public String expected() {
      return "time,eur_per_mwh (or another ISO 4217 currency)";
    }

    @Override
    public boolean accepts(String header) {
      Matcher named = HEADER.matcher(header);
      currency = named.matches() ? known(named.group(1)) : Optional.empty();
      return currency.isPresent();
    }

    private static Optional<Currency> known(String code) {
      return Currency.availableCurrencies()
          .filter(one -> one.getCurrencyCode().equals(code.toUpperCase(Locale.ROOT)))
          .findFirst();
    }

    @Override
    public double number(double value) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("not finite: " + value);
      }
      return value;
    }

    @Override
    public String unit() {
      return "a price";
    }
  }
}
