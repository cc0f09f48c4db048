package chase.daemon.documents;

import chase.daemon.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Command lines of {@code chase} that are not carried out, but must be understood. */
final class ChaseCall {
  /** What keeps a line from being carried out: unknown options are refused after all else is. */
  private static final String NO_OPTION = "--no-such-option";

  /** Passes everything on to journalctl. */
  private static final String JOURNAL = "logs";

  private ChaseCall() {}

  /**
   * What is wrong with a command line, in the words that its user would see; with {@code --help}
   * nothing is.
   *
   * @param words the arguments of {@code chase}
   */
  static Optional<String> fault(List<String> words) {
    if (words.isEmpty() || words.contains("--help") || words.getFirst().equals(JOURNAL)) {
      return Optional.empty();
    }
    int ends = words.contains("--") ? words.indexOf("--") : words.size();
    List<String> refused = new ArrayList<>(words);
    refused.add(ends, NO_OPTION);
    StringWriter errors = new StringWriter();
    Main.carryOut(
        refused.toArray(String[]::new),
        Map.of(),
        new PrintWriter(Writer.nullWriter()),
        new PrintWriter(errors));
    return errors.toString().lines().findFirst().filter(line -> !line.contains(NO_OPTION));
  }

  /**
   * The same where another program runs it in a container: {@code exec NAME chase ...}, or {@code
   * exec NAME -- chase ...}.
   *
   * @param words the arguments of that other program
   */
  static Optional<String> faultInContainer(List<String> words) {
    List<String> behind = words.stream().dropWhile(word -> !word.equals("exec")).skip(1).toList();
    int dashes = behind.indexOf("--");
    List<String> command =
        dashes < 0
            ? behind.stream().dropWhile(word -> word.startsWith("-")).skip(1).toList()
            : behind.subList(dashes + 1, behind.size());
    return command.stream()
        .findFirst()
        .filter("chase"::equals)
        .flatMap(chase -> fault(command.subList(1, command.size())));
  }
}
