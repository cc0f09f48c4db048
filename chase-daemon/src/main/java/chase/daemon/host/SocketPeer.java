package chase.daemon.host;

import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.unix.PeerCredentials;
import io.netty.util.Attribute;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/**
 * Who connected to a Unix socket. User and group are those that the kernel noted at that moment;
 * what happens to the process afterwards, such as a program with the set-user-id bit, changes
 * nothing.
 *
 * @param user the user's name, or the number where there is no name
 * @param uid the user's number; empty where the transport shows names only
 * @param gid the number of the user's group, likewise
 * @param groups the numbers of all groups that it was in, its own included; none where the
 *     transport shows names only
 * @param process the process that connected, as it was found when its connection was accepted: one
 *     that gets its id later is another. Empty where it cannot be seen or is not shown
 */
public record SocketPeer(
    String user,
    Optional<Long> uid,
    Optional<Long> gid,
    Set<Long> groups,
    Optional<ProcessHandle> process) {
  private static final AttributeKey<Optional<SocketPeer>> KNOWN =
      AttributeKey.valueOf(SocketPeer.class, "of");

  /** The process's id; it proves nothing about who has it now. */
  public Optional<Long> pid() {
    return process.map(ProcessHandle::pid);
  }

  /**
   * Whom bounds on what one user may take count as one: the user by number, and all together who
   * have no name here, since one of them may have thousands of numbers (subuid(5)).
   */
  public String bucket() {
    return uid.map(
            number -> user.equals(Long.toString(number)) ? "users without a name" : "uid " + number)
        .orElse(user);
  }

  /** Whose a connection is, for the same: a user on a Unix socket, an address elsewhere. */
  public static String bucketOf(HttpConnection connection) {
    return of(connection)
        .map(SocketPeer::bucket)
        .orElseGet(() -> String.valueOf(connection.remoteAddress().hostAddress()));
  }

  /**
   * The client of a connection, the same from the first call on: make it when the connection is
   * accepted. Empty for a connection that is no Unix socket's, or that has been closed. The JDK's
   * sockets show only the user, Netty's native ones also the process.
   */
  public static Optional<SocketPeer> of(HttpConnection connection) {
    if (!(connection instanceof HttpServerConnection server)) {
      return Optional.empty();
    }
    Channel channel = server.channelHandlerContext().channel();
    Attribute<Optional<SocketPeer>> known = channel.attr(KNOWN);
    if (known.get() == null) {
      known.set(of(channel));
    }
    return known.get();
  }

  private static Optional<SocketPeer> of(Channel channel) {
    try {
      return channel instanceof EpollDomainSocketChannel epoll
          ? Optional.of(of(epoll.peerCredentials(), PeerGroups.of(epoll.fd().intValue())))
          : Optional.ofNullable(
                  channel
                      .config()
                      .getOption(NioChannelOption.of(ExtendedSocketOptions.SO_PEERCRED)))
              .map(SocketPeer::of);
    } catch (IOException closed) {
      return Optional.empty();
    }
  }

  private static SocketPeer of(UnixDomainPrincipal principal) {
    return new SocketPeer(
        principal.user().getName(), Optional.empty(), Optional.empty(), Set.of(), Optional.empty());
  }

  private static SocketPeer of(PeerCredentials credentials, Set<Long> supplementary) {
    long uid = Integer.toUnsignedLong(credentials.uid());
    Optional<Long> gid =
        credentials.gids().length == 0
            ? Optional.empty()
            : Optional.of(Integer.toUnsignedLong(credentials.gids()[0]));
    Set<Long> groups = new HashSet<>(supplementary);
    gid.ifPresent(groups::add);
    return new SocketPeer(
        UserName.of(uid, credentials.pid()),
        Optional.of(uid),
        gid,
        Set.copyOf(groups),
        process(credentials.pid()));
  }

  /** The kernel returns 0 for a process outside of our own namespace. */
  private static Optional<ProcessHandle> process(long pid) {
    return pid > 0 ? ProcessHandle.of(pid) : Optional.empty();
  }

  /** What users are called. The JDK names the owners of files and no others. */
  public static final class UserName {
    private static final Path PROCESSES = Path.of("/proc");
    private static final Path USERS = Path.of("/etc/passwd");

    private UserName() {}

    /**
     * The name of a user, or the number where there is no name.
     *
     * @param pid a process that may be theirs: it names them also where they are known to a
     *     directory service alone
     */
    public static String of(long uid, long pid) {
      return owner(pid, uid).or(() -> listed(uid)).orElseGet(() -> Long.toString(uid));
    }

    /**
     * The owner of a process's folder is its effective user, or root: it counts if it is this user.
     */
    private static Optional<String> owner(long pid, long uid) {
      Path folder = PROCESSES.resolve(Long.toString(pid));
      try {
        boolean theirs =
            Files.getAttribute(folder, "unix:uid") instanceof Integer owner
                && Integer.toUnsignedLong(owner) == uid;
        return theirs ? Optional.of(Files.getOwner(folder).getName()) : Optional.empty();
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
}
