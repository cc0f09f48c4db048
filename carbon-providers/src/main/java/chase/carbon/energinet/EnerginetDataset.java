package chase.carbon.energinet;

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.Region;
import chase.carbon.http.ProviderHttp;
import chase.carbon.http.ProviderRequest;
import chase.carbon.http.ProviderResponse;
import chase.carbon.http.StatusMeaning;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads the rows of one dataset and one price area.
 *
 * <p>The API takes the times of a request for Danish ones, one or two hours ahead of UTC. They are
 * sent in UTC all the same, the end two hours later, so that at most too much comes back, in either
 * season; the parsers go by the UTC column.
 *
 * @param url the API, without a query
 * @param area the price area, such as {@code DK1}
 * @param http how it is called
 */
record EnerginetDataset(URI url, Region area, ProviderHttp http) {
  /** Thirty-four days of five minutes; without a limit the API stops at 100 rows. */
  private static final int MOST_ROWS = 10_000;

  private static final String NOT_REACHED = "the API was not reached";
  private static final StatusMeaning STATUS =
      StatusMeaning.of(
          StatusMeaning.webPage(NOT_REACHED),
          StatusMeaning.status(403, FailureReason.PROVIDER_DOWN, NOT_REACHED));

  private static final Duration DANISH_SUMMER = Duration.ofHours(2);
  private static final DateTimeFormatter MINUTES =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** The rows from {@code from} on in ascending order, until {@code to} or as far as there are. */
  ProviderResponse rows(String dataset, String timeColumn, Instant from, Optional<Instant> to)
      throws CarbonUnavailable, InterruptedException {
    ProviderRequest request =
        ProviderRequest.to(Energinet.PROVIDER + " " + area, url, "dataset/" + dataset)
            .query("start", MINUTES.format(from))
            .query("filter", "{\"PriceArea\":[\"" + area + "\"]}")
            .query("sort", timeColumn + " asc")
            .query("limit", Integer.toString(MOST_ROWS));
    if (to.isPresent()) {
      request = request.query("end", MINUTES.format(to.get().plus(DANISH_SUMMER)));
    }
    return http.get(request, STATUS);
  }
}
