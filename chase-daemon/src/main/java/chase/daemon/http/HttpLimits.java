package chase.daemon.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a server's clients may take. At either bound a new connection is accepted, and the one that
 * has been without a request for longest makes room.
 *
 * @param connections connections in all
 * @param connectionsPerClient connections of one client: a user on a Unix socket, an address
 *     elsewhere
 * @param idleSeconds how long a connection may be open without a request
 * @param requestSeconds how long a request may take to come in, also the first of a connection
 * @param answerSeconds how long an answer may take to begin
 */
public record HttpLimits(
    int connections,
    int connectionsPerClient,
    int idleSeconds,
    int requestSeconds,
    int answerSeconds) {
  /** What the daemon opens itself, with its libraries, databases and journals. */
  private static final int OWN_FILES = 128;

  /** How many hosts may follow one. */
  public static final int READERS = 1_200;

  private static final int SERVERS = 3;
  private static final int MAX_CONNECTIONS = 96;
  private static final int MIN_CONNECTIONS = 6;

  /** Of every server of the daemon; a hung driver's call deadline is far below the last one. */
  public static final HttpLimits DEFAULT = forOpenFiles(OpenFiles.max());

  /**
   * Of a listener that as many as {@link #READERS} other hosts read, each by a connection or two.
   */
  public static final HttpLimits MANY_HOSTS = forManyHosts(OpenFiles.max());

  /** Limits of one listener for many hosts, beside the other servers. */
  static HttpLimits forManyHosts(long openFiles) {
    long others = OWN_FILES + (long) (SERVERS - 1) * DEFAULT.connections();
    int connections =
        Math.clamp(openFiles - others, DEFAULT.connections(), DEFAULT.connections() + 2 * READERS);
    return new HttpLimits(
        connections,
        DEFAULT.connectionsPerClient(),
        DEFAULT.idleSeconds(),
        DEFAULT.requestSeconds(),
        DEFAULT.answerSeconds());
  }

  /** Limits under which all servers and what the daemon opens itself find room in so many files. */
  static HttpLimits forOpenFiles(long openFiles) {
    int connections =
        Math.clamp((openFiles - OWN_FILES) / SERVERS, MIN_CONNECTIONS, MAX_CONNECTIONS);
    return new HttpLimits(connections, connections * 2 / 3, 75, 10, 120);
  }

  /** Refuses bounds under which no client could be served. */
  public HttpLimits {
    if (connections < 1
        || connectionsPerClient < 1
        || idleSeconds < 1
        || requestSeconds < 1
        || answerSeconds < 1) {
      throw new IllegalArgumentException("limits must be at least 1");
    }
  }

  /** How many files and connections the system lets this process have open. */
  static final class OpenFiles {
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final String LINE = "Max open files";

    private OpenFiles() {}

    /** As the system reports it now; unlimited where it does not. */
    static long max() {
      try {
        return max(Files.readAllLines(LIMITS));
      } catch (IOException e) {
        return Long.MAX_VALUE;
      }
    }

    /** Of the lines of {@code limits}, see proc(5): a name, the soft limit and the hard one. */
    static long max(List<String> limits) {
      return limits.stream()
          .filter(line -> line.startsWith(LINE))
          .map(line -> line.substring(LINE.length()).strip().split("\\s+", 2)[0])
          .filter(soft -> soft.matches("[0-9]{1,18}"))
          .mapToLong(Long::parseLong)
          .findFirst()
          .orElse(Long.MAX_VALUE);
    }
  }
}
