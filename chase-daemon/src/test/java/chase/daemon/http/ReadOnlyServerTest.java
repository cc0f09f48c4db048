package chase.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.http.ReadOnlyServer.ReadOnlyPath;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadOnlyServerTest {
  private final Vertx vertx = Vertx.vertx();
  private final ReadOnlyServer server = server();
  private final HttpClient client = HttpClient.newHttpClient();
  private int port;

  private ReadOnlyServer server() {
    return new ReadOnlyServer(
        vertx,
        "metrics",
        new HostNames("gpu01", List.of()),
        () -> ServerCredentials.NONE,
        FailureCounter.NONE,
        Map.of(
            "/metrics",
            new ReadOnlyPath(request -> ReadOnlyServer.send(request, 200, "figures\n"), true),
            "/page",
            new ReadOnlyPath(request -> ReadOnlyServer.send(request, 200, "a page\n"), false)));
  }

  @BeforeEach
  void listen() throws Exception {
    port = await(server.listen("127.0.0.1", 0));
  }

  @AfterEach
  void close() throws Exception {
    client.close();
    await(server.close());
    await(vertx.close());
  }

  @Test
  void eachPathIsAnsweredByItsOwn() throws Exception {
    assertThat(ask("GET", "/metrics?whatever").body()).isEqualTo("figures\n");
    assertThat(ask("GET", "/page").body()).isEqualTo("a page\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/policy",
        "/page/",
        "//page",
        "/page/../metrics",
        "/..%2f..%2fetc%2fpasswd",
        "/%2e%2e/page",
        "/page%00",
        "/PAGE",
        "/%"
      })
  void otherPathsAreNotFoundHoweverTheyAreWritten(String path) {
    assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        .matches("(?s)HTTP/1.1 40[04] .*");
  }

  @Test
  void aHeadHasTheLengthAndNoBody() throws Exception {
    HttpResponse<String> answer = ask("HEAD", "/metrics");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValueAsLong("Content-Length")).hasValue(8);
    assertThat(answer.body()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
  void nothingCanBeWritten(String method) throws Exception {
    HttpResponse<String> answer = ask(method, "/metrics");
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).contains("GET, HEAD");
  }

  @Test
  void aNameThatIsNotTheHostsIsRefusedExceptWhereAnyWillDo() {
    assertThat(raw("GET /page HTTP/1.1\r\nHost: evil.example\r\n\r\n"))
        .startsWith("HTTP/1.1 421 ")
        .contains("'evil.example' is no known name of this host");
    assertThat(raw("GET /metrics HTTP/1.1\r\nHost: evil.example\r\n\r\n"))
        .startsWith("HTTP/1.1 200 ");
    assertThat(raw("GET /page HTTP/1.1\r\nHost: gpu01:9478\r\n\r\n")).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void anUnknownNameLearnsNothingOfPathsAndMethods() {
    assertThat(raw("POST /nowhere HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0\r\n\r\n"))
        .startsWith("HTTP/1.1 421 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cross-site", "same-site"})
  void aPageOfAnotherSiteMayLinkHereAndNotRead(String site) {
    String fetched = "GET /page HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: " + site;
    assertThat(raw(fetched + "\r\nSec-Fetch-Mode: no-cors\r\n\r\n")).startsWith("HTTP/1.1 403 ");
    assertThat(raw(fetched + "\r\nSec-Fetch-Mode: navigate\r\n\r\n")).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void twoHostsInOneRequestAreRefused() {
    assertThat(raw("GET /page HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n"))
        .matches("(?s)HTTP/1.1 4(00|21) .*");
  }

  @Test
  void noBrowserMayTakeAnAnswerForSomethingElse() throws Exception {
    HttpResponse<String> answer = ask("GET", "/page");
    assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(answer.headers().firstValue("Cross-Origin-Resource-Policy")).contains("same-origin");
    assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
  }

  @Test
  void anAddressInUseIsNamed() {
    Future<Integer> second = server().listen("127.0.0.1", port);
    assertThat(second.toCompletionStage().toCompletableFuture())
        .failsWithin(10, TimeUnit.SECONDS)
        .withThrowableOfType(Exception.class)
        .havingCause()
        .isInstanceOf(IOException.class)
        .withMessageStartingWith("metrics cannot listen on 127.0.0.1:" + port + ": ");
  }

  private HttpResponse<String> ask(String method, String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(method, BodyPublishers.noBody())
            .build();
    return client.send(request, BodyHandlers.ofString());
  }

  private String raw(String request) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      String asked = request.replaceFirst("\r\n\r\n$", "\r\nConnection: close\r\n\r\n");
      socket.getOutputStream().write(asked.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }
}
