package chase.carbon.watttime;

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.http.CallLimiter;
import chase.carbon.http.CredentialFormat;
import chase.carbon.http.ProviderHttp;
import chase.carbon.http.ProviderRequest;
import chase.carbon.http.ProviderResponse;
import chase.carbon.http.StatusMeaning;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import okhttp3.Credentials;

/**
 * Keeps one token and renews it. Logins are limited to 100 in 5 minutes for the whole account, so a
 * refused token is replaced once, and a refused replacement only when its time has come.
 */
final class WattTimeLogin {
  /** A quarter of what WattTime allows an account, which several hosts may share. */
  private static final int LOGINS = 25;

  private static final Duration LOGIN_PERIOD = Duration.ofMinutes(5);

  private static final StatusMeaning STATUS =
      StatusMeaning.of(
          StatusMeaning.webPage("login failed"),
          new StatusMeaning.Rule(any -> true, FailureReason.MALFORMED, "login failed"));

  private final WattTime.AccountOptions options;
  private final ProviderHttp http;
  private final InstantSource clock;
  private final CallLimiter logins;
  private final ReentrantLock lock = new ReentrantLock();
  private Optional<Token> current = Optional.empty();

  WattTimeLogin(WattTime.AccountOptions options, ProviderHttp http, InstantSource clock) {
    this.options = options;
    this.http = http;
    this.clock = clock;
    this.logins = new CallLimiter(LOGINS, LOGIN_PERIOD, clock);
  }

  /**
   * Sends a request that needs a login: returns a 2xx, or a refusal that a new token did not mend.
   */
  ProviderResponse get(ProviderRequest request) throws CarbonUnavailable, InterruptedException {
    Token token = token();
    ProviderResponse response = http.get(with(token, request));
    Optional<Token> replacement = isRefused(response) ? replacementFor(token) : Optional.empty();
    if (replacement.isPresent()) {
      token = replacement.get();
      response = http.get(with(token, request));
    }
    if (response.isSuccess()) {
      markAccepted(token);
    }
    return response;
  }

  private ProviderRequest with(Token token, ProviderRequest request) {
    return request
        .header("Authorization", "Bearer " + token.value())
        .hiding(token.value())
        .hiding(options.password())
        .hiding(options.user());
  }

  private static boolean isRefused(ProviderResponse response) {
    return response.status() == 401 || response.status() == 403;
  }

  /** The token to use now, from a new login where there is none or it is old. */
  private Token token() throws CarbonUnavailable, InterruptedException {
    lock.lockInterruptibly();
    try {
      Optional<Token> fresh = current.filter(token -> token.isFresh(clock.instant()));
      return fresh.isPresent() ? fresh.get() : logIn(false);
    } finally {
      lock.unlock();
    }
  }

  /** Another token in the place of a refused one; empty when that was a replacement already. */
  private Optional<Token> replacementFor(Token refused)
      throws CarbonUnavailable, InterruptedException {
    lock.lockInterruptibly();
    try {
      if (current.isPresent() && !current.get().value().equals(refused.value())) {
        return current;
      }
      return refused.replacement() ? Optional.empty() : Optional.of(logIn(true));
    } finally {
      lock.unlock();
    }
  }

  /** Notes that a token works, so that it may be replaced once more when it is refused. */
  private void markAccepted(Token token) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      current = current.map(mine -> mine.value().equals(token.value()) ? mine.accepted() : mine);
    } finally {
      lock.unlock();
    }
  }

  private Token logIn(boolean replacement) throws CarbonUnavailable, InterruptedException {
    Optional<Duration> wait = logins.tryAcquire();
    if (wait.isPresent()) {
      throw new CarbonUnavailable(
          FailureReason.HELD_BACK,
          options.subject() + ": not logged in again, so many logins would look like an attack",
          wait);
    }
    ProviderResponse response = http.get(login());
    if (response.status() == 401 || (response.status() == 403 && !response.isHtml())) {
      throw response.unavailable(
          FailureReason.BAD_KEY,
          "login refused for user " + options.user() + " (" + response.status() + ")");
    }
    Token token = new Token(tokenIn(STATUS.requireSuccess(response)), clock.instant(), replacement);
    current = Optional.of(token);
    return token;
  }

  private ProviderRequest login() {
    String basic = Credentials.basic(options.user(), options.password(), StandardCharsets.UTF_8);
    return ProviderRequest.to(options.subject(), options.url(), "login")
        .header("Authorization", basic)
        .hiding(options.password())
        .hiding(options.user())
        .hiding(basic.substring(basic.indexOf(' ') + 1));
  }

  private static String tokenIn(ProviderResponse response) throws CarbonUnavailable {
    Optional<String> token = response.json().text("token");
    try {
      return CredentialFormat.token("token", token.orElse(""));
    } catch (IllegalArgumentException unfit) {
      throw response.unavailable(FailureReason.MALFORMED, "login answered without a usable token");
    }
  }

  /**
   * The token of a login.
   *
   * @param value the bearer token
   * @param receivedAt when it was received, by this host's clock
   * @param replacement whether the one before was refused and this one has not been accepted yet
   */
  record Token(String value, Instant receivedAt, boolean replacement) {
    /** WattTime's tokens live for 30 minutes; five are left for skew and slow responses. */
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
}
