package chase.carbon.http;

import java.time.Duration;
import java.time.InstantSource;

/** A provider that is asked without repetitions, and as often as a test likes. */
public final class ImpatientHttp {
  private ImpatientHttp() {}

  /** A fresh one, rested and with its whole budget. */
  public static ProviderHttp over(Transport transport, InstantSource clock) {
    Etiquette etiquette = new Etiquette("test", 1_000_000, 0, Duration.ofMillis(1));
    return new ProviderHttp(transport, etiquette, clock);
  }
}
