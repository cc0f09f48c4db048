package chase.carbon.relay;

import static chase.carbon.relay.TestOutlooks.DE;
import static chase.carbon.relay.TestOutlooks.GPU_07;
import static chase.carbon.relay.TestOutlooks.KIND;
import static chase.carbon.relay.TestOutlooks.ahead;
import static chase.carbon.relay.TestOutlooks.json;
import static chase.carbon.relay.TestOutlooks.measured;
import static chase.carbon.relay.TestOutlooks.measuredAs;
import static chase.carbon.relay.TestOutlooks.other;
import static chase.carbon.relay.TestOutlooks.others;
import static chase.carbon.relay.TestOutlooks.outlook;
import static chase.carbon.relay.TestOutlooks.passedOn;
import static chase.carbon.relay.TestOutlooks.spanning;
import static chase.carbon.relay.TestOutlooks.value;
import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonIntensity.Relay;
import chase.carbon.CarbonProvider;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.Provenance;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.EmissionScope;
import chase.carbon.SignalKind.Margin;
import chase.carbon.fallback.FallbackLevel;
import chase.carbon.fixtures.TestClock;
import chase.carbon.fixtures.TestProviderServer;
import chase.carbon.http.ProviderHttp;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.Year;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OtherChaseTest {
  @RegisterExtension static final TestProviderServer SERVER = new TestProviderServer();
  @RegisterExtension static final TestProviderServer SPARE = new TestProviderServer();

  private static final Relay OWN = new Relay("gpu-08", "0808080808080808");

  private final TestClock clock = new TestClock("2026-11-30T12:05:00Z");
  private final OtherChase chase = asking(SERVER.url());

  @Test
  void aValueStaysWhatItsFirstHostGotAndNamesWhomItCameThrough() throws Exception {
    CarbonIntensity value = value(new Provenance.Estimated("fuel mix"), List.of());
    serve(outlook(FallbackLevel.LIVE, value));
    assertThat(chase.current()).isEqualTo(value.passedOnBy(GPU_07));
    assertThat(chase.current().viaText()).contains("via gpu-07");
    assertThat(chase.current().fetchedAt()).isEqualTo(value.fetchedAt());
    assertThat(chase.attribution()).contains("Energy-Charts, CC BY 4.0");
  }

  @Test
  void everyProvenanceComesThroughWithoutLoss() throws Exception {
    for (Provenance origin :
        List.of(
            new Provenance.Measured(),
            new Provenance.Estimated("m"),
            new Provenance.ForecastByProvider(Duration.ZERO),
            new Provenance.Replayed(Instant.parse("2020-07-01T19:00:00Z")))) {
      serve(outlook(FallbackLevel.LIVE, value(origin, List.of())));
      assertThat(chase.current().provenance()).isEqualTo(origin);
    }
  }

  @Test
  void valueAndForecastOfOnePollAreOneRequest() throws Exception {
    serve(outlook(FallbackLevel.LIVE, measured()));
    chase.current();
    assertThat(chase.forecast()).hasSize(200).isEqualTo(passedOn(ahead()));
    SERVER.verify(1, getRequestedFor(urlPathEqualTo("/v1/outlook")));
  }

  @Test
  void whatHasNotChangedIsNotSentAgain() throws Exception {
    SERVER.stubFor(
        get(urlPathEqualTo("/v1/outlook"))
            .willReturn(
                ok(json(outlook(FallbackLevel.LIVE, measured()))).withHeader("ETag", "W/\"1\"")));
    CarbonIntensity first = chase.current();
    SERVER.stubFor(
        get(urlPathEqualTo("/v1/outlook"))
            .withHeader("If-None-Match", equalTo("W/\"1\""))
            .willReturn(aResponse().withStatus(304)));
    assertThat(chase.current()).isEqualTo(first);
  }

  @Test
  void a304ThatNobodyAskedForIsNoOutlook() {
    SERVER.returns(304, "");
    assertThat(failure(chase).reason()).isEqualTo(FailureReason.MALFORMED);
  }

  /** A level that the other does not have itself is never reached here. */
  @ParameterizedTest
  @EnumSource(names = {"PROVIDER_FORECAST", "OWN_FORECAST", "STATIC"})
  void whatIsNoLiveValueThereIsNoneHere(FallbackLevel level) {
    Provenance origin =
        switch (level) {
          case PROVIDER_FORECAST -> new Provenance.ForecastByProvider(Duration.ofHours(3));
          case OWN_FORECAST -> new Provenance.ForecastByChase(Duration.ofHours(3), "lite");
          default -> new Provenance.Static(Year.of(2025), "a table");
        };
    serve(outlook(level, value(origin, List.of())));
    CarbonUnavailable why = failure(chase);
    assertThat(why.reason()).isEqualTo(FailureReason.NO_DATA);
    assertThat(why)
        .hasMessageContaining(
            "gpu-07 is at level %s, %s, itself, and passes on no value for now (it is down)"
                .formatted(level.number(), level.label()));
  }

  /** Not even where the other says so. */
  @Test
  void aForecastThatIsCalledLiveIsNone() {
    serve(
        outlook(
            FallbackLevel.LIVE,
            value(new Provenance.ForecastByChase(Duration.ofHours(3), "lite"), List.of())));
    assertThat(failure(chase).reason()).isEqualTo(FailureReason.NO_DATA);
  }

  @Test
  void aForecastThatCountsThereIsAForecastHere() throws Exception {
    CarbonIntensity now =
        value(new Provenance.ForecastByChase(Duration.ofHours(3), "lite"), List.of());
    serve(outlook(FallbackLevel.OWN_FORECAST, now));
    assertThat(chase.forecast()).first().isEqualTo(now.passedOnBy(GPU_07));
    assertThat(chase.forecast()).hasSize(201);
  }

  @Test
  void anOldValueIsPassedOnAsOldAsItIs() throws Exception {
    clock.pass(Duration.ofHours(1));
    serve(outlook(FallbackLevel.LAST_VALUE, measured()));
    assertThat(chase.current().age(clock.instant())).isEqualTo(Duration.ofMinutes(50));
  }

  @Test
  void whatComesBackIsALoop() {
    serve(outlook(FallbackLevel.LIVE, value(new Provenance.Measured(), List.of(OWN, other(1)))));
    CarbonUnavailable why = failure(chase);
    assertThat(why.reason()).isEqualTo(FailureReason.NO_DATA);
    assertThat(why)
        .hasMessageContaining(
            "its number came from this host itself (gpu-08, host-1, gpu-07): a loop");
  }

  @Test
  void fourHostsArePassedAndFiveAreTooMany() throws Exception {
    serve(outlook(FallbackLevel.LIVE, value(new Provenance.Measured(), others(3))));
    assertThat(chase.current().via()).hasSize(4);
    serve(outlook(FallbackLevel.LIVE, value(new Provenance.Measured(), others(4))));
    assertThat(failure(chase))
        .hasMessageContaining("its number came through 5 hosts")
        .hasMessageContaining("and 4 is the maximum");
  }

  @Test
  void anotherKindIsRefusedWithTheLineThatTakesIt() {
    SignalKind moer = new SignalKind(Margin.MARGINAL, EmissionScope.DIRECT);
    serve(outlook(FallbackLevel.LIVE, measuredAs(moer, DE)));
    assertThat(failure(chase))
        .hasMessageContaining(
            "gpu-07 passes on energy-charts (marginal, direct), and average, lifecycle is expected"
                + " here; set carbon.chase.margin: marginal and carbon.chase.emission-factor-type:"
                + " direct");
  }

  @Test
  void anotherRegionIsRefusedWithTheLineThatTakesIt() {
    serve(outlook(FallbackLevel.LIVE, measuredAs(KIND, new Region("FR"))));
    CarbonUnavailable why = failure(chase);
    assertThat(why.reason()).isEqualTo(FailureReason.UNKNOWN_REGION);
    assertThat(why)
        .hasMessageContaining("passes on FR, not DE; set carbon.chase.region: FR, or ask another");
  }

  @Test
  void theSecondIsAskedWhenTheFirstFailsAndTheFirstAgainLater() throws Exception {
    OtherChase both = asking(SERVER.url(), SPARE.url());
    SERVER.returns(503, "no outlook yet: energy-charts has not answered yet\n");
    Relay spare = new Relay("gpu-09", "0909090909090909");
    SPARE.returnsJson("/v1/outlook", json(outlook(spare, FallbackLevel.LIVE, measured())));
    assertThat(both.current().viaText()).contains("via gpu-09");
    serve(outlook(FallbackLevel.LIVE, measured()));
    assertThat(both.current().viaText()).contains("via gpu-07");
  }

  @Test
  void whenAllFailEachIsNamed() {
    OtherChase both = asking(SERVER.url(), SPARE.url());
    SERVER.returns(503, "no outlook yet: energy-charts has not answered yet\n");
    SPARE.returns(404, "nothing here; see /\n");
    assertThat(failure(both))
        .hasMessageContaining("localhost:" + SERVER.getPort())
        .hasMessageContaining("no outlook yet: energy-charts has not answered yet")
        .hasMessageContaining("localhost:" + SPARE.getPort())
        .hasMessageContaining("it serves no outlook; set metrics.outlook: true there");
  }

  @Test
  void aTokenThatIsNotTheirsAndOneThatIsMissingAreNamed() {
    SERVER.returns(401, "this takes the listener's token");
    assertThat(failure(asking(Optional.of("0123456789abcdef"), SERVER.url())))
        .hasMessageEndingWith(
            ": the token of carbon.chase.token-file is not that of its metrics listener");
    assertThat(failure(chase))
        .hasMessageEndingWith(": its metrics listener wants a token: set carbon.chase.token-file");
  }

  @Test
  void theTokenIsShownAndNeverQuoted() {
    OtherChase known = asking(Optional.of("0123456789abcdef-secret"), SERVER.url());
    SERVER.returns(401, "not 0123456789abcdef-secret");
    CarbonUnavailable why = failure(known);
    assertThat(why.reason()).isEqualTo(FailureReason.BAD_KEY);
    assertThat(why).hasMessageContaining("token-file").hasMessageNotContaining("secret");
    SERVER.verify(
        getRequestedFor(urlPathEqualTo("/v1/outlook"))
            .withHeader("Authorization", equalTo("Bearer 0123456789abcdef-secret")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          200 | ``                                          | MALFORMED     | an empty body instead of JSON
          200 | <html>no</html>                             | MALFORMED     | a web page instead of JSON
          200 | {"data":[]}                                 | MALFORMED     | is no outlook of a Chase
          200 | {"outlook":2,"host":{}}                     | MALFORMED     | or one of another version
          200 | {"outlook":1}                               | MALFORMED     | host: missing
          200 | {"outlook":1,"host":{"host":"a b","id":"0123456789abcdef"}} | MALFORMED | no host's name and id
          200 | {"outlook":1,"host":{"host":"a","id":"0123456789abcdef"},"level":"best"} | MALFORMED | level: unknown: best
          200 | {"outlook":1,"host":{"host":"a","id":"0123456789abcdef"},"level":"live","provider":"x"} | MALFORMED | grams_per_kwh: missing
          421 | 'gpu' is no known name                      | PROVIDER_DOWN | not called by that name
          500 | Chase failed at this                        | PROVIDER_DOWN | failure at the provider
          404 | <html>no</html>                             | PROVIDER_DOWN | it serves no outlook
          429 | slow down                                   | THROTTLED     | too many requests
          """)
  void whatIsNoOutlookIsNamed(int status, String body, FailureReason reason, String message) {
    SERVER.returns(status, body);
    CarbonUnavailable why = failure(chase);
    assertThat(why.reason()).isEqualTo(reason);
    assertThat(why)
        .hasMessageStartingWith("chase DE from localhost:")
        .hasMessageContaining(message);
  }

  @Test
  void aPeriodOfAYearIsNoValueForNow() {
    CarbonIntensity year = spanning(Duration.ofDays(365));
    serve(outlook(FallbackLevel.LIVE, year));
    assertThat(failure(chase)).hasMessageContaining("a period from 2026-11-30T12:00:00Z");
  }

  @Test
  void unfitAddressesAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> asking(URI.create("http://user:hush@gpu-07:9478")))
        .withMessage("chase urls: must not hold a user or password");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> asking())
        .withMessage("chase urls: there are none");
  }

  @Test
  void theCheckAlsoTriesTheSpare() throws Exception {
    OtherChase both = asking(SERVER.url(), SPARE.url());
    serve(outlook(FallbackLevel.LIVE, measured()));
    SPARE.returns(404, "nothing here");
    assertThat(both.check().usable()).isTrue();
    assertThat(both.check().message())
        .contains("energy-charts DE, via gpu-07")
        .contains("but chase DE from localhost:" + SPARE.getPort() + ": it serves no outlook");
  }

  @Test
  void theCheckCallsEachAddressOnce() throws Exception {
    OtherChase both = asking(SERVER.url(), SPARE.url());
    serve(outlook(FallbackLevel.LIVE, measured()));
    SPARE.returns(404, "nothing here");
    both.check();
    SERVER.verify(1, getRequestedFor(urlPathEqualTo("/v1/outlook")));
    SPARE.verify(1, getRequestedFor(urlPathEqualTo("/v1/outlook")));
    OtherChase turned = asking(SPARE.url(), SERVER.url());
    assertThat(turned.check().message())
        .contains("via gpu-07")
        .contains("but chase DE from localhost:" + SPARE.getPort() + ": it serves no outlook");
    SERVER.verify(2, getRequestedFor(urlPathEqualTo("/v1/outlook")));
    SPARE.verify(2, getRequestedFor(urlPathEqualTo("/v1/outlook")));
  }

  @Test
  void hundredsOfPeriodsAreOneGroup() {
    String text = json(outlook(FallbackLevel.LIVE, measured()));
    assertThat(text).hasSizeLessThan(200 * 120 + 2_000);
    assertThat(text.split("\"margin\"", -1)).hasSize(3);
  }

  private OtherChase asking(URI... urls) {
    return asking(Optional.empty(), urls);
  }

  private OtherChase asking(Optional<String> token, URI... urls) {
    List<ProviderHttp> https = new ArrayList<>();
    for (int i = 0; i < urls.length; i++) {
      https.add(SERVER.http(clock));
    }
    return new OtherChase(
        new OtherChase.RelayOptions(List.of(urls), token, DE, KIND, OWN), https, clock);
  }

  private static CarbonUnavailable failure(CarbonProvider provider) {
    return catchThrowableOfType(CarbonUnavailable.class, provider::current);
  }

  private static void serve(RelayedOutlook outlook) {
    SERVER.returnsJson("/v1/outlook", json(outlook));
  }
}
