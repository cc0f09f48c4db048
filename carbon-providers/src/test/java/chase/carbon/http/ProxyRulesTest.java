package chase.carbon.http;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.fixtures.TestClock;
import chase.carbon.fixtures.TestProviderServer;
import chase.carbon.fixtures.TestSocksProxy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server on this host that plays the proxy; no other host is called. */
class ProxyRulesTest {
  @RegisterExtension static final TestProviderServer PROXY = new TestProviderServer();

  private final TestClock clock = new TestClock("2026-09-02T16:10:00Z");

  @ParameterizedTest
  @CsvSource({
    "https_proxy, https://api.example.org/x, proxy:3128",
    "HTTPS_PROXY, https://api.example.org/x, proxy:3128",
    "http_proxy, http://api.example.org/x, proxy:3128",
    "HTTP_PROXY, http://api.example.org/x, proxy:3128",
    "ALL_PROXY, https://api.example.org/x, proxy:3128",
    "all_proxy, http://api.example.org/x, proxy:3128",
    "https_proxy, http://api.example.org/x, none",
    "http_proxy, https://api.example.org/x, none",
    "all_proxy, http://localhost:8080/x, none",
    "all_proxy, http://127.0.0.1:8080/x, none",
    "all_proxy, http://[::1]:8080/x, none",
  })
  void theEnvironmentNamesTheProxyOfEachScheme(String variable, String url, String proxy) {
    ProxyRules rules = ProxyRules.of(Map.of(variable, "http://proxy:3128"));
    assertThat(rules.of(HttpUrl.get(url)).map(one -> one.host() + ":" + one.port()).orElse("none"))
        .isEqualTo(proxy);
  }

  @Test
  void smallLettersCountBeforeCapitalsAndAnEmptyVariableIsNone() {
    HttpUrl url = HttpUrl.get("https://api.example.org");
    assertThat(
            ProxyRules.of(Map.of("https_proxy", "small:1", "HTTPS_PROXY", "large:2"))
                .of(url)
                .orElseThrow()
                .host())
        .isEqualTo("small");
    assertThat(ProxyRules.of(Map.of("https_proxy", " ")).any()).isFalse();
    assertThat(ProxyRules.of(Map.of()).any()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*                        | https://api.example.org      | true",
        "api.example.org          | https://api.example.org      | true",
        "example.org              | https://api.example.org      | true",
        ".example.org             | https://api.example.org      | true",
        "*.example.org            | https://api.example.org      | true",
        "EXAMPLE.ORG              | https://api.example.org      | true",
        "ample.org                | https://api.example.org      | false",
        "example.com, example.org | https://api.example.org      | true",
        "a.org b.org,,example.org | https://api.example.org      | true",
        "api.example.org:443      | https://api.example.org      | true",
        "api.example.org:8443     | https://api.example.org      | false",
        "10.0.0.0/8               | https://10.1.2.3             | true",
        "10.0.0.0/8               | https://11.1.2.3             | false",
        "192.168.1.128/25         | https://192.168.1.200        | true",
        "192.168.1.128/25         | https://192.168.1.20         | false",
        "fd00::/8                 | https://[fd12::1]            | true",
        "10.1.2.3                 | https://10.1.2.3:8443        | true",
        "[fd12::1]:443            | https://[fd12::1]            | true",
        "10.0.0.0/99              | https://10.1.2.3             | false",
        "10.0.0.0/                | https://10.1.2.3             | false",
        ".                        | https://api.example.org      | false",
      })
  void hostsOfNoProxyAreCalledDirectly(String direct, String url, boolean directly) {
    for (String variable : new String[] {"no_proxy", "NO_PROXY"}) {
      ProxyRules rules = ProxyRules.of(Map.of("HTTPS_PROXY", "http://p:1", variable, direct));
      assertThat(rules.of(HttpUrl.get(url)).isEmpty()).isEqualTo(directly);
    }
  }

  @Test
  void aPasswordIsReadAndNeverShown() {
    ProxyAddress proxy =
        ProxyAddress.parse("X", "http://me:p%40s+s:w%C3%B6rd@proxy.example.org:81/");
    assertThat(proxy.user()).contains("me");
    assertThat(proxy.password()).isEqualTo("p@s+s:wörd");
    assertThat(proxy).hasToString("http://proxy.example.org:81");
    assertThat(ProxyRules.of(Map.of("all_proxy", "http://me:hush@p:1")).description())
        .isEqualTo("http://p:1 (the environment's all_proxy)");
    assertThat(ProxyAddress.parse("X", "socks5h://[::1]")).hasToString("socks5://[::1]:1080");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://",
        "ftp://p:1",
        "https://p:1",
        "p:99999",
        "p:0",
        "a b",
        "http://u:%zz@p:1",
        "p/x"
      })
  void whatIsNoProxyIsRefusedWithoutItsPassword(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProxyRules.of(Map.of("HTTPS_PROXY", text)))
        .withMessageStartingWith("HTTPS_PROXY: ")
        .withMessageNotContaining("zz");
  }

  @Test
  void aProviderIsCalledThroughTheProxyByItsOwnName() throws Exception {
    PROXY.returnsJson("/intensity", "{\"n\":1}");
    assertThat(get(proxy("")).json().number("n")).contains(1.0);
    PROXY.verify(
        getRequestedFor(urlPathEqualTo("/intensity"))
            .withHeader("Host", equalTo("api.example.invalid"))
            .withHeader("Proxy-Authorization", absent()));
  }

  @Test
  void aProxyThatWantsAUserGetsItOnce() throws Exception {
    wantsUser();
    PROXY.stubFor(
        any(anyUrl())
            .withHeader("Proxy-Authorization", equalTo("Basic bWU6aHVzaA=="))
            .willReturn(okJson("{\"n\":2}")));
    assertThat(get(proxy("me:hush@")).json().number("n")).contains(2.0);
  }

  @Test
  void aProxyThatRefusesTheUserIsNamedAndThePasswordIsNot() {
    wantsUser();
    CarbonUnavailable refused =
        catchThrowableOfType(CarbonUnavailable.class, () -> get(proxy("me:hush@")));
    assertThat(refused.reason()).isEqualTo(FailureReason.PROVIDER_DOWN);
    assertThat(refused)
        .hasMessageContaining("the proxy wants another user or password (407)")
        .hasMessageNotContaining("hush");
  }

  @Test
  void aProxyThatIsNotThereIsNamed() {
    ProxyRules gone = ProxyRules.of(Map.of("http_proxy", "http://127.0.0.1:1"));
    CarbonUnavailable refused = catchThrowableOfType(CarbonUnavailable.class, () -> get(gone));
    assertThat(refused).hasMessage("test X: no connection to the proxy http://127.0.0.1:1");
  }

  @Test
  void aSocksProxyGetsTheUserAndLooksTheNameUp() throws Exception {
    PROXY.stubFor(any(anyUrl()).willReturn(okJson("{\"a\": 1}")));
    try (TestSocksProxy socks = new TestSocksProxy("me", "s3 cret", PROXY.url().getPort())) {
      ProviderResponse response = get(socks("me:s3%20cret@", socks));
      assertThat(response.json().number("a")).contains(1.0);
      assertThat(socks.targets()).containsExactly("api.example.invalid:80");
    }
  }

  @Test
  void aWrongPasswordAtASocksProxyIsSaidWithoutThePassword() throws Exception {
    try (TestSocksProxy socks = new TestSocksProxy("me", "right", PROXY.url().getPort())) {
      CarbonUnavailable refused =
          catchThrowableOfType(CarbonUnavailable.class, () -> get(socks("me:hush@", socks)));
      assertThat(refused)
          .hasMessageContaining("through the proxy socks5://127.0.0.1:" + socks.port())
          .hasMessageNotContaining("hush");
      assertThat(socks.targets()).isEmpty();
    }
  }

  private static ProxyRules socks(String user, TestSocksProxy socks) {
    return ProxyRules.of(Map.of("all_proxy", "socks5://" + user + "127.0.0.1:" + socks.port()));
  }

  private static void wantsUser() {
    PROXY.stubFor(
        any(anyUrl())
            .willReturn(
                aResponse().withStatus(407).withHeader("Proxy-Authenticate", "Basic realm=\"x\"")));
  }

  private static ProxyRules proxy(String user) {
    URI at = PROXY.url();
    return ProxyRules.through(
        ProxyAddress.parse("X", "http://" + user + at.getHost() + ":" + at.getPort()),
        List.of(),
        "test");
  }

  private ProviderResponse get(ProxyRules rules) throws CarbonUnavailable, InterruptedException {
    try (HttpTransport transport = new HttpTransport(HttpTransport.HttpTimeouts.DEFAULT, rules)) {
      CallLimiter.CallRules once = new CallLimiter.CallRules("test", 50, 0, Duration.ofMillis(1));
      return new ProviderHttp(transport, once, clock)
          .get(ProviderRequest.to("test X", URI.create("http://api.example.invalid"), "intensity"));
    }
  }
}
