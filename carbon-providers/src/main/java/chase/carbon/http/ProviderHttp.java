package chase.carbon.http;

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.Reason;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;

/**
 * Asks providers. All sources share one; it may be used from any thread but an event loop. It never
 * retries: the caller polls again.
 */
public final class ProviderHttp implements AutoCloseable {
  private static final int MAX_REDIRECTS = 3;

  private final InstantSource clock;
  private final Timeouts timeouts;
  private final ThreadPoolExecutor threads;
  private final OkHttpClient client;

  /**
   * A client without connections yet.
   *
   * @param clock what a Retry-After that is a date is measured against
   */
  public ProviderHttp(Timeouts timeouts, InstantSource clock) {
    this.clock = clock;
    this.timeouts = timeouts;
    this.threads =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            5,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform().name("carbon-http-", 0).daemon().factory());
    this.client = client(timeouts, new Dispatcher(threads));
  }

  /** Polls are minutes apart: HTTP/2 and a large pool would only cost threads and memory. */
  private static OkHttpClient client(Timeouts timeouts, Dispatcher dispatcher) {
    return new OkHttpClient.Builder()
        .dispatcher(dispatcher)
        .connectionPool(new ConnectionPool(2, 5, TimeUnit.SECONDS))
        .protocols(List.of(Protocol.HTTP_1_1))
        .followRedirects(false)
        .followSslRedirects(false)
        .connectTimeout(timeouts.connect())
        .readTimeout(timeouts.read())
        .writeTimeout(timeouts.read())
        .callTimeout(timeouts.call())
        .build();
  }

  /**
   * Sends the question and waits for the answer, which is a 2xx, or a 4xx other than 429. Redirects
   * are followed on the same server only.
   *
   * @throws CarbonUnavailable as {@code THROTTLED} on a 429, {@code PROVIDER_DOWN} on a 5xx, on a
   *     redirect elsewhere and on any failure of the transport, {@code MALFORMED} on a body over 4
   *     MiB
   * @throws InterruptedException when the waiting thread is interrupted; the call is cancelled
   */
  public Answer get(Question question) throws CarbonUnavailable, InterruptedException {
    Question next = question;
    for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
      Answer answer = send(next);
      if (!answer.isRedirect()) {
        return usable(answer);
      }
      next = redirected(next, answer);
    }
    throw new CarbonUnavailable(
        Reason.PROVIDER_DOWN, question.asker() + ": more than " + MAX_REDIRECTS + " redirects");
  }

  private Answer send(Question question) throws CarbonUnavailable, InterruptedException {
    try {
      return Flight.fly(question, client.newCall(question.request()));
    } catch (IOException failure) {
      String what = question.asker() + ": " + inWords(failure, question.host());
      throw new CarbonUnavailable(Reason.PROVIDER_DOWN, question.withoutSecrets(what));
    }
  }

  private static Question redirected(Question question, Answer answer) throws CarbonUnavailable {
    Optional<HttpUrl> target = answer.location();
    if (target.isEmpty() || !question.mayMoveTo(target.get())) {
      String where = target.map(url -> url.scheme() + "://" + url.host()).orElse("nowhere");
      throw answer.unavailable(
          Reason.PROVIDER_DOWN,
          question.host() + " redirects to " + where + ", where no key is sent; check the URL");
    }
    return question.at(target.get());
  }

  private Answer usable(Answer answer) throws CarbonUnavailable {
    if (answer.status() == 429) {
      throw failed(Reason.THROTTLED, answer, "too many requests");
    }
    if (answer.status() >= 500) {
      throw failed(Reason.PROVIDER_DOWN, answer, "failure at the provider");
    }
    if (answer.status() / 100 == 3) {
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

  private String inWords(IOException failure, String host) {
    return switch (failure) {
      case UnknownHostException unknown -> "the host " + host + " cannot be resolved";
      case ConnectException refused -> "no connection to " + host;
      case SSLException tls -> "no secure connection to " + host + ": " + tls.getMessage();
      case InterruptedIOException slow ->
          "no complete answer from " + host + " within " + timeouts.call().toMillis() + " ms";
      default -> "the connection to " + host + " broke: " + failure.getMessage();
    };
  }

  /**
   * Cancels what is in the air and ends its threads. Two idle daemon threads that every OkHttp
   * client of the process shares end by themselves within a minute.
   */
  @Override
  public void close() {
    client.dispatcher().cancelAll();
    threads.shutdown();
    client.connectionPool().evictAll();
  }
}
