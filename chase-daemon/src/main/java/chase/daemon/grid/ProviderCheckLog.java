package chase.daemon.grid;

import chase.carbon.CarbonProvider;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.ProviderCheck;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Locale;

/** Logs once at the start, a line for each provider, what it lets this host do. */
public final class ProviderCheckLog {
  private static final Logger LOG = System.getLogger(ProviderCheckLog.class.getName());

  private ProviderCheckLog() {}

  /** Checks them on a thread of its own; nothing waits for it. */
  public static void start(List<CarbonProvider> providers) {
    Thread.ofVirtual().name("self-check").start(() -> providers.forEach(ProviderCheckLog::log));
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
      case HELD_BACK -> "held back by Chase";
      case PROVIDER_DOWN -> "provider down";
      case MALFORMED, IMPLAUSIBLE -> reason.name().toLowerCase(Locale.ROOT) + " answer";
    };
  }
}
