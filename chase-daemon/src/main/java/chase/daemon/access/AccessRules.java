package chase.daemon.access;

import chase.daemon.config.AccessConfig;
import chase.daemon.config.AccessConfig.RoleConfig;
import chase.daemon.host.SocketPeer;
import chase.daemon.host.UserDatabase;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which role each user of this host has, by the numbers of users and groups. Immutable.
 *
 * <p>The number that stands for all users of other user namespaces (65534) has no role, whatever
 * the configuration says: it may be anybody.
 */
public final class AccessRules {
  private static final long ROOT = 0;

  /** {@code /proc/sys/kernel/overflowuid}, which nobody changes. */
  private static final long UNMAPPED = 65534;

  /** The best first. */
  private static final List<Role> BEST_FIRST = List.of(Role.OPERATOR, Role.JOB, Role.READ);

  private final AccessConfig config;
  private final Optional<Long> ownUser;
  private final Map<Role, Set<Long>> users = new EnumMap<>(Role.class);
  private final Map<Role, Set<Long>> groups = new EnumMap<>(Role.class);
  private final List<UnknownName> unknown = new ArrayList<>();

  /**
   * The rules of {@code config}; blocks.
   *
   * @param ownUser who runs the daemon, and so may do everything
   */
  public AccessRules(AccessConfig config, UserDatabase database, Optional<Long> ownUser) {
    this.config = config;
    this.ownUser = ownUser;
    for (Role role : BEST_FIRST) {
      RoleConfig who = config(role);
      users.put(role, numbers(role, "user", who.users(), database::user));
      groups.put(role, numbers(role, "group", who.groups(), database::group));
    }
  }

  private RoleConfig config(Role role) {
    return switch (role) {
      case OPERATOR -> config.operator();
      case JOB -> config.job();
      case READ -> config.read();
    };
  }

  private Set<Long> numbers(
      Role role, String kind, List<String> names, Function<String, Optional<Long>> lookup) {
    Set<Long> found = new HashSet<>();
    for (String name : names) {
      if (name.matches("[0-9]{1,10}")) {
        found.add(Long.valueOf(name));
      } else if (!name.equals(AccessConfig.EVERYBODY)) {
        lookup
            .apply(name)
            .ifPresentOrElse(
                found::add,
                () ->
                    unknown.add(
                        new UnknownName(
                            name,
                            kind,
                            "access.%s.%ss: there is no %s '%s' here, so that nobody has role %s by it"
                                .formatted(role.word(), kind, kind, name, role.word()),
                            !AccessConfig.DEFAULT_GROUPS.contains(name))));
      }
    }
    found.remove(UNMAPPED);
    return Set.copyOf(found);
  }

  /**
   * A name that means nobody here.
   *
   * @param kind {@code user} or {@code group}
   * @param text what that means, in a line
   * @param chosen whether somebody wrote it; otherwise it is a default, which need not be there
   */
  public record UnknownName(String name, String kind, String text, boolean chosen) {}

  /** The names that mean nobody here. */
  public List<UnknownName> unknown() {
    return Collections.unmodifiableList(unknown);
  }

  /** The role of a client; empty for somebody who may do nothing. */
  public Optional<Role> roleOf(SocketPeer peer) {
    return BEST_FIRST.stream().filter(role -> has(peer, role)).findFirst();
  }

  private boolean has(SocketPeer peer, Role role) {
    if (peer.uid().isEmpty()) {
      return hasByName(peer.user(), role);
    }
    long uid = peer.uid().get();
    if (uid == UNMAPPED) {
      return false;
    }
    return (role == Role.OPERATOR && (uid == ROOT || ownUser.equals(peer.uid())))
        || config(role).users().contains(AccessConfig.EVERYBODY)
        || users.getOrDefault(role, Set.of()).contains(uid)
        || !Collections.disjoint(groups.getOrDefault(role, Set.of()), peer.groups());
  }

  /** The JDK's own sockets show a name and no groups. */
  private boolean hasByName(String user, Role role) {
    return (role == Role.OPERATOR
            && (user.equals("root") || user.equals(System.getProperty("user.name"))))
        || config(role).users().contains(AccessConfig.EVERYBODY)
        || config(role).users().contains(user);
  }

  /** Who has each role besides root and the daemon's user, in a sentence. */
  public String text() {
    return Stream.of(Role.values())
        .sorted(Comparator.reverseOrder())
        .map(role -> role.word() + ": " + names(role))
        .collect(Collectors.joining("; "));
  }

  private String names(Role role) {
    RoleConfig who = config(role);
    List<String> all =
        Stream.concat(
                who.users().stream()
                    .map(user -> user.equals(AccessConfig.EVERYBODY) ? "everybody" : user),
                who.groups().stream().map(group -> "group " + group))
            .toList();
    return all.isEmpty() ? "nobody" : String.join(", ", all);
  }

  /** Where to look for a role, for somebody who lacks it; blank where there is no group for it. */
  String remedy(Role needed) {
    List<String> ways = new ArrayList<>();
    for (Role role : Role.values()) {
      if (role.includes(needed) && !groups.getOrDefault(role, Set.of()).isEmpty()) {
        ways.add(
            "group %s has %s".formatted(String.join(", ", config(role).groups()), role.word()));
      }
    }
    return String.join(", ", ways);
  }

  /**
   * Who may connect, as closed as these rules allow; what the kernel says of each client then
   * decides.
   */
  public SocketAudience audience() {
    Set<Long> allUsers = new HashSet<>();
    Set<Long> allGroups = new HashSet<>();
    users.values().forEach(allUsers::addAll);
    groups.values().forEach(allGroups::addAll);
    allUsers.remove(ROOT);
    ownUser.ifPresent(allUsers::remove);
    boolean everybody =
        BEST_FIRST.stream().anyMatch(role -> config(role).users().contains(AccessConfig.EVERYBODY));
    if (everybody || !allUsers.isEmpty() || allGroups.size() > 1) {
      return new SocketAudience.Everybody();
    }
    return allGroups.isEmpty()
        ? new SocketAudience.Owner()
        : new SocketAudience.Group(allGroups.iterator().next().toString());
  }

  /** Who the file of the control socket lets connect. */
  public sealed interface SocketAudience {
    /** Only the daemon's own user, and root. */
    record Owner() implements SocketAudience {}

    /** One group as well, by its number. */
    record Group(String gid) implements SocketAudience {}

    /** Every user of this host. */
    record Everybody() implements SocketAudience {}
  }
}
