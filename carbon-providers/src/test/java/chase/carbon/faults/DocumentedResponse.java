package chase.carbon.faults;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonUnavailable;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.EmissionScope;
import chase.carbon.SignalKind.Margin;
import chase.carbon.electricitymaps.ElectricityMaps;
import chase.carbon.energinet.Energinet;
import chase.carbon.energinet.EnerginetPrices;
import chase.carbon.fixtures.TestClock;
import chase.carbon.fixtures.TestProviderServer;
import chase.carbon.neso.Neso;
import chase.carbon.neso.NesoArea;
import chase.carbon.odre.Odre;
import chase.carbon.pjm.Pjm;
import chase.carbon.relay.OtherChase;
import chase.carbon.watttime.WattTime;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.Optional;

/** An answer as its provider documents it, and how the numbers are read from it. */
enum DocumentedResponse {
  NESO(
      "2026-09-02T16:10:00Z",
      "/intensity/.*/fw48h",
      "data",
      """
      {"data":[
       {"from":"2026-09-02T16:00Z","to":"2026-09-02T16:30Z","intensity":{"forecast":101,"actual":null,"index":"moderate"}},
       {"from":"2026-09-02T16:30Z","to":"2026-09-02T17:00Z","intensity":{"forecast":102,"actual":null,"index":"moderate"}},
       {"from":"2026-09-02T17:00Z","to":"2026-09-02T17:30Z","intensity":{"forecast":103,"actual":null,"index":"moderate"}},
       {"from":"2026-09-02T17:30Z","to":"2026-09-02T18:00Z","intensity":{"forecast":104,"actual":null,"index":"moderate"}}]}
      """) {
    @Override
    List<String> read(TestProviderServer server, URI url, TestClock clock)
        throws CarbonUnavailable, InterruptedException {
      return grams(
          new Neso(url, NesoArea.of(new Region("GB")), server.http(clock), clock).forecast());
    }
  },
  ENERGINET(
      "2023-12-20T12:12:00Z",
      "/dataset/CO2EmisProg",
      "records",
      """
      {"total":4,"dataset":"CO2EmisProg","records":[
       {"Minutes5UTC":"2023-12-20T12:10:00","Minutes5DK":"2023-12-20T13:10:00","PriceArea":"DK1","CO2Emission":90.0},
       {"Minutes5UTC":"2023-12-20T12:15:00","Minutes5DK":"2023-12-20T13:15:00","PriceArea":"DK1","CO2Emission":91.0},
       {"Minutes5UTC":"2023-12-20T12:20:00","Minutes5DK":"2023-12-20T13:20:00","PriceArea":"DK1","CO2Emission":92.0},
       {"Minutes5UTC":"2023-12-20T12:25:00","Minutes5DK":"2023-12-20T13:25:00","PriceArea":"DK1","CO2Emission":93.0}]}
      """) {
    @Override
    List<String> read(TestProviderServer server, URI url, TestClock clock)
        throws CarbonUnavailable, InterruptedException {
      return grams(new Energinet(url, new Region("DK1"), server.http(clock), clock).forecast());
    }
  },
  PRICES(
      "2026-09-03T21:50:00Z",
      "/dataset/DayAheadPrices",
      "records",
      """
      {"total":4,"dataset":"DayAheadPrices","records":[
       {"TimeUTC":"2026-09-03T21:45:00","TimeDK":"2026-09-03T23:45:00","PriceArea":"DK2","DayAheadPriceEUR":134.94,"DayAheadPriceDKK":1008.6},
       {"TimeUTC":"2026-09-03T22:00:00","TimeDK":"2026-09-04T00:00:00","PriceArea":"DK2","DayAheadPriceEUR":0.0,"DayAheadPriceDKK":0.0},
       {"TimeUTC":"2026-09-03T22:15:00","TimeDK":"2026-09-04T00:15:00","PriceArea":"DK2","DayAheadPriceEUR":-7.5,"DayAheadPriceDKK":-56.0},
       {"TimeUTC":"2026-09-03T22:30:00","TimeDK":"2026-09-04T00:30:00","PriceArea":"DK2","DayAheadPriceEUR":12.0,"DayAheadPriceDKK":89.7}]}
      """) {
    @Override
    List<String> read(TestProviderServer server, URI url, TestClock clock)
        throws CarbonUnavailable, InterruptedException {
      Currency euros = Currency.getInstance("EUR");
      return new EnerginetPrices(url, new Region("DK2"), euros, server.http(clock), clock)
          .settled().stream().map(one -> one.validFrom() + " " + one.value().value()).toList();
    }
  },
  ODRE(
      "2024-10-08T18:50:00Z",
      "/api/explore/v2.1/catalog/datasets/eco2mix-national-tr/records",
      "results",
      """
      {"total_count":4,"results":[
       {"date_heure":"2024-10-08T17:45:00+00:00","taux_co2":31},
       {"date_heure":"2024-10-08T18:00:00+00:00","taux_co2":32},
       {"date_heure":"2024-10-08T18:15:00+00:00","taux_co2":33},
       {"date_heure":"2024-10-08T18:30:00+00:00","taux_co2":34}]}
      """) {
    @Override
    List<String> read(TestProviderServer server, URI url, TestClock clock)
        throws CarbonUnavailable, InterruptedException {
      Instant now = clock.instant();
      return grams(
          new Odre(url, new Region("FR"), server.http(clock), clock)
              .history(now.minus(Duration.ofHours(20)), now));
    }
  },
  ELECTRICITY_MAPS(
      "2024-09-24T03:10:00Z",
      "/carbon-intensity/forecast",
      "forecast",
      """
      {"zone":"NL","updatedAt":"2024-09-24T02:47:02.408Z","temporalGranularity":"hourly","forecast":[
       {"datetime":"2024-09-24T03:00:00.000Z","carbonIntensity":401},
       {"datetime":"2024-09-24T04:00:00.000Z","carbonIntensity":402},
       {"datetime":"2024-09-24T05:00:00.000Z","carbonIntensity":403},
       {"datetime":"2024-09-24T06:00:00.000Z","carbonIntensity":404}]}
      """) {
    @Override
    List<String> read(TestProviderServer server, URI url, TestClock clock)
        throws CarbonUnavailable, InterruptedException {
      return grams(
          new ElectricityMaps(
                  new ElectricityMaps.ZoneOptions(
                      url, "key", new Region("NL"), EmissionScope.DIRECT, 24),
                  server.http(clock),
                  clock)
              .forecast());
    }
  },
  PJM(
      "2026-11-30T15:22:00Z",
      "/fivemin_marginal_emissions",
      "items",
      """
      {"links":[],"totalRows":4,"items":[
       {"datetime_beginning_utc":"2026-11-30T15:00:00","pnode_id":1,"pnode_name":"PJM-RTO","marginal_co2_rate":1001.5},
       {"datetime_beginning_utc":"2026-11-30T15:05:00","pnode_id":1,"pnode_name":"PJM-RTO","marginal_co2_rate":1002.5},
       {"datetime_beginning_utc":"2026-11-30T15:10:00","pnode_id":1,"pnode_name":"PJM-RTO","marginal_co2_rate":1003.5},
       {"datetime_beginning_utc":"2026-11-30T15:15:00","pnode_id":1,"pnode_name":"PJM-RTO","marginal_co2_rate":1004.5}]}
      """) {
    @Override
    List<String> read(TestProviderServer server, URI url, TestClock clock)
        throws CarbonUnavailable, InterruptedException {
      var options =
          new Pjm.AreaOptions(url, "key", new Region("PJM"), Margin.MARGINAL, EmissionScope.DIRECT);
      return grams(
          new Pjm(options, server.http(clock), clock).history(Instant.EPOCH, clock.instant()));
    }
  },
  WATTTIME(
      "2022-07-15T00:02:00Z",
      "/v3/forecast",
      "data",
      """
      {"data":[
       {"point_time":"2022-07-15T00:00:00+00:00","value":1048.5},
       {"point_time":"2022-07-15T00:05:00+00:00","value":1051.5},
       {"point_time":"2022-07-15T00:10:00+00:00","value":1052.5},
       {"point_time":"2022-07-15T00:15:00+00:00","value":1053.5}],
       "meta":{"data_point_period_seconds":300,"region":"CAISO_NORTH",
       "warnings":[{"type":"EXAMPLE_WARNING","message":"This is just an example"}],
       "signal_type":"co2_moer","model":{"date":"2023-03-01"},"units":"lbs_co2_per_mwh",
       "generated_at_period_seconds":300,"generated_at":"2022-07-15T00:00:00+00:00"}}
      """) {
    @Override
    List<String> read(TestProviderServer server, URI url, TestClock clock)
        throws CarbonUnavailable, InterruptedException {
      return grams(
          new WattTime(
                  new WattTime.AccountOptions(
                      url, "me", "secret", new Region("CAISO_NORTH"), 24, Optional.empty()),
                  server.http(clock),
                  clock)
              .forecast());
    }
  },
  CHASE(
      "2026-11-30T12:05:00Z",
      "/v1/outlook",
      "forecast",
      """
      {"outlook":1,"host":{"host":"gpu-07","id":"0123456789abcdef"},"hosts":["gpu-07"],
       "provider":"neso","level":"live",
       "current":{"from":"2026-11-30T12:00:00Z","to":"2026-11-30T12:30:00Z","grams_per_kwh":100,
        "margin":"average","scope":"direct","origin":"estimated","method":"fuel mix","provider":"neso",
        "region":"GB","published":"2026-11-30T12:01:00Z","fetched":"2026-11-30T12:01:00Z"},
       "forecast":[
        {"margin":"average","scope":"direct","origin":"forecast","provider":"neso","region":"GB","published":"2026-11-30T12:01:00Z","fetched":"2026-11-30T12:01:00Z","periods":[{"from":"2026-11-30T12:30:00Z","to":"2026-11-30T13:00:00Z","grams_per_kwh":101,"ahead":"PT25M"}]},
        {"margin":"average","scope":"direct","origin":"forecast","provider":"neso","region":"GB","published":"2026-11-30T12:01:00Z","fetched":"2026-11-30T12:01:00Z","periods":[{"from":"2026-11-30T13:00:00Z","to":"2026-11-30T13:30:00Z","grams_per_kwh":102,"ahead":"PT55M"}]},
        {"margin":"average","scope":"direct","origin":"forecast","provider":"neso","region":"GB","published":"2026-11-30T12:01:00Z","fetched":"2026-11-30T12:01:00Z","periods":[{"from":"2026-11-30T13:30:00Z","to":"2026-11-30T14:00:00Z","grams_per_kwh":103,"ahead":"PT85M"}]},
        {"margin":"average","scope":"direct","origin":"forecast","provider":"neso","region":"GB","published":"2026-11-30T12:01:00Z","fetched":"2026-11-30T12:01:00Z","periods":[{"from":"2026-11-30T14:00:00Z","to":"2026-11-30T14:30:00Z","grams_per_kwh":104,"ahead":"PT115M"}]}],
       "prices":[],"attribution":["NESO, CC BY 4.0"]}
      """) {
    @Override
    List<String> read(TestProviderServer server, URI url, TestClock clock)
        throws CarbonUnavailable, InterruptedException {
      var options =
          new OtherChase.RelayOptions(
              List.of(url),
              Optional.empty(),
              new Region("GB"),
              new SignalKind(Margin.AVERAGE, EmissionScope.DIRECT),
              new CarbonIntensity.Relay("gpu-08", "fedcba9876543210"));
      return grams(new OtherChase(options, List.of(server.http(clock)), clock).forecast());
    }
  };

  private final String now;
  final String path;
  final String rows;
  final String body;

  DocumentedResponse(String now, String path, String rows, String body) {
    this.now = now;
    this.path = path;
    this.rows = rows;
    this.body = body;
  }

  /** Each number with the time from which it holds. */
  abstract List<String> read(TestProviderServer server, URI url, TestClock clock)
      throws CarbonUnavailable, InterruptedException;

  private static List<String> grams(List<CarbonIntensity> numbers) {
    return numbers.stream().map(one -> one.validFrom() + " " + one.value().value()).toList();
  }

  List<String> read(TestProviderServer server) throws CarbonUnavailable, InterruptedException {
    return read(server, server.url(), new TestClock(now));
  }
}
