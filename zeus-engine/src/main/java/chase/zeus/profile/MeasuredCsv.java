package chase.zeus.profile;

import chase.zeus.unit.Watts;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * A measured profile as text: the columns of {@link ProfileCsv}, then the number of samples and the
 * standard deviations of draw and throughput.
 */
public final class MeasuredCsv {
  private static final String HEADER =
      "power_limit_watts,power_watts,throughput,samples,power_deviation_watts,throughput_deviation";
  private static final int SAMPLES = 3;

  private MeasuredCsv() {}

  /**
   * The profile in {@code text}, whose lines may end in LF or CRLF.
   *
   * @param sourceName the name of the text in errors, such as its file's name
   * @throws IllegalArgumentException in the form {@code NAME:LINE: what is wrong}
   */
  public static MeasuredProfile parse(String sourceName, String text) {
    CsvTable rows = CsvTable.of(sourceName, HEADER, text);
    List<MeasuredProfile.MeasuredPoint> points = new ArrayList<>();
    for (int line = 2; line <= rows.lastLine(); line++) {
      double[] row = rows.numbers(line);
      check(rows, row, line);
      if (!points.isEmpty()) {
        rows.requireRise(points.getLast().limit().value(), row[0], line);
      }
      points.add(
          new MeasuredProfile.MeasuredPoint(
              new Watts(row[0]),
              new Estimate(row[SAMPLES], row[1], row[4]),
              new Estimate(row[SAMPLES], row[2], row[5])));
    }
    return new MeasuredProfile(points);
  }

  private static void check(CsvTable rows, double[] row, int line) {
    for (int column = 0; column < row.length; column++) {
      double number = row[column];
      boolean finite = !Double.isInfinite(number);
      if (column < SAMPLES) {
        rows.require(finite && number > 0, line, column, "finite and above 0");
      } else if (column == SAMPLES) {
        rows.require(finite && number >= 1, line, column, "finite and at least 1");
      } else {
        rows.require(finite && number >= 0, line, column, "finite and not below 0");
      }
    }
  }

  /** The text from which {@link #parse} reads an equal profile; it must have a point. */
  public static String write(MeasuredProfile profile) {
    return profile.points().stream()
        .map(MeasuredCsv::line)
        .collect(Collectors.joining("\n", HEADER + "\n", "\n"));
  }

  private static String line(MeasuredProfile.MeasuredPoint point) {
    return DoubleStream.of(
            point.limit().value(),
            point.power().mean(),
            point.throughput().mean(),
            point.samples(),
            point.power().deviation(),
            point.throughput().deviation())
        .mapToObj(Double::toString)
        .collect(Collectors.joining(","));
  }
}
