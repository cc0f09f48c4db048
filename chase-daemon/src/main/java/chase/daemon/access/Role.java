package chase.daemon.access;

import java.util.Locale;

/** What somebody may do; each role also has the rights of those before it. */
public enum Role {
  /** Sees what is there now. */
  READ,
  /**
   * Registers, reports and ends their own jobs, leases GPUs on which they compute, and has their
   * own batch sizes searched.
   */
  JOB,
  /** Does everything. */
  OPERATOR;

  /** Whether this role has the rights of {@code needed}. */
  public boolean includes(Role needed) {
    return compareTo(needed) >= 0;
  }

  /** The word for it in the configuration and in messages. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
