package chase.daemon.grid;

import chase.carbon.CarbonProvider;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.ProviderCheck;
import chase.carbon.fallback.SourceStatus;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/** Logs once at the start, a line for each provider, what it lets this host do. */
public final class ProviderCheckLog {
  private static final Logger LOG = System.getLogger(ProviderCheckLog.class.getName());

  private ProviderCheckLog() {}

  /**
   * Checks them on a thread of its own; nothing waits for it. One that may not be called yet is not
   * checked: it was called a while ago, and its next poll shows what it allows.
   */
  public static void start(GridSources sources) {
    Thread.ofVirtual().name("self-check").start(() -> logAll(sources));
  }

  private static void logAll(GridSources sources) {
    try {
      List<SourceStatus> resting = sources.resting();
      for (CarbonProvider provider : sources.checkedProviders()) {
        resting.stream()
            .filter(source -> source.provider().equals(provider.provider()))
            .findFirst()
            .ifPresentOrElse(ProviderCheckLog::logUnchecked, () -> log(provider));
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private static void logUnchecked(SourceStatus resting) {
    LOG.log(
        Level.INFO,
        "{0} {1}: asked before this start, and not again before {2}",
        resting.provider(),
        resting.region(),
        resting.nextPoll().truncatedTo(ChronoUnit.SECONDS));
  }

  private static void log(CarbonProvider provider) {
    try {
      ProviderCheck access = provider.check();
      LOG.log(access.usable() ? Level.INFO : Level.WARNING, line(access));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "the check of a provider broke", e);
    }
  }

  /** What is in the way, in words that differ for each case, and the provider's message. */
  public static String line(ProviderCheck access) {
    return access.failure().map(why -> meaning(why) + ": ").orElse("") + access.message();
  }

  private static String meaning(FailureReason reason) {
    return switch (reason) {
      case BAD_KEY -> "bad key";
      case NOT_ENTITLED -> "key not for this zone";
      case ENDPOINT_NOT_IN_PLAN -> "endpoint not in plan";
      case UNKNOWN_REGION -> "unknown region";
      case NO_DATA -> "no data";
      case CLOCK_SKEW -> "clock skew";
      case THROTTLED -> "too many calls";
      case HELD_BACK -> "not asked now";
      case PROVIDER_DOWN -> "provider down";
      case MALFORMED, IMPLAUSIBLE -> reason.name().toLowerCase(Locale.ROOT) + " answer";
    };
  }
}
