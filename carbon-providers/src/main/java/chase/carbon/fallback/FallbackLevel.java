package chase.carbon.fallback;

import java.util.Locale;

/** How far the signal has fallen back. The order is that of trust, and the number is public. */
public enum FallbackLevel {
  /** A provider's value for now. */
  LIVE(0),
  /** A provider's forecast for now, made earlier. */
  PROVIDER_FORECAST(1),
  /** Chase's own forecast for now, from the stored past. */
  OWN_FORECAST(2),
  /** The last value, over but within its maximum age. */
  LAST_VALUE(3),
  /** A mean: what the region is like, not how it is now. */
  STATIC(4),
  /** Nothing that may be acted on: original limits are restored. */
  NO_SIGNAL(5);

  private final int number;

  FallbackLevel(int number) {
    this.number = number;
  }

  /** 0 for live to 5 for no signal, as {@code chase_signal_fallback_level} shows it. */
  public int number() {
    return number;
  }

  /** The level as tables and messages write it, such as {@code provider-forecast}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether limits may follow the signal. */
  public boolean usable() {
    return this != NO_SIGNAL;
  }
}
