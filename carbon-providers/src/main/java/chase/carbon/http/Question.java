package chase.carbon.http;

import java.net.URI;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Request;

/** One GET to a provider; immutable, and silent about its headers when printed. */
public final class Question {
  private static final String USER_AGENT = "chase (carbon-aware power limits)";

  private final String asker;
  private final HttpUrl url;
  private final Headers headers;
  private final List<String> secrets;
  private final Consumer<String> leftOut;

  private Question(
      String asker, HttpUrl url, Headers headers, List<String> secrets, Consumer<String> leftOut) {
    this.asker = asker;
    this.url = url;
    this.headers = headers;
    this.secrets = secrets;
    this.leftOut = leftOut;
  }

  /**
   * A question without parameters.
   *
   * @param asker provider and region, the first words of every failure
   * @param base an address that {@link BaseUrl} let pass
   * @param path what follows it, such as {@code carbon-intensity/latest}
   */
  public static Question to(String asker, URI base, String path) {
    HttpUrl url = HttpUrl.get(base.toString()).newBuilder().addPathSegments(path).build();
    Headers headers =
        Headers.of(
            "User-Agent", USER_AGENT, "Accept", "application/json", "Accept-Encoding", "gzip");
    return new Question(asker, url, headers, List.of(), nobody -> {});
  }

  /** The same with one more query parameter; the value is escaped here. */
  public Question with(String parameter, String value) {
    HttpUrl longer = url.newBuilder().addQueryParameter(parameter, value).build();
    return new Question(asker, longer, headers, secrets, leftOut);
  }

  /** The same with one more header, whose value must be plain ASCII. */
  public Question header(String name, String value) {
    return new Question(
        asker, url, headers.newBuilder().set(name, value).build(), secrets, leftOut);
  }

  /** The same, never quoting {@code secret} when the provider sends it back. */
  public Question hiding(String secret) {
    List<String> more = Stream.concat(secrets.stream(), Stream.of(secret)).toList();
    return new Question(asker, url, headers, more, leftOut);
  }

  /** The same; {@code listener} is given a line for each part of the answer that is left out. */
  Question reporting(Consumer<String> listener) {
    return new Question(asker, url, headers, secrets, listener);
  }

  Consumer<String> leftOut() {
    return leftOut;
  }

  String asker() {
    return asker;
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
  boolean mayMoveTo(HttpUrl other) {
    return other.scheme().equals(url.scheme())
        && other.host().equals(url.host())
        && other.port() == url.port();
  }

  Question at(HttpUrl other) {
    return new Question(asker, other, headers, secrets, leftOut);
  }

  String withoutSecrets(String text) {
    String clean = text;
    for (String secret : secrets) {
      clean = clean.replace(secret, "***");
    }
    return clean;
  }

  /** The asker and the address; no header and no secret. */
  @Override
  public String toString() {
    return asker + ": GET " + url;
  }
}
