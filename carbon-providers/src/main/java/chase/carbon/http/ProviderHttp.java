package chase.carbon.http;

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.Reason;
import chase.carbon.http.Calls.Outcome;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import javax.net.ssl.SSLException;
import okhttp3.HttpUrl;

/**
 * Asks one provider, and no more often than its {@link Etiquette} allows. A call that fails on the
 * way or at the provider is repeated after a short pause; a provider that asks for rest is left
 * alone until it is over, whoever asks meanwhile; a call that the hour's budget has no room for is
 * not sent. May be used from any thread but an event loop.
 */
public final class ProviderHttp {
  private static final int MAX_REDIRECTS = 3;
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(8);
  private static final Duration NO_REPETITION_AFTER = Duration.ofSeconds(25);

  private final Transport transport;
  private final InstantSource clock;
  private final Etiquette etiquette;
  private final Allowance allowance;
  private final Rest rest;
  private final CallLog log;
  private volatile Optional<CarbonUnavailable> lastFailure = Optional.empty();
  private final RetryPolicy<Answer> again;

  /**
   * A provider that was not asked yet.
   *
   * @param clock what budgets, rests and a Retry-After that is a date are measured by
   */
  public ProviderHttp(Transport transport, Etiquette etiquette, InstantSource clock) {
    this.transport = transport;
    this.clock = clock;
    this.etiquette = etiquette;
    this.allowance = new Allowance(etiquette.callsPerHour(), Duration.ofHours(1), clock);
    SteadyTime time = new SteadyTime(clock);
    this.rest = new Rest(time);
    this.log = new CallLog(etiquette, time);
    this.again = again();
  }

  private RetryPolicy<Answer> again() {
    return RetryPolicy.<Answer>builder()
        .handleIf(failure -> mayPass(failure) && transport.isOpen())
        .withMaxRetries(etiquette.retries())
        .withBackoff(etiquette.firstPause(), longest(etiquette.firstPause()))
        .withJitter(0.5)
        .withMaxDuration(NO_REPETITION_AFTER)
        .build();
  }

  private static Duration longest(Duration first) {
    return first.compareTo(LONGEST_PAUSE) < 0 ? LONGEST_PAUSE : first.multipliedBy(2);
  }

  private static boolean mayPass(Throwable failure) {
    return failure instanceof CarbonUnavailable unavailable
        && unavailable.reason() == Reason.PROVIDER_DOWN
        && unavailable.retryAfter().isEmpty();
  }

  /** How often the provider was asked so far; any thread may ask. */
  public Calls calls() {
    return log.calls();
  }

  /**
   * Sends the question and waits for the answer, which is a 2xx, or a 4xx other than 429. Redirects
   * are followed on the same server only.
   *
   * @throws CarbonUnavailable as {@code THROTTLED} on a 429, {@code HELD_BACK} when the budget has
   *     no room for the call, or again as what led to that where the last call failed, {@code
   *     PROVIDER_DOWN} on a 5xx, on a redirect elsewhere and on any failure of the transport that
   *     repeating did not mend, {@code MALFORMED} on a body over 4 MiB; during a rest again what
   *     led to it, with the time that is left
   * @throws InterruptedException when the waiting thread is interrupted; the call is cancelled
   */
  public Answer get(Question question) throws CarbonUnavailable, InterruptedException {
    Question next = question.reporting(log::leftOut);
    for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
      Answer answer = patiently(next);
      if (!answer.isRedirect()) {
        return answer;
      }
      next = redirected(next, answer);
    }
    throw remembered(
        new CarbonUnavailable(
            Reason.PROVIDER_DOWN,
            question.asker() + ": more than " + MAX_REDIRECTS + " redirects"));
  }

  private Answer patiently(Question question) throws CarbonUnavailable, InterruptedException {
    try {
      return Failsafe.with(again).get(() -> once(question));
    } catch (FailsafeException wrapped) {
      switch (wrapped.getCause()) {
        case CarbonUnavailable failure -> throw failure;
        case InterruptedException stop -> throw stopped(stop);
        case null, default -> throw wrapped;
      }
    }
  }

  /** Failsafe marks the thread as interrupted besides; the exception says it already. */
  private static InterruptedException stopped(InterruptedException stop) {
    Thread.interrupted();
    return stop;
  }

  private Answer once(Question question) throws CarbonUnavailable, InterruptedException {
    admit(question);
    log.sending();
    try {
      Answer answer = usable(send(question));
      log.became(answer.status() / 100 == 4 ? Outcome.REFUSED : Outcome.ANSWERED);
      rest.over();
      if (!answer.isRedirect()) {
        lastFailure = Optional.empty();
      }
      return answer;
    } catch (CarbonUnavailable failure) {
      log.became(failure.reason() == Reason.THROTTLED ? Outcome.THROTTLED : Outcome.FAILED);
      throw rest.after(remembered(failure));
    } catch (InterruptedException stop) {
      log.became(Outcome.FAILED);
      throw stop;
    }
  }

  private CarbonUnavailable remembered(CarbonUnavailable failure) {
    lastFailure = Optional.of(failure);
    return failure;
  }

  private void admit(Question question) throws CarbonUnavailable {
    Optional<CarbonUnavailable> resting = rest.inTheWay();
    if (resting.isPresent()) {
      log.became(Outcome.HELD_BACK);
      throw resting.get();
    }
    Optional<Duration> wait = allowance.take();
    if (wait.isPresent()) {
      log.became(Outcome.HELD_BACK);
      throw heldBack(question, wait);
    }
  }

  /** What a person can mend is why the calls before failed, not that there are no more of them. */
  private CarbonUnavailable heldBack(Question question, Optional<Duration> wait) {
    String budget = etiquette.callsPerHour() + " calls an hour";
    return lastFailure
        .map(failure ->
            new CarbonUnavailable(
                failure.reason(),
                failure.getMessage() + "; asked again when " + budget + " allow it",
                wait))
        .orElseGet(() ->
            new CarbonUnavailable(
                Reason.HELD_BACK,
                question.asker() + ": held back by Chase, which may send " + budget,
                wait));
  }

  private Answer send(Question question) throws CarbonUnavailable, InterruptedException {
    try {
      return transport.send(question);
    } catch (IOException failure) {
      String what = question.asker() + ": " + inWords(failure, question);
      throw new CarbonUnavailable(Reason.PROVIDER_DOWN, question.withoutSecrets(what));
    }
  }

  private Question redirected(Question question, Answer answer) throws CarbonUnavailable {
    Optional<HttpUrl> target = answer.location();
    if (target.isEmpty() || !question.mayMoveTo(target.get())) {
      String where = target.map(url -> url.scheme() + "://" + url.host()).orElse("nowhere");
      throw remembered(
          answer.unavailable(
              Reason.PROVIDER_DOWN,
              question.host()
                  + " redirects to "
                  + where
                  + ", where no key is sent; check the URL"));
    }
    return question.at(target.get());
  }

  private Answer usable(Answer answer) throws CarbonUnavailable {
    if (answer.status() == 407) {
      throw failed(Reason.PROVIDER_DOWN, answer, "the proxy wants another user or password");
    }
    if (answer.status() == 429) {
      throw failed(Reason.THROTTLED, answer, "too many requests");
    }
    if (answer.status() >= 500) {
      throw failed(Reason.PROVIDER_DOWN, answer, "failure at the provider");
    }
    if (answer.status() / 100 == 3 && !answer.isRedirect()) {
      throw failed(Reason.MALFORMED, answer, "unexpected status");
    }
    return answer;
  }

  private CarbonUnavailable failed(Reason reason, Answer answer, String what) {
    return answer.unavailable(
        reason,
        what + " (" + answer.status() + "): " + answer.words(),
        answer.retryAfter(clock.instant()));
  }

  private String inWords(IOException failure, Question question) {
    Optional<ProxyAddress> proxy = transport.proxyOf(question.url());
    String host = question.host() + proxy.map(one -> " through the proxy " + one).orElse("");
    String first = proxy.map(one -> "the proxy " + one).orElse(host);
    return switch (failure) {
      case UnknownHostException unknown ->
          proxy.isPresent()
              ? first + " cannot be resolved, or does not resolve " + question.host()
              : "the host " + host + " cannot be resolved";
      case ConnectException refused -> "no connection to " + first;
      case SSLException tls -> "no secure connection to " + host + ": " + tls.getMessage();
      case InterruptedIOException slow ->
          "no complete answer from "
              + host
              + " within "
              + transport.timeouts().call().toMillis()
              + " ms";
      default -> "the connection to " + host + " broke: " + failure.getMessage();
    };
  }
}
