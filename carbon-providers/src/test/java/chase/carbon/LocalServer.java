package chase.carbon;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;

import chase.carbon.http.ImpatientHttp;
import chase.carbon.http.ProviderHttp;
import chase.carbon.http.Timeouts;
import chase.carbon.http.Transport;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import java.net.URI;

/** A provider on this host that says what a test wants, and the way to ask it. */
public final class LocalServer extends WireMockExtension {
  private final Transport transport = new Transport(Timeouts.USUAL);

  /** A server for all tests of a class; stubs are forgotten after each. */
  public LocalServer() {
    super(
        WireMockExtension.newInstance().options(wireMockConfig().dynamicPort().gzipDisabled(true)));
  }

  /** Where it listens; its own {@code baseUrl} speaks the language of the host. */
  public URI url() {
    return URI.create("http://localhost:" + getPort());
  }

  /** A fresh way to ask it, without repetitions. */
  public ProviderHttp http(TestClock clock) {
    return ImpatientHttp.over(transport, clock);
  }

  /** Answers a path, a regular expression, with JSON. */
  public void says(String path, String json) {
    stubFor(get(urlPathMatching(path)).willReturn(okJson(json)));
  }

  /** Answers everything with a status and any body. */
  public void fails(int status, String body) {
    stubFor(get(urlPathMatching(".*")).willReturn(aResponse().withStatus(status).withBody(body)));
  }

  @Override
  protected void onAfterAll(WireMockRuntimeInfo server) {
    transport.close();
  }
}
