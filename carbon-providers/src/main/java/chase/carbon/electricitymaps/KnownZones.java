package chase.carbon.electricitymaps;

import chase.carbon.ServedRegion;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * The zones that were known when this version of Chase was made, for finding one without a key.
 * What a key covers, and what is new, only the provider's own list says.
 */
public final class KnownZones {
  private static final String FILE = "zones.csv";

  private KnownZones() {}

  /** Reads the zones, which come with Chase. */
  public static List<ServedRegion> read() {
    InputStream stream = Objects.requireNonNull(KnownZones.class.getResourceAsStream(FILE), FILE);
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      return reader
          .lines()
          .filter(line -> !line.startsWith("#") && !line.startsWith("zone,"))
          .map(line -> line.split(",", 2))
          .map(cells -> ServedRegion.of(cells[0], cells[1]))
          .toList();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
