package chase.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chase.daemon.fixtures.TestCertificates;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TcpListenerTest {
  private static final String TOKEN = "0123456789abcdef0123456789abcdef";

  @TempDir static Path directory;
  private static TestCertificates first;
  private static TestCertificates second;
  private static TestCertificates third;

  private final Vertx vertx = Vertx.vertx();
  private final Map<String, Integer> counted = new ConcurrentHashMap<>();
  private final Map<String, Instant> expiries = new ConcurrentHashMap<>();
  private final List<Socket> hostile = new ArrayList<>();
  private Path certificate = directory;
  private Path key = directory;
  private String token = TOKEN;

  private final FailureCounter log =
      new FailureCounter() {
        @Override
        public void failed(String listener) {}

        @Override
        public void closed(String listener, FailureCounter.CloseReason reason) {
          counted.merge(reason.name(), 1, Integer::sum);
        }

        @Override
        public void unauthorized(String listener) {
          counted.merge("unauthorized", 1, Integer::sum);
        }

        @Override
        public void certificateExpires(String listener, Instant at) {
          expiries.put(listener, at);
        }
      };

  private final TcpListener listener =
      new TcpListener(
          vertx,
          "metrics",
          () ->
              new ServerCredentials(
                  Optional.of(ServerCertificate.read(certificate, key)),
                  Optional.of(AccessToken.of(token))),
          log,
          new RequestFailures("metrics", log),
          request -> ReadOnlyServer.send(request, 200, "figures\n"));

  @BeforeAll
  static void makeCertificates() throws Exception {
    first = TestCertificates.make(directory, "first", "EC");
    second = TestCertificates.make(directory, "second", "RSA");
    third = TestCertificates.make(directory, "third", "EC");
  }

  @AfterEach
  void close() throws Exception {
    for (Socket socket : hostile) {
      socket.close();
    }
    await(listener.close());
    await(vertx.close());
  }

  private int listen(TestCertificates served) throws Exception {
    certificate = served.certificate();
    key = served.key();
    return await(listener.listen("metrics", "127.0.0.1", 0));
  }

  @Test
  void theTokenIsABearersAndTheSameAsAPassword() throws Exception {
    int port = listen(first);
    assertThat(ask(port, first, "Bearer " + TOKEN).body()).isEqualTo("figures\n");
    assertThat(ask(port, first, "bearer  " + TOKEN).statusCode()).isEqualTo(200);
    assertThat(ask(port, first, basic("anyone:" + TOKEN)).statusCode()).isEqualTo(200);
    assertThat(ask(port, first, basic(":" + TOKEN)).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Bearer",
        "Bearer ",
        "Bearer 0123456789abcdef0123456789abcde",
        "Bearer 0123456789abcdef0123456789abcdef0",
        "Bearer 0123456789ABCDEF0123456789ABCDEF",
        "Digest 0123456789abcdef0123456789abcdef",
        "0123456789abcdef0123456789abcdef",
        "Basic 0123456789abcdef0123456789abcdef",
        "Basic ====",
        "Basic YW55b25lOg=="
      })
  void nothingElseIsAnswered(String authorization) throws Exception {
    int port = listen(first);
    HttpResponse<String> answer = ask(port, first, authorization);
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).doesNotContain("figures");
    assertThat(answer.headers().firstValue("WWW-Authenticate").orElseThrow()).startsWith("Basic ");
    assertThat(counted).containsEntry("unauthorized", 1);
  }

  @Test
  void twoAuthorizationsAreNone() throws Exception {
    int port = listen(first);
    try (HttpClient client = client(first)) {
      HttpRequest request =
          HttpRequest.newBuilder(address(port))
              .header("Authorization", "Bearer " + TOKEN)
              .header("Authorization", "Bearer other")
              .build();
      assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(401);
    }
  }

  @Test
  void clearTextIsNotAnswered() throws Exception {
    int port = listen(first);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket
          .getOutputStream()
          .write(
              ("GET / HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + TOKEN + "\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
          .doesNotContain("figures")
          .doesNotContain("HTTP/1.1");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1", "TLSv1.1"})
  void oldProtocolsAreRefused(String protocol) throws Exception {
    int port = listen(first);
    try (SSLSocket socket =
        (SSLSocket) first.trust().getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.setEnabledProtocols(new String[] {protocol});
      assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLHandshakeException.class);
    }
  }

  @Test
  void aClientThatOffersHttp2IsAnsweredInHttp1() throws Exception {
    int port = listen(first);
    try (HttpClient client = client(first)) {
      HttpResponse<String> answer =
          client.send(request(port, "Bearer " + TOKEN), BodyHandlers.ofString());
      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    }
  }

  @Test
  void renewedFilesComeIntoForceWithoutARestart() throws Exception {
    int port = listen(first);
    assertThat(expiries).containsEntry("metrics", first.notAfter());
    certificate = second.certificate();
    key = second.key();
    token = "another token".replace(' ', '-') + TOKEN;
    await(listener.refresh());
    assertThat(ask(port, second, "Bearer " + token).statusCode()).isEqualTo(200);
    assertThat(ask(port, second, "Bearer " + TOKEN).statusCode()).isEqualTo(401);
    assertThatThrownBy(() -> ask(port, first, "Bearer " + token)).isInstanceOf(IOException.class);
    assertThat(expiries).containsEntry("metrics", second.notAfter());
  }

  @Test
  void filesThatCannotBeUsedLeaveTheLastOnesInForce() throws Exception {
    int port = listen(first);
    key = third.key();
    token = "another-" + TOKEN;
    assertThatThrownBy(() -> await(listener.refresh()))
        .hasMessageContaining(third.key() + " is not the key of the certificate in " + certificate);
    assertThat(ask(port, first, "Bearer " + TOKEN).statusCode()).isEqualTo(200);
    key = first.key();
    await(listener.refresh());
    assertThat(ask(port, first, "Bearer " + token).statusCode()).isEqualTo(200);
  }

  /** Vert.x shows a server no connection before its handshake has ended. */
  @Test
  void connectionsWithoutAHandshakeMakeRoomForOthers() throws Exception {
    int port = listen(first);
    for (int i = 0; i < 500; i++) {
      hostile.add(new Socket(InetAddress.getLoopbackAddress(), port));
    }
    assertThat(ask(port, first, "Bearer " + TOKEN).statusCode()).isEqualTo(200);
    assertThat(counted.get("CROWDED")).isGreaterThan(400);
  }

  @Test
  void aCertificateIsRefusedWithoutAWordOfWhatStandsInIt() throws Exception {
    Path junk = Files.writeString(directory.resolve("junk"), "s3cret\n");
    Path torn =
        Files.writeString(
            directory.resolve("torn"),
            "-----BEGIN PRIVATE KEY-----\ns3cret!\n-----END PRIVATE KEY-----\n");
    TestCertificates unusual = TestCertificates.make(directory, "unusual", "Ed25519");
    for (List<Path> pair :
        List.of(
            List.of(junk, first.key()),
            List.of(first.certificate(), junk),
            List.of(first.certificate(), torn),
            List.of(first.key(), first.key()),
            List.of(first.certificate(), second.key()),
            List.of(unusual.certificate(), unusual.key()))) {
      assertThatThrownBy(() -> ServerCertificate.read(pair.getFirst(), pair.getLast()))
          .isInstanceOf(ServerCertificate.UnfitCertificate.class)
          .hasMessageContaining(pair.getLast().toString())
          .hasMessageNotContaining("s3cret")
          .hasNoCause();
    }
    assertThatThrownBy(() -> ServerCertificate.read(first.certificate(), directory.resolve("no")))
        .hasMessage(directory.resolve("no") + " does not exist");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "fifteen-chars-x", "with a blank in it", "naïve-token-here-ok"})
  void aTokenThatCanBeGuessedOrNotBeSentIsRefused(String secret) {
    assertThatThrownBy(() -> AccessToken.of(secret))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("16 to 1024 printable ASCII characters")
        .hasMessageNotContaining("naïve");
  }

  private static String basic(String userAndPassword) {
    return "Basic "
        + Base64.getEncoder().encodeToString(userAndPassword.getBytes(StandardCharsets.UTF_8));
  }

  private static URI address(int port) {
    return URI.create("https://127.0.0.1:" + port + "/metrics");
  }

  private static HttpRequest request(int port, String authorization) {
    HttpRequest.Builder request = HttpRequest.newBuilder(address(port));
    return (authorization.isEmpty() ? request : request.header("Authorization", authorization))
        .build();
  }

  private static HttpClient client(TestCertificates trusted) throws Exception {
    return HttpClient.newBuilder().sslContext(trusted.trust()).build();
  }

  private static HttpResponse<String> ask(int port, TestCertificates trusted, String authorization)
      throws Exception {
    try (HttpClient client = client(trusted)) {
      return client.send(request(port, authorization), BodyHandlers.ofString());
    }
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.await(20, TimeUnit.SECONDS);
  }
}
