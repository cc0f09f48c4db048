package chase.daemon.peer;

import java.util.Optional;
import java.util.OptionalLong;

/** Peers that no kernel told of. */
public final class Peers {
  private Peers() {}

  /** Somebody of that name, who asks from that process. */
  public static Peer of(String user, ProcessHandle process) {
    return new Peer(user, OptionalLong.empty(), OptionalLong.empty(), Optional.of(process));
  }
}
