package chase.daemon.config;

/** How many calls a provider may be sent in an hour. */
final class CallBudget {
  /** Fewer leave no room for a forecast beside the number for now. */
  private static final int LEAST = 5;

  private CallBudget() {}

  static void require(int callsPerHour) {
    if (callsPerHour < LEAST) {
      throw new IllegalArgumentException(
          "calls-per-hour must be at least %d: %d".formatted(LEAST, callsPerHour));
    }
  }
}
