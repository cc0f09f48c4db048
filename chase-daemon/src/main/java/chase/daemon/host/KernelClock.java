package chase.daemon.host;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * The system clock as the kernel judges it (adjtimex(2)), whichever program sets it.
 *
 * @param synchronised whether some program keeps it right
 * @param maximumError how far it may be off
 */
public record KernelClock(boolean synchronised, Duration maximumError) {
  /** {@code sizeof(struct timex)} of 64-bit Linux is 208 (linux/timex.h). */
  private static final int BYTES = 208;

  private static final int MAXIMUM_ERROR = 24;
  private static final int STATUS = 40;
  private static final int UNSYNCHRONISED = 0x40;

  /** The clock now; empty where the kernel does not tell this process. Changes nothing. */
  public static Optional<KernelClock> read() {
    // All zero: no mode, so that nothing is set.
    byte[] timex = new byte[BYTES];
    try {
      var _ = ClockCall.adjtimex(timex);
      return Optional.of(of(timex));
    } catch (LastErrorException | LinkageError e) {
      return Optional.empty();
    }
  }

  static KernelClock of(byte[] timex) {
    ByteBuffer fields = ByteBuffer.wrap(timex).order(ByteOrder.nativeOrder());
    return new KernelClock(
        (fields.getInt(STATUS) & UNSYNCHRONISED) == 0,
        Duration.of(fields.getLong(MAXIMUM_ERROR), ChronoUnit.MICROS));
  }

  /** Java has no such call. */
  private static final class ClockCall {
    static {
      Native.register("c");
    }

    private ClockCall() {}

    static native int adjtimex(byte[] timex) throws LastErrorException;
  }
}
