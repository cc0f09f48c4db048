package chase.zeus.profile;

import chase.zeus.profile.CsvTable.Row;
import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.unit.Watts;
import java.util.ArrayList;
import java.util.List;

/**
 * A profile as text: the header {@code power_limit_watts,power_watts,throughput}, then a line for
 * each power limit, lowest first.
 */
public final class ProfileCsv {
  private static final String LIMIT = "power_limit_watts";
  private static final String POWER = "power_watts";
  private static final String THROUGHPUT = "throughput";
  private static final String HEADER = String.join(",", LIMIT, POWER, THROUGHPUT);

  private ProfileCsv() {}

  /**
   * The profile in {@code text}, whose lines may end in LF or CRLF.
   *
   * @param sourceName the name of the text in errors, such as its file's name
   * @throws IllegalArgumentException in the form {@code NAME:LINE: what is wrong}
   */
  public static PowerProfile parse(String sourceName, String text) {
    CsvTable table = CsvTable.parse(sourceName, text);
    if (!String.join(",", table.header()).equalsIgnoreCase(HEADER)) {
      throw table.error(1, "the header must be " + HEADER);
    }
    if (table.rows().isEmpty()) {
      throw table.error(2, "no power limits follow the header");
    }
    List<Point> points = new ArrayList<>();
    for (Row row : table.rows()) {
      Point point =
          new Point(
              new Watts(row.positive(LIMIT)),
              new Watts(row.positive(POWER)),
              row.positive(THROUGHPUT));
      if (!points.isEmpty()) {
        requireRise(row, points.getLast().limit().value(), point.limit().value());
      }
      points.add(point);
    }
    return new PowerProfile(points);
  }

  private static void requireRise(Row row, double before, double limit) {
    if (before >= limit) {
      throw row.error(LIMIT + " must rise from line to line, but " + limit + " follows " + before);
    }
  }
}
