package chase.carbon.faults;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

import chase.carbon.CarbonProvider;
import chase.carbon.Region;
import chase.carbon.RejectReason;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.EmissionScope;
import chase.carbon.SignalKind.Margin;
import chase.carbon.electricitymaps.ElectricityMaps;
import chase.carbon.fallback.FallbackChain;
import chase.carbon.fallback.FallbackLevel;
import chase.carbon.fallback.FallbackRules;
import chase.carbon.fallback.PollPolicy;
import chase.carbon.fixtures.TestClock;
import chase.carbon.forecast.SeriesForecast;
import chase.carbon.http.CallLimiter;
import chase.carbon.http.HttpTransport;
import chase.carbon.http.ProviderHttp;
import chase.carbon.watttime.WattTime;
import com.github.tomakehurst.wiremock.WireMockServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The signal under everything that was ever seen to go wrong with one. */
class FaultRunTest {
  private static final Duration QUICK = Duration.ofMillis(400);
  private static final HttpTransport.HttpTimeouts IMPATIENT =
      new HttpTransport.HttpTimeouts(QUICK, QUICK, QUICK);
  private static final SignalKind AVERAGE = new SignalKind(Margin.AVERAGE, EmissionScope.LIFECYCLE);
  private static final SignalKind MARGINAL = new SignalKind(Margin.MARGINAL, EmissionScope.DIRECT);
  private static final int BUDGET = 50;

  private final long seed = Long.getLong("chase.seed", 20_261_125L);
  private final TestClock trueTime = new TestClock("2026-03-02T00:00:00Z");
  private final TestClock hostTime = new TestClock("2026-03-02T00:00:00Z");

  @Test
  void electricityMapsFailsInEveryWayAndTheSignalStaysHonest() throws Exception {
    Set<Fault> faults = EnumSet.complementOf(EnumSet.of(Fault.NONE, Fault.OUTAGE));
    faults.remove(Fault.EXPIRED_TOKEN);
    FaultRun run =
        run(
            "electricity-maps",
            new ElectricityMapsApi(),
            AVERAGE,
            ElectricityMapsApi::truth,
            faults,
            FaultRun.FaultTimes.USUAL,
            new CallLimiter.CallRules("electricity-maps", BUDGET, 1, Duration.ofMillis(1)),
            (url, http) ->
                new ElectricityMaps(
                    new ElectricityMaps.ZoneOptions(
                        URI.create(url + "/v4"),
                        "key",
                        new Region("DE"),
                        EmissionScope.LIFECYCLE,
                        24),
                    http,
                    hostTime));
    assertThat(run.last().orElseThrow().to()).isEqualTo(FallbackLevel.LIVE);
    assertThat(run.levels().get(Fault.OUTAGE))
        .contains(FallbackLevel.PROVIDER_FORECAST, FallbackLevel.OWN_FORECAST);
    assertThat(run.rejected().counts())
        .containsKeys(
            RejectReason.ZERO,
            RejectReason.SANDBOX,
            RejectReason.JUMP,
            RejectReason.BACK_DATED,
            RejectReason.RANGE,
            RejectReason.MISSING);
  }

  @Test
  void wattTimeFailsInEveryWayAndTheSignalStaysHonest() throws Exception {
    Set<Fault> faults = EnumSet.complementOf(EnumSet.of(Fault.NONE, Fault.OUTAGE));
    faults.removeAll(Set.of(Fault.ZERO_FOR_MISSING, Fault.SANDBOX_NUMBERS, Fault.FLAPPING_VALUE));
    FaultRun run =
        run(
            "watttime",
            new WattTimeApi(),
            MARGINAL,
            WattTimeApi::truth,
            faults,
            FaultRun.FaultTimes.USUAL,
            new CallLimiter.CallRules("watttime", BUDGET, 1, Duration.ofMillis(1)),
            (url, http) ->
                new WattTime(
                    new WattTime.AccountOptions(
                        URI.create(url),
                        "me",
                        "secret",
                        new Region("CAISO_NORTH"),
                        24,
                        Optional.empty()),
                    http,
                    hostTime));
    assertThat(run.last().orElseThrow().to()).isEqualTo(FallbackLevel.LIVE);
    assertThat(run.levels().get(Fault.OUTAGE)).contains(FallbackLevel.NO_SIGNAL);
  }

  /** One of each kind that is quick; with -Dchase.faults=all every one. */
  static List<PlayedProvider> others() {
    if (!System.getProperty("chase.faults", "").equals("all")) {
      return List.of(KeylessApi.ENERGY_CHARTS, KeylessApi.ODRE, KeylessApi.CAISO, PjmApi.AVERAGE);
    }
    List<PlayedProvider> all = new ArrayList<>(List.of(KeylessApi.values()));
    all.addAll(List.of(PjmApi.values()));
    all.add(new RelayApi());
    return all;
  }

  @ParameterizedTest
  @MethodSource("others")
  void anotherProviderFailsInEveryWayAndTheSignalStaysHonest(PlayedProvider api) throws Exception {
    Set<Fault> faults = EnumSet.complementOf(EnumSet.of(Fault.NONE, Fault.OUTAGE));
    faults.removeAll(api.impossible());
    FaultRun run =
        run(
            api.title(),
            api,
            api.kind(),
            api.course()::truth,
            faults,
            FaultRun.FaultTimes.QUARTERS,
            api.callRules(BUDGET),
            (url, http) -> api.client(URI.create(url), http, hostTime));
    assertThat(run.rejected().counts())
        .as("%s, seed %s", api.title(), seed)
        .containsKeys(api.heldBack().toArray(RejectReason[]::new));
    assertThat(api.best()).contains(run.last().orElseThrow().to());
  }

  private FaultRun run(
      String provider,
      FaultyServer.Api api,
      SignalKind kind,
      ToDoubleFunction<Instant> truth,
      Set<Fault> faults,
      FaultRun.FaultTimes times,
      CallLimiter.CallRules callRules,
      BiFunction<String, ProviderHttp, CarbonProvider> client)
      throws IOException, InterruptedException {
    FaultyServer faulty = new FaultyServer(api, trueTime);
    WireMockServer server = new WireMockServer(wireMockConfig().dynamicPort().extensions(faulty));
    server.start();
    long begun = System.nanoTime();
    try (HttpTransport transport = new HttpTransport(IMPATIENT)) {
      server.stubFor(any(anyUrl()).willReturn(ok()));
      ProviderHttp http = new ProviderHttp(transport, callRules, hostTime);
      CarbonProvider source = client.apply("http://localhost:" + server.port(), http);
      FallbackRules rules = FallbackRules.defaults(kind.margin(), Duration.ofHours(2));
      Random chance = new Random(seed);
      FaultRun run =
          new FaultRun(
              trueTime,
              hostTime,
              faulty,
              kind,
              rules,
              truth,
              listener ->
                  new FallbackChain(
                      List.of(source),
                      Optional.empty(),
                      new SeriesForecast(),
                      rules,
                      PollPolicy.live(Duration.ofMinutes(5)),
                      hostTime,
                      chance::nextDouble,
                      listener));
      run.run(faults, times, seed);
      Duration real = Duration.ofNanos(System.nanoTime() - begun);
      Path report = Path.of("target", "fault-run-" + provider + ".txt");
      Files.createDirectories(report.getParent());
      Files.writeString(report, run.report(provider, BUDGET, real));
      assertThat(faulty.mostInAnHour()).as("seed %d", seed).isLessThanOrEqualTo(BUDGET);
      for (Fault fault : faults) {
        assertThat(faulty.served().getOrDefault(fault, 0)).as("%s", fault).isPositive();
      }
      return run;
    } finally {
      server.stop();
    }
  }
}
