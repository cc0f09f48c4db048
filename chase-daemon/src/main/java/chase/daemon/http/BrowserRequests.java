package chase.daemon.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Set;

/**
 * Tells requests that a web page makes a browser send, by the headers that no page can leave out or
 * change. A page of anybody's reaches whatever its reader's machine reaches.
 */
public final class BrowserRequests {
  private static final String SITE = "Sec-Fetch-Site";
  private static final Set<String> OTHER_SITES = Set.of("cross-site", "same-site");

  private BrowserRequests() {}

  /** Whether a browser sends it, for whichever page. */
  public static boolean isFromBrowser(HttpServerRequest request) {
    return request.headers().contains(HttpHeaders.ORIGIN) || request.headers().contains(SITE);
  }

  /** Whether another site's page sends it, other than as a link that its reader follows. */
  static boolean isFromOtherSite(HttpServerRequest request) {
    String site = request.getHeader(SITE);
    return site != null
        && OTHER_SITES.contains(site)
        && !"navigate".equals(request.getHeader("Sec-Fetch-Mode"));
  }
}
