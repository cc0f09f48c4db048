package chase.carbon.faults;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;

import chase.carbon.CarbonProvider;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import chase.carbon.SignalKind.EmissionScope;
import chase.carbon.SignalKind.Margin;
import chase.carbon.energycharts.EnergyCharts;
import chase.carbon.fallback.FallbackLevel;
import chase.carbon.fuelmix.FuelMix;
import chase.carbon.http.CallLimiter.CallRules;
import chase.carbon.http.ProviderHttp;
import chase.carbon.odre.Odre;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The providers that take no key, each in the form that it documents, moved to now. */
enum KeylessApi implements PlayedProvider {
  /** Quarters of an hour; measured 90 minutes late, forecast to the end of tomorrow. */
  ENERGY_CHARTS(EnergyCharts.PROVIDER, Duration.ofMinutes(15), EmissionScope.LIFECYCLE) {
    @Override
    public CarbonProvider client(URI url, ProviderHttp http, InstantSource clock) {
      return new EnergyCharts(url, new Region("DE"), http, clock);
    }

    @Override
    public CallRules callRules(int budget) {
      return CallRules.spaced(provider(), budget, EnergyCharts.SPACING);
    }

    @Override
    String page(String path, Instant now, Fault fault) {
      List<Instant> quarters = course().since(now.minus(DAY), now.plus(DAY));
      Instant measured = now.minus(Duration.ofMinutes(90));
      return "{\"unix_seconds\":%s,\"co2eq\":%s,\"co2eq_forecast\":%s,\"deprecated\":false}"
          .formatted(
              array(quarters, from -> Long.toString(from.getEpochSecond())),
              array(
                  quarters,
                  from -> from.isBefore(measured) ? course().measured(from, now, fault) : "null"),
              array(quarters, from -> course().number(from, fault)));
    }
  },
  /** Quarters of an hour, which are there half an hour late; nothing is forecast. */
  ODRE(Odre.PROVIDER, Duration.ofMinutes(15), EmissionScope.DIRECT) {
    @Override
    public CarbonProvider client(URI url, ProviderHttp http, InstantSource clock) {
      return new Odre(url, new Region("FR"), http, clock);
    }

    @Override
    String page(String path, Instant now, Fault fault) {
      List<Instant> known = course().since(now.minus(DAY), now.minus(Duration.ofMinutes(15)));
      List<Instant> rows = path.contains("desc") ? List.of(known.getLast()) : known;
      return "{\"total_count\":%s,\"results\":%s}"
          .formatted(
              rows.size(),
              array(
                  rows,
                  from ->
                      "{\"date_heure\":\"%s\",\"taux_co2\":%s}"
                          .formatted(
                              from.toString().replace("Z", "+00:00"),
                              course().measured(from, now, fault))));
    }
  },
  /** A table a day in Pacific time, whose rows have no date. */
  CAISO(FuelMix.PROVIDER, MixPages.STEP, EmissionScope.LIFECYCLE) {
    @Override
    String page(String path, Instant now, Fault fault) {
      Instant end = now;
      if (path.contains("/history/")) {
        String day = path.replaceAll(".*/history/(\\d{8})/.*", "$1");
        end = dayAfter(day, MixPages.PACIFIC);
      }
      return MixPages.caiso(
          course().since(midnight(end, MixPages.PACIFIC), end),
          from -> course().measured(from, now, fault));
    }

    // Of a page that is a whole day old nobody could know.
    @Override
    Duration stale() {
      return Duration.ofHours(6);
    }
  },
  /** JSON of two days, in any order. */
  ERCOT(FuelMix.PROVIDER, MixPages.STEP, EmissionScope.LIFECYCLE) {
    @Override
    String page(String path, Instant now, Fault fault) {
      return MixPages.ercot(
          course().since(now.minus(DAY), now), from -> course().measured(from, now, fault));
    }
  },
  /** A table a day in Eastern time, the day in its address. */
  NYISO(FuelMix.PROVIDER, MixPages.STEP, EmissionScope.LIFECYCLE) {
    @Override
    String page(String path, Instant now, Fault fault) {
      String day = path.replaceAll(".*/(\\d{8})rtfuelmix.csv", "$1");
      Instant end = dayAfter(day, MixPages.EASTERN);
      return MixPages.nyiso(
          course().since(end.minus(DAY), end.isBefore(now) ? end : now),
          from -> course().measured(from, now, fault));
    }
  },
  /** JSON of the last five minutes, and of today, in Eastern standard time. */
  MISO(FuelMix.PROVIDER, MixPages.STEP, EmissionScope.LIFECYCLE) {
    @Override
    String page(String path, Instant now, Fault fault) {
      Instant begin =
          path.endsWith("Today")
              ? midnight(now, MixPages.EASTERN_STANDARD)
              : now.minus(MixPages.STEP.multipliedBy(2));
      List<Instant> rows = course().since(begin, now);
      List<Instant> shown =
          path.endsWith("Today") || rows.isEmpty() ? rows : List.of(rows.getLast());
      return MixPages.miso(shown, from -> course().measured(from, now, fault));
    }
  },
  /** A table of the last two hours. */
  SPP(FuelMix.PROVIDER, MixPages.STEP, EmissionScope.LIFECYCLE) {
    @Override
    String page(String path, Instant now, Fault fault) {
      return MixPages.spp(
          course().since(now.minus(Duration.ofHours(2)), now),
          from -> course().measured(from, now, fault));
    }
  };

  private static final Duration DAY = Duration.ofDays(1);

  private final String provider;
  private final Duration period;
  private final EmissionScope scope;

  KeylessApi(String provider, Duration period, EmissionScope scope) {
    this.provider = provider;
    this.period = period;
    this.scope = scope;
  }

  @Override
  public String title() {
    return provider.equals(FuelMix.PROVIDER)
        ? provider + "-" + name().toLowerCase(Locale.ROOT)
        : provider;
  }

  String provider() {
    return provider;
  }

  @Override
  public TrueCourse course() {
    return new TrueCourse(period);
  }

  // A value that is half an hour late is not live.
  @Override
  public Set<FallbackLevel> best() {
    return Set.of(this == ODRE ? FallbackLevel.OWN_FORECAST : FallbackLevel.LIVE);
  }

  @Override
  public Set<Fault> impossible() {
    return Set.of(Fault.EXPIRED_TOKEN, Fault.REVOKED_TOKEN, Fault.SANDBOX_NUMBERS);
  }

  @Override
  public SignalKind kind() {
    return new SignalKind(Margin.AVERAGE, scope);
  }

  // One of the operators' pages where nothing else is said.
  @Override
  public CarbonProvider client(URI url, ProviderHttp http, InstantSource clock) {
    return new FuelMix(
        new FuelMix.GridOptions(Optional.of(url), new Region(name()), scope), http, clock);
  }

  @Override
  public CallRules callRules(int budget) {
    return this == MISO
        ? FuelMix.callRules(new Region(name()), budget)
        : new CallRules(provider, budget, 1, Duration.ofMillis(1));
  }

  /** By how much its pages lie behind when their dates are wrong. */
  Duration stale() {
    return DAY.multipliedBy(3);
  }

  static Instant midnight(Instant at, ZoneId zone) {
    return LocalDate.ofInstant(at.minus(MixPages.STEP), zone).atStartOfDay(zone).toInstant();
  }

  static Instant dayAfter(String day, ZoneId zone) {
    LocalDate date = LocalDate.parse(day, DateTimeFormatter.BASIC_ISO_DATE);
    return date.plusDays(1).atStartOfDay(zone).toInstant();
  }

  /** The page at {@code now}, which has moved back a day where dates are wrong. */
  abstract String page(String path, Instant now, Fault fault);

  @Override
  public String body(String path, Instant now, Fault fault) {
    return page(path, fault == Fault.BACK_DATED ? now.minus(stale()) : now, fault);
  }

  static String array(List<Instant> periods, Function<Instant, String> element) {
    return periods.stream().map(element).collect(Collectors.joining(",", "[", "]"));
  }

  @Override
  public ResponseDefinitionBuilder refusal(String path, Fault fault) {
    return aResponse().withStatus(404).withBody("{\"error\":\"not found\"}");
  }

  @Override
  public boolean admits(ServeEvent event, Instant now) {
    return true;
  }
}
