package chase.carbon.coverage;

/**
 * What a provider of carbon intensity gives and what it wants for that, in a few words each: a row
 * of the table in {@code docs/signals.md}.
 *
 * @param provider its short name, as {@code carbon.provider} takes it
 * @param key what an account must give; {@link #NO_KEY} where none is needed
 * @param step how far apart its numbers are
 * @param forecast how far its own forecast reaches; {@link #NO_FORECAST} without one
 * @param basis which plants count, and which of their emissions
 * @param licence under which terms its numbers are given
 */
public record ProviderTerms(
    String provider, String key, String step, String forecast, String basis, String licence) {
  /** The {@link #key} of a provider that may be called by anybody. */
  public static final String NO_KEY = "none";

  /** The {@link #forecast} of a provider without one; Chase forecasts its values itself. */
  public static final String NO_FORECAST = "no";

  /** Whether it can be used at once, without an account. */
  public boolean isKeyless() {
    return key.equals(NO_KEY);
  }
}
