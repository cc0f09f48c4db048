package chase.daemon.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chase.daemon.fixtures.Chromium;
import chase.daemon.fixtures.Repository;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Makes the pictures of the page in {@code docs/}, when it is asked to with {@code
 * -Dchase.pictures}: what {@code ./chase demo}, as it was packaged last, shows after a day of its
 * grid.
 */
class PagePicturesTest {
  private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:\\d+/");
  private static final Duration STARTS_WITHIN = Duration.ofMinutes(1);
  private static final Duration DAY_WITHIN = Duration.ofMinutes(8);

  /** After its day the grid is clean; a little later it is dirty, and the limits are low. */
  private static final Duration UNTIL_DIRTY = Duration.ofSeconds(35);

  /** Below the picture. */
  private static final int MARGIN = 16;

  @BeforeAll
  static void onlyOnRequest() {
    Assumptions.assumeTrue(
        System.getProperty("chase.pictures") != null, "made with -Dchase.pictures only");
    Chromium.assumeThere();
  }

  @Test
  void theDemoAfterADay(@TempDir Path profile) throws Exception {
    Path output = Files.createTempFile("chase-demo", ".txt");
    Process demo = demo(output);
    try (Chromium browser = Chromium.start(profile)) {
      String address =
          await().atMost(STARTS_WITHIN).until(() -> address(output), found -> !found.isEmpty());
      browser.open(address);
      await()
          .atMost(DAY_WITHIN)
          .pollInterval(Duration.ofSeconds(1))
          .until(() -> hasRecordedADay(address));
      picture(browser, address, "light", Chromium.DESKTOP, "gpus", "page-light.png");
      picture(browser, address, "dark", Chromium.DESKTOP, "gpus", "page-dark.png");
      picture(browser, address, "light", Chromium.PHONE, "grid-chart", "page-phone.png");
    } finally {
      demo.destroy();
      assertThat(demo.waitFor(30, TimeUnit.SECONDS)).isTrue();
      Files.delete(output);
    }
  }

  private static Process demo(Path output) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("./chase", "demo");
    builder.environment().put("CHASE_NO_BUILD", "1");
    return builder
        .directory(Repository.root().toFile())
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }

  private static String address(Path output) throws IOException {
    try (BufferedReader lines = Files.newBufferedReader(output)) {
      return lines
          .lines()
          .flatMap(line -> ADDRESS.matcher(line).results())
          .map(MatchResult::group)
          .findFirst()
          .orElse("");
    }
  }

  /** Whether the charts are filled from their beginning, and the grid is dirty again. */
  private static boolean hasRecordedADay(String address) throws Exception {
    JsonNode page = PageAnswers.get(address + "v1/page");
    Instant start = Instant.parse(page.path("server").path("started_at").asText());
    return !Instant.parse(page.path("window").path("from").asText())
        .isBefore(start.plus(UNTIL_DIRTY));
  }

  /** The page down to the end of the element {@code last}. */
  private static void picture(
      Chromium browser, String address, String scheme, int width, String last, String file)
      throws IOException {
    browser.prefer(scheme);
    browser.resize(width);
    browser.open(address);
    browser.waitUntil("document.querySelector('.gpu .value.draw b').textContent !== ''");
    Number bottom =
        browser.run(
            "return"
                + " Math.ceil(document.getElementById(arguments[0]).getBoundingClientRect().bottom)",
            last);
    int height = bottom.intValue() + MARGIN;
    Files.write(Repository.root().resolve("docs").resolve(file), browser.picture(width, height));
  }
}
