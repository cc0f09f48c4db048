package chase.daemon.gpu.journal;

import chase.zeus.gpu.GpuId;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.zip.CRC32C;

/**
 * The text of a journal: JSON with one entry on each line. The whole and each entry have a
 * checksum, so that damage is always noticed and costs only the entries that it hit. The text of a
 * Chase without checksums is read too.
 *
 * @param name the journal's name, which is part of the checksums: no journal passes for another
 * @param contents what an entry holds, in a word, for messages
 * @param row the record that Jackson binds to an entry
 * @param toRow makes that record
 * @param merge one entry of a newer and an older one; whatever either knows to be Chase's is kept
 */
record JournalFormat<E>(
    String name,
    String contents,
    Class<? extends JournalRow<E>> row,
    Function<E, JournalRow<E>> toRow,
    BinaryOperator<E> merge) {
  /** A model that is not on record. */
  static final String UNKNOWN_MODEL = "unknown model";

  private static final int VERSION = 1;
  private static final String CHECKSUM = "checksum";
  private static final String GENERATION = "generation";
  private static final Set<String> FIELDS_WITHOUT_CHECKSUMS = Set.of("version", "gpus");

  /** Strict, because a guessed limit could harm a GPU. */
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_ABSENT, JsonInclude.Include.ALWAYS))
          .defaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL))
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  /** An entry as it stands in the file: only JSON's own types, in the file's order of keys. */
  interface JournalRow<E> {
    /**
     * The entry.
     *
     * @throws IllegalArgumentException or {@link DateTimeException} for a value that is never
     *     written
     */
    E entry();
  }

  /**
   * What a text holds.
   *
   * @param generation grows with every change; 0 where unknown
   * @param entries those that are undamaged
   * @param damage why this is not all that was written, empty when it is
   * @param hasChecksums whether it has checksums
   * @param isNewer whether it looks like the text of a newer Chase
   */
  record Content<E>(
      long generation,
      Map<GpuId, E> entries,
      Optional<String> damage,
      boolean hasChecksums,
      boolean isNewer) {
    static <E> Content<E> unreadable(String why) {
      return new Content<>(0, Map.of(), Optional.of(why), true, false);
    }
  }

  byte[] write(long generation, Map<GpuId, E> entries) throws JsonProcessingException {
    StringBuilder text = new StringBuilder();
    text.append("{\n  \"version\" : ").append(VERSION).append(",\n  \"").append(GENERATION);
    text.append("\" : ").append(generation).append(",\n  \"gpus\" : {");
    List<String> checksums = new ArrayList<>();
    for (Map.Entry<GpuId, E> entry : entries.entrySet()) {
      String uuid = entry.getKey().uuid();
      ObjectNode node = JSON.valueToTree(toRow.apply(entry.getValue()));
      String checksum = checksum(uuid, node);
      node.put(CHECKSUM, checksum);
      text.append(checksums.isEmpty() ? "\n    " : ",\n    ");
      text.append(JSON.writeValueAsString(uuid)).append(" : ");
      text.append(JSON.writeValueAsString(node));
      checksums.add(checksum);
    }
    text.append("\n  },\n  \"").append(CHECKSUM).append("\" : \"");
    text.append(checksum(generation, checksums)).append("\"\n}\n");
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private String checksum(String uuid, ObjectNode entry) throws JsonProcessingException {
    return checksum(name + "\n" + uuid + "\n" + JSON.writeValueAsString(entry));
  }

  private String checksum(long generation, List<String> checksums) {
    return checksum(
        name + "\n" + VERSION + "\n" + generation + "\n" + String.join("\n", checksums));
  }

  private static String checksum(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }

  Content<E> read(byte[] text) {
    try {
      JsonNode root = JSON.readTree(text);
      return root != null && root.path("gpus").isObject()
          ? content(root)
          : Content.unreadable("it holds no entries");
    } catch (IOException e) {
      return wholeLines(new String(text, StandardCharsets.UTF_8));
    }
  }

  private Content<E> content(JsonNode root) {
    boolean hasChecksums = root.has(GENERATION) || root.has(CHECKSUM);
    Map<GpuId, E> entries = new LinkedHashMap<>();
    List<String> checksums = new ArrayList<>();
    List<String> damages = new ArrayList<>();
    for (Map.Entry<String, JsonNode> gpu : root.get("gpus").properties()) {
      try {
        checksums.add(gpu.getValue().path(CHECKSUM).asText());
        entries.put(new GpuId(gpu.getKey()), entry(gpu.getKey(), gpu.getValue(), hasChecksums));
      } catch (IllegalArgumentException | DateTimeException | JsonProcessingException e) {
        damages.add("the entry of '%s' is damaged: %s".formatted(gpu.getKey(), reason(e)));
      }
    }
    long generation = root.path(GENERATION).asLong();
    int version = root.path("version").asInt();
    if (version != VERSION) {
      damages.addFirst("it is not of version " + VERSION);
    } else if (!hasChecksums && !FIELDS_WITHOUT_CHECKSUMS.containsAll(fields(root))) {
      damages.add("it has fields that do not belong there");
    } else if (hasChecksums
        && !root.path(CHECKSUM).asText().equals(checksum(generation, checksums))) {
      damages.add("its checksum does not match");
    }
    boolean isNewer = version > VERSION && entries.isEmpty();
    return new Content<>(generation, entries, damages.stream().findFirst(), hasChecksums, isNewer);
  }

  /** Jackson's own messages have many lines, so what it cannot bind is named in a word. */
  private String reason(Exception e) {
    return e instanceof JsonProcessingException
        ? "it has no " + contents
        : String.valueOf(e.getMessage());
  }

  private static List<String> fields(JsonNode node) {
    return node.properties().stream().map(Map.Entry::getKey).toList();
  }

  private E entry(String uuid, JsonNode node, boolean hasChecksums) throws JsonProcessingException {
    if (!(node instanceof ObjectNode object)) {
      throw new IllegalArgumentException("it is no entry");
    }
    JsonNode checksum = object.remove(CHECKSUM);
    if (checksum == null && hasChecksums) {
      throw new IllegalArgumentException("it has no checksum");
    }
    if (checksum != null && !checksum.asText().equals(checksum(uuid, object))) {
      throw new IllegalArgumentException("its checksum does not match");
    }
    return JSON.treeToValue(object, row).entry();
  }

  /** Of a text that is no JSON any more, every line that is still whole. */
  private Content<E> wholeLines(String text) {
    Map<GpuId, E> entries = new LinkedHashMap<>();
    text.lines().forEach(line -> addWholeLine(line.strip(), entries));
    return new Content<>(
        0, entries, Optional.of("it is cut off, or is no JSON any more"), true, false);
  }

  private void addWholeLine(String line, Map<GpuId, E> entries) {
    String entry = line.endsWith(",") ? line.substring(0, line.length() - 1) : line;
    try {
      for (Map.Entry<String, JsonNode> gpu : JSON.readTree("{" + entry + "}").properties()) {
        entries.put(new GpuId(gpu.getKey()), entry(gpu.getKey(), gpu.getValue(), true));
      }
    } catch (IllegalArgumentException | DateTimeException | JsonProcessingException e) {
      // Not an entry, or not a whole one; that something is missing is reported anyway.
    }
  }
}
