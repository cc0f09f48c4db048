package chase.daemon.profiles;

import chase.zeus.profile.MeasuredProfile;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import org.jspecify.annotations.Nullable;

/**
 * A measured profile, and whose it is, as JSON. What this version would not write is refused,
 * because a wrong profile would break a job's promise.
 */
public final class ProfileFile {
  private final JsonMapper json =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  /**
   * A profile and whose it is.
   *
   * @param job the job that it was measured of
   * @param profile what was measured
   */
  public record StoredProfile(JobFingerprint job, MeasuredProfile profile) {}

  /** The text from which {@link #parse} reads an equal entry, with a line end at its end. */
  public String write(StoredProfile entry) {
    try {
      ProfileLines lines = ProfileLines.of(entry.job, entry.profile);
      return json.writerWithDefaultPrettyPrinter().writeValueAsString(lines) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("numbers and words always have a text", e);
    }
  }

  /**
   * The entry in {@code text}.
   *
   * @param sourceName what errors call the text, such as its file's name
   * @throws IllegalArgumentException in the form {@code NAME:LINE: what is wrong}
   */
  public StoredProfile parse(String sourceName, String text) {
    try {
      ProfileLines lines = json.readValue(text, ProfileLines.class);
      if (lines == null) {
        throw new IllegalArgumentException(sourceName + ":1: no profile");
      }
      return new StoredProfile(lines.fingerprint(), lines.profile());
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          sourceName + ":" + line(e.getLocation()) + ": " + reason(e), e);
    }
  }

  private static int line(@Nullable JsonLocation location) {
    return location == null ? 1 : Math.max(1, location.getLineNr());
  }

  private static String reason(JsonProcessingException e) {
    Throwable cause = e.getCause();
    return cause instanceof IllegalArgumentException && cause.getMessage() != null
        ? cause.getMessage()
        : e.getOriginalMessage().split(";", 2)[0]; // what follows names Jackson's own switches
  }
}
