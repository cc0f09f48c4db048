package chase.carbon.http;

import chase.carbon.CarbonUnavailable;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;

/** The connections that all providers share; may be used from any thread but an event loop. */
public final class Transport implements AutoCloseable {
  private final Timeouts timeouts;
  private final ThreadPoolExecutor threads;
  private final OkHttpClient client;

  /** Without connections yet. */
  public Transport(Timeouts timeouts) {
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

  /**
   * Polls are minutes apart: HTTP/2 and a large pool would only cost threads and memory. A call
   * that OkHttp repeated by itself would be missing from the budget.
   */
  private static OkHttpClient client(Timeouts timeouts, Dispatcher dispatcher) {
    return new OkHttpClient.Builder()
        .dispatcher(dispatcher)
        .connectionPool(new ConnectionPool(2, 5, TimeUnit.SECONDS))
        .protocols(List.of(Protocol.HTTP_1_1))
        .followRedirects(false)
        .followSslRedirects(false)
        .retryOnConnectionFailure(false)
        .connectTimeout(timeouts.connect())
        .readTimeout(timeouts.read())
        .writeTimeout(timeouts.read())
        .callTimeout(timeouts.call())
        .build();
  }

  Timeouts timeouts() {
    return timeouts;
  }

  boolean isOpen() {
    return !threads.isShutdown();
  }

  Answer send(Question question) throws IOException, CarbonUnavailable, InterruptedException {
    return Flight.fly(question, client.newCall(question.request()));
  }

  /**
   * Cancels what is in the air and ends its threads. Two idle daemon threads that every OkHttp
   * client of the process shares end by themselves within a minute.
   */
  @Override
  public void close() {
    threads.shutdown();
    client.dispatcher().cancelAll();
    client.connectionPool().evictAll();
  }
}
