package chase.daemon.cli.view;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Where output goes. The one place that decides about width, colour, characters and zone.
 *
 * @param width columns
 * @param height lines
 * @param interactive whether it is a terminal that can move its cursor, and not a pipe or a file
 * @param color whether states are coloured
 * @param unicode whether it shows more than ASCII
 * @param clock the time, in the zone of who reads
 */
public record Terminal(
    int width, int height, boolean interactive, boolean color, boolean unicode, Clock clock) {
  /** What a pipe gets, and a terminal that does not tell its size. */
  public static final int WIDTH = 80;

  private static final int HEIGHT = 24;
  private static final int LEAST_WIDTH = 20;

  /** Rows, columns and locale of the terminal, from the launcher; without it there is a pipe. */
  private static final String LAUNCHER = "CHASE_TERMINAL";

  /** When states are coloured. */
  public enum ColorWhen {
    /** On a terminal, unless {@code NO_COLOR} is set or {@code TERM} is dumb. */
    AUTO,
    /** Also in a pipe. */
    ALWAYS,
    /** Not at all. */
    NEVER
  }

  /** The one that the environment tells of. */
  public static Terminal of(Map<String, String> environment, Clock clock) {
    String launcher = environment.getOrDefault(LAUNCHER, "");
    String[] parts = launcher.strip().split(" ", -1);
    String term = environment.getOrDefault("TERM", "");
    boolean terminal = !launcher.isBlank();
    boolean interactive = terminal && !term.isEmpty() && !term.equals("dumb");
    int width =
        number(parts.length > 1 ? parts[1] : "")
            .or(() -> number(environment.getOrDefault("COLUMNS", "")))
            .orElse(WIDTH);
    int height = number(parts[0]).orElse(HEIGHT);
    boolean color = interactive && environment.getOrDefault("NO_COLOR", "").isEmpty();
    boolean unicode = !terminal || isUtf8(parts[parts.length - 1]);
    return new Terminal(Math.max(LEAST_WIDTH, width), height, interactive, color, unicode, clock);
  }

  /** Whether standard error is a terminal, as Linux shows it. */
  public static boolean isErrorTerminal() {
    try {
      Path device = Files.readSymbolicLink(Path.of("/proc/self/fd/2"));
      return device.startsWith("/dev/pts") || device.toString().startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException notLinux) {
      return false;
    }
  }

  /** A pipe of {@link #WIDTH} columns. */
  public static Terminal pipe(Clock clock) {
    return of(Map.of(), clock);
  }

  /** The same with another rule for colours. */
  public Terminal with(ColorWhen when) {
    boolean colored =
        switch (when) {
          case AUTO -> color;
          case ALWAYS -> true;
          case NEVER -> false;
        };
    return new Terminal(width, height, interactive, colored, unicode, clock);
  }

  /** The same of another size. */
  public Terminal sized(int columns, int lines) {
    return new Terminal(
        Math.max(LEAST_WIDTH, columns), Math.max(1, lines), interactive, color, unicode, clock);
  }

  private static Optional<Integer> number(String text) {
    return text.matches("[1-9][0-9]{0,4}") ? Optional.of(Integer.valueOf(text)) : Optional.empty();
  }

  private static boolean isUtf8(String locale) {
    String name = locale.toUpperCase(Locale.ROOT);
    return name.contains("UTF-8") || name.contains("UTF8");
  }
}
