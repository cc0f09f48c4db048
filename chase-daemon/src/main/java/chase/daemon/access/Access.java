package chase.daemon.access;

import chase.daemon.host.SocketPeer;
import io.vertx.core.http.HttpConnection;
import java.util.Optional;

/** The rules in force, which a new configuration may replace at any time. Any thread may call. */
public final class Access {
  private volatile Optional<AuditLog> audit = Optional.empty();
  private volatile AccessRules rules;
  private volatile Runnable listener = () -> {};

  /** Begins with these rules, and nowhere to put down what is written. */
  public Access(AccessRules rules) {
    this.rules = rules;
  }

  /** From the next server on what is written is put down in {@code log}. */
  public void auditIn(AuditLog log) {
    audit = Optional.of(log);
  }

  /** Where what is written is put down. */
  public Optional<AuditLog> audit() {
    return audit;
  }

  /** From the next request on these rules count, also on connections that are open. */
  public void use(AccessRules next) {
    rules = next;
    listener.run();
  }

  /** Who is told, on the thread that brings them, of rules that replace the ones before. */
  public void onNewRules(Runnable told) {
    listener = told;
  }

  /** The rules in force. */
  public AccessRules rules() {
    return rules;
  }

  /** Who is at the other end of {@code connection}. */
  public Caller caller(HttpConnection connection) {
    Optional<SocketPeer> peer = SocketPeer.of(connection);
    return new Caller(peer, peer.flatMap(rules::roleOf));
  }

  /** The refusal of a request that takes a role which the caller lacks. */
  AccessDenied denied(Caller caller, Role needed) {
    String remedy = caller.role().isEmpty() ? rules.remedy(needed) : "";
    String groups =
        remedy.isEmpty() ? "" : " (" + remedy + "; a new group counts after the next login)";
    return caller.denied("this needs " + needed.word() + groups);
  }
}
