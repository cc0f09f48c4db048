package chase.daemon.peer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What users are called. The JDK names the owners of files and no others. */
public final class UserName {
  private static final Path PROCESSES = Path.of("/proc");
  private static final Path USERS = Path.of("/etc/passwd");

  private UserName() {}

  /**
   * The name of a user, or his number where there is no name.
   *
   * @param pid a process that may be his: it names him also where he is known to a directory
   *     service alone
   */
  public static String of(long uid, long pid) {
    return owner(pid, uid).or(() -> listed(uid)).orElseGet(() -> Long.toString(uid));
  }

  /**
   * The owner of a process's folder is its effective user, or root: he counts if he is this one.
   */
  private static Optional<String> owner(long pid, long uid) {
    Path folder = PROCESSES.resolve(Long.toString(pid));
    try {
      boolean his =
          Files.getAttribute(folder, "unix:uid") instanceof Integer owner
              && Integer.toUnsignedLong(owner) == uid;
      return his ? Optional.of(Files.getOwner(folder).getName()) : Optional.empty();
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }

  /** Lines are {@code name:password:uid:...}, see passwd(5). */
  private static Optional<String> listed(long uid) {
    try {
      return Files.readAllLines(USERS, StandardCharsets.ISO_8859_1).stream()
          .map(line -> List.of(line.split(":", -1)))
          .filter(fields -> fields.size() > 2 && fields.get(2).equals(Long.toString(uid)))
          .map(List::getFirst)
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
