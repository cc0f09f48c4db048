package chase.carbon.relay;

import static chase.carbon.relay.TestOutlooks.DE;
import static chase.carbon.relay.TestOutlooks.KIND;
import static chase.carbon.relay.TestOutlooks.json;
import static chase.carbon.relay.TestOutlooks.outlook;
import static chase.carbon.relay.TestOutlooks.value;
import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import chase.carbon.CarbonIntensity.Relay;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.Provenance;
import chase.carbon.fallback.FallbackLevel;
import chase.carbon.fixtures.TestClock;
import chase.carbon.fixtures.TestProviderServer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Chases that wait for each other. */
class AwaitedHostsTest {
  @RegisterExtension static final TestProviderServer SERVER = new TestProviderServer();

  private static final Relay OWN = new Relay("gpu-08", "0808080808080808");

  private final TestClock clock = new TestClock("2026-11-30T12:05:00Z");
  private final OtherChase chase =
      new OtherChase(
          new OtherChase.RelayOptions(List.of(SERVER.url()), Optional.empty(), DE, KIND, OWN),
          List.of(SERVER.http(clock)),
          clock);

  private CarbonUnavailable failure() {
    return catchThrowableOfType(CarbonUnavailable.class, chase::current);
  }

  @Test
  void oneThatWaitsForThisHostIsALoopWhateverItSaysAndIsAskedAtTheUsualPace() {
    waiting(
        "gpu-07/0707070707070707, gpu-09/0909090909090909, gpu-08/0808080808080808, x/01234567");
    CarbonUnavailable why = failure();
    assertThat(why.reason()).isEqualTo(FailureReason.NO_DATA);
    assertThat(why.retryAfter()).isEmpty();
    assertThat(why)
        .hasMessage(
            "chase DE from localhost:%s: a loop of Chases that ask each other: this host waits for"
                    .formatted(SERVER.getPort())
                + " itself via gpu-07, gpu-09");
    assertThat(failure()).as("in the pause").hasMessage(why.getMessage());
    assertThat(chase.awaited().names()).isEqualTo("gpu-07, gpu-09, gpu-08");
    clock.pass(Duration.ofSeconds(2));
    SERVER.returns(500, "Chase failed at this");
    assertThat(failure()).hasMessageContaining("failure at the provider (500)");
    assertThat(chase.awaited()).isEqualTo(AwaitedHosts.NONE);
  }

  @Test
  void oneThatWaitsForOthersIsNoLoop() {
    waiting("gpu-07/0707070707070707, gpu-09/0909090909090909");
    assertThat(failure()).hasMessageEndingWith("failure at the provider (503): waiting");
    assertThat(failure().retryAfter()).contains(Duration.ofSeconds(1));
    assertThat(chase.awaited().header(OWN))
        .isEqualTo("gpu-08/0808080808080808, gpu-07/0707070707070707, gpu-09/0909090909090909");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "gpu-07", "gpu-07/x", "a b/0808080808080808", "gpu-07/01234567,"})
  void aHeaderThatNamesNobodyIsNoLoop(String header) {
    waiting(header);
    assertThat(failure()).hasMessageContaining("(503): waiting");
    assertThat(chase.awaited()).isEqualTo(AwaitedHosts.NONE);
  }

  private static void waiting(String header) {
    SERVER.stubFor(
        get(urlPathEqualTo("/v1/outlook"))
            .willReturn(
                aResponse()
                    .withStatus(503)
                    .withHeader("Retry-After", "1")
                    .withHeader(AwaitedHosts.HEADER, header)
                    .withBody("waiting")));
  }

  /** Two that ask each other would tell each other's trouble for ever. */
  @Test
  void theTroubleOfAnotherDoesNotHoldThatOfAThird() {
    RelayedOutlook plain =
        outlook(
            FallbackLevel.OWN_FORECAST,
            value(new Provenance.ForecastByChase(Duration.ofHours(3), "lite"), List.of()));
    RelayedOutlook troubled =
        new RelayedOutlook(
            plain.relay(),
            "chase",
            plain.level(),
            plain.current(),
            plain.forecast(),
            Optional.of("chase DE from a: a is itself, and passes on no value for now (b is down)"),
            plain.prices(),
            plain.attribution());
    SERVER.returnsJson("/v1/outlook", json(troubled));
    assertThat(failure())
        .hasMessageEndingWith("(chase DE from a: a is itself, and passes on no value for now)");
  }
}
