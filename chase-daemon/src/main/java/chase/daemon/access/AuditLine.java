package chase.daemon.access;

import chase.daemon.access.AuditLog.AuditedLimit;
import chase.daemon.api.ApiJson;
import chase.daemon.host.SocketPeer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * One line of the audit log: a request that writes, with its outcome, or a limit that one changed.
 *
 * @param at when its outcome was known
 * @param kind {@code request}, {@code limit}, or {@code more} for requests that are only counted
 * @param user who asked, or who they are together
 * @param uid the number of that user
 * @param pid the process that connected
 * @param loginUid the number of who logged in, where the kernel keeps another one, as after sudo
 * @param role what they may do; empty for nothing
 * @param request method, path and query
 * @param body the body, of which at most a part is kept
 * @param status the HTTP status of the answer; empty where the client went away before
 * @param outcome {@code done}, {@code refused} or {@code failed}
 * @param detail why it was refused or failed
 * @param gpu the GPU whose limit changed
 * @param oldWatts the limit that was requested of it before
 * @param newWatts the limit that Chase wants since
 * @param readBackWatts the limit that it showed afterwards
 * @param why why it has that limit
 * @param count how many requests are only counted
 */
record AuditLine(
    Instant at,
    String kind,
    String user,
    Optional<Long> uid,
    Optional<Long> pid,
    Optional<Long> loginUid,
    Optional<String> role,
    Optional<String> request,
    Optional<String> body,
    Optional<Integer> status,
    Optional<String> outcome,
    Optional<String> detail,
    Optional<String> gpu,
    Optional<Double> oldWatts,
    Optional<Double> newWatts,
    Optional<Double> readBackWatts,
    Optional<String> why,
    Optional<Integer> count) {
  /** Everything but printable ASCII is escaped, so that a line is a line on every terminal. */
  private static final JsonMapper MAPPER =
      ApiJson.mapper().rebuild().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  /**
   * A request and its outcome.
   *
   * @param detail why it was refused or failed, or is not in force although it was accepted
   */
  static AuditLine request(
      Instant at,
      Caller caller,
      Optional<Long> loginUid,
      String request,
      Optional<String> body,
      Optional<Integer> status,
      Optional<String> detail) {
    return new AuditLine(
        at,
        "request",
        user(caller),
        caller.peer().flatMap(SocketPeer::uid),
        caller.peer().flatMap(SocketPeer::pid),
        loginUid,
        caller.role().map(Role::word),
        Optional.of(request),
        body,
        status,
        Optional.of(outcome(status, detail)),
        detail,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static String outcome(Optional<Integer> status, Optional<String> detail) {
    int known = status.orElse(0);
    return known / 100 == 2
        ? detail.isPresent() ? "held" : "done"
        : known / 100 == 4 ? "refused" : "failed";
  }

  /** A limit that {@code request} changed. */
  static AuditLine limit(AuditLine request, AuditedLimit before, AuditedLimit after) {
    return new AuditLine(
        request.at,
        "limit",
        request.user,
        request.uid,
        request.pid,
        request.loginUid,
        request.role,
        request.request,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(after.uuid()),
        before.requestedWatts(),
        after.targetWatts(),
        after.requestedWatts(),
        Optional.of(after.why()),
        Optional.empty());
  }

  /** That many requests of {@code user} beyond those with a line of their own. */
  static AuditLine more(Instant at, String user, int count) {
    return new AuditLine(
        at,
        "more",
        user,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(count));
  }

  /** Whom the bound on lines counts as one: all who have no role together. */
  String bucket() {
    return role.isEmpty()
        ? "without a role"
        : new SocketPeer(user, uid, Optional.empty(), Set.of(), Optional.empty()).bucket();
  }

  private static String user(Caller caller) {
    return caller.peer().map(SocketPeer::user).orElse("unknown");
  }

  /** As JSON without a line break. */
  String json() {
    try {
      return MAPPER.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write " + request, e);
    }
  }
}
