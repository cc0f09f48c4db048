package chase.carbon.fuelmix;

import chase.carbon.CarbonUnavailable;
import chase.carbon.http.ProviderRequest;
import chase.carbon.http.ProviderResponse;
import java.net.URI;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/** A grid operator, and the pages on which it publishes its fuel mix. */
enum GridOperator {
  /** California: a table a day, whose rows have a time without a date. */
  CAISO("California (CAISO)", "https://www.caiso.com", "America/Los_Angeles") {
    @Override
    String nowPage(LocalDate today) {
      return "outlook/current/fuelsource.csv";
    }

    @Override
    Optional<String> dayPage(LocalDate day) {
      return Optional.of("outlook/history/" + day.format(DAY) + "/fuelsource.csv");
    }

    @Override
    List<MixSample> read(ProviderResponse response, Optional<LocalDate> day, Instant now)
        throws CarbonUnavailable {
      return new CaisoParser(response, zone(), day, now).read();
    }
  },
  /** Texas: JSON of yesterday and today. */
  ERCOT("Texas (ERCOT)", "https://www.ercot.com", "America/Chicago") {
    @Override
    String nowPage(LocalDate today) {
      return "api/1/services/read/dashboards/fuel-mix.json";
    }

    @Override
    List<MixSample> read(ProviderResponse response, Optional<LocalDate> day, Instant now)
        throws CarbonUnavailable {
      return new ErcotParser(response.json()).read();
    }
  },
  /** New York: a table a day, under the day's own address. */
  NYISO("New York (NYISO)", "https://mis.nyiso.com", "America/New_York") {
    @Override
    String nowPage(LocalDate today) {
      return "public/csv/rtfuelmix/" + today.format(DAY) + "rtfuelmix.csv";
    }

    @Override
    Optional<String> dayPage(LocalDate day) {
      return Optional.of(nowPage(day));
    }

    @Override
    List<MixSample> read(ProviderResponse response, Optional<LocalDate> day, Instant now)
        throws CarbonUnavailable {
      return new NyisoParser(new CsvBody(response)).read();
    }
  },
  /** From Manitoba to Louisiana: JSON of the last five minutes, and one of today. */
  MISO("Midwest and Gulf Coast (MISO)", "https://public-api.misoenergy.org", "-05:00") {
    @Override
    String nowPage(LocalDate today) {
      return "api/FuelMix";
    }

    @Override
    String todayPage(LocalDate today) {
      return "api/FuelMix/Today";
    }

    @Override
    List<MixSample> read(ProviderResponse response, Optional<LocalDate> day, Instant now)
        throws CarbonUnavailable {
      return new MisoParser(response.json()).read();
    }
  },
  /** From North Dakota to northern Texas: a table of the last two hours. */
  SPP("Great Plains (SPP)", "https://portal.spp.org", "America/Chicago") {
    @Override
    String nowPage(LocalDate today) {
      return "file-browser-api/download/generation-mix-historical";
    }

    @Override
    ProviderRequest request(String subject, URI base, String page) {
      return super.request(subject, base, page).query("path", "/SPP/GenMix2Hour_SPP.csv");
    }

    @Override
    List<MixSample> read(ProviderResponse response, Optional<LocalDate> day, Instant now)
        throws CarbonUnavailable {
      return new SppParser(new CsvBody(response)).read();
    }
  };

  private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;

  private final String place;
  private final URI url;
  private final ZoneId zone;

  GridOperator(String place, String url, String zone) {
    this.place = place;
    this.url = URI.create(url);
    this.zone = ZoneId.of(zone);
  }

  String place() {
    return place;
  }

  URI url() {
    return url;
  }

  /** Where its day begins. */
  ZoneId zone() {
    return zone;
  }

  /** The page with the newest row. */
  abstract String nowPage(LocalDate today);

  /** The page with all of today, the newest row included. */
  String todayPage(LocalDate today) {
    return nowPage(today);
  }

  /** The page of a day that is over; empty where the operator has none. */
  Optional<String> dayPage(LocalDate day) {
    return Optional.empty();
  }

  ProviderRequest request(String subject, URI base, String page) {
    return ProviderRequest.to(subject, base, page)
        .header("Accept", "text/csv, application/json, */*;q=0.1");
  }

  /**
   * The samples on a page, in any order.
   *
   * @param day of which day the page is, where its address says so
   * @param now when it came
   */
  abstract List<MixSample> read(ProviderResponse response, Optional<LocalDate> day, Instant now)
      throws CarbonUnavailable;
}
