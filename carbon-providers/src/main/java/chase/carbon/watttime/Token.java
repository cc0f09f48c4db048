package chase.carbon.watttime;

import java.time.Duration;
import java.time.Instant;

/**
 * What a login brought.
 *
 * @param value the bearer token
 * @param receivedAt when it came, by this host's clock
 * @param replacement whether it came because the one before was refused, and was not accepted yet
 */
record Token(String value, Instant receivedAt, boolean replacement) {
  /** WattTime's tokens live for 30 minutes; five are left for skew and slow answers. */
  private static final Duration TRUSTED = Duration.ofMinutes(25);

  /** A clock that went back makes the age unknown, so the token counts as old. */
  boolean isFresh(Instant now) {
    return !now.isBefore(receivedAt) && now.isBefore(receivedAt.plus(TRUSTED));
  }

  /** The same, known to work. */
  Token accepted() {
    return new Token(value, receivedAt, false);
  }

  @Override
  public String toString() {
    return "token of " + receivedAt;
  }
}
