package chase.carbon.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.Region;
import chase.carbon.fixtures.TestAuthority;
import chase.carbon.fixtures.TestClock;
import chase.carbon.fixtures.TestConnectProxy;
import chase.carbon.fixtures.TestHttp;
import chase.carbon.watttime.WattTime;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server on this host whose certificate an authority of the test's own signed. */
class CaBundleTest {
  private static final String FORECAST =
      """
      {"data":[{"point_time":"2022-07-15T00:00:00Z","value":870.0},
       {"point_time":"2022-07-15T00:05:00Z","value":870.0}],
       "meta":{"data_point_period_seconds":300,"region":"CAISO_NORTH","signal_type":"co2_moer",
       "units":"lbs_co2_per_mwh","generated_at":"2022-07-15T00:00:00Z",
       "model":{"date":"2022-10-01","type":"binned_regression"}}}
      """;
  @TempDir static Path shared;
  private static TestAuthority authority;
  private static HttpsServer server;
  private static final List<String> CALLS = new CopyOnWriteArrayList<>();

  @TempDir private Path directory;
  private final TestClock clock = new TestClock("2022-07-15T00:02:00Z");
  private final Instant now = Instant.now();

  @BeforeAll
  static void serve() throws Exception {
    authority = TestAuthority.make(shared);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(authority.server()));
    server.createContext("/", CaBundleTest::answer);
    server.start();
  }

  @AfterAll
  static void stop() {
    server.stop(0);
  }

  private static void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    CALLS.add(path);
    byte[] body =
        (path.equals("/login") ? "{\"token\":\"jwt\"}" : FORECAST).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static int port() {
    return server.getAddress().getPort();
  }

  private Path file(String contents) throws IOException {
    return Files.writeString(directory.resolve("ca.pem"), contents);
  }

  private Optional<CaBundle> bundle() throws Exception {
    return Optional.of(CaBundle.read(file(authority.pem()), now));
  }

  private ProviderResponse get(ProxyRules rules, Optional<CaBundle> bundle, URI base)
      throws CarbonUnavailable, InterruptedException {
    try (HttpTransport transport =
        new HttpTransport(HttpTransport.HttpTimeouts.DEFAULT, rules, bundle)) {
      return TestHttp.over(transport, clock).get(ProviderRequest.to("test X", base, "intensity"));
    }
  }

  @Test
  void aServerOfThatAuthorityIsTrusted() throws Exception {
    URI base = URI.create("https://localhost:" + port());
    assertThat(get(ProxyRules.NONE, bundle(), base).status()).isEqualTo(200);
  }

  @Test
  void withoutTheFileTheMessageSaysWhichKeyHelps() {
    URI base = URI.create("https://localhost:" + port());
    CarbonUnavailable refused =
        catchThrowableOfType(
            CarbonUnavailable.class, () -> get(ProxyRules.NONE, Optional.empty(), base));
    assertThat(refused.reason()).isEqualTo(FailureReason.PROVIDER_DOWN);
    assertThat(refused)
        .hasMessage(
            "test X: no secure connection to localhost: its certificate is signed by no authority"
                + " that is trusted here (http.ca-file adds one)");
  }

  @Test
  void anotherHostsCertificateIsNotTakenThoughTheAuthorityIsTrusted() throws Exception {
    Optional<CaBundle> trusted = bundle();
    try (TestConnectProxy proxy = new TestConnectProxy(port())) {
      CarbonUnavailable refused =
          catchThrowableOfType(
              CarbonUnavailable.class,
              () -> get(through(proxy), trusted, URI.create("https://other.example.invalid")));
      assertThat(refused).hasMessageEndingWith(": its certificate is another host's");
    }
  }

  @Test
  void whatJavaTrustsIsStillTrusted() throws Exception {
    assertThat(bundle().orElseThrow().trust().getAcceptedIssuers())
        .contains(authority.authority())
        .hasSizeGreaterThan(50);
  }

  /** The login is one of the provider's calls, and takes the same way as the others. */
  @Test
  void aLoginAndACallGoThroughTheProxyAndTrustTheAuthority() throws Exception {
    CALLS.clear();
    try (TestConnectProxy proxy = new TestConnectProxy(port());
        HttpTransport transport =
            new HttpTransport(HttpTransport.HttpTimeouts.DEFAULT, through(proxy), bundle())) {
      WattTime source =
          new WattTime(
              new WattTime.AccountOptions(
                  URI.create("https://api.example.invalid"),
                  "me",
                  "hush",
                  new Region("CAISO_NORTH"),
                  24,
                  Optional.empty()),
              TestHttp.over(transport, clock),
              clock);
      assertThat(source.current().region()).isEqualTo(new Region("CAISO_NORTH"));
      assertThat(CALLS).startsWith("/login").hasSize(2);
      assertThat(proxy.targets()).isNotEmpty().containsOnly("api.example.invalid:443");
    }
  }

  private static ProxyRules through(TestConnectProxy proxy) {
    return ProxyRules.through(
        ProxyAddress.parse("X", "http://127.0.0.1:" + proxy.port()), List.of(), "test");
  }

  @Test
  void aFileMayHoldSeveralAndTextBetweenThem() throws Exception {
    String pem = authority.pem();
    CaBundle bundle =
        CaBundle.read(
            file("# ours\r\n" + pem + "\n# once more\n" + pem.replace("\n", "\r\n")), now);
    assertThat(bundle.description(now))
        .isEqualTo("2 certificates of " + directory.resolve("ca.pem"));
  }

  @Test
  void aFileThatIsNoneIsRefusedInOneLineThatNamesIt() throws Exception {
    String pem = authority.pem();
    assertRefused("", " is empty");
    assertRefused(" \n", " is empty");
    assertRefused(
        "ssh-rsa AAAA",
        " holds no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----");
    assertRefused(pem.replaceFirst("\nM", "\nA"), "certificate 1 of ", " is damaged");
    assertRefused(pem + pem.substring(0, 100), "certificate 2 of ", " is damaged");
    Path der = Files.write(directory.resolve("ca.der"), authority.authority().getEncoded());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CaBundle.read(der, now))
        .withMessage(der + " is not PEM but DER (openssl x509 -inform der makes PEM of it)");
    assertThatThrownBy(() -> CaBundle.read(directory.resolve("none"), now))
        .isInstanceOf(NoSuchFileException.class);
  }

  private void assertRefused(String contents, String... message) throws IOException {
    Path file = file(contents);
    String expected = message.length == 1 ? file + message[0] : message[0] + file + message[1];
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CaBundle.read(file, now))
        .withMessage(expected);
  }

  @Test
  void aFileInWhichEverythingHasExpiredIsRefused() throws Exception {
    Instant later = now.plus(Duration.ofDays(31));
    Path file = file(authority.pem());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CaBundle.read(file, later))
        .withMessage(
            "the certificate in %s has expired, CN=Corporate Root on %s"
                .formatted(file, authority.authority().getNotAfter().toInstant()));
    assertThat(CaBundle.read(file, now).description(later))
        .isEqualTo("1 certificate of " + file + ", 1 of which expired");
  }
}
