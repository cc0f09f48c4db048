package chase.daemon.config;

import static chase.daemon.config.TakesEffect.Moment.ON_RESTART;

import chase.daemon.config.ConfigReader.RefusedKey;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Who may do what on the control socket. Root and the daemon's own user may do everything.
 *
 * @param operator who may do everything
 * @param job who may run jobs of their own
 * @param read who may look
 * @param audit where it is put down who did what
 */
public record AccessConfig(
    RoleConfig operator,
    RoleConfig job,
    RoleConfig read,
    @TakesEffect(ON_RESTART) AuditConfig audit) {
  /** Stands for every user of this host. */
  public static final String EVERYBODY = "*";

  private static final List<String> OPERATORS = List.of("chase");
  private static final List<String> JOBS = List.of("chase-jobs");

  /** The groups that have a role unless others are named; a host need not have them. */
  public static final List<String> DEFAULT_GROUPS =
      Stream.concat(OPERATORS.stream(), JOBS.stream()).toList();

  private static final int MAX_NAME_LENGTH = 256;

  static AccessConfig read(ConfigReader keys) throws ConfigException {
    return new AccessConfig(
        keys.section("operator", role -> RoleConfig.read(role, OPERATORS)),
        keys.section("job", role -> RoleConfig.read(role, JOBS)),
        keys.section("read", role -> RoleConfig.read(role, List.of())),
        keys.section("audit", AuditConfig::read));
  }

  /**
   * The audit log.
   *
   * @param file where it is; empty for where services of this host have their logs
   * @param megabytes how large it may become before the next one begins
   * @param keep how many older ones stay
   */
  public record AuditConfig(Optional<Path> file, int megabytes, int keep) {
    /** What is in force where nothing else is written. */
    public static final AuditConfig DEFAULT = new AuditConfig(Optional.empty(), 8, 8);

    private static AuditConfig read(ConfigReader keys) throws ConfigException {
      return new AuditConfig(
          keys.path("file"),
          keys.integer("megabytes", DEFAULT.megabytes, "1", "1024"),
          keys.integer("keep", DEFAULT.keep, "1", "100"));
    }
  }

  /**
   * Who has one role. Each is a name or a number; a name that this host does not know is nobody's.
   *
   * @param users the users, or {@link #EVERYBODY}
   * @param groups the groups whose members have it too
   */
  public record RoleConfig(List<String> users, List<String> groups) {
    /** Refuses what no user or group can be called. */
    public RoleConfig {
      users = List.copyOf(users);
      groups = List.copyOf(groups);
      users.forEach(name -> require("users", name));
      groups.forEach(name -> require("groups", name));
    }

    private static RoleConfig read(ConfigReader keys, List<String> groups) throws ConfigException {
      return new RoleConfig(keys.texts("users", List.of()), keys.texts("groups", groups));
    }

    private static void require(String key, String name) {
      boolean everybody = key.equals("users") && name.equals(EVERYBODY);
      if (!everybody
          && (name.length() > MAX_NAME_LENGTH || !name.matches("[\\p{L}\\p{N}_.@\\\\$-]+"))) {
        throw new RefusedKey(key, "'%s' is no name or number of one".formatted(name));
      }
    }
  }
}
