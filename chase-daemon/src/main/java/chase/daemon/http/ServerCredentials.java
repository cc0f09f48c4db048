package chase.daemon.http;

import java.util.Optional;

/**
 * What protects a TCP listener beyond its address.
 *
 * @param certificate what it speaks TLS with; clear text without one
 * @param token what every request has to show; nothing without one
 */
public record ServerCredentials(
    Optional<ServerCertificate> certificate, Optional<AccessToken> token) {
  /** A listener on loopback may do without. */
  public static final ServerCredentials NONE =
      new ServerCredentials(Optional.empty(), Optional.empty());
}
