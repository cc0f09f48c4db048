package chase.daemon.faults;

import chase.carbon.CarbonProvider;
import chase.carbon.CarbonUnavailable;
import chase.carbon.ProviderCheck;
import chase.carbon.Region;
import chase.carbon.SignalKind.EmissionScope;
import chase.carbon.electricitymaps.ElectricityMaps;
import chase.carbon.energinet.Energinet;
import chase.carbon.energinet.EnerginetPrices;
import chase.carbon.energycharts.EnergyCharts;
import chase.carbon.energycharts.EnergyChartsPrices;
import chase.carbon.http.CallLimiter;
import chase.carbon.http.HttpTransport;
import chase.carbon.http.ProviderHttp;
import chase.carbon.neso.Neso;
import chase.carbon.neso.NesoArea;
import chase.carbon.odre.Odre;
import chase.carbon.watttime.WattTime;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Currency;
import java.util.List;
import java.util.Optional;

/**
 * What a provider answers, head and body.
 *
 * @param provider what every refusal names
 * @param now when the answer was given
 */
record AnswerInput(
    String provider,
    String call,
    Instant now,
    String body,
    AnswerServer server,
    AnswerReader reader)
    implements FuzzedInput {
  private static final HttpTransport TRANSPORT =
      new HttpTransport(
          new HttpTransport.HttpTimeouts(
              Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(4)));

  private static final String HEAD =
      """
      HTTP/1.1 200 OK\r
      Content-Type: application/json\r
      Date: Mon, 30 Nov 2026 12:00:00 GMT\r
      \r
      """;

  /** Calls the provider at an address. */
  private interface AnswerReader {
    /** Why nothing came of it, where the call itself says so. */
    Optional<String> read(URI url, ProviderHttp http, InstantSource clock)
        throws CarbonUnavailable, InterruptedException;
  }

  /** A call of a provider whose failure is thrown. */
  private interface ProviderCall {
    Object on(CarbonProvider provider) throws CarbonUnavailable, InterruptedException;
  }

  /** Every documented answer of every provider. */
  static List<FuzzedInput> all(AnswerServer server) {
    return List.of(
        neso(server, "forecast", CarbonProvider::forecast),
        neso(server, "now", CarbonProvider::current),
        new AnswerInput(
            "energinet",
            "forecast",
            Instant.parse("2023-12-20T12:12:00Z"),
            """
            {"total":2,"dataset":"CO2EmisProg","records":[
             {"Minutes5UTC":"2023-12-20T12:10:00","PriceArea":"DK1","CO2Emission":90.0},
             {"Minutes5UTC":"2023-12-20T12:15:00","PriceArea":"DK1","CO2Emission":91.0}]}
            """,
            server,
            (url, http, clock) ->
                taken(new Energinet(url, new Region("DK1"), http, clock).forecast())),
        new AnswerInput(
            "energinet",
            "prices",
            Instant.parse("2026-09-03T21:50:00Z"),
            """
            {"total":2,"dataset":"DayAheadPrices","records":[
             {"TimeUTC":"2026-09-03T21:45:00","PriceArea":"DK2","DayAheadPriceEUR":134.94,"DayAheadPriceDKK":1008.6},
             {"TimeUTC":"2026-09-03T22:00:00","PriceArea":"DK2","DayAheadPriceEUR":-7.5,"DayAheadPriceDKK":0.0}]}
            """,
            server,
            (url, http, clock) ->
                taken(
                    new EnerginetPrices(
                            url, new Region("DK2"), Currency.getInstance("EUR"), http, clock)
                        .settled())),
        charts(server, "forecast", CarbonProvider::forecast),
        charts(server, "now", CarbonProvider::current),
        charts(
            server,
            "past",
            provider -> provider.history(Instant.EPOCH, Instant.parse("2026-11-29T12:20:00Z"))),
        new AnswerInput(
            "energy-charts",
            "prices",
            Instant.parse("2026-11-29T12:10:00Z"),
            """
            {"license_info":"CC BY 4.0 from Bundesnetzagentur | SMARD.de",
             "unix_seconds":[1795953600,1795954500],"price":[81.25,-3.5],
             "unit":"EUR / MWh","deprecated":false}
            """,
            server,
            (url, http, clock) ->
                taken(
                    new EnergyChartsPrices(
                            url, new Region("DE"), Currency.getInstance("EUR"), http, clock)
                        .settled())),
        new AnswerInput(
            "odre",
            "now",
            Instant.parse("2024-10-08T18:20:00Z"),
            """
            {"total_count":1,"results":[{"date_heure":"2024-10-08T18:00:00+00:00","taux_co2":32}]}
            """,
            server,
            (url, http, clock) -> taken(new Odre(url, new Region("FR"), http, clock).current())),
        maps(
            server,
            "forecast",
            """
            {"zone":"NL","updatedAt":"2024-09-24T02:47:02.408Z","temporalGranularity":"hourly","forecast":[
             {"datetime":"2024-09-24T03:00:00.000Z","carbonIntensity":401},
             {"datetime":"2024-09-24T04:00:00.000Z","carbonIntensity":402}]}
            """,
            CarbonProvider::forecast),
        maps(
            server,
            "now",
            """
            {"zone":"NL","carbonIntensity":302,"datetime":"2024-09-24T03:00:00.000Z",
             "updatedAt":"2024-09-24T02:47:02.408Z","createdAt":"2024-09-21T02:00:00Z",
             "emissionFactorType":"direct","isEstimated":true,
             "estimationMethod":"TIME_SLICER_AVERAGE","temporalGranularity":"hourly"}
            """,
            CarbonProvider::current),
        maps(
            server,
            "past",
            """
            {"zone":"NL","history":[
             {"zone":"NL","carbonIntensity":419,"datetime":"2024-09-24T01:00:00.000Z",
              "updatedAt":"2024-09-24T00:47:09.213Z","isEstimated":false,"estimationMethod":null}]}
            """,
            provider -> provider.history(Instant.EPOCH, Instant.parse("2024-09-24T03:10:00Z"))),
        watttime(server, "forecast", CarbonProvider::forecast),
        watttime(
            server,
            "past",
            provider ->
                provider.history(
                    Instant.parse("2022-07-14T00:00:00Z"), Instant.parse("2022-07-16T00:00:00Z"))),
        check(
            server,
            "watttime",
            """
            {"signal_types":[{"signal_type":"co2_moer","regions":[
             {"region":"CAISO_NORTH","region_full_name":"California","parent":"USA",
              "data_point_period_seconds":300,"endpoints":[
              {"endpoint":"v3/forecast","models":[{"model":"2023-03-01"}]}]}]}]}
            """),
        check(
            server,
            "electricity-maps",
            """
            {"NL":{"zoneName":"Netherlands","access":["carbon-intensity/latest","*"]},
             "DE":{"zoneName":"Germany","access":["carbon-intensity/history"]}}
            """));
  }

  private static AnswerInput neso(AnswerServer server, String call, ProviderCall made) {
    return new AnswerInput(
        "neso",
        call,
        Instant.parse("2026-09-02T16:10:00Z"),
        """
        {"data":[
         {"from":"2026-09-02T16:00Z","to":"2026-09-02T16:30Z","intensity":{"forecast":101,"actual":99,"index":"low"}},
         {"from":"2026-09-02T16:30Z","to":"2026-09-02T17:00Z","intensity":{"forecast":102,"actual":null}}]}
        """,
        server,
        (url, http, clock) ->
            taken(made.on(new Neso(url, NesoArea.of(new Region("GB")), http, clock))));
  }

  private static AnswerInput charts(AnswerServer server, String call, ProviderCall made) {
    return new AnswerInput(
        "energy-charts",
        call,
        Instant.parse("2026-11-29T12:20:00Z"),
        """
        {"unix_seconds":[1795953600,1795954500,1795955400],
         "co2eq":[491.5,488.2,null],"co2eq_forecast":[480.0,481.0,505.0],"deprecated":false}
        """,
        server,
        (url, http, clock) -> taken(made.on(new EnergyCharts(url, new Region("DE"), http, clock))));
  }

  private static AnswerInput maps(
      AnswerServer server, String call, String body, ProviderCall made) {
    return new AnswerInput(
        "electricity-maps",
        call,
        Instant.parse("2024-09-24T03:10:00Z"),
        body,
        server,
        (url, http, clock) -> taken(made.on(maps(url, http, clock))));
  }

  private static CarbonProvider maps(URI url, ProviderHttp http, InstantSource clock) {
    return new ElectricityMaps(
        new ElectricityMaps.ZoneOptions(url, "key", new Region("NL"), EmissionScope.DIRECT, 24),
        http,
        clock);
  }

  private static AnswerInput watttime(AnswerServer server, String call, ProviderCall made) {
    return new AnswerInput(
        "watttime",
        call,
        Instant.parse("2022-07-15T00:02:00Z"),
        """
        {"data":[
         {"point_time":"2022-07-15T00:00:00+00:00","value":1048.5},
         {"point_time":"2022-07-15T00:05:00+00:00","value":1051.5}],
         "meta":{"data_point_period_seconds":300,"region":"CAISO_NORTH",
         "warnings":[{"type":"EXAMPLE_WARNING","message":"This is just an example"}],
         "signal_type":"co2_moer","model":{"date":"2023-03-01"},"units":"lbs_co2_per_mwh",
         "generated_at_period_seconds":300,"generated_at":"2022-07-15T00:00:00+00:00"}}
        """,
        server,
        (url, http, clock) -> taken(made.on(watttime(url, http, clock))));
  }

  private static CarbonProvider watttime(URI url, ProviderHttp http, InstantSource clock) {
    return new WattTime(
        new WattTime.AccountOptions(
            url, "me", "secret", new Region("CAISO_NORTH"), 24, Optional.empty()),
        http,
        clock);
  }

  /** The check reads it when the value for now is refused. */
  private static AnswerInput check(AnswerServer server, String provider, String lists) {
    return new AnswerInput(
        provider,
        "check",
        Instant.parse("2022-07-15T00:02:00Z"),
        lists,
        server,
        (url, http, clock) -> {
          ProviderCheck check =
              (provider.equals("watttime") ? watttime(url, http, clock) : maps(url, http, clock))
                  .check();
          FuzzedInputsTest.requireReadable(check.message(), provider);
          return Optional.empty();
        });
  }

  /** Every number was made when it was read; its text is made now. */
  private static Optional<String> taken(Object numbers) {
    return String.valueOf(numbers).isEmpty() ? Optional.of("nothing") : Optional.empty();
  }

  @Override
  public String name() {
    return "answers of " + provider + ": " + call;
  }

  @Override
  public List<byte[]> originals() {
    return List.of((HEAD + body).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public Optional<String> read(byte[] text) throws InterruptedException {
    server.answerWith(text);
    InstantSource clock = () -> now;
    ProviderHttp http =
        new ProviderHttp(
            TRANSPORT,
            new CallLimiter.CallRules(provider, 1_000_000, 0, Duration.ofMillis(1)),
            clock);
    try {
      return reader.read(server.url(), http, clock);
    } catch (CarbonUnavailable e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public String offender() {
    return provider;
  }
}
