package chase.carbon.watttime;

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.Reason;
import chase.carbon.http.Allowance;
import chase.carbon.http.Answer;
import chase.carbon.http.ProviderHttp;
import chase.carbon.http.Question;
import chase.carbon.http.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import okhttp3.Credentials;

/**
 * Keeps one token and renews it. Logins are limited to 100 in 5 minutes for the whole account, so a
 * refused token is replaced once, and a refused replacement only when its time has come.
 */
final class Session {
  /** A quarter of what WattTime allows an account, which several hosts may share. */
  private static final int LOGINS = 25;

  private static final Duration LOGIN_PERIOD = Duration.ofMinutes(5);

  private final WattTime.Options options;
  private final ProviderHttp http;
  private final InstantSource clock;
  private final Allowance logins;
  private final ReentrantLock turn = new ReentrantLock();
  private Optional<Token> held = Optional.empty();

  Session(WattTime.Options options, ProviderHttp http, InstantSource clock) {
    this.options = options;
    this.http = http;
    this.clock = clock;
    this.logins = new Allowance(LOGINS, LOGIN_PERIOD, clock);
  }

  /**
   * The answer to a question that needs a login: a 2xx, or a refusal that a new token did not mend.
   */
  Answer ask(Question question) throws CarbonUnavailable, InterruptedException {
    Token token = token();
    Answer answer = http.get(with(token, question));
    Optional<Token> replacement = refused(answer) ? replacementFor(token) : Optional.empty();
    if (replacement.isPresent()) {
      token = replacement.get();
      answer = http.get(with(token, question));
    }
    if (answer.ok()) {
      accepted(token);
    }
    return answer;
  }

  private Question with(Token token, Question question) {
    return question
        .header("Authorization", "Bearer " + token.value())
        .hiding(token.value())
        .hiding(options.password());
  }

  private static boolean refused(Answer answer) {
    return answer.status() == 401 || answer.status() == 403;
  }

  /** The token to use now, from a new login where there is none or it is old. */
  private Token token() throws CarbonUnavailable, InterruptedException {
    turn.lockInterruptibly();
    try {
      Optional<Token> fresh = held.filter(token -> token.freshAt(clock.instant()));
      return fresh.isPresent() ? fresh.get() : logIn(false);
    } finally {
      turn.unlock();
    }
  }

  /** Another token in the place of a refused one; empty when that was a replacement already. */
  private Optional<Token> replacementFor(Token refused)
      throws CarbonUnavailable, InterruptedException {
    turn.lockInterruptibly();
    try {
      if (held.isPresent() && !held.get().value().equals(refused.value())) {
        return held;
      }
      return refused.replacement() ? Optional.empty() : Optional.of(logIn(true));
    } finally {
      turn.unlock();
    }
  }

  /** Tells that the token opened the door, so that it may be replaced again one day. */
  private void accepted(Token token) throws InterruptedException {
    turn.lockInterruptibly();
    try {
      held = held.map(mine -> mine.value().equals(token.value()) ? mine.accepted() : mine);
    } finally {
      turn.unlock();
    }
  }

  private Token logIn(boolean replacement) throws CarbonUnavailable, InterruptedException {
    Optional<Duration> wait = logins.take();
    if (wait.isPresent()) {
      throw new CarbonUnavailable(
          Reason.HELD_BACK,
          options.asker() + ": not logged in again, so many logins would look like an attack",
          wait);
    }
    Answer answer = http.get(login());
    if (answer.status() == 401 || (answer.status() == 403 && !answer.isHtml())) {
      throw answer.unavailable(
          Reason.BAD_KEY,
          "login refused for user " + options.user() + " (" + answer.status() + ")");
    }
    if (!answer.ok()) {
      Reason reason = answer.isHtml() ? Reason.PROVIDER_DOWN : Reason.MALFORMED;
      throw answer.unavailable(reason, "login failed (" + answer.status() + "): " + answer.words());
    }
    Token token = new Token(tokenIn(answer), clock.instant(), replacement);
    held = Optional.of(token);
    return token;
  }

  private Question login() {
    String basic = Credentials.basic(options.user(), options.password(), StandardCharsets.UTF_8);
    return Question.to(options.asker(), options.url(), "login")
        .header("Authorization", basic)
        .hiding(options.password())
        .hiding(basic);
  }

  private static String tokenIn(Answer answer) throws CarbonUnavailable {
    Optional<String> token = answer.json().text("token");
    try {
      return Secret.token("token", token.orElse(""));
    } catch (IllegalArgumentException unfit) {
      throw answer.unavailable(Reason.MALFORMED, "login answered without a usable token");
    }
  }
}
