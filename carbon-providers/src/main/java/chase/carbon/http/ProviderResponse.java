package chase.carbon.http;

import static java.time.temporal.ChronoUnit.SECONDS;

import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.ClockSkew;
import chase.carbon.GramsPerKwh;
import chase.carbon.RejectReason;
import chase.carbon.TimeBounds;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Response;
import okio.BufferedSource;
import okio.GzipSource;
import okio.Okio;

/** What a provider sent back: a status, and a body that may be anything. */
public final class ProviderResponse {
  static final long MAX_BODY_BYTES = 4L << 20;
  private static final int MAX_QUOTE = 200;
  private static final int MAX_DATE = 64;
  private static final int MAX_LINE = 400;

  /** Thirty days of five minutes are some 120 000; in memory each takes up to some 80 bytes. */
  static final int MAX_JSON_TOKENS = 200_000;

  /** A day of New York's table is some 10 000; in memory each takes 300 bytes at most. */
  static final int MAX_TABLE_CELLS = 50_000;

  private static final JsonMapper JSON =
      mapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  /** For what is JSON but for slips that have been seen of servers: NaN, a comma too many. */
  private static final JsonMapper LENIENT =
      mapper()
          .enable(
              JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS,
              JsonReadFeature.ALLOW_TRAILING_COMMA,
              JsonReadFeature.ALLOW_JAVA_COMMENTS,
              JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS,
              JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER)
          .build();

  /** Reading a small body may take far more memory than it has bytes. */
  private static JsonMapper.Builder mapper() {
    return JsonMapper.builder(
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder().maxTokenCount(MAX_JSON_TOKENS).build())
            .build());
  }

  private final ProviderRequest request;
  private final int status;
  private final Headers headers;
  private final String text;

  private ProviderResponse(ProviderRequest request, int status, Headers headers, String text) {
    this.request = request;
    this.status = status;
    this.headers = headers;
    this.text = text;
  }

  static ProviderResponse of(ProviderRequest request, Response response)
      throws IOException, CarbonUnavailable {
    BufferedSource source = response.body().source();
    requireShort(request, source);
    byte[] body = isPacked(source) ? unpacked(request, source) : source.readByteArray();
    return new ProviderResponse(request, response.code(), response.headers(), text(body));
  }

  private static void requireShort(ProviderRequest request, BufferedSource source)
      throws IOException, CarbonUnavailable {
    if (source.request(MAX_BODY_BYTES + 1)) {
      throw new CarbonUnavailable(
          FailureReason.MALFORMED, request.subject() + ": the answer is longer than 4 MiB");
    }
  }

  /** The first bytes show a packed body; headers were seen to be wrong, both ways. */
  private static boolean isPacked(BufferedSource source) throws IOException {
    return source.request(2)
        && (source.getBuffer().getByte(0) & 0xff) == 0x1f
        && (source.getBuffer().getByte(1) & 0xff) == 0x8b;
  }

  /** All of it has come before it is unpacked, so that a broken connection is no damaged body. */
  private static byte[] unpacked(ProviderRequest request, BufferedSource source)
      throws CarbonUnavailable {
    try (BufferedSource unpacking = Okio.buffer(new GzipSource(source))) {
      requireShort(request, unpacking);
      return unpacking.readByteArray();
    } catch (IOException damaged) {
      throw new CarbonUnavailable(
          FailureReason.MALFORMED,
          request.subject() + ": the answer is damaged: its gzip compression cannot be undone");
    }
  }

  /**
   * JSON is Unicode, and the first two bytes show in which encoding (RFC 4627, 3), whatever the
   * header states. A byte order mark is no part of the text.
   */
  private static String text(byte[] bytes) {
    Charset form = StandardCharsets.UTF_8;
    if (bytes.length >= 2) {
      boolean big = bytes[0] == 0 || (bytes[0] == (byte) 0xfe && bytes[1] == (byte) 0xff);
      boolean little = bytes[1] == 0 || (bytes[0] == (byte) 0xff && bytes[1] == (byte) 0xfe);
      form = big ? StandardCharsets.UTF_16BE : little ? StandardCharsets.UTF_16LE : form;
    }
    String text = new String(bytes, form);
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** Whether the status is a 2xx. */
  public boolean isSuccess() {
    return status / 100 == 2;
  }

  /** Whether the body is a web page, as proxies and content networks send in the API's stead. */
  public boolean isHtml() {
    return text.stripLeading().startsWith("<");
  }

  /** Whether the body holds the phrase, in any case. */
  public boolean bodyContains(String phrase) {
    return text.toLowerCase(Locale.ROOT).contains(phrase.toLowerCase(Locale.ROOT));
  }

  /**
   * The body as a JSON object.
   *
   * @throws CarbonUnavailable as {@code MALFORMED} when it is anything else, or holds far more than
   *     any true one
   */
  public JsonBody json() throws CarbonUnavailable {
    Optional<JsonNode> node = Optional.empty();
    try {
      node = parsed(JSON).filter(JsonNode::isObject);
      if (node.isEmpty()) {
        node = parsed(LENIENT).filter(JsonNode::isObject);
        node.ifPresent(read -> reportSkipped("what is no JSON in the answer"));
      }
    } catch (StreamConstraintsException tooMuch) {
      throw unavailable(
          FailureReason.MALFORMED,
          "the answer's JSON has over " + MAX_JSON_TOKENS + " parts, or is too deep");
    }
    if (node.isEmpty()) {
      throw unavailable(
          FailureReason.MALFORMED, "answered " + status + " with " + kind() + " instead of JSON");
    }
    return new JsonBody(this, "", node.get());
  }

  /**
   * The lines of a body that is a table in plain text, without blank ones.
   *
   * @throws CarbonUnavailable as {@code MALFORMED} when it is empty, a web page, or far longer than
   *     any true one
   */
  public List<String> tableLines() throws CarbonUnavailable {
    if (text.isBlank() || isHtml()) {
      throw unavailable(
          FailureReason.MALFORMED,
          "answered " + status + " with " + kind() + " instead of a table");
    }
    if (text.chars().filter(one -> one == ',' || one == '\n' || one == '\r').count()
        > MAX_TABLE_CELLS) {
      throw unavailable(
          FailureReason.MALFORMED, "the answer's table has over " + MAX_TABLE_CELLS + " cells");
    }
    return text.lines().filter(line -> !line.isBlank()).toList();
  }

  /** A header; empty without it. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /** When the provider last wrote the body, where it says so (RFC 9110, 8.8.2). */
  public Optional<Instant> lastModified() {
    return date("Last-Modified").filter(TimeBounds::contains);
  }

  /**
   * The intensity of so many gCO2/kWh; whether a zero is a missing number shows beside others.
   *
   * @throws CarbonUnavailable as {@code IMPLAUSIBLE} when no grid can emit it
   */
  public GramsPerKwh intensity(double grams) throws CarbonUnavailable {
    if (!(grams >= 0 && grams < JsonBody.IMPOSSIBLE_GRAMS)) {
      throw unavailable(
              FailureReason.IMPLAUSIBLE, "the intensity " + grams + " gCO2/kWh cannot be true")
          .rejectedFor(RejectReason.ofImpossible(grams));
    }
    return new GramsPerKwh(grams);
  }

  /** The provider's own error text: one line, shortened, without secrets. */
  public String errorText() {
    String own = text.isBlank() || isHtml() ? kind() : text;
    try {
      own = parsed(LENIENT).filter(JsonNode::isObject).map(this::errorField).orElse(own);
    } catch (StreamConstraintsException tooMuch) {
      // Its beginning is quoted.
    }
    return oneLine(own, MAX_QUOTE);
  }

  /**
   * A failure to be thrown by the caller. Its line begins with provider and region, and stays one
   * short line without secrets whatever the provider put into {@code what}.
   */
  public CarbonUnavailable unavailable(FailureReason reason, String what) {
    return unavailable(reason, what, Optional.empty());
  }

  /** Reports a part that could not be read and is left out; the rest is used. */
  void reportSkipped(String what) {
    request.skippedListener().accept(request.subject() + ": " + oneLine(what, MAX_LINE));
  }

  /** The same for a part whose failure already names provider and region. */
  public void reportSkipped(CarbonUnavailable unfit) {
    request.skippedListener().accept(String.valueOf(unfit.getMessage()));
  }

  /**
   * As {@link #unavailable(FailureReason, String)}, with the time after which the provider may be
   * called again.
   */
  CarbonUnavailable unavailable(FailureReason reason, String what, Optional<Duration> retryAfter) {
    return new CarbonUnavailable(
        reason, request.subject() + ": " + oneLine(what, MAX_LINE), retryAfter);
  }

  /** The header Retry-After, in seconds or as a date (RFC 9110, 10.2.3); a past date is zero. */
  Optional<Duration> retryAfter(Instant now) {
    String value = headers.get("Retry-After");
    if (value == null) {
      return Optional.empty();
    }
    if (value.strip().matches("\\d{1,9}")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(value.strip())));
    }
    return date("Retry-After")
        .map(then -> then.isBefore(now) ? Duration.ZERO : Duration.between(now, then));
  }

  /** OkHttp tries a dozen forms, however long the text is. */
  private Optional<Instant> date(String header) {
    return header(header)
        .filter(value -> value.length() <= MAX_DATE)
        .flatMap(value -> Optional.ofNullable(headers.getInstant(header)));
  }

  /**
   * How far {@code now} is from the provider's clock, by the header Date and the time that the
   * response lay in caches (RFC 9110, 6.6.1; RFC 9111, 5.1).
   */
  public Optional<ClockSkew> clockSkew(Instant now) {
    String age = headers.get("Age");
    long cached = age != null && age.strip().matches("\\d{1,9}") ? Long.parseLong(age.strip()) : 0;
    return date("Date")
        .map(sent -> Duration.between(sent.plusSeconds(cached), now).truncatedTo(SECONDS))
        .map(ClockSkew::new);
  }

  /**
   * The failure for a value that lies too far from {@code now}, to be thrown by the caller: {@code
   * CLOCK_SKEW} where the provider's clock shows another time too, else {@code NO_DATA}.
   */
  public CarbonUnavailable notForNow(String what, Instant now) {
    Optional<ClockSkew> wrong = clockSkew(now).filter(ClockSkew::isExcessive);
    return wrong.isPresent()
        ? unavailable(FailureReason.CLOCK_SKEW, what + "; " + wrong.get())
        : unavailable(FailureReason.NO_DATA, what);
  }

  /** Whether the request had the tag of what the provider still has, so that the body is empty. */
  public boolean isUnchanged() {
    return status == 304 && request.isConditional();
  }

  /** The tag of this body, with which a later request asks for what is new. */
  public Optional<String> tag() {
    return Optional.ofNullable(headers.get("ETag")).filter(tag -> tag.matches("[!-~]{1,200}"));
  }

  boolean isRedirect() {
    return Stream.of(301, 302, 303, 307, 308).anyMatch(code -> code == status);
  }

  Optional<HttpUrl> location() {
    return Optional.ofNullable(headers.get("Location")).map(request.url()::resolve);
  }

  private Optional<JsonNode> parsed(JsonMapper reader) throws StreamConstraintsException {
    try {
      return Optional.ofNullable(reader.readTree(text));
    } catch (StreamConstraintsException tooMuch) {
      throw tooMuch;
    } catch (JacksonException notJson) {
      return Optional.empty();
    }
  }

  private String errorField(JsonNode json) {
    return Stream.of("error", "message", "detail", "status")
        .map(json::path)
        .filter(node -> !node.isMissingNode() && !node.isNull())
        .findFirst()
        .map(node -> node.isTextual() ? node.textValue() : node.toString())
        .orElse(text);
  }

  private String oneLine(String text, int longest) {
    String line = request.redact(text).replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
    return line.length() > longest ? line.substring(0, longest) + "..." : line;
  }

  private String kind() {
    return text.isBlank() ? "an empty body" : isHtml() ? "a web page" : "something else";
  }
}
