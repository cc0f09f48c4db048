package chase.daemon.access;

import chase.daemon.host.SocketPeer;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import java.util.Optional;

/**
 * Who makes a request.
 *
 * @param peer who connected, as the kernel noted it; empty where it did not
 * @param role what they may do; empty for nothing
 */
public record Caller(Optional<SocketPeer> peer, Optional<Role> role) {
  private static final String KEY = Caller.class.getName();

  /** Who makes the request of {@code context}, on a router whose routes have roles. */
  public static Caller of(RoutingContext context) {
    return Objects.requireNonNull(context.get(KEY), "the router checks roles");
  }

  void attach(RoutingContext context) {
    context.put(KEY, this);
  }

  /** Whether they may do everything. */
  public boolean isOperator() {
    return role.filter(Role.OPERATOR::equals).isPresent();
  }

  /** Whether they are the user with this number and name; the name counts without a number. */
  public boolean is(Optional<Long> uid, Optional<String> name) {
    Optional<Long> own = peer.flatMap(SocketPeer::uid);
    boolean numbered = own.isPresent() && uid.isPresent();
    return numbered ? own.equals(uid) : name.isPresent() && peer.map(SocketPeer::user).equals(name);
  }

  /**
   * Makes sure that they may act for the owner of something.
   *
   * @param what whose it is, such as {@code job 1f0c9a3e is bob's}
   * @throws AccessDenied when it is another user's and they are no operator
   */
  public void requireOwn(Optional<Long> uid, Optional<String> name, String what) {
    if (!isOperator() && !is(uid, name)) {
      throw denied(what + "; this needs " + Role.OPERATOR.word());
    }
  }

  /** The refusal of what they may not do. */
  public AccessDenied denied(String why) {
    return new AccessDenied(text() + "; " + why);
  }

  /** Such as {@code you are alice (uid 1001) with role job}. */
  String text() {
    return "you are %s %s"
        .formatted(name(), role.map(r -> "with role " + r.word()).orElse("without a role"));
  }

  /** Such as {@code alice (uid 1001)}. */
  public String name() {
    return peer.map(known -> known.user() + known.uid().map(uid -> " (uid " + uid + ")").orElse(""))
        .orElse("somebody whom the kernel does not name");
  }
}
