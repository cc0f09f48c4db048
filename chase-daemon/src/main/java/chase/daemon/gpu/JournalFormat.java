package chase.daemon.gpu;

import chase.zeus.gpu.GpuId;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.util.zip.CRC32C;

/**
 * The text of a journal: JSON with one entry on each line. The whole and each entry have a
 * checksum, so that damage is always seen and costs no more than the entries that it hit. Text of a
 * Chase that knew no checksums is read too.
 *
 * @param name the journal's name, which is part of the checksums: no journal passes for another
 * @param entryFormat how entries become JSON and back
 */
record JournalFormat<E>(String name, EntryFormat<E> entryFormat) {
  private static final int VERSION = 1;
  private static final String CHECKSUM = "checksum";
  private static final String GENERATION = "generation";
  private static final Set<String> OLD_FIELDS = Set.of("version", "gpus");
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** How an entry becomes JSON and back. */
  interface EntryFormat<E> {
    void write(ObjectNode node, E entry);

    /**
     * Refuses everything that {@link #write} would not write, with {@link IllegalArgumentException}
     * or {@link DateTimeException}: a guess could harm a card.
     */
    E read(JsonNode node);

    /** One entry of two; nothing that either knows to be Chase's is lost. */
    E merged(E newer, E older);
  }

  /**
   * What a text holds.
   *
   * @param generation grows with every change; 0 where unknown
   * @param entries those that are whole
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
    List<String> seals = new ArrayList<>();
    for (Map.Entry<GpuId, E> entry : entries.entrySet()) {
      String uuid = entry.getKey().uuid();
      ObjectNode node = JSON.createObjectNode();
      entryFormat.write(node, entry.getValue());
      String seal = checksum(uuid, node);
      node.put(CHECKSUM, seal);
      text.append(seals.isEmpty() ? "\n    " : ",\n    ");
      text.append(JSON.writeValueAsString(uuid)).append(" : ");
      text.append(JSON.writeValueAsString(node));
      seals.add(seal);
    }
    text.append("\n  },\n  \"").append(CHECKSUM).append("\" : \"");
    text.append(checksum(generation, seals)).append("\"\n}\n");
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private String checksum(String uuid, ObjectNode entry) throws JsonProcessingException {
    return checksum(name + "\n" + uuid + "\n" + JSON.writeValueAsString(entry));
  }

  private String checksum(long generation, List<String> seals) {
    return checksum(name + "\n" + VERSION + "\n" + generation + "\n" + String.join("\n", seals));
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
      return readWholeLines(new String(text, StandardCharsets.UTF_8));
    }
  }

  private Content<E> content(JsonNode root) {
    boolean sealed = root.has(GENERATION) || root.has(CHECKSUM);
    Map<GpuId, E> entries = new LinkedHashMap<>();
    List<String> seals = new ArrayList<>();
    List<String> damages = new ArrayList<>();
    for (Map.Entry<String, JsonNode> gpu : root.get("gpus").properties()) {
      try {
        seals.add(gpu.getValue().path(CHECKSUM).asText());
        entries.put(new GpuId(gpu.getKey()), entry(gpu.getKey(), gpu.getValue(), sealed));
      } catch (IllegalArgumentException | DateTimeException | JsonProcessingException e) {
        damages.add("the entry of '%s' is damaged: %s".formatted(gpu.getKey(), e.getMessage()));
      }
    }
    long generation = root.path(GENERATION).asLong();
    int version = root.path("version").asInt();
    if (version != VERSION) {
      damages.addFirst("it is not of version " + VERSION);
    } else if (!sealed && !OLD_FIELDS.containsAll(fields(root))) {
      damages.add("it has fields that do not belong there");
    } else if (sealed && !root.path(CHECKSUM).asText().equals(checksum(generation, seals))) {
      damages.add("its checksum does not match");
    }
    boolean newer = version > VERSION && entries.isEmpty();
    return new Content<>(generation, entries, damages.stream().findFirst(), sealed, newer);
  }

  private static List<String> fields(JsonNode node) {
    return node.properties().stream().map(Map.Entry::getKey).toList();
  }

  private E entry(String uuid, JsonNode node, boolean sealed) throws JsonProcessingException {
    if (!(node instanceof ObjectNode object)) {
      throw new IllegalArgumentException("it is no entry");
    }
    JsonNode seal = object.remove(CHECKSUM);
    if (seal == null && sealed) {
      throw new IllegalArgumentException("it has no checksum");
    }
    if (seal != null && !seal.asText().equals(checksum(uuid, object))) {
      throw new IllegalArgumentException("its checksum does not match");
    }
    return entryFormat.read(object);
  }

  /** Of a text that is no JSON any more, every line that is still whole. */
  private Content<E> readWholeLines(String text) {
    Map<GpuId, E> entries = new LinkedHashMap<>();
    text.lines().forEach(line -> readLine(line.strip(), entries));
    return new Content<>(
        0, entries, Optional.of("it is cut off, or is no JSON any more"), true, false);
  }

  private void readLine(String line, Map<GpuId, E> entries) {
    String entry = line.endsWith(",") ? line.substring(0, line.length() - 1) : line;
    try {
      for (Map.Entry<String, JsonNode> gpu : JSON.readTree("{" + entry + "}").properties()) {
        entries.put(new GpuId(gpu.getKey()), entry(gpu.getKey(), gpu.getValue(), true));
      }
    } catch (IllegalArgumentException | DateTimeException | JsonProcessingException e) {
      // Not an entry, or not a whole one; that something is missing is said anyway.
    }
  }
}
