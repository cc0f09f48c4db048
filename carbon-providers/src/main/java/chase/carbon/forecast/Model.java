package chase.carbon.forecast;

import java.util.Locale;

/** Who foresees. */
public enum Model {
  /** The newest value goes on. */
  PERSISTENCE,
  /** The same time of the newest day that is known. */
  YESTERDAY,
  /** The usual course of a day, with what is left of the newest deviation from it. */
  PROFILE,
  /** The provider's own forecast. */
  PROVIDER;

  /** One word for tables and labels, such as {@code persistence}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
