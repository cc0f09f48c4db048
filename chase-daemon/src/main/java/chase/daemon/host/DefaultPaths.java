package chase.daemon.host;

/** Where an installed Chase has its files; constants, as options of commands need them. */
public final class DefaultPaths {
  /** The configuration. */
  public static final String CONFIG = "/etc/chase/chase.yaml";

  /** The control socket, unless {@code CHASE_SOCKET} or the configuration names another. */
  public static final String SOCKET = "/run/chase/chase.sock";

  /** What must outlive the process. */
  public static final String STATE = "/var/lib/chase";

  /** The service's unit. */
  public static final String UNIT = "/usr/lib/systemd/system/chased.service";

  private DefaultPaths() {}
}
