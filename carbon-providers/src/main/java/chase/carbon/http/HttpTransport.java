package chase.carbon.http;

import chase.carbon.CarbonUnavailable;
import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import okhttp3.Authenticator;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.Credentials;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.Route;
import org.jspecify.annotations.Nullable;

/** The connections that all providers share; may be used from any thread but an event loop. */
public final class HttpTransport implements AutoCloseable {
  private static final String PROXY_AUTHORIZATION = "Proxy-Authorization";

  private final HttpTimeouts timeouts;
  private final OkHttpClient client;
  private final ProxyRules proxies;
  private final Set<Call> running = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /** Without connections yet, and without a proxy. */
  public HttpTransport(HttpTimeouts timeouts) {
    this(timeouts, ProxyRules.NONE);
  }

  /** Without connections yet; trusts the servers that Java trusts. */
  public HttpTransport(HttpTimeouts timeouts, ProxyRules proxies) {
    this(timeouts, proxies, Optional.empty());
  }

  /**
   * Without connections yet.
   *
   * @param authorities whose certificates servers may have besides
   */
  public HttpTransport(HttpTimeouts timeouts, ProxyRules proxies, Optional<CaBundle> authorities) {
    this.proxies = proxies;
    this.timeouts = timeouts;
    this.client = client(timeouts, proxies, authorities);
    SocksAuthenticator.install(proxies);
  }

  /**
   * Polls are minutes apart: HTTP/2 and a large pool would only cost threads and memory. A call
   * that OkHttp repeated automatically would be missing from the budget.
   */
  private static OkHttpClient client(
      HttpTimeouts timeouts, ProxyRules proxies, Optional<CaBundle> authorities) {
    OkHttpClient.Builder builder = new OkHttpClient.Builder();
    authorities
        .map(CaBundle::trust)
        .ifPresent(trust -> builder.sslSocketFactory(CaBundle.sockets(trust), trust));
    if (proxies.any()) {
      builder.proxySelector(new ProxyByRules(proxies)).proxyAuthenticator(new ProxyLogin(proxies));
    }
    return builder
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

  /** The same request, never quoting what a proxy is told when that sends it back. */
  ProviderRequest hidingLogins(ProviderRequest request) {
    return Stream.concat(proxies.http().stream(), proxies.https().stream())
        .filter(proxy -> !proxy.password().isEmpty())
        .flatMap(proxy -> Stream.of(proxy.password(), login(proxy)))
        .distinct()
        .reduce(request, ProviderRequest::hiding, (one, other) -> other);
  }

  private static String login(ProxyAddress proxy) {
    String credentials =
        Credentials.basic(proxy.user().orElse(""), proxy.password(), StandardCharsets.UTF_8);
    return credentials.substring(credentials.indexOf(' ') + 1);
  }

  /** Chooses the proxy for each address by the rules. */
  private static final class ProxyByRules extends ProxySelector {
    private final ProxyRules rules;

    ProxyByRules(ProxyRules rules) {
      this.rules = rules;
    }

    @Override
    public List<Proxy> select(URI uri) {
      HttpUrl url = HttpUrl.get(uri);
      return List.of(
          url == null
              ? Proxy.NO_PROXY
              : rules.of(url).map(ProxyAddress::proxy).orElse(Proxy.NO_PROXY));
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
  }

  /** Sends user and password to a proxy that wants them, once; refused ones are not sent again. */
  private static final class ProxyLogin implements Authenticator {
    private final ProxyRules rules;

    ProxyLogin(ProxyRules rules) {
      this.rules = rules;
    }

    @Override
    public @Nullable Request authenticate(@Nullable Route route, Response response) {
      Request request = response.request();
      Optional<ProxyAddress> proxy =
          rules.of(route == null ? request.url() : route.address().url());
      if (proxy.flatMap(ProxyAddress::user).isEmpty()
          || request.header(PROXY_AUTHORIZATION) != null) {
        return null;
      }
      String basic =
          Credentials.basic(
              proxy.get().user().orElseThrow(), proxy.get().password(), StandardCharsets.UTF_8);
      return request.newBuilder().header(PROXY_AUTHORIZATION, basic).build();
    }
  }

  /** The proxy through which an address is reached. */
  Optional<ProxyAddress> proxyOf(HttpUrl url) {
    return proxies.of(url);
  }

  HttpTimeouts timeouts() {
    return timeouts;
  }

  boolean isOpen() {
    return !closed;
  }

  /**
   * Sends a request on the calling thread and reads its response. Interrupting a virtual thread
   * closes the socket that it waits for, but not before the host's name is resolved; a platform
   * thread waits until the call's time is over.
   *
   * @throws IOException when there is no complete response, or this transport is closed
   */
  ProviderResponse send(ProviderRequest request)
      throws IOException, CarbonUnavailable, InterruptedException {
    Call call = client.newCall(request.request());
    running.add(call);
    if (closed) {
      call.cancel();
    }
    try (Response response = call.execute()) {
      return ProviderResponse.of(request, response);
    } catch (IOException failure) {
      if (Thread.interrupted()) {
        throw new InterruptedException(failure.getMessage());
      }
      throw failure;
    } finally {
      running.remove(call);
    }
  }

  /**
   * Cancels running calls and closes connections; later calls fail at once. Two idle daemon threads
   * that every OkHttp client of the process shares end automatically within a minute.
   */
  @Override
  public void close() {
    closed = true;
    running.forEach(Call::cancel);
    client.connectionPool().evictAll();
  }

  /**
   * How long a provider may take.
   *
   * @param connect until the connection stands
   * @param read between two pieces of the response
   * @param call for the whole of it, so that a slow drip ends too
   */
  public record HttpTimeouts(Duration connect, Duration read, Duration call) {
    /** For a poll every few minutes: 5 s to connect, 10 s of silence, 20 s in all. */
    public static final HttpTimeouts DEFAULT =
        new HttpTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(20));

    /** Refuses anything under a millisecond with {@link IllegalArgumentException}. */
    public HttpTimeouts {
      if (connect.toMillis() < 1 || read.toMillis() < 1 || call.toMillis() < 1) {
        throw new IllegalArgumentException(
            "timeouts must be at least 1 ms: " + connect + ", " + read + ", " + call);
      }
    }
  }
}
