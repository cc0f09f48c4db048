package chase.daemon.cli.view;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Short names of zones, such as CET, from the host's own time zone files. Java's formatter knows
 * them too, but takes 100 ms to load what it needs for all languages, a third of {@code chase
 * status}.
 */
final class ZoneNames {
  private static final Path FILES = Path.of("/usr/share/zoneinfo");

  /**
   * The last line of such a file: name and offset, and the same of daylight saving time (RFC 9636,
   * section 3.3; POSIX {@code TZ}), such as {@code CET-1CEST,M3.5.0,M10.5.0/3}.
   */
  private static final Pattern FOOTER =
      Pattern.compile(
          "(<[^>]+>|[A-Za-z]+)([-+]?)(\\d{1,2})(?::(\\d\\d))?(?::\\d\\d)?(<[^>]+>|[A-Za-z]+)?.*");

  private ZoneNames() {}

  /** The name of {@code zone} at {@code at}; its offset where it has none. */
  static String of(ZoneId zone, Instant at) {
    ZoneOffset offset = zone.getRules().getOffset(at);
    if (zone.getRules().isFixedOffset() && offset.equals(ZoneOffset.UTC)) {
      return "UTC";
    }
    return footer(zone).flatMap(line -> named(line, offset)).orElseGet(offset::getId);
  }

  private static Optional<String> footer(ZoneId zone) {
    Path file = FILES.resolve(zone.getId()).normalize();
    if (!file.startsWith(FILES) || !Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      String text = Files.readString(file, StandardCharsets.ISO_8859_1).stripTrailing();
      return Optional.of(text.substring(text.lastIndexOf('\n') + 1));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> named(String footer, ZoneOffset offset) {
    Matcher parts = FOOTER.matcher(footer);
    if (!parts.matches()) {
      return Optional.empty();
    }
    String minutes = parts.group(4);
    int standard =
        3600 * Integer.parseInt(parts.group(3))
            + 60 * (minutes == null ? 0 : Integer.parseInt(minutes));
    // POSIX counts westwards.
    boolean west = !"-".equals(parts.group(2));
    boolean isStandard = offset.getTotalSeconds() == (west ? -standard : standard);
    String name = isStandard ? parts.group(1) : parts.group(5);
    return Optional.ofNullable(name).map(known -> known.replaceAll("[<>]", ""));
  }
}
