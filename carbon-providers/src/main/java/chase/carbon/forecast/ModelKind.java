package chase.carbon.forecast;

import java.util.Locale;

/** The models of a forecast. */
public enum ModelKind {
  /** The newest value persists. */
  PERSISTENCE,
  /** The same time of the newest day that is known. */
  YESTERDAY,
  /** The usual course of a day, with what is left of the newest deviation from it. */
  PROFILE,
  /** A regression of nine coefficients for each horizon. */
  LITE,
  /** A regression of the next day on the last one, for each hour of the day apart. */
  RIDGE,
  /** The provider's own forecast. */
  PROVIDER,
  /** A weighted mean of all others, whose weights follow from their errors. */
  MIX;

  /** One word for tables and labels, such as {@code persistence}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
