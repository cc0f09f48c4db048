package chase.carbon.http;

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.ClockSkew;
import chase.carbon.http.CallCounts.CallOutcome;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateExpiredException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import okhttp3.HttpUrl;

/**
 * Calls one provider, and no more often than its {@link CallLimiter.CallRules} allows. A call that
 * fails on the way or at the provider is repeated after a short pause; a provider that wants a
 * pause is not called until it is over, by any thread; a call that the hour's budget has no room
 * for is not sent. May be used from any thread but an event loop.
 */
public final class ProviderHttp {
  private static final int MAX_REDIRECTS = 3;
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(8);
  private static final Duration NO_REPETITION_AFTER = Duration.ofSeconds(25);

  private final HttpTransport transport;
  private final InstantSource clock;
  private final CallLimiter.CallRules rules;
  private final CallLimiter limiter;
  private final CallLimiter.Backoff backoff;
  private final CallLimiter.Pacing pacing;
  private final CallCounter counter;
  private volatile Optional<ClockSkew> clockSkew = Optional.empty();
  private volatile Optional<CarbonUnavailable> lastFailure = Optional.empty();
  private final RetryPolicy<ProviderResponse> retryPolicy;

  /**
   * A client that has not called yet.
   *
   * @param clock what budgets, pauses and a Retry-After that is a date are measured by
   */
  public ProviderHttp(HttpTransport transport, CallLimiter.CallRules rules, InstantSource clock) {
    this.transport = transport;
    this.clock = clock;
    this.rules = rules;
    this.limiter = new CallLimiter(rules.callsPerHour(), Duration.ofHours(1), clock);
    MonotonicTime time = new MonotonicTime(clock);
    this.backoff = new CallLimiter.Backoff(time);
    this.pacing = new CallLimiter.Pacing(rules.spacing(), time);
    this.counter = new CallCounter(rules, time);
    this.retryPolicy = retryPolicy();
  }

  private RetryPolicy<ProviderResponse> retryPolicy() {
    return RetryPolicy.<ProviderResponse>builder()
        .handleIf(failure -> isTransient(failure) && transport.isOpen())
        .withMaxRetries(rules.retries())
        .withBackoff(rules.firstPause(), longest(rules.firstPause()))
        .withJitter(0.5)
        .withMaxDuration(NO_REPETITION_AFTER)
        .build();
  }

  private static Duration longest(Duration first) {
    return first.compareTo(LONGEST_PAUSE) < 0 ? LONGEST_PAUSE : first.multipliedBy(2);
  }

  private static boolean isTransient(Throwable failure) {
    return failure instanceof CarbonUnavailable unavailable
        && unavailable.reason() == FailureReason.PROVIDER_DOWN
        && unavailable.retryAfter().isEmpty();
  }

  /** How often the provider was called so far; for any thread. */
  public CallCounts callCounts() {
    return counter.counts();
  }

  /**
   * How long the minimum time between two calls holds the next one back; zero where none is held
   * back. Meanwhile a provider may return what its last response says of the present.
   */
  public Duration untilNextCall() {
    return pacing.left();
  }

  /**
   * The last response was no answer of the provider, such as a proxy's page with status 200: it
   * counts as a failed call, and is the cause that is shown while the next one is held back.
   */
  public CarbonUnavailable notAnswered(CarbonUnavailable why) {
    endPaced(false);
    return recordFailure(why);
  }

  /**
   * How far this host's clock was from the provider's at the last response with a time; for any
   * thread.
   */
  public Optional<ClockSkew> clockSkew() {
    return clockSkew;
  }

  /**
   * Sends the request and returns a 2xx.
   *
   * @throws CarbonUnavailable for any other status by {@code meaning}, and as {@link
   *     #get(ProviderRequest)} throws it
   * @throws InterruptedException when the calling thread is interrupted
   */
  public ProviderResponse get(ProviderRequest request, StatusMeaning meaning)
      throws CarbonUnavailable, InterruptedException {
    return meaning.requireSuccess(get(request));
  }

  /**
   * Sends the request and waits for the response, which is a 2xx, a 4xx other than 429, or a 304
   * where the request asked for what is new. Redirects are followed on the same server only.
   *
   * @throws CarbonUnavailable as {@code THROTTLED} on a 429, {@code HELD_BACK} when the budget has
   *     no room for the call or the last one is too recent, or again as what led to that where the
   *     last call failed, {@code PROVIDER_DOWN} on a 5xx, on a redirect elsewhere and on any
   *     failure of the transport that repeating did not mend, {@code MALFORMED} on a body over 4
   *     MiB; during a pause again what led to it, with the time that is left
   * @throws InterruptedException when the waiting thread is interrupted; the call is cancelled
   */
  public ProviderResponse get(ProviderRequest request)
      throws CarbonUnavailable, InterruptedException {
    ProviderRequest next = transport.hidingLogins(request.onSkipped(counter::countSkipped));
    for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
      ProviderResponse response = getWithRetries(next, hop == 0);
      if (!response.isRedirect()) {
        response.clockSkew(clock.instant()).ifPresent(skew -> clockSkew = Optional.of(skew));
        return response;
      }
      next = redirected(next, response);
    }
    throw recordFailure(
        new CarbonUnavailable(
            FailureReason.PROVIDER_DOWN,
            request.subject() + ": more than " + MAX_REDIRECTS + " redirects"));
  }

  private ProviderResponse getWithRetries(ProviderRequest request, boolean first)
      throws CarbonUnavailable, InterruptedException {
    try {
      return Failsafe.with(retryPolicy).get(() -> getOnce(request, first));
    } catch (FailsafeException wrapped) {
      switch (wrapped.getCause()) {
        case CarbonUnavailable failure -> throw failure;
        case InterruptedException stop -> throw stopped(stop);
        case null, default -> throw wrapped;
      }
    }
  }

  /** Failsafe also marks the thread as interrupted; the exception is enough. */
  private static InterruptedException stopped(InterruptedException stop) {
    Thread.interrupted();
    return stop;
  }

  private ProviderResponse getOnce(ProviderRequest request, boolean first)
      throws CarbonUnavailable, InterruptedException {
    requireNoPause();
    if (first) {
      requirePace(request);
    }
    requireBudget(request);
    counter.countSent();
    try {
      ProviderResponse response = requireUsable(send(request));
      counter.count(response.status() / 100 == 4 ? CallOutcome.REFUSED : CallOutcome.ANSWERED);
      backoff.clear();
      if (!response.isRedirect()) {
        lastFailure = Optional.empty();
        endPaced(response.isSuccess());
      }
      return response;
    } catch (CarbonUnavailable failure) {
      endPaced(false);
      counter.count(
          failure.reason() == FailureReason.THROTTLED ? CallOutcome.THROTTLED : CallOutcome.FAILED);
      throw backoff.onFailure(recordFailure(failure));
    } catch (InterruptedException stop) {
      endPaced(false);
      counter.count(CallOutcome.FAILED);
      throw stop;
    }
  }

  private void endPaced(boolean answered) {
    if (answered) {
      pacing.onAnswer();
    } else {
      pacing.onFailure();
    }
  }

  private CarbonUnavailable recordFailure(CarbonUnavailable failure) {
    lastFailure = Optional.of(failure);
    return failure;
  }

  private void requireNoPause() throws CarbonUnavailable {
    Optional<CarbonUnavailable> pausing = backoff.current();
    if (pausing.isPresent()) {
      counter.count(CallOutcome.HELD_BACK);
      throw pausing.get();
    }
  }

  private void requirePace(ProviderRequest request) throws CarbonUnavailable {
    Optional<Duration> wait = pacing.tryStart();
    if (wait.isPresent()) {
      String pace = rules.spacing().words(lastFailure.isPresent());
      throw heldBack(request, wait.get(), "polls " + pace, pace);
    }
  }

  private void requireBudget(ProviderRequest request) throws CarbonUnavailable {
    Optional<Duration> wait = limiter.tryAcquire();
    if (wait.isPresent()) {
      pacing.onNotReached();
      String budget = rules.callsPerHour() + " calls an hour";
      throw heldBack(request, wait.get(), "may send " + budget, "when " + budget + " allow it");
    }
  }

  /** What a person can mend is the cause of the earlier failures, not what holds the call back. */
  private CarbonUnavailable heldBack(
      ProviderRequest request, Duration wait, String rule, String again) {
    counter.count(CallOutcome.HELD_BACK);
    return lastFailure
        .map(failure ->
            new CarbonUnavailable(
                failure.reason(),
                failure.getMessage() + "; polled again " + again,
                Optional.of(wait)))
        .orElseGet(() ->
            new CarbonUnavailable(
                FailureReason.HELD_BACK,
                request.subject() + ": held back by Chase, which " + rule,
                Optional.of(wait)));
  }

  private ProviderResponse send(ProviderRequest request)
      throws CarbonUnavailable, InterruptedException {
    try {
      return request.heard(transport.send(request));
    } catch (IOException failure) {
      if (failure instanceof UnknownHostException || failure instanceof ConnectException) {
        pacing.onNotReached();
      }
      String what = request.subject() + ": " + describe(failure, request);
      throw new CarbonUnavailable(FailureReason.PROVIDER_DOWN, request.redact(what));
    }
  }

  private ProviderRequest redirected(ProviderRequest request, ProviderResponse response)
      throws CarbonUnavailable {
    Optional<HttpUrl> target = response.location();
    if (target.isEmpty() || !request.isSameServer(target.get())) {
      String where = target.map(url -> url.scheme() + "://" + url.host()).orElse("nowhere");
      throw recordFailure(
          response.unavailable(
              FailureReason.PROVIDER_DOWN,
              request.host() + " redirects to " + where + ", where no key is sent; check the URL"));
    }
    return request.redirectedTo(target.get());
  }

  private ProviderResponse requireUsable(ProviderResponse response) throws CarbonUnavailable {
    if (response.status() == 407) {
      throw failed(
          FailureReason.PROVIDER_DOWN, response, "the proxy wants another user or password");
    }
    if (response.status() == 429) {
      throw failed(FailureReason.THROTTLED, response, "too many requests");
    }
    if (response.status() >= 500) {
      throw failed(FailureReason.PROVIDER_DOWN, response, "failure at the provider");
    }
    if (response.status() / 100 == 3 && !response.isRedirect() && !response.isUnchanged()) {
      throw failed(FailureReason.MALFORMED, response, "unexpected status");
    }
    return response;
  }

  private CarbonUnavailable failed(FailureReason reason, ProviderResponse response, String what) {
    return response.unavailable(
        reason,
        what + " (" + response.status() + "): " + response.errorText(),
        response.retryAfter(clock.instant()));
  }

  private String describe(IOException failure, ProviderRequest request) {
    Optional<ProxyAddress> proxy = transport.proxyOf(request.url());
    String host = request.host() + proxy.map(one -> " through the proxy " + one).orElse("");
    String first = proxy.map(one -> "the proxy " + one).orElse(host);
    return switch (failure) {
      case UnknownHostException unknown ->
          proxy.isPresent()
              ? first + " cannot be resolved, or does not resolve " + request.host()
              : "the host " + host + " cannot be resolved";
      case ConnectException refused -> "no connection to " + first;
      case SSLException tls -> "no secure connection to " + host + ": " + describe(tls);
      case InterruptedIOException slow ->
          "no complete answer from "
              + host
              + " within "
              + transport.timeouts().call().toMillis()
              + " ms";
      default -> "the connection to " + host + " broke: " + failure.getMessage();
    };
  }

  /** What Java says of certificates takes many words, some of them several lines. */
  private static String describe(SSLException failure) {
    if (failure instanceof SSLPeerUnverifiedException) {
      return "its certificate is another host's";
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case CertificateExpiredException e -> {
          return "its certificate has expired";
        }
        case CertPathBuilderException e -> {
          return "its certificate is signed by no authority that is trusted here (http.ca-file adds"
              + " one)";
        }
        default -> {}
      }
    }
    return String.valueOf(failure.getMessage());
  }
}
