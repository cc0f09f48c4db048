package chase.daemon.page;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.fixtures.Chromium;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The page as people see it, in a Chromium without a window. */
class PageInBrowserTest {
  private static final int MAX_TRANSFERRED = 300_000;
  private static final String PLOT = "#grid-chart .plot";

  @TempDir private static Path profile;

  private static Chromium browser;

  @BeforeAll
  static void startBrowser() {
    Chromium.assumeThere();
    browser = Chromium.start(profile);
  }

  @AfterAll
  static void stopBrowser() {
    if (browser != null) {
      browser.close();
    }
  }

  private static Stream<Map.Entry<String, PageScene>> everyScene() {
    return PageScene.everything().entrySet().stream();
  }

  @ParameterizedTest
  @MethodSource("everyScene")
  void everySceneIsShownWithoutErrorAndAsksNobodyElse(Map.Entry<String, PageScene> scene)
      throws Exception {
    browser.requests();
    browser.complaints();
    try (ScenePage page = ScenePage.serve(scene.getValue())) {
      browser.open(page.address());
      browser.waitUntil("document.querySelectorAll('.u-wrap').length > 0");
      assertThat(browser.complaints()).isEmpty();
      assertThat(browser.requests())
          .isNotEmpty()
          .allMatch(address -> address.startsWith(page.address()));
    }
  }

  @ParameterizedTest
  @MethodSource("everyScene")
  void nothingKeepsAnybodyOut(Map.Entry<String, PageScene> scene) throws Exception {
    try (ScenePage page = ScenePage.serve(scene.getValue())) {
      for (String scheme : new String[] {"light", "dark"}) {
        browser.prefer(scheme);
        browser.open(page.address());
        browser.run("document.querySelectorAll('details').forEach(d => d.open = true)");
        assertThat(browser.barriers()).as(scheme).isEmpty();
      }
    } finally {
      browser.prefer("light");
    }
  }

  @ParameterizedTest
  @MethodSource("everyScene")
  void aPhoneNeedsNoSidewaysScroll(Map.Entry<String, PageScene> scene) throws Exception {
    browser.resize(Chromium.PHONE);
    try (ScenePage page = ScenePage.serve(scene.getValue())) {
      browser.open(page.address());
      browser.run("document.querySelectorAll('details').forEach(d => d.open = true)");
      assertThat(number("document.documentElement.scrollWidth"))
          .isLessThanOrEqualTo(Chromium.PHONE);
    } finally {
      browser.resize(Chromium.DESKTOP);
    }
  }

  private static long number(String expression) {
    return browser.<Number>run("return " + expression).longValue();
  }

  @Test
  void theWholePageIsSmall() throws Exception {
    try (ScenePage page = ScenePage.serve(PageScene.usual().withGpus(16))) {
      browser.open(page.address());
      browser.waitUntil(
          "performance.getEntriesByType('resource').some(r => r.name.endsWith('history'))");
      long transferred =
          number(
              "[...performance.getEntriesByType('navigation'),"
                  + " ...performance.getEntriesByType('resource')]"
                  + ".reduce((sum, r) => sum + r.transferSize, 0)");
      assertThat(transferred).isBetween(20_000L, (long) MAX_TRANSFERRED);
    }
  }

  @Test
  void itShowsWhatTheAnswersSay() throws Exception {
    try (ScenePage page = ScenePage.serve(PageScene.usual())) {
      browser.open(page.address());
      JsonNode state = PageAnswers.get(page.address() + "v1/page");
      assertThat(browser.text("#host")).isEqualTo(state.path("server").path("host_name").asText());
      assertThat(browser.text(".tile .figure").lines().map(line -> line.split(" ", 2)[0]))
          .containsSubsequence(
              Math.round(
                      state
                          .path("signal")
                          .path("current")
                          .path("carbon_intensity_grams_per_kwh")
                          .asDouble())
                  + "");
      for (JsonNode gpu : state.path("gpus")) {
        String card = ".gpu[data-uuid='" + gpu.path("uuid").asText() + "'] ";
        JsonNode limits = gpu.path("power_limit");
        assertThat(browser.text(card + ".figures dd").lines())
            .containsExactly(
                watts(gpu.path("reading").path("power_watts")),
                watts(limits.path("requested_watts")),
                watts(limits.path("allowed_min_watts")),
                watts(limits.path("original_watts")));
      }
      JsonNode job = state.path("jobs").path(0);
      assertThat(browser.text(".job[data-id='" + job.path("id").asText() + "']"))
          .contains(job.path("name").asText(), "412,330 of 900,000 steps", "7 min in hand, 34 %");
      assertThat(browser.text(".total[data-span='today']"))
          .contains("6.1 kWh", "1.94 kg", "0.55 EUR", "8.6 %", "2.1 %", "electricitymaps DE");
      assertThat(browser.count("#events li")).isEqualTo(state.path("events").size());
      assertThat(browser.text("#events"))
          .contains(state.path("events").path(1).path("text").asText());
    }
  }

  private static String watts(JsonNode value) {
    return Math.round(value.asDouble()) + " W";
  }

  @Test
  void everyChartHasATableOfItsValues() throws Exception {
    try (ScenePage page = ScenePage.serve(PageScene.usual())) {
      browser.open(page.address());
      browser.waitUntil("document.querySelectorAll('.gpu .u-wrap').length === 2");
      browser.run("document.querySelectorAll('details').forEach(d => d.open = true)");
      browser.waitUntil(
          "document.querySelectorAll('details table').length"
              + " === document.querySelectorAll('.plot').length");
      JsonNode state = PageAnswers.get(page.address() + "v1/page");
      assertThat(browser.text("#grid-chart table"))
          .contains(Math.round(state.path("past").path("grams").path(5).asDouble()) + " gCO2/kWh")
          .contains(Math.round(state.path("ahead").path("grams").path(5).asDouble()) + " gCO2/kWh");
      assertThat(browser.text(".gpu table")).contains("420 W", "700 W");
    }
  }

  @Test
  void arrowKeysReadTheChart() throws Exception {
    try (ScenePage page = ScenePage.serve(PageScene.usual())) {
      browser.open(page.address());
      browser.waitUntil("document.querySelectorAll('.gpu .u-wrap').length === 2");
      String now = reading();
      press("ArrowLeft");
      assertThat(now).startsWith("now, intensity 379 gCO2/kWh");
      assertThat(reading()).isNotEqualTo(now).contains("intensity");
      assertThat(browser.text(".gpu .when").lines().distinct().toList())
          .as("all charts stand at the same time")
          .doesNotContain("now");
      press("End");
      assertThat(reading()).contains("outlook").doesNotContain("intensity");
      press("Escape");
      assertThat(reading()).startsWith("now");
    }
  }

  private static String reading() {
    return browser.run("return document.querySelector(arguments[0]).ariaValueText", PLOT);
  }

  private static void press(String key) {
    browser.run(
        "const plot = document.querySelector(arguments[0]); plot.focus();plot.dispatchEvent(new"
            + " KeyboardEvent('keydown', {key: arguments[1], bubbles: true}))",
        PLOT,
        key);
  }

  @Test
  void textIsNeverMarkup() throws Exception {
    String name = "<script>alert(1)</script><img src=x onerror=alert(2)>";
    PageScene scene =
        PageScene.usual()
            .with(state -> ((ObjectNode) state.path("jobs").path(0)).put("name", name))
            .withGpu(0, gpu -> gpu.put("explanation", name).put("model", name))
            .withNotice("gpu", "warning", name)
            .with(state -> ((ObjectNode) state.path("events").path(0)).put("text", name));
    try (ScenePage page = ScenePage.serve(scene)) {
      browser.complaints();
      browser.open(page.address());
      assertThat(browser.text(".job h3")).startsWith(name);
      assertThat(browser.text("#notices")).contains(name);
      assertThat(browser.text("#events")).contains(name);
      assertThat(browser.count("main script, main img")).isZero();
      assertThat(browser.complaints()).isEmpty();
    }
  }

  @Test
  void coloursFollowTheSystemUnlessTheReaderChooses() throws Exception {
    try (ScenePage page = ScenePage.serve(PageScene.usual())) {
      browser.prefer("dark");
      browser.open(page.address());
      assertThat(theme()).isEqualTo("dark");
      browser.run(
          "const s = document.getElementById('theme'); s.value = 'light';"
              + "s.dispatchEvent(new Event('change'))");
      assertThat(theme()).isEqualTo("light");
      browser.reload();
      assertThat(theme()).as("kept").isEqualTo("light");
    } finally {
      browser.run("localStorage.clear()");
      browser.prefer("light");
    }
  }

  private static String theme() {
    return browser.run("return document.documentElement.dataset.theme");
  }

  @Test
  void whateverIsSimulatedIsCalledThat() throws Exception {
    try (ScenePage page = ScenePage.serve(PageScene.observing())) {
      browser.open(page.address());
      assertThat(browser.text("#notices")).startsWith("SIMULATED").contains("OBSERVING");
    }
  }

  @Test
  void agesAreTheServersOwnWhateverTheBrowsersClockSays() throws Exception {
    Runnable putBack = browser.setClockAhead(Duration.ofHours(1));
    try (ScenePage page = ScenePage.serve(PageScene.usual())) {
      browser.open(page.address());
      assertThat(browser.text(".tile")).contains("for 10:00–11:00, fetched 2 min ago");
      assertThat(browser.text("#footer")).contains("This browser’s clock is");
    } finally {
      putBack.run();
    }
  }

  @Test
  void aDaemonThatGoesAndComesBackIsFollowed() throws Exception {
    PageScene again = PageScene.usual().with(state -> restarted(state, "0.12.0"));
    ScenePage first = ScenePage.serve(PageScene.usual());
    browser.open(first.address());
    browser.run("window.sameDocument = true");
    ScenePage second = gone(first).restart(again);
    browser.waitUntil("document.getElementById('connection').textContent === 'live'");
    assertThat(number("Number(window.sameDocument)")).isOne();
    try (ScenePage newer = gone(second).restart(again.with(state -> restarted(state, "0.13.0")))) {
      browser.waitUntil("window.sameDocument !== true");
      browser.waitUntil("document.getElementById('footer').textContent.includes('0.13.0')");
      assertThat(newer.address()).isEqualTo(first.address());
    }
  }

  private static void restarted(ObjectNode state, String version) {
    ((ObjectNode) state.path("server")).put("version", version).put("instance", "i" + version);
  }

  /** Stops it and waits until the page says so. */
  private static ScenePage gone(ScenePage page) {
    page.close();
    browser.waitUntil(
        "/^connection lost, showing the state of 10:12:\\d\\d; trying again$/"
            + ".test(document.getElementById('connection').textContent)");
    return page;
  }

  @Test
  void aGpuThatVanishesStaysInSight() throws Exception {
    try (ScenePage page = ScenePage.serve(PageScene.usual())) {
      browser.open(page.address());
      assertThat(browser.count(".gpu.gone")).isZero();
      page.show(PageScene.withLostGpu());
      browser.waitUntil("document.querySelectorAll('.gpu.gone').length === 1");
      assertThat(browser.text(".gpu.gone")).contains("lost", "since 10:02", "unknown");
      assertThat(browser.text("#lead")).contains("GPU 0 is not answering");
      assertThat(browser.text("#notices")).contains("10:02:00").doesNotContain("09:02:00Z");
    }
  }

  @Test
  void eachStateIsSaidInOneSentence() throws Exception {
    assertThat(lead(PageScene.usual()))
        .isEqualTo(
            "Chase holds both GPUs at 500 to 518 W, 73 % of the original limits: electricity in DE"
                + " is at 379 gCO2/kWh, at the high end of its recent range. Cleaner hours begin in"
                + " 2 h 48 min. GPU 1 is held by an operator.");
    assertThat(lead(PageScene.paused()))
        .startsWith("Chase is paused: the original limits are back");
    assertThat(lead(PageScene.observing()))
        .contains("sets no limit")
        .contains("It would hold them at");
    assertThat(lead(PageScene.usual().withGpus(0))).contains("no GPU on this host");
    assertThat(lead(PageScene.bare())).contains("no signal of the grid");
  }

  private static String lead(PageScene scene) throws Exception {
    try (ScenePage page = ScenePage.serve(scene)) {
      browser.open(page.address());
      return browser.text("#lead");
    }
  }
}
