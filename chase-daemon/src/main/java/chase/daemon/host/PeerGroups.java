package chase.daemon.host;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The supplementary groups that the process at the other end of a Unix socket had when it connected
 * (SO_PEERGROUPS, unix(7)): what it or its user becomes afterwards changes nothing.
 */
final class PeerGroups {
  private static final int SOL_SOCKET = 1;

  /** asm-generic/socket.h; the same on x86-64 and arm64. */
  private static final int SO_PEERGROUPS = 59;

  private static final int ERANGE = 34;
  private static final int USUAL = 64;

  private PeerGroups() {}

  /** The groups' numbers; none where the kernel does not show them. */
  static Set<Long> of(int socket) {
    try {
      int[] groups = new int[USUAL];
      int[] bytes = {groups.length * Integer.BYTES};
      if (!read(socket, groups, bytes)) {
        groups = new int[bytes[0] / Integer.BYTES];
        read(socket, groups, bytes);
      }
      return Arrays.stream(groups, 0, bytes[0] / Integer.BYTES)
          .mapToObj(Integer::toUnsignedLong)
          .collect(Collectors.toUnmodifiableSet());
    } catch (LastErrorException | LinkageError e) {
      return Set.of();
    }
  }

  /** Whether there was room; if not, {@code bytes} is how much it takes. */
  private static boolean read(int socket, int[] groups, int[] bytes) {
    try {
      var _ = SocketCall.getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups, bytes);
      return true;
    } catch (LastErrorException e) {
      if (e.getErrorCode() == ERANGE && bytes[0] > groups.length * Integer.BYTES) {
        return false;
      }
      throw e;
    }
  }

  /** Neither Java nor Netty has this option with its length. */
  private static final class SocketCall {
    static {
      Native.register("c");
    }

    private SocketCall() {}

    static native int getsockopt(int socket, int level, int option, int[] value, int[] length)
        throws LastErrorException;
  }
}
