package chase.carbon.energinet;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonProvider;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.ClockSkew;
import chase.carbon.ProviderCheck;
import chase.carbon.ProviderCheck.Ability;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import chase.carbon.http.BaseUrl;
import chase.carbon.http.ProviderHttp;
import chase.carbon.http.ProviderResponse;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * West (DK1) or east (DK2) Denmark's intensity by five minutes: of what is consumed there, from the
 * fuel that each plant burns and what is exchanged with the neighbours. It asks anew at each call.
 */
public final class Energinet implements CarbonProvider {
  /** The name in labels and tables. */
  public static final String PROVIDER = "energinet";

  /** Energinet's API. */
  public static final URI DEFAULT_URL = EnerginetDataset.DEFAULT_URL;

  /** The price areas that have a carbon intensity. */
  public static final List<String> AREAS = List.of("DK1", "DK2");

  private static final String MEASURED = "CO2Emis";
  private static final String PROGNOSIS = "CO2EmisProg";

  /**
   * A number may be this late and still be preferred to the prognosis for now: the API has new ones
   * every 15 minutes.
   */
  private static final Duration LATENESS = Duration.ofMinutes(20);

  private static final Duration LOOK_BACK = Duration.ofHours(1);
  private static final Duration LONGEST_STRETCH = Duration.ofDays(30);

  private final EnerginetDataset dataset;
  private final InstantSource clock;

  /**
   * A source that was not asked yet.
   *
   * @throws IllegalArgumentException when the URL is unfit, or the area none of {@link #AREAS}
   */
  public Energinet(URI url, Region area, ProviderHttp http, InstantSource clock) {
    if (!AREAS.contains(area.code())) {
      throw new IllegalArgumentException(PROVIDER + " region: must be DK1 or DK2, is " + area);
    }
    this.dataset = new EnerginetDataset(BaseUrl.checked(PROVIDER + " url", url), area, http);
    this.clock = clock;
  }

  @Override
  public String provider() {
    return PROVIDER;
  }

  @Override
  public Region region() {
    return dataset.area();
  }

  @Override
  public SignalKind kind() {
    return EmissionsParser.KIND;
  }

  @Override
  public Set<Ability> abilities() {
    return EnumSet.allOf(Ability.class);
  }

  /** The newest measured five minutes, or when those are late the prognosis for now. */
  @Override
  public CarbonIntensity current() throws CarbonUnavailable, InterruptedException {
    Instant now = clock.instant();
    try {
      return emissions(measured(now)).read(false).latest(now, LATENESS);
    } catch (CarbonUnavailable late) {
      if (late.reason() != FailureReason.NO_DATA) {
        throw late;
      }
      return emissions(prognosis(now)).read(true).latest(now, Duration.ZERO);
    }
  }

  /** Nine hours at least, to the end of tomorrow at most. */
  @Override
  public List<CarbonIntensity> forecast() throws CarbonUnavailable, InterruptedException {
    Instant now = clock.instant();
    return emissions(prognosis(now)).read(true).upcoming(now);
  }

  @Override
  public List<CarbonIntensity> history(Instant from, Instant to)
      throws CarbonUnavailable, InterruptedException {
    List<CarbonIntensity> rows = new ArrayList<>();
    for (Instant start = from; start.isBefore(to); start = start.plus(LONGEST_STRETCH)) {
      Instant full = start.plus(LONGEST_STRETCH);
      Instant end = full.isBefore(to) ? full : to;
      ProviderResponse answer =
          dataset.rows(MEASURED, EmissionsParser.TIME, start, Optional.of(end));
      for (CarbonIntensity row : emissions(answer).read(false).between(start, end)) {
        if (rows.isEmpty() || rows.getLast().validFrom().isBefore(row.validFrom())) {
          rows.add(row);
        }
      }
    }
    return rows;
  }

  /** Asks for the prognosis, one call. */
  @Override
  public ProviderCheck check() throws InterruptedException {
    try {
      ProviderResponse answer = prognosis(clock.instant());
      emissions(answer).read(true).upcoming(clock.instant());
      Optional<ClockSkew> skew = answer.clockSkew(clock.instant());
      return ProviderCheck.granted(
          PROVIDER, region(), EnumSet.allOf(Ability.class), List.of(), skew);
    } catch (CarbonUnavailable why) {
      return ProviderCheck.refused(PROVIDER, region(), why, List.of(), Optional.empty());
    }
  }

  private ProviderResponse measured(Instant now) throws CarbonUnavailable, InterruptedException {
    return dataset.rows(MEASURED, EmissionsParser.TIME, now.minus(LOOK_BACK), Optional.empty());
  }

  private ProviderResponse prognosis(Instant now) throws CarbonUnavailable, InterruptedException {
    return dataset.rows(PROGNOSIS, EmissionsParser.TIME, now.minus(LOOK_BACK), Optional.empty());
  }

  private EmissionsParser emissions(ProviderResponse answer) throws CarbonUnavailable {
    return new EmissionsParser(answer.json(), region(), clock.instant());
  }
}
