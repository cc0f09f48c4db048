package chase.daemon.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.net.URI;

/** What the page is made of, as a client without a browser reads it. */
final class PageAnswers {
  private PageAnswers() {}

  /** The JSON at an address. */
  static JsonNode get(String address) throws Exception {
    try (InputStream body = URI.create(address).toURL().openStream()) {
      return new ObjectMapper().readTree(body);
    }
  }
}
