package chase.daemon.cli.view;

import chase.daemon.api.CheckBody;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Checks in words: a line each, and one below it with what to do. */
public final class DoctorText {
  private static final int COLUMNS = 80;

  private static final String REMEDY = "-> ";

  private DoctorText() {}

  /** All of {@code checks}; only what has no space in it is ever wider than 80 columns. */
  public static String of(List<CheckBody> checks) {
    return checks.stream()
        .flatMap(check -> lines(check).stream())
        .collect(Collectors.joining(System.lineSeparator()));
  }

  private static List<String> lines(CheckBody check) {
    // As wide as the longest result and the longest thing.
    String start = String.format(Locale.ROOT, "%-7s  %-8s  ", check.result().word(), check.about());
    List<String> lines = new ArrayList<>(folded(start, check.text()));
    check
        .remedy()
        .ifPresent(remedy -> lines.addAll(folded(" ".repeat(start.length()) + REMEDY, remedy)));
    return lines;
  }

  /** {@code text} behind {@code start}; what does not fit goes on below its beginning. */
  private static List<String> folded(String start, String text) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder(start);
    int begin = line.length();
    for (String word : text.split(" ", -1)) {
      if (line.length() > begin && line.length() + 1 + word.length() > COLUMNS) {
        lines.add(line.toString());
        line = new StringBuilder(" ".repeat(begin));
      }
      line.append(line.length() > begin ? " " : "").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
