package chase.zeus.profile;

import chase.zeus.profile.PowerProfile.Point;
import chase.zeus.unit.Watts;
import java.util.ArrayList;
import java.util.List;

/**
 * A profile as text: the header {@code power_limit_watts,power_watts,throughput}, then a line for
 * each power limit, lowest first.
 */
public final class ProfileCsv {
  private static final String HEADER = "power_limit_watts,power_watts,throughput";

  private ProfileCsv() {}

  /**
   * The profile in {@code text}, whose lines may end in LF or CRLF.
   *
   * @param sourceName the name of the text in errors, such as its file's name
   * @throws IllegalArgumentException in the form {@code NAME:LINE: what is wrong}
   */
  public static PowerProfile parse(String sourceName, String text) {
    CsvTable rows = CsvTable.of(sourceName, HEADER, text);
    List<Point> points = new ArrayList<>();
    for (int line = 2; line <= rows.lastLine(); line++) {
      double[] row = rows.numbers(line);
      for (int column = 0; column < row.length; column++) {
        boolean possible = row[column] > 0 && !Double.isInfinite(row[column]);
        rows.require(possible, line, column, "finite and above 0");
      }
      if (!points.isEmpty()) {
        rows.requireRise(points.getLast().limit().value(), row[0], line);
      }
      points.add(new Point(new Watts(row[0]), new Watts(row[1]), row[2]));
    }
    return new PowerProfile(points);
  }

  /** The text from which {@link #parse} reads an equal profile. */
  public static String write(PowerProfile profile) {
    StringBuilder text = new StringBuilder(HEADER).append('\n');
    for (Point point : profile.points()) {
      text.append(point.limit().value())
          .append(',')
          .append(point.power().value())
          .append(',')
          .append(point.throughput())
          .append('\n');
    }
    return text.toString();
  }
}
