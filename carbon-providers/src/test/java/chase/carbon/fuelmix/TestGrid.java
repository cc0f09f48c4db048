package chase.carbon.fuelmix;

import chase.carbon.CarbonIntensity;
import chase.carbon.Region;
import chase.carbon.SignalKind.EmissionScope;
import chase.carbon.fixtures.TestClock;
import chase.carbon.fixtures.TestProviderServer;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Clients of one operator, whose pages a test server has; direct factors are round numbers. */
record TestGrid(TestProviderServer server, String operator, TestClock clock) {
  FuelMix client() {
    return client(EmissionScope.DIRECT);
  }

  FuelMix client(EmissionScope scope) {
    return new FuelMix(
        new FuelMix.GridOptions(Optional.of(server.url()), new Region(operator), scope),
        server.http(clock),
        clock);
  }

  /** The whole past, each value as {@code start to end: grams}. */
  List<String> past() throws Exception {
    return client().history(Instant.EPOCH, clock.instant()).stream().map(TestGrid::line).toList();
  }

  String current() throws Exception {
    return line(client().current());
  }

  private static String line(CarbonIntensity one) {
    return String.format(
        Locale.ROOT, "%s to %s: %.1f", one.validFrom(), one.validTo(), one.value().value());
  }
}
