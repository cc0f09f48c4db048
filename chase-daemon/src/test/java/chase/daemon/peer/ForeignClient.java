package chase.daemon.peer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Another process that asks once, prints the answer's status and body, and lives on. */
public final class ForeignClient {
  private ForeignClient() {}

  /** Asks; arguments are the socket, the method and the path. */
  public static void main(String[] args) throws IOException {
    UnixHttp.Reply reply = UnixHttp.call(Path.of(args[0]), args[1], args[2]);
    System.out.println(reply.status() + " " + reply.body());
    System.out.flush();
    while (System.in.read() >= 0) {
      // Until the test closes our input, or kills us.
    }
  }

  /** Starts such a process and waits for its answer. */
  public static Process ask(Path socket, String method, String path) throws IOException {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    ForeignClient.class.getName(),
                    socket.toString(),
                    method,
                    path))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String answer = process.inputReader().readLine();
    if (answer == null || !answer.startsWith("200")) {
      process.destroyForcibly();
      throw new AssertionError("the foreign client got " + answer);
    }
    return process;
  }
}
