package chase.carbon.history;

import chase.carbon.CarbonIntensity;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * The identity of a series: values of two series are never in one file.
 *
 * @param provider the provider that gives its values: {@code chase} for what other hosts pass on
 * @param region the region that they describe
 * @param kind which kind of number
 */
public record SeriesKey(String provider, Region region, SignalKind kind) {
  /** What earlier versions called a provider, in lines and names of files, and its name now. */
  private static final String OLD_NAME = "electricitymaps";

  private static final String NEW_NAME = "electricity-maps";

  /** The series that a number belongs to. */
  public static SeriesKey of(CarbonIntensity sample) {
    return new SeriesKey(sample.source(), sample.region(), sample.kind());
  }

  /** A name that is one on every file system, such as {@code neso_GB_average_unstated}. */
  String fileName() {
    String suffix = kind.description().replace(", ", "_");
    // Files keep the names that earlier versions gave them.
    String stored = provider.equals(NEW_NAME) ? OLD_NAME : provider;
    return "%s_%s_%s".formatted(escaped(stored), escaped(region.code()), suffix);
  }

  /** The name now of a provider that a stored line names. */
  static String providerAsNow(String stored) {
    return stored.equals(OLD_NAME) ? NEW_NAME : stored;
  }

  private static String escaped(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("*", "%2A");
  }

  @Override
  public String toString() {
    return "%s %s (%s)".formatted(provider, region, kind.description());
  }
}
