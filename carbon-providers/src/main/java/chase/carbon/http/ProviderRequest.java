package chase.carbon.http;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Request;

/** One GET to a provider; immutable, and silent about its headers when printed. */
public final class ProviderRequest {
  private static final String USER_AGENT = "chase (carbon-aware power limits)";

  private static final String IF_NONE_MATCH = "If-None-Match";

  private static final int SHORTEST_SECRET = 3;

  private final String subject;
  private final HttpUrl url;
  private final Headers headers;
  private final List<String> secrets;
  private final Consumer<String> skippedListener;
  private final Consumer<ProviderResponse> responseListener;

  private ProviderRequest(
      String subject,
      HttpUrl url,
      Headers headers,
      List<String> secrets,
      Consumer<String> skippedListener,
      Consumer<ProviderResponse> responseListener) {
    this.subject = subject;
    this.url = url;
    this.headers = headers;
    this.secrets = secrets;
    this.skippedListener = skippedListener;
    this.responseListener = responseListener;
  }

  /**
   * A request without parameters.
   *
   * @param subject provider and region, the first words of every failure
   * @param base an address that {@link BaseUrl} let pass
   * @param path what follows it, such as {@code carbon-intensity/latest}
   */
  public static ProviderRequest to(String subject, URI base, String path) {
    HttpUrl url = HttpUrl.get(base.toString()).newBuilder().addPathSegments(path).build();
    Headers headers =
        Headers.of(
            "User-Agent", USER_AGENT, "Accept", "application/json", "Accept-Encoding", "gzip");
    return new ProviderRequest(subject, url, headers, List.of(), line -> {}, response -> {});
  }

  /** The same with one more query parameter; the value is escaped here. */
  public ProviderRequest query(String parameter, String value) {
    HttpUrl longer = url.newBuilder().addQueryParameter(parameter, value).build();
    return new ProviderRequest(
        subject, longer, headers, secrets, skippedListener, responseListener);
  }

  /** The same with one more header, whose value must be plain ASCII. */
  public ProviderRequest header(String name, String value) {
    return new ProviderRequest(
        subject,
        url,
        headers.newBuilder().set(name, value).build(),
        secrets,
        skippedListener,
        responseListener);
  }

  /** The same, answered by 304 where the body still has that tag of an earlier response. */
  public ProviderRequest unlessStill(Optional<String> tag) {
    return tag.map(known -> header(IF_NONE_MATCH, known)).orElse(this);
  }

  boolean isConditional() {
    return headers.get(IF_NONE_MATCH) != null;
  }

  /**
   * The same, never quoting {@code secret} when the provider sends it back. Nothing is hidden of a
   * user's name that could be part of any word.
   */
  public ProviderRequest hiding(String secret) {
    if (secret.length() < SHORTEST_SECRET) {
      return this;
    }
    List<String> more = Stream.concat(secrets.stream(), Stream.of(secret)).toList();
    return new ProviderRequest(subject, url, headers, more, skippedListener, responseListener);
  }

  /** The same; {@code listener} gets a line for each part of the response that is left out. */
  ProviderRequest onSkipped(Consumer<String> listener) {
    return new ProviderRequest(subject, url, headers, secrets, listener, responseListener);
  }

  /** The same; {@code listener} gets each response, also those that make the call fail. */
  public ProviderRequest onResponse(Consumer<ProviderResponse> listener) {
    return new ProviderRequest(subject, url, headers, secrets, skippedListener, listener);
  }

  ProviderResponse heard(ProviderResponse response) {
    responseListener.accept(response);
    return response;
  }

  Consumer<String> skippedListener() {
    return skippedListener;
  }

  String subject() {
    return subject;
  }

  HttpUrl url() {
    return url;
  }

  String host() {
    return url.host();
  }

  Request request() {
    return new Request.Builder().url(url).headers(headers).build();
  }

  /** Whether credentials may follow to that address: only on the same server. */
  boolean isSameServer(HttpUrl other) {
    return other.scheme().equals(url.scheme())
        && other.host().equals(url.host())
        && other.port() == url.port();
  }

  ProviderRequest redirectedTo(HttpUrl other) {
    return new ProviderRequest(subject, other, headers, secrets, skippedListener, responseListener);
  }

  String redact(String text) {
    String clean = text;
    for (String secret : secrets) {
      clean = clean.replace(secret, "***");
    }
    return clean;
  }

  /** The subject and the address; no header and no secret. */
  @Override
  public String toString() {
    return subject + ": GET " + url;
  }
}
