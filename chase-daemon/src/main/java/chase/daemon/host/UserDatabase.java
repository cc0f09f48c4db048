package chase.daemon.host;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The numbers of this host's users and groups, from wherever it keeps them (nsswitch.conf(5)). A
 * directory service may take its time: calls block.
 */
public interface UserDatabase {
  /** The host's own. */
  UserDatabase SYSTEM =
      new UserDatabase() {
        @Override
        public Optional<Long> user(String name) {
          return SystemDatabase.find(SystemDatabase.LookupCalls::getpwnam_r, name);
        }

        @Override
        public Optional<Long> group(String name) {
          return SystemDatabase.find(SystemDatabase.LookupCalls::getgrnam_r, name);
        }
      };

  /** The number of the user who is called that; empty where nobody is, or it cannot be known. */
  Optional<Long> user(String name);

  /** The number of the group that is called that, likewise. */
  Optional<Long> group(String name);

  /** The number of the user who runs this process; empty where {@code /proc} is not there. */
  static Optional<Long> ownUser() {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid") instanceof Integer uid
          ? Optional.of(Integer.toUnsignedLong(uid))
          : Optional.empty();
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }

  /** The C library's look-ups, which Java has for the owners of files alone. */
  final class SystemDatabase {
    /** {@code struct passwd} and {@code struct group} both begin with two pointers and the id. */
    private static final long ID = 2L * Native.POINTER_SIZE;

    private static final long ENTRY_BYTES = 16L * Native.POINTER_SIZE;

    /** A group lists its members here. */
    private static final long TEXT_BYTES = 1024 * 1024;

    private SystemDatabase() {}

    private interface NumberLookup {
      int find(String name, Pointer entry, Pointer text, long bytes, Pointer found);
    }

    private static Optional<Long> find(NumberLookup lookup, String name) {
      try (Memory entry = new Memory(ENTRY_BYTES);
          Memory text = new Memory(TEXT_BYTES);
          Memory found = new Memory(Native.POINTER_SIZE)) {
        found.clear();
        return lookup.find(name, entry, text, TEXT_BYTES, found) == 0 && found.getPointer(0) != null
            ? Optional.of(Integer.toUnsignedLong(entry.getInt(ID)))
            : Optional.empty();
      }
    }

    /** getpwnam(3) and getgrnam(3). */
    private static final class LookupCalls {
      static {
        Native.register("c");
      }

      private LookupCalls() {}

      static native int getpwnam_r(
          String name, Pointer entry, Pointer text, long bytes, Pointer found);

      static native int getgrnam_r(
          String name, Pointer entry, Pointer text, long bytes, Pointer found);
    }
  }
}
