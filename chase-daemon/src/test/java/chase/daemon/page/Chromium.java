package chase.daemon.page;

import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** This machine's own Chromium, without a window. Nothing is downloaded for it. */
final class Chromium implements AutoCloseable {
  static final int DESKTOP = 1280;
  static final int PHONE = 360;

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String AXE = "axe.min.js";

  /** Where the reader of a picture sits. */
  private static final String ZONE = "Europe/Berlin";

  private final ObjectMapper json = new ObjectMapper();
  private final ChromeDriver driver;

  private Chromium(ChromeDriver driver) {
    this.driver = driver;
  }

  /**
   * Leaves the test aside on a machine without Chromium, unless {@code CHASE_REQUIRE_CHROMIUM} says
   * that it must be there.
   */
  static void assumeThere() {
    boolean there = onPath("chromium").isPresent() && onPath("chromedriver").isPresent();
    String message = "chromium and chromedriver are not on the PATH";
    if (!there && System.getenv("CHASE_REQUIRE_CHROMIUM") != null) {
      fail(message + " (Debian: apt-get install chromium chromium-driver)");
    }
    Assumptions.assumeTrue(there, message);
  }

  /** Starts one with a profile of its own in {@code profile}. */
  static Chromium start(Path profile) {
    ChromeOptions options = new ChromeOptions();
    options.setBinary(onPath("chromium").orElseThrow().toFile());
    options.addArguments(
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--user-data-dir=" + profile);
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    logs.enable(LogType.PERFORMANCE, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(onPath("chromedriver").orElseThrow().toFile())
            .usingAnyFreePort()
            .build();
    Chromium chromium = new Chromium(new ChromeDriver(service, options));
    chromium.command("Emulation.setTimezoneOverride", Map.of("timezoneId", ZONE));
    chromium.resize(DESKTOP);
    return chromium;
  }

  private static Optional<Path> onPath(String program) {
    for (String directory : System.getenv("PATH").split(File.pathSeparator, -1)) {
      Path file = Path.of(directory, program);
      if (Files.isExecutable(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  /** Opens a page and waits until it shows the daemon's state, charts included. */
  void open(String address) {
    driver.get(address);
    waitUntil("document.documentElement.dataset.ready === 'true'");
  }

  /** Loads the page anew, as a reader does. */
  void reload() {
    driver.navigate().refresh();
    waitUntil("document.documentElement.dataset.ready === 'true'");
  }

  /** Waits until a condition in JavaScript holds. */
  void waitUntil(String condition) {
    waitUntil(condition, () -> Boolean.TRUE.equals(run("return Boolean(" + condition + ")")));
  }

  private static void waitUntil(String what, BooleanSupplier holds) {
    await(what).atMost(PATIENCE).until(holds::getAsBoolean);
  }

  /** Runs JavaScript in the page. */
  @SuppressWarnings("TypeParameterUnusedInFormals") // the caller knows what the script returns
  <T> T run(String script, Object... arguments) {
    @SuppressWarnings("unchecked")
    T result = (T) Objects.requireNonNullElse(driver.executeScript(script, arguments), "");
    return result;
  }

  /** The text that is shown at a selector; all of it, where several elements match. */
  String text(String selector) {
    return run(
        "return [...document.querySelectorAll(arguments[0])].map(e => e.innerText).join('\\n')",
        selector);
  }

  /** How many elements match. */
  long count(String selector) {
    return this.<Long>run("return document.querySelectorAll(arguments[0]).length", selector);
  }

  /** Gives the window another width. */
  void resize(int width) {
    command(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
  }

  /** Tells the page what the system prefers: {@code light} or {@code dark}. */
  void prefer(String scheme) {
    command(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  /** Puts the browser's clock forward in every page that is opened from now on; how to end that. */
  Runnable setClockAhead(Duration ahead) {
    Object id =
        command(
                "Page.addScriptToEvaluateOnNewDocument",
                Map.of(
                    "source",
                    "const real = Date.now; Date.now = () => real() + " + ahead.toMillis() + ";"))
            .get("identifier");
    return () ->
        command(
            "Page.removeScriptToEvaluateOnNewDocument", Map.of("identifier", String.valueOf(id)));
  }

  /** What the page complained about since the last call. */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(LogEntry::getMessage)
        .toList();
  }

  /** Every address that was asked for since the last call. */
  List<String> requests() {
    return driver.manage().logs().get(LogType.PERFORMANCE).getAll().stream()
        .map(entry -> message(entry.getMessage()))
        .filter(message -> message.path("method").asText().equals("Network.requestWillBeSent"))
        .map(message -> message.path("params").path("request").path("url").asText())
        .toList();
  }

  private JsonNode message(String text) {
    try {
      return json.readTree(text).path("message");
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  /** What axe-core finds wrong for people who see, hear or move differently, one line each. */
  List<String> barriers() {
    run(axe());
    String found =
        (String)
            driver.executeAsyncScript(
                "const done = arguments[0];"
                    + "axe.run(document, {resultTypes: ['violations']}).then(result =>"
                    + " done(JSON.stringify(result.violations.flatMap(v =>"
                    + " v.nodes.map(n => v.id + ' at ' + n.target + ': ' + n.failureSummary)))))");
    try {
      return StreamSupport.stream(json.readTree(found).spliterator(), false)
          .map(JsonNode::asText)
          .toList();
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static String axe() {
    try (InputStream script = Chromium.class.getClassLoader().getResourceAsStream(AXE)) {
      return new String(Objects.requireNonNull(script, AXE).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The page from its top down to {@code height}, as a PNG. */
  byte[] picture(int width, int height) {
    Object data =
        command(
                "Page.captureScreenshot",
                Map.of(
                    "format",
                    "png",
                    "captureBeyondViewport",
                    true,
                    "clip",
                    Map.of("x", 0, "y", 0, "width", width, "height", height, "scale", 1)))
            .get("data");
    return Base64.getDecoder().decode(String.valueOf(data));
  }

  private Map<String, Object> command(String name, Map<String, Object> parameters) {
    return driver.executeCdpCommand(name, parameters);
  }

  @Override
  public void close() {
    driver.quit();
  }
}
