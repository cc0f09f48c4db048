package chase.daemon.host;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a command is called for short, without the arguments that are its user's business. */
public final class CommandName {
  /** Longer ones are cut: a program may call itself anything. */
  private static final int MAX_LENGTH = 60;

  private static final Pattern PYTHON = Pattern.compile("python[0-9.]*");
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  /** Python's options that are followed by a word of their own. */
  private static final List<String> WITH_WORD = List.of("-W", "-X");

  private CommandName() {}

  /**
   * The program's file name and, of Python, the script's or module's: {@code torchrun}, {@code
   * python train.py}, {@code python -m train}. Empty when there are no arguments, as in the
   * kernel's own threads.
   */
  public static Optional<String> of(List<String> arguments) {
    String program = arguments.isEmpty() ? "" : fileName(arguments.getFirst());
    if (program.isBlank()) {
      return Optional.empty();
    }
    String name =
        PYTHON.matcher(program).matches()
            ? program + script(arguments.subList(1, arguments.size()))
            : program;
    String clean = CONTROL.matcher(name).replaceAll("?");
    return Optional.of(
        clean.length() > MAX_LENGTH ? clean.substring(0, MAX_LENGTH) + "..." : clean);
  }

  private static String script(List<String> arguments) {
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.equals("-m")) {
        return i + 1 < arguments.size() ? " -m " + arguments.get(i + 1) : "";
      }
      if (argument.isEmpty() || argument.equals("-c") || argument.equals("-")) {
        return "";
      }
      if (!argument.startsWith("-")) {
        return " " + fileName(argument);
      }
      if (WITH_WORD.contains(argument)) {
        i++;
      }
    }
    return "";
  }

  /** The last part of a path; a title that a process gave itself may hold slashes after a space. */
  private static String fileName(String path) {
    int space = path.indexOf(' ');
    String head = space < 0 ? path : path.substring(0, space);
    return path.substring(head.lastIndexOf('/') + 1);
  }
}
