package chase.carbon;

import java.util.Currency;
import java.util.Locale;

/**
 * A price of electrical energy, finite; negative when consumers are paid for taking energy.
 *
 * @param value money for each megawatt-hour
 * @param currency which money
 */
public record MoneyPerMwh(double value, Currency currency) {
  /** Refuses non-finite numbers with {@link IllegalArgumentException}. */
  public MoneyPerMwh {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("a price must be finite: " + value);
    }
  }

  /** Such as {@code 43.10 EUR/MWh}. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.2f %s/MWh", value, currency.getCurrencyCode());
  }
}
