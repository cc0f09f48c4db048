package chase.carbon.http;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/** Checks a provider's address. */
public final class BaseUrl {
  /**
   * What all parsers read alike. OkHttp's would load 120 classes, also for providers not in use.
   */
  private static final Pattern PLAIN = Pattern.compile("https?://[a-z]+(\\.[a-z]+)+(/[a-z0-9]+)*");

  private BaseUrl() {}

  /**
   * The address itself: http or https, with a host, and without user, query or fragment.
   *
   * @param what how the message calls it, such as {@code electricity-maps url}
   * @throws IllegalArgumentException when it is anything else
   */
  public static URI checked(String what, URI url) {
    if (url.getUserInfo() != null || (url.getHost() == null && url.toString().contains("@"))) {
      throw new IllegalArgumentException(what + ": must not hold a user or password");
    }
    if (!isHttp(url) || url.getHost() == null) {
      throw new IllegalArgumentException(what + ": must be http://... or https://..., is " + url);
    }
    if (url.getRawQuery() != null || url.getRawFragment() != null) {
      throw new IllegalArgumentException(what + ": must end with its path, is " + url);
    }
    if (!PLAIN.matcher(url.toString()).matches() && HttpUrl.parse(url.toString()) == null) {
      throw new IllegalArgumentException(
          what + ": must be a web address with a port up to 65535, is " + url);
    }
    return url;
  }

  private static boolean isHttp(URI url) {
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    return scheme.equals("http") || scheme.equals("https");
  }
}
