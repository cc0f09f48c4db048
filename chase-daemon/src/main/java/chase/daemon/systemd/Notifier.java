package chase.daemon.systemd;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Implements systemd's notify protocol (sd_notify(3)). Does nothing without a socket; one that is
 * broken is logged once. Any thread may call it, and no call blocks.
 */
public final class Notifier {
  private static final Logger LOG = System.getLogger(Notifier.class.getName());

  private final Optional<UnixDatagram> socket;
  private final AtomicBoolean warned = new AtomicBoolean();

  private Notifier(Optional<UnixDatagram> socket) {
    this.socket = socket;
  }

  /** The notifier of a process with these environment variables: {@code NOTIFY_SOCKET} counts. */
  public static Notifier of(Map<String, String> environment) {
    String name = environment.getOrDefault("NOTIFY_SOCKET", "");
    if (name.isEmpty()) {
      return new Notifier(Optional.empty());
    }
    try {
      return new Notifier(Optional.of(new UnixDatagram(UnixDatagram.SocketAddress.of(name))));
    } catch (IllegalArgumentException e) {
      LOG.log(Level.WARNING, "systemd is not notified: NOTIFY_SOCKET " + e.getMessage());
      return new Notifier(Optional.empty());
    }
  }

  /** Whether there is a socket. */
  public boolean active() {
    return socket.isPresent();
  }

  /** Start-up is over and every original limit is safe on disk; {@code status} is one line. */
  public void ready(String status) {
    send("READY=1\n" + line(status));
  }

  /** What Chase does now, one line, as {@code systemctl status} shows it. */
  public void status(String status) {
    send(line(status));
  }

  /**
   * The configuration is read again, until {@link #reloaded}.
   *
   * @param nanos the kernel's monotonic clock
   */
  public void reloading(long nanos) {
    send("RELOADING=1\nMONOTONIC_USEC=" + nanos / 1000);
  }

  /** It was read, and applied or refused. */
  public void reloaded() {
    send("READY=1");
  }

  /** Chase is going. */
  public void stopping() {
    send("STOPPING=1");
  }

  /** The control loop is alive. */
  void watchdog() {
    send("WATCHDOG=1");
  }

  /** A second line would be a second assignment. */
  private static String line(String status) {
    return "STATUS=" + status.lines().findFirst().orElse("");
  }

  private void send(String message) {
    socket.ifPresent(to -> send(to, message));
  }

  private void send(UnixDatagram to, String message) {
    try {
      to.send(message);
    } catch (IOException e) {
      if (warned.compareAndSet(false, true)) {
        LOG.log(Level.WARNING, "systemd is not notified: " + e.getMessage());
      }
    }
  }
}
