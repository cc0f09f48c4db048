package chase.daemon.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A secret that every request has to show: as a bearer token, as programs do, or as the password of
 * any user, as browsers ask for it. Only its hash is kept, and that is compared in a time that
 * tells nothing of it.
 */
public final class AccessToken {
  /** Fewer characters can be guessed. */
  private static final int MIN_LENGTH = 16;

  private final byte[] hash;

  private AccessToken(byte[] hash) {
    this.hash = hash;
  }

  /**
   * The token {@code secret}.
   *
   * @throws IllegalArgumentException in one line without the secret, where it is too short or
   *     cannot be sent in a header
   */
  public static AccessToken of(String secret) {
    if (!secret.matches("[!-~]{" + MIN_LENGTH + ",1024}")) {
      throw new IllegalArgumentException(
          "a token has "
              + MIN_LENGTH
              + " to 1024 printable ASCII characters without blanks; openssl rand -hex 32 makes"
              + " one");
    }
    return new AccessToken(hash(secret));
  }

  /** Whether {@code request} shows it. */
  boolean isShownBy(HttpServerRequest request) {
    List<String> headers = request.headers().getAll(HttpHeaders.AUTHORIZATION);
    return headers.size() == 1
        && shown(headers.getFirst())
            .filter(secret -> MessageDigest.isEqual(hash(secret), hash))
            .isPresent();
  }

  private static Optional<String> shown(String header) {
    String[] words = header.strip().split(" +", 2);
    if (words.length < 2) {
      return Optional.empty();
    }
    return switch (words[0].toLowerCase(Locale.ROOT)) {
      case "bearer" -> Optional.of(words[1]);
      case "basic" -> password(words[1]);
      default -> Optional.empty();
    };
  }

  /** What stands behind the first colon of {@code user:password}. */
  private static Optional<String> password(String encoded) {
    try {
      String both = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
      return Optional.of(both.substring(both.indexOf(':') + 1));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static byte[] hash(String secret) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
