package chase.daemon.http;

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

  private static final int SERVERS = 3;
  private static final int MAX_CONNECTIONS = 96;
  private static final int MIN_CONNECTIONS = 6;

  /** Of every server of the daemon; a hung driver's call deadline is far below the last one. */
  public static final HttpLimits DEFAULT = forOpenFiles(OpenFiles.max());

  /** Limits under which all servers and what the daemon opens itself find room in so many files. */
  static HttpLimits forOpenFiles(long openFiles) {
    int connections =
        Math.clamp((openFiles - OWN_FILES) / SERVERS, MIN_CONNECTIONS, MAX_CONNECTIONS);
    return new HttpLimits(connections, connections * 2 / 3, 75, 10, 120);
  }

  /** Refuses bounds under which nobody could be served. */
  public HttpLimits {
    if (connections < 1
        || connectionsPerClient < 1
        || idleSeconds < 1
        || requestSeconds < 1
        || answerSeconds < 1) {
      throw new IllegalArgumentException("limits must be at least 1");
    }
  }
}
