package chase.daemon.systemd;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A Unix socket's address in the kernel's form (unix(7), sockaddr_un). */
final class UnixAddress {
  /** The size of sun_path. */
  private static final int MAX_LENGTH = 108;

  private final byte[] bytes;

  private UnixAddress(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * The address of a path, or of an abstract socket when {@code name} begins with {@code @}.
   *
   * @throws IllegalArgumentException when it is neither, or too long
   */
  static UnixAddress of(String name) {
    if (!name.startsWith("/") && !name.startsWith("@")) {
      throw new IllegalArgumentException("'" + name + "' is not a path or an abstract socket");
    }
    byte[] path = name.getBytes(StandardCharsets.UTF_8);
    // A path ends with NUL; an abstract name begins with one and ends where its length says.
    boolean abstractName = path[0] == '@';
    int length = abstractName ? path.length : path.length + 1;
    if (length > MAX_LENGTH) {
      throw new IllegalArgumentException("'" + name + "' is too long for a Unix socket");
    }
    if (abstractName) {
      path[0] = 0;
    }
    ByteBuffer address = ByteBuffer.allocate(Short.BYTES + length).order(ByteOrder.nativeOrder());
    address.putShort((short) Libc.AF_UNIX).put(path);
    return new UnixAddress(address.array());
  }

  /** The family, then the path, without the space behind it. */
  byte[] bytes() {
    return bytes.clone();
  }
}
