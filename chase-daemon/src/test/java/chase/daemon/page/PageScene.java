package chase.daemon.page;

import chase.daemon.fixtures.Repository;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a daemon might have to show, always the same: two H100 in Germany on a November morning, one
 * of them held by an operator. Every method returns another scene.
 *
 * @param state the sections of {@code /v1/page}
 * @param history what {@code /v1/page/history} returns
 */
record PageScene(ObjectNode state, ObjectNode history) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FILE = "chase-daemon/src/test/resources/page/scene.json";
  private static final long HOUR = 3600;
  private static final int HOURS_PAST = 24;
  private static final int HOURS_AHEAD = 36;
  private static final int HOURS_BANDED = 24;
  private static final int HOURS_PRICED = 14;
  private static final long MINUTE = 60;
  private static final double ORIGINAL = 700;
  private static final double FLOOR = 420;

  /** The scene that the others differ from. */
  static PageScene usual() {
    ObjectNode state = parse(Repository.text(Repository.root().resolve(FILE)));
    ObjectNode history = JSON.createObjectNode();
    PageScene scene = new PageScene(state, history);
    scene.fillGrid();
    scene.fillHistory();
    state.putObject("plans").set(scene.gpu(0).path("uuid").asText(), scene.plan());
    return scene;
  }

  private static ObjectNode parse(String text) {
    try {
      return (ObjectNode) JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  /** When it is. */
  Instant at() {
    return Instant.parse(state.path("at").asText());
  }

  private long hour() {
    long second = at().getEpochSecond();
    return second - second % HOUR;
  }

  /** Dirty in the evening and clean at noon and at night. */
  private static double grams(long second) {
    double hours = second % (24 * HOUR) / (double) HOUR;
    return Math.round(
        330
            - 150 * Math.cos(hours / 24 * 2 * Math.PI - 0.4)
            - 90 * Math.exp(-Math.pow((hours - 13) / 2.5, 2)));
  }

  private static double limit(long second) {
    double wanted = ORIGINAL * (1.08 - grams(second) / 1150);
    return Math.clamp((double) Math.round(wanted), FLOOR, ORIGINAL);
  }

  private void fillGrid() {
    ObjectNode past = columns(state.putObject("past"), -HOURS_PAST + 1, 1);
    ObjectNode ahead = columns(state.putObject("ahead"), 1, HOURS_AHEAD);
    ObjectNode prices = columns(state.putObject("prices"), -HOURS_PAST + 1, HOURS_PRICED);
    ArrayNode price = prices.putArray("price");
    prices.remove("grams").forEach(value -> price.add(Math.round(20 + value.asDouble() / 4)));
    prices.put("currency", "EUR");
    ArrayNode low = ahead.putArray("low");
    ArrayNode high = ahead.putArray("high");
    int hours = 0;
    for (JsonNode value : ahead.path("grams")) {
      hours++;
      boolean banded = hours <= HOURS_BANDED;
      double width = 6 + 2.2 * hours;
      low.add(banded ? JSON.getNodeFactory().numberNode(value.asDouble() - width) : null);
      high.add(banded ? JSON.getNodeFactory().numberNode(value.asDouble() + width) : null);
    }
    origins(past, "measured");
    origins(ahead, "own-forecast");
  }

  private ObjectNode columns(ObjectNode node, int firstHour, int endHour) {
    ArrayNode from = node.putArray("from");
    ArrayNode to = node.putArray("to");
    ArrayNode grams = node.putArray("grams");
    for (int i = firstHour; i < endHour; i++) {
      long start = hour() + i * HOUR;
      from.add(start);
      to.add(start + HOUR);
      grams.add(grams(start));
    }
    return node;
  }

  private static void origins(ObjectNode columns, String origin) {
    ArrayNode origins = columns.putArray("origin");
    columns.path("grams").forEach(value -> origins.add(origin));
  }

  private ObjectNode plan() {
    ObjectNode plan = JSON.createObjectNode();
    plan.put("basis", "budget:0.03");
    plan.put(
        "text",
        "What budget:0.03 would set if the outlook and the job's profile stayed as they are.");
    ObjectNode columns = columns(plan.putObject("columns"), 1, HOURS_AHEAD);
    columns.remove("grams");
    ArrayNode limit = columns.putArray("limit");
    ArrayNode paused = columns.putArray("paused");
    for (JsonNode start : columns.path("from")) {
      limit.add(limit(start.asLong()));
      paused.add(0);
    }
    return plan;
  }

  private void fillHistory() {
    history.put("instance", state.path("server").path("instance").asText());
    history.put("since", state.path("server").path("started_at").asText());
    history.put("fine_seconds", 5).put("coarse_seconds", 60);
    ArrayNode time = history.putArray("time");
    long now = at().getEpochSecond();
    for (long second = now - HOURS_PAST * HOUR; second <= now; second += MINUTE) {
      time.add(second);
    }
    history.putObject("gpus");
    state.path("gpus").forEach(this::fillHistory);
  }

  private void fillHistory(JsonNode gpu) {
    ObjectNode columns = ((ObjectNode) history.path("gpus")).putObject(gpu.path("uuid").asText());
    ArrayNode draw = columns.putArray("draw");
    ArrayNode requested = columns.putArray("requested");
    ArrayNode enforced = columns.putArray("enforced");
    ArrayNode floor = columns.putArray("floor");
    ArrayNode original = columns.putArray("original");
    ArrayNode capped = columns.putArray("capped");
    for (JsonNode at : history.path("time")) {
      double limit = limit(at.asLong() - at.asLong() % HOUR);
      draw.add(limit - 14 + at.asLong() / MINUTE % 7);
      requested.add(limit);
      enforced.add(limit);
      floor.add(FLOOR);
      original.add(ORIGINAL);
      capped.add(0.6);
    }
  }

  /** The same with something else about it. */
  PageScene with(Consumer<ObjectNode> change) {
    ObjectNode changed = state.deepCopy();
    change.accept(changed);
    return new PageScene(changed, history);
  }

  /** The same with something else about one GPU. */
  PageScene withGpu(int index, Consumer<ObjectNode> change) {
    return with(changed -> change.accept((ObjectNode) changed.path("gpus").path(index)));
  }

  /** The same with a banner. */
  PageScene withNotice(String kind, String severity, String text) {
    return with(changed ->
        ((ArrayNode) changed.path("notices"))
            .addObject()
            .put("kind", kind)
            .put("severity", severity)
            .put("text", text));
  }

  /** As many GPUs as that, each like the first one. */
  PageScene withGpus(int count) {
    PageScene scene =
        with(changed -> {
          JsonNode first = changed.path("gpus").path(0);
          ArrayNode gpus = changed.putArray("gpus");
          ObjectNode plans = changed.putObject("plans");
          for (int i = 0; i < count; i++) {
            ObjectNode gpu = first.deepCopy();
            String uuid = String.format(Locale.ROOT, "GPU-0a1b2c3d-0000-4000-8000-%012d", i);
            gpu.put("uuid", uuid).put("index", i);
            ((ObjectNode) gpu.path("reading")).put("power_watts", 504 - 3 * i);
            gpus.add(gpu);
            plans.set(uuid, plan());
          }
          changed.putArray("jobs");
        });
    PageScene recorded = new PageScene(scene.state, history.deepCopy());
    recorded.fillHistory();
    return recorded;
  }

  /** A GPU in it. */
  JsonNode gpu(int index) {
    return state.path("gpus").path(index);
  }

  /** The history's head without any point. */
  ObjectNode withoutPoints() {
    ObjectNode empty = history.deepCopy();
    empty.putArray("time");
    empty.putObject("gpus");
    return empty;
  }

  /** A daemon that has only just begun: no provider, no ledger, no job and nothing recorded. */
  static PageScene bare() {
    PageScene usual = usual();
    PageScene scene =
        usual.with(changed -> {
          ObjectNode signal = (ObjectNode) changed.path("signal");
          signal.put("provider", "none").put("trusted", false);
          signal.putObject("level").put("number", 5).put("name", "no-signal");
          signal.remove("current");
          signal.remove("price");
          for (String section : new String[] {"past", "ahead"}) {
            changed.path(section).forEach(column -> ((ArrayNode) column).removeAll());
          }
          changed.remove("prices");
          changed.remove("intensity");
          changed.remove("clean");
          changed.remove("dirty");
          changed.putObject("plans");
          changed.putArray("jobs");
          changed.putArray("events");
          ObjectNode totals = changed.putObject("totals");
          totals.putArray("spans");
          totals
              .put("time_zone", "UTC")
              .put("unavailable", "No ledger is kept: it is switched off.");
        });
    return new PageScene(scene.state, usual.withoutPoints());
  }

  /** What the page has to cope with, by name. */
  static Map<String, PageScene> everything() {
    PageScene usual = usual();
    return Map.ofEntries(
        Map.entry("usual", usual),
        Map.entry("no GPU", usual.withGpus(0)),
        Map.entry("one GPU", usual.withGpus(1)),
        Map.entry("sixteen GPUs", usual.withGpus(16)),
        Map.entry("a lost GPU", withLostGpu()),
        Map.entry("bare", bare()),
        Map.entry("paused", paused()),
        Map.entry("observing", observing()));
  }

  /** One of the GPUs has vanished. */
  static PageScene withLostGpu() {
    return usual()
        .withGpu(
            0,
            gpu -> {
              gpu.remove("reading");
              gpu.put("reason", "lost");
              gpu.putObject("contact")
                  .put("state", "lost")
                  .put("since", "2026-11-30T09:02:00Z")
                  .put("why", "GPU is lost");
              ((ObjectNode) gpu.path("power_limit")).remove("requested_watts");
              ((ObjectNode) gpu.path("power_limit")).remove("enforced_watts");
            })
        .withNotice("gpu", "warning", "GPU 0 has not answered since 2026-11-30T09:02:00Z.");
  }

  /** An operator has paused Chase. */
  static PageScene paused() {
    return usual()
        .with(state -> ((ObjectNode) state.path("control")).put("paused", true))
        .withNotice("paused", "warning", "An operator has paused Chase.");
  }

  /** Chase sets no limit, and the GPUs are simulated. */
  static PageScene observing() {
    return usual()
        .with(state -> ((ObjectNode) state.path("control")).put("mode", "observe"))
        .withNotice("simulated", "warning", "The GPUs are simulated.")
        .withNotice("observing", "info", "Chase sets no limit.");
  }
}
