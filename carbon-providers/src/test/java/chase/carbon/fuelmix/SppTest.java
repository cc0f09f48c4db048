package chase.carbon.fuelmix;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import chase.carbon.fixtures.TestClock;
import chase.carbon.fixtures.TestProviderServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** SPP's page: two hours, two columns for each fuel. */
class SppTest {
  @RegisterExtension static final TestProviderServer SERVER = new TestProviderServer();

  private static final String HEAD =
      "GMT MKT Interval, Coal Market, Coal Self, Diesel Fuel Oil Market, Diesel Fuel Oil Self,"
          + " Natural Gas Market, Gas Self, Wind Market, Wind Self, Average Actual Load, Load";

  private final TestGrid plains =
      new TestGrid(SERVER, "SPP", new TestClock("2026-09-06T06:17:00Z"));

  @Test
  void whatTheMarketCalledAndWhatOwnersRanCountTogether() throws Exception {
    says(
        HEAD,
        "2026-09-06T06:10:00Z, 1,1,0,0, 1,1, 1,1, 40000,40100",
        "2026-09-06T06:15:00Z, 50,50,0,0, 60,40, 150,50, 40000,40100");
    assertThat(plains.current()).isEqualTo("2026-09-06T06:10:00Z to 2026-09-06T06:15:00Z: 282.5");
    assertThat(plains.past()).hasSize(2);
  }

  @Test
  void aShareBelowZeroLowersItsFuelAndNoOther() throws Exception {
    says(HEAD, "2026-09-06T06:15:00Z, 110,-10,0,-5, 60,40, 150,50, 40000,40100");
    assertThat(plains.current()).endsWith(": 282.5");
  }

  @Test
  void aRowThatIsBeingWrittenIsLeftOut() throws Exception {
    says(
        HEAD,
        "2026-09-06T06:10:00Z, 50,50,0,0, 60,40, 150,50, 40000,40100",
        "2026-09-06T06:15:00Z, 50,,0,0, 60,40, 150,50, 40000,40100",
        "2026-09-06T06:20:00Z,,,,,,,,,,40100");
    assertThat(plains.current()).isEqualTo("2026-09-06T06:05:00Z to 2026-09-06T06:10:00Z: 282.5");
  }

  @Test
  void theOtherFormOfTheHeadIsReadToo() throws Exception {
    says(
        "GMTTIME,COAL_MKT,COAL_SELF,NATURAL_GAS_MKT,GAS_SELF,WIND_MKT,WIND_SELF,LOAD",
        "2026-09-06T06:15:00,50,50,60,40,150,50,40100");
    assertThat(plains.current()).isEqualTo("2026-09-06T06:10:00Z to 2026-09-06T06:15:00Z: 282.5");
  }

  private static void says(String... lines) {
    SERVER.stubFor(
        get(urlPathEqualTo("/file-browser-api/download/generation-mix-historical"))
            .withQueryParam("path", equalTo("/SPP/GenMix2Hour_SPP.csv"))
            .willReturn(aResponse().withBody(String.join("\n", lines))));
  }
}
