package chase.carbon.faults;

import java.util.Locale;

/** What can go wrong with a provider, a network or a clock. */
enum Fault {
  NONE,
  TIMEOUT,
  THROTTLED,
  THROTTLED_WITH_RETRY_AFTER,
  ERROR_500,
  ERROR_503_WITH_RETRY_AFTER,
  EMPTY_BODY,
  HTML_INSTEAD_OF_JSON,
  TRUNCATED_JSON,
  SLOW_DRIP,
  CONNECTION_RESET,
  GARBAGE_ON_THE_WIRE,
  EXPIRED_TOKEN,
  REVOKED_TOKEN,
  RETIRED_ZONE,
  NO_NUMBER,
  BACK_DATED,
  ZERO_FOR_MISSING,
  SANDBOX_NUMBERS,
  FLAPPING_VALUE,
  CHANGED_UNITS,
  HUGE_BODY,
  GZIP_THAT_LIES,
  REDIRECT_TO_ANOTHER_HOST,
  CLOCK_AHEAD,
  CLOCK_BEHIND,
  OUTAGE;

  String words() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  boolean isSlow() {
    return this == TIMEOUT || this == SLOW_DRIP || this == HUGE_BODY;
  }

  boolean isClock() {
    return this == CLOCK_AHEAD || this == CLOCK_BEHIND;
  }
}
