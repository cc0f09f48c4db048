package chase.daemon.restart;

import chase.carbon.history.AtomicFile;
import chase.zeus.engine.JobId;
import chase.zeus.engine.PolicyScope;
import chase.zeus.gpu.GpuId;
import chase.zeus.policy.PowerPolicy;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * {@code restart.json} in the state directory, in two lines: version and checksum, and what they
 * are of. Blocks; for one thread at a time.
 */
public final class RestartFile {
  /** The state of hundreds of jobs takes a tenth of this. */
  static final int MAX_BYTES = 16 * 1024 * 1024;

  private static final String NAME = "restart.json";
  private static final int VERSION = 1;

  private final Path path;
  private final JsonMapper mapper = mapper();

  /** The file of that state directory. */
  public RestartFile(Path stateDirectory) {
    this.path = stateDirectory.resolve(NAME);
  }

  private record Header(int version, String checksum) {}

  Path path() {
    return path;
  }

  private static JsonMapper mapper() {
    SimpleModule own = new SimpleModule();
    own.addSerializer(PowerPolicy.class, new PolicyWriter());
    own.addDeserializer(PowerPolicy.class, new PolicyReader());
    own.addKeySerializer(PolicyScope.class, new ScopeWriter());
    own.addKeyDeserializer(PolicyScope.class, new ScopeReader());
    return JsonMapper.builder()
        .addModule(new JavaTimeModule())
        .addModule(new Jdk8Module())
        .addModule(own)
        .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
        .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
        .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .build();
  }

  /**
   * Writes {@code state} in place of what was there; on the disk once this returns.
   *
   * @throws IOException when it cannot be written; what was there is then still there
   */
  void write(SavedState state) throws IOException {
    String body = mapper.writeValueAsString(state);
    String header = mapper.writeValueAsString(new Header(VERSION, checksum(body)));
    byte[] text = (header + "\n" + body + "\n").getBytes(StandardCharsets.UTF_8);
    if (text.length > MAX_BYTES) {
      throw new IOException("%s would be larger than 16 MiB".formatted(path));
    }
    new AtomicFile(path).write(text);
  }

  /**
   * Deletes what was last written.
   *
   * @param warnings gets one line where it stays
   */
  public void forget(Consumer<String> warnings) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      warnings.accept("%s is not deleted: %s".formatted(path, e));
    }
  }

  /**
   * What was last written; empty where nothing was. A file that cannot be used is set aside.
   *
   * @param warnings gets one line on a file that cannot be used
   */
  Optional<SavedState> read(Consumer<String> warnings) {
    try {
      if (Files.size(path) > MAX_BYTES) {
        throw new IllegalArgumentException("it is larger than 16 MiB");
      }
      return Optional.of(parse(new String(Files.readAllBytes(path), StandardCharsets.UTF_8)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (JsonProcessingException e) {
      setAside(
          "it holds no state: " + e.getOriginalMessage().lines().findFirst().orElse(""), warnings);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      setAside(String.valueOf(e.getMessage()), warnings);
      return Optional.empty();
    } catch (IOException e) {
      warnings.accept("nothing is kept over this restart: cannot read %s: %s".formatted(path, e));
      return Optional.empty();
    }
  }

  private SavedState parse(String text) throws JsonProcessingException {
    String[] lines = text.split("\n", -1);
    if (lines.length != 3 || !lines[2].isEmpty()) {
      throw new IllegalArgumentException("it is cut off, or is no such file of Chase");
    }
    @Nullable Header header = mapper.readValue(lines[0], Header.class);
    if (header == null || header.version() != VERSION) {
      throw new IllegalArgumentException("it is not of version " + VERSION);
    }
    if (!header.checksum().equals(checksum(lines[1]))) {
      throw new IllegalArgumentException("its checksum does not match");
    }
    @Nullable SavedState state = mapper.readValue(lines[1], SavedState.class);
    if (state == null) {
      throw new IllegalArgumentException("it holds no state");
    }
    return state;
  }

  private void setAside(String why, Consumer<String> warnings) {
    Path aside = path.resolveSibling(NAME + ".damaged");
    String known = "nothing is kept over this restart: %s cannot be used: %s".formatted(path, why);
    try {
      Files.move(path, aside, StandardCopyOption.REPLACE_EXISTING);
      warnings.accept(known + "; it is now " + aside.getFileName());
    } catch (IOException e) {
      warnings.accept(known + "; it cannot be moved aside: " + e.getMessage());
    }
  }

  private static String checksum(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }

  private static final class PolicyWriter extends JsonSerializer<PowerPolicy> {
    @Override
    public void serialize(PowerPolicy policy, JsonGenerator out, SerializerProvider all)
        throws IOException {
      out.writeString(policy.spec());
    }
  }

  private static final class PolicyReader extends JsonDeserializer<PowerPolicy> {
    @Override
    public PowerPolicy deserialize(JsonParser in, DeserializationContext context)
        throws IOException {
      return PowerPolicy.parse(in.getText());
    }
  }

  private static final class ScopeWriter extends JsonSerializer<PolicyScope> {
    @Override
    public void serialize(PolicyScope scope, JsonGenerator out, SerializerProvider all)
        throws IOException {
      out.writeFieldName(
          switch (scope) {
            case PolicyScope.WholeHost h -> "host";
            case PolicyScope.OneGpu one -> "gpu " + one.gpu().uuid();
            case PolicyScope.OneJob one -> "job " + one.job().value();
          });
    }
  }

  private static final class ScopeReader extends KeyDeserializer {
    @Override
    public Object deserializeKey(String key, DeserializationContext context) {
      if (key.equals("host")) {
        return new PolicyScope.WholeHost();
      }
      String name = key.substring(Math.min(4, key.length()));
      return key.startsWith("gpu ")
          ? new PolicyScope.OneGpu(new GpuId(name))
          : new PolicyScope.OneJob(new JobId(name));
    }
  }
}
